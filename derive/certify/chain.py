"""The chain rule of the kernel through the library's: spaces of intermediates, curves in them, partial derivatives known
by theorems."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..kernel.errors import require
from ..kernel.terms import Term, mk, shift, subst_index
from .errors import NotCertified
from .spelling import PRODUCT, UNARY, Scope
from .steps import Equation, argument


@dataclass(frozen=True)
class Intermediate:
    """One intermediate p := u: the theorem about D F / p, its left side, and u with its indices bound."""
    theorem: str
    partial: Term
    value: Term

    @property
    def variable(self) -> Term:
        return self.partial.args[1]

    @property
    def sets(self) -> list[str]:
        return [i.data[1] for i in self.variable.args]

    def function(self, scope: Scope) -> str:
        """u as an array: a function of its indices, which are the innermost bound ones."""
        letters = []
        for _ in self.sets:
            letters.append(scope.fresh())
            scope = scope.bind(letters[-1])
        text = scope.show(self.value)
        ending = "".join(f" {letter}" for letter in letters)
        if self.value.op == "arr" and text.endswith(ending):  # fun j => a N z j is a N z
            return argument(text.removesuffix(ending))
        return f"(fun {' '.join(letters)} => {text})" if letters else argument(text)


@dataclass(frozen=True)
class Chain:
    """D F[p := u] / variable at a place."""
    equation: Equation
    variable: Term
    through: tuple[Intermediate, ...]

    @property
    def scope(self) -> Scope:
        return self.equation.scope

    def proof(self) -> str:
        """The library's rule, then the value of each partial derivative."""
        summands = [self._summand(p) for p in self.through]
        shown, proofs = " + ".join(text for text, _ in summands), [proof for _, proof in summands]
        known = proofs[0] if len(proofs) == 1 else f"(in_add {' '.join(proofs)})"
        return f"eq_trans ({self._rule()} : _ = {shown}) {known}"

    def _rule(self) -> str:
        """chain space F u x (u x) with its three conditions."""
        outer, q = self.through[0].partial.args[0], self.scope.fresh("q")
        shapes = [self.equation.shape(p.sets) for p in self.through]
        alone = len(shapes) == 1
        seen = [q] if alone else [f"(fst {q})", f"(snd {q})"]
        inner = self._with({p.variable.data: text for p, text in zip(self.through, seen, strict=True)}, q)
        moving, moved = self.scope.moved(self.variable)
        each = " ".join(self._each(p.value, p.sets, self.scope) for p in self.through)
        return " ".join([
            "chain", shapes[0] if alone else f"(both {' '.join(shapes)})", f"(fun {q} => {inner.show(outer)})",
            f"(fun {moving} => {_tuple(p.function(moved) for p in self.through)})", self.scope.show(self.variable, 0),
            _tuple(p.function(self.scope) for p in self.through), "_", "_", each if alone else f"(each_both {each})"])

    def _with(self, values: dict[str, str], *taken: str) -> Scope:
        return replace(self.scope, values={**self.scope.values, **values}, taken=self.scope.taken.union(taken))

    def _summand(self, p: Intermediate) -> tuple[str, str]:
        """Sum over the places of an intermediate of D F / p times D u / z, and the proof that its first factor is known."""
        inner, letters, places = self._with({q.variable.data: q.function(self.scope) for q in self.through}), [], p.variable.args
        for _ in places:
            letters.append(inner.fresh())
            inner = inner.bind(letters[-1])
        at = {i.data: mk("bd", (len(places) - 1 - n, i.data[1])) for n, i in enumerate(places)}
        partial = inner.show(subst_index(shift(p.partial, len(places)), at), PRODUCT)
        text = f"{partial} * {inner.show(mk('D', None, p.value, shift(self.variable, len(places))), UNARY)}"
        proof = f"in_mul_l ({replace(self.equation, scope=inner).lemma(p.theorem, at)})"
        for letter, s in zip(reversed(letters), reversed(p.sets), strict=True):
            text = f"Sum {inner.names.sets[s]} (fun {letter} => {text})"
            proof = f"in_sum (fun {letter} H{letter} => {proof})"
        return text, f"({proof})"

    def _each(self, u: Term, sets: Sequence[str], scope: Scope) -> str:
        """That every entry of an intermediate is differentiable."""
        if sets:
            k = scope.fresh()
            return f"(each_array (fun {k} H{k} => {self._each(u, sets[1:], scope.bind(k))}))"
        space, point, place = self.equation.space(self.variable)
        return f"(each_scalar (smooth_partial {space} {point} {scope.function_of(self.variable.data, u)} {place} _))"


def chain(equation: Equation, here: Term, through: Sequence[tuple[str, Term]]) -> str:
    """The equation of a step by the chain rule. Raises NotCertified for more intermediates than two at once."""
    require(len(through) <= 2, NotCertified, "a chain rule through {} intermediates at once has no form yet", len(through))
    theorems = equation.sources.dev.theorems
    parts = tuple(Intermediate(name, theorems[name].sides[0], u) for name, u in through)
    return Chain(equation, here.args[1], parts).proof()


def _tuple(texts: Iterable[str]) -> str:
    first, *more = texts
    return f"({', '.join([first, *more])})" if more else first
