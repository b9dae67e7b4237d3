"""The prose of pages in English: rules with their reasons, headings, notes. Other languages: `translations`."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """The name of a rule of a displayed step and one sentence on why the step holds."""
    title: str
    reason: str


RULES = {
    "definition": Rule("definition", "The symbol is replaced by what it stands for."),
    "quotient_rule": Rule("quotient rule", "Derivative of the numerator times the denominator, minus numerator times "
                                            "derivative of the denominator, over the denominator squared, which is never 0."),
    "linearity": Rule("linearity", "Signs, sums and factors without the variable come out of the derivative."),
    "log": Rule("derivative of the logarithm", "The derivative of a logarithm is the derivative of its argument over the "
                                              "argument, where that is positive."),
    "product_rule": Rule("product rule", "The derivative of the first factor times the second, plus the first times the "
                                         "derivative of the second."),
    "chain_rule_outer": Rule("chain rule", "The outer function is differentiated first, times the derivative of the inner one."),
    "differentiate": Rule("differentiation", "Each derivative is carried out; an entry of the variable by another entry gives a "
                                             "Kronecker delta, which picks one term of a sum."),
    "simplify": Rule("simplification", "What stands above and below cancels, and the definitions are recognised again."),
    "rewrite": Rule("rearrangement", "The same expression in the form of the claim."),
    "algebra": Rule("rearrangement", "The same expression by the laws named."),
    "so_far": Rule("result so far", "The derivative found above, for these indices."),
    "case_equal": Rule("equal indices", "The Kronecker delta of equal indices is 1."),
    "case_apart": Rule("different indices", "The Kronecker delta of different indices is 0."),
    "merge": Rule("both cases", "For equal and for different indices this formula gives what the two cases give."),
    "one_hot": Rule("hypothesis", "Of the sum only the term of the true class is left."),
    "one_hot_value": Rule("value found above", "The value that was just found stands for the function."),
    "chain_rule": Rule("chain rule", "The variable acts through every intermediate value; the contributions add up."),
    "substitute": Rule("substitution", "Both derivatives found above are put in."),
    "split_sum": Rule("split the sum", "The term whose Kronecker delta is 1 is taken out; in all others the delta is 0."),
    "cancel": Rule("cancellation", "A factor above and below cancels, since it is not 0."),
    "factor": Rule("common factor", "The common factor is taken out."),
    "join_sum": Rule("join the sum", "The single term completes the sum over all other indices to the whole sum."),
    "theorem": Rule("theorem above", "This was proved without the hypothesis."),
    "hypothesis": Rule("hypothesis", "Here the hypothesis is used."),
}
HEADINGS = {
    "derivative": "The derivative {partial}",
    "case_equal": "Case {equal}",
    "case_apart": "Case {apart}",
    "merged": "Both cases together: {partial}",
    "one_hot_value": "The same for one-hot labels",
    "chain_rule": "The chain rule: {partial}",
    "theorem": "The theorem {about}",
    "fact": "{about}",
    "fact_equal": "{about}: case {equal}",
    "fact_apart": "{about}: case {apart}",
}
LIMITS = (
    "It is about real numbers: a program that computes with floating-point numbers rounds.",
    "Index sets are finite and not empty; their sizes stay symbols, so it holds for every size.",
    "It says what holds, not how to compute it well.",
)
LADDER = {
    "derived": "the engine found a chain from the definition to the claim",
    "checked": "the kernel replayed it from the proof file, for every size",
    "cross_checked": "SymPy on explicit sizes 1 to 4 gives exactly the same equations, and ball arithmetic at random points "
                     "agrees",
    "certified": "a proof assistant accepted the exported proof",
    "code_verified": "each generated function, traced symbolically, equals the theorem",
    "accuracy": "worst error measured against 200-bit arithmetic",
}
