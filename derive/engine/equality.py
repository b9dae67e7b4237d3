"""Is left = right? A proof that the kernel has replayed, a counterexample, or undecided with the residual."""
from __future__ import annotations

from dataclasses import dataclass, replace
from functools import reduce

from ..kernel.conditions import ZERO, relation
from ..kernel.context import Context
from ..kernel.errors import DeriveError, ProofError
from ..kernel.field import field_equal
from ..kernel.replay import Development, Proof, Replay, Step, Theorem
from ..kernel.terms import Term, bd, ix, mk, open_, shift, subst_index
from .conversion import Result
from .counterexample import Counterexample, counterexample
from .forms import addends, factors, product, total
from .normal import Normalizer, Rule, hypothesis_rule, lemma_rule, vanishing
from .restate import restated

Pair = tuple[Term, Term]


@dataclass(frozen=True)
class Proved:
    proof: Proof
    theorem: Theorem


@dataclass(frozen=True)
class Refuted:
    counterexample: Counterexample


@dataclass(frozen=True)
class Undecided:
    """The residual is the normal form of left - right: not 0 as far as the engine can see, not refuted either."""
    residual: Term
    reason: str


@dataclass(frozen=True)
class Hints:
    """What a search may use: lemmas by name, given hypotheses, symbols that stay folded, indices known to differ; how many
    Kronecker deltas (`depth`) and steps (`signs`) it may take apart by cases; `exact`: lemmas for no other indices."""
    lemmas: tuple[str, ...] = ()
    given: tuple[Term, ...] = ()
    kept: tuple[str, ...] = ()
    apart: tuple[Pair, ...] = ()
    depth: int = 3
    signs: int = 0
    exact: tuple[str, ...] = ()


def equal(dev: Development, left: Term, right: Term, hints: Hints = Hints()) -> Proved | Refuted | Undecided:
    """Decide left = right in a development under the hypotheses that the hints name."""
    try:
        found = prove(dev, left, right, hints)
        if found is not None:
            return found
        reason = "the normal forms of the sides differ"
    except DeriveError as e:
        reason = str(e)
    against = counterexample(dev.context, left, right, hints.given)
    if against is not None:
        return Refuted(against)
    return Undecided(normalizer(dev, hints)(mk("add", None, left, mk("neg", None, right)))[0], reason)


def prove(dev: Development, left: Term, right: Term, hints: Hints) -> Proved | None:
    """A proof that the kernel accepts, or None. Conditions left over are put into friendlier terms if that helps."""
    proof = search(dev, left, right, hints)
    if proof is None:
        return None
    return replayed(dev, left, right, proof)


def replayed(dev: Development, left: Term, right: Term, proof: Proof, hints: Hints = Hints()) -> Proved:
    """The theorem of a proof, with conditions that are left over put into friendlier terms, by what the hints give. Raises
    ProofError."""
    goal = mk("eq", None, left, right)
    theorem = Replay(dev).prove(goal, proof)
    friendlier = restated(dev, theorem, left, right, normalizer(dev, hints), lambda a, b: search(dev, a, b, hints))
    if friendlier:
        proof = ("restate", proof, tuple(friendlier))
        theorem = Replay(dev).prove(goal, proof)
    return Proved(proof, theorem)


def normalizer(dev: Development, hints: Hints, cleared: bool = False) -> Normalizer:
    rules: list[Rule | None] = [lemma_rule(name, dev.theorems[name]) for name in hints.lemmas]
    rules += [lemma_rule(name, dev.theorems[name], exact=True) for name in hints.exact]
    rules += [hypothesis_rule(h) for h in hints.given]
    return Normalizer(dev, hints.kept, [r for r in rules if r is not None], hints.apart, hints.given, cleared)


def search(dev: Development, left: Term, right: Term, hints: Hints) -> Proof | None:
    """Both sides to normal form, a field step between them, and cases where a Kronecker delta or a step is left."""
    if left is right:
        return ("join", (), ())
    convert = normalizer(dev, hints)
    (a, left_steps), (b, right_steps) = convert(left), convert(right)
    found = _bridged((a, left_steps), (b, right_steps))
    if found is None and (_has(a, "exp") or _has(b, "exp")):  # 1/(1 + e^-x) = e^x/(e^x + 1): below a sum the form must be one
        convert = normalizer(dev, hints, cleared=True)
        found = _bridged(convert(left), convert(right))
    return found or _by_cases(dev, left, right, a, b, hints) or _by_signs(dev, left, right, (a, b), hints) \
        or _below_a_sum(dev, left, right, hints)


def _bridged(left: Result, right: Result) -> Proof | None:
    """Normal forms that are the same, or the same rational function."""
    (a, left_steps), (b, right_steps) = left, right
    if a is b:
        return ("join", tuple(left_steps), tuple(right_steps))
    try:
        field_equal(a, b)
    except ProofError:
        return None
    return ("join", (*left_steps, ((), True, ("field", b))), tuple(right_steps))


def _by_cases(dev: Development, left: Term, right: Term, a: Term, b: Term, hints: Hints) -> Proof | None:
    pair = _free_delta(a, hints) or _free_delta(b, hints)
    if pair is None or hints.depth == 0:
        return None
    i, j = pair
    if any(j.data in h.names for h in hints.given):
        i, j = j, i
    deeper = replace(hints, depth=hints.depth - 1)
    same = search(dev, subst_index(left, {j.data: i}), subst_index(right, {j.data: i}), deeper)
    other = same and search(dev, left, right, replace(deeper, apart=(*hints.apart, pair)))
    return ("cases", i, j, same, other) if other else None


def _by_signs(dev: Development, left: Term, right: Term, normal: Pair, hints: Hints) -> Proof | None:
    """left = right where the argument of a step is positive, 0 and negative. Assumes these in the development."""
    jumps = [u for t in normal for u in _jumps(t)]
    if not jumps or hints.signs == 0:
        return None
    x, proofs, before = min(jumps, key=lambda u: u.weight), list[Proof](), dev.context
    cases = relation("lt", x), mk("eq", None, x, ZERO), relation("lt", mk("neg", None, x))
    for case in cases:
        dev.context = before                                  # what another case gives says nothing here
        dev.assume(case)
        exact = (*hints.exact, *vanishing(dev, x)) if case.op == "eq" else hints.exact
        inside = replace(hints, given=(*hints.given, case), exact=exact, signs=hints.signs - 1)
        found = search(dev, left, right, inside)
        if found is None:
            break
        proofs.append(replayed(dev, left, right, found, Hints(given=inside.given, exact=exact)).proof)
    dev.context = reduce(Context.assume, cases, before)
    if len(proofs) < len(cases):
        return None
    return ("trichotomy", x, *proofs)


def _jumps(t: Term) -> list[Term]:
    """The arguments of steps that stand below no binder."""
    return ([t.args[0]] if t.op == "step" and not t.depth else []) + [u for a in t.args for u in _jumps(a)]


def _free_delta(t: Term, hints: Hints) -> Pair | None:
    if t.op == "delta" and all(i.op == "ix" for i in t.args):
        return t.args[0], t.args[1]
    return next((p for a in t.args if (p := _free_delta(a, hints))), None)


def _below_a_sum(dev: Development, left: Term, right: Term, hints: Hints) -> Proof | None:
    """left = right + sum of d, d = 0 for one index by its signs, and so right + 0; the difference must be sums over one set."""
    difference = normalizer(dev, hints)(mk("add", None, left, mk("neg", None, right)))[0] if hints.signs else ZERO
    d = _summand(difference)
    if d is None or not _has(d, "step"):
        return None
    i = ix("?d", d.data)
    one = open_(d.args[0], [i])
    name = f"{one} vanishes"
    if name not in dev.theorems:
        found = search(dev, one, ZERO, replace(hints, depth=0))
        if found is None:
            return None
        dev.prove(name, mk("eq", None, one, ZERO), replayed(dev, one, ZERO, found).proof)
    whole, nothing = mk("add", None, right, d), mk("add", None, right, mk("sum", d.data, ZERO))
    first, last = (search(dev, *sides, replace(hints, signs=0)) for sides in ((left, whole), (nothing, right)))
    put: Step = ((1, 0), True, ("lemma", name, ((*i.data, bd(0, d.data)),)))
    return ("lines", (left, whole, nothing, right), (first, ("join", (put,), ()), last)) if first and last else None


def _summand(t: Term) -> Term | None:
    """A sum of sums over one set, as one sum; None where something else stands beside them."""
    parts = [(sign, factors(u)) for sign, u in addends(t)]
    sums = [next((f for f in fs if f.op == "sum"), None) for _, fs in parts]
    sets = {s.data if s is not None else None for s in sums}
    if len(sets) != 1 or None in sets:
        return None
    bodies = [(sign, product([shift(f, 1) if f is not s else s.args[0] for f in fs]))
              for (sign, fs), s in zip(parts, sums, strict=True) if s is not None]
    return mk("sum", sets.pop(), total(bodies))


def _has(t: Term, op: str) -> bool:
    return t.op == op or any(_has(a, op) for a in t.args)
