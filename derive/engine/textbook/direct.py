"""A derivative from its definition: rules of differentiation, then cases where a delta of two free indices appears."""
from __future__ import annotations

from dataclasses import replace

from ...kernel.conditions import ZERO
from ...kernel.replay import Proof, Step, Theorem
from ...kernel.terms import Term, mk, subst_index
from .. import forms
from ..conversion import law
from ..equality import Hints
from ..normal import Normalizer
from .book import COPY, Book, Chain, by

OUTERMOST = {"log": "log", "mul": "product_rule"}             # the rule that carries a derivative into an operator


class Direct:
    """Chains for D target / variable in a book."""

    def __init__(self, book: Book) -> None:
        self.book = book

    def derive(self, name: str, target: Term, variable: Term, claim: Term | None, given: tuple[Term, ...] = ()) -> str:
        """D target / variable by the rules of differentiation, by cases where a delta of two free indices appears."""
        start = mk("D", None, target, variable)
        while name in self.book.record.theorems:              # a derivative that two statements of a page need
            if self.book.record.theorems[name].sides[0] is start:
                return name
            name += COPY
        chain = Chain(start)
        unfolded = mk("D", None, self.book.record.context.unfold(target), variable)
        chain.line("definition", unfolded, by(("unfold", target), at=(0,)))
        self._outermost(chain)
        chain.line("differentiate", forms.tidy(self._evaluated(chain.end)))
        hints = Hints(given=given)
        found = claim if claim is not None else self.book.presented(chain.end, hints)
        pair = delta_pair(chain.end)
        if pair is None:
            self._simplify(chain, hints, claim is not None)
            chain.line("rewrite", found)
            self.book.finish("derivative", name, chain, hints, (target, variable))
            return name
        raw = self.book.finish("derivative", f"{name}, differentiated", chain, hints, (target, variable))
        cases = self._cases(name, raw, pair, hints)
        merged = Chain(start)
        merged.line("merge", found, self.merged(start, found, pair, cases, hints))
        self.book.finish("merged", name, merged, hints, pair, cases)
        return name

    def _simplify(self, chain: Chain, hints: Hints, claimed: bool = True) -> None:
        """A form that people write; where the result is claimed, only if it is shorter."""
        simple = self.book.presented(chain.end, hints)
        if not claimed or forms.length(simple) < forms.length(chain.end):
            chain.line("simplify", simple)

    def _outermost(self, chain: Chain) -> None:
        """Carry the derivative in by one law: a quotient at once, a sum or a product with its constants."""
        convert = Normalizer(self.book.record)
        steps: list[Step] = []
        t, body = chain.end, chain.end.args[0]
        if body.op == "mul" and body.args[1].op == "inv" and self.book.record.context.depends(body.args[1], t.args[1].data):
            new, steps = law("d_quot", f=body.args[0], g=body.args[1].args[0], t=t.args[1])
            chain.line("quotient_rule", new, ("join", tuple(steps), ()))
            return
        rule = "linearity" if self._linear(t) else OUTERMOST.get(body.op, "chain_rule_outer")
        if body.op in ("num", "size", "arr"):
            return
        while (place := _first_derivative(t)) is not None and (not steps or rule == "linearity"):
            if rule == "linearity" and not self._linear(_at(t, place)):
                break
            new, more = convert.differentiate(_at(t, place))
            steps += [((*place, *path), forward, reason) for path, forward, reason in more]
            t = _put(t, place, new)
        chain.line(rule, t, ("join", tuple(steps), ()))

    def _linear(self, derivative: Term) -> bool:
        """Whether a sign, a sum or a constant factor can come out of a derivative."""
        body, v = derivative.args
        constant = body.op == "mul" and any(not self.book.record.context.depends(f, v.data) for f in body.args)
        return (body.op in ("neg", "add", "sum") or constant) and self.book.record.context.depends(body, v.data)

    def _evaluated(self, t: Term) -> Term:
        """Every derivative in t carried out."""
        convert = Normalizer(self.book.record, kept=self.book.record.context.definitions)
        return forms.replace(t, lambda u: convert(u)[0] if u.op == "D" else None)

    def _cases(self, name: str, raw: Theorem, pair: tuple[Term, Term], hints: Hints) -> tuple[str, str]:
        """i = j and i != j, each as a chain from the differentiated line."""
        (i, j), (start, end) = pair, raw.sides
        same = Chain(subst_index(start, {j.data: i}))
        same.line("so_far", subst_index(end, {j.data: i}), by(("lemma", f"{name}, differentiated", ((*j.data, i),))))
        same.line("case_equal", forms.tidy(forms.reflexive(same.end)))
        self._simplify(same, hints)
        self.book.finish("case_equal", f"{name}, {i} = {j}", same, hints, pair)
        other = Chain(start)
        other.line("so_far", end, by(("lemma", f"{name}, differentiated", ())))
        apart = replace(hints, apart=(*hints.apart, pair))
        other.line("case_apart", forms.tidy(forms.with_delta(end, i, j, ZERO)))
        self._simplify(other, apart)
        self.book.finish("case_apart", f"{name}, {i} != {j}", other, apart, pair)
        return f"{name}, {i} = {j}", f"{name}, {i} != {j}"

    def merged(self, start: Term, found: Term, pair: tuple[Term, Term], names: tuple[str, str], hints: Hints) -> Proof:
        """Both cases say what the merged form says."""
        i, j = pair
        same_value, other_value = (self.book.record.theorems[n].sides[1] for n in names)
        same = self.book.prove_line(same_value, subst_index(found, {j.data: i}), hints)
        other = self.book.prove_line(other_value, found, replace(hints, apart=(*hints.apart, pair)))

        def after(name: str, value: Term, rest: Proof, goal: tuple[Term, Term]) -> Proof:
            lemma = by(("lemma", name, ()))
            return ("lines", (goal[0], value, goal[1]), (lemma, rest)) if value is not goal[1] else lemma
        to_i = {j.data: i}
        return ("cases", i, j, after(names[0], same_value, same, (subst_index(start, to_i), subst_index(found, to_i))),
                after(names[1], other_value, other, (start, found)))


def delta_pair(t: Term) -> tuple[Term, Term] | None:
    """The indices of a Kronecker delta of two free indices in t."""
    if t.op == "delta" and all(i.op == "ix" for i in t.args):
        i, j = sorted(t.args, key=lambda x: str(x.data[0]))
        return i, j
    return next((p for a in t.args if (p := delta_pair(a)) is not None), None)


def _first_derivative(t: Term) -> tuple[int, ...] | None:
    if t.op == "D":
        return ()
    return next(((n, *p) for n, a in enumerate(t.args) if (p := _first_derivative(a)) is not None), None)


def _at(t: Term, path: tuple[int, ...]) -> Term:
    return _at(t.args[path[0]], path[1:]) if path else t


def _put(t: Term, path: tuple[int, ...], new: Term) -> Term:
    if not path:
        return new
    n = path[0]
    return mk(t.op, t.data, *t.args[:n], _put(t.args[n], path[1:], new), *t.args[n + 1:])
