"""The equation that a reason proves, as a Coq term: a lemma of the library or of the certificate with its arguments.

What the goal shows is left to Coq as `_`; functions below a derivative, and steps from right to left, are written out.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..engine.record import Record
from ..kernel.errors import require
from ..kernel.field import field_equal
from ..kernel.laws.rows import Row
from ..kernel.terms import IndexName, Term, mk, shift, subst_index
from .errors import NotCertified
from .fractions import Fractions
from .lemmas import VARIABLE, independent, inferable, obligations, parameters
from .names import Names
from .spelling import PRODUCT, UNARY, Scope
from .statement import Statement


@dataclass(frozen=True)
class Sources:
    """What steps may use: the record, the statements of its theorems, and the lemmas of arithmetic found so far."""
    dev: Record
    names: Names
    statements: Mapping[str, Statement]
    fractions: Fractions


@dataclass(frozen=True)
class Equation:
    """The equation of one reason, in the scope of its place."""
    sources: Sources
    statement: Statement
    scope: Scope
    forward: bool

    def turned(self, equation: str) -> str:
        return equation if self.forward else f"eq_sym ({equation})"

    # ---------------------------------------------------------------- laws
    def law(self, row: Row, values: dict[str, Any]) -> str:
        sets, metas, places = parameters(row)
        variable = values.get(VARIABLE)
        shown = variable is not None or not self.forward or not inferable(row)
        parts = [row.name, *(self.space(variable) if variable is not None else [])]
        parts += [self.scope.names.sets[values[s]] if shown else "_" for s in sets]
        parts += [self._value(values[m], n, variable if not independent(row, m) else None) if shown else "_"
                  for m, n in metas.items()]
        parts += [self.scope.index(values[i]) if shown else "_" for i in places]
        parts += [self.scope.within(values[i]) for i in places]
        return " ".join([*parts, *["_"] * obligations(row)])

    def _value(self, value: Term, arity: int, variable: Term | None) -> str:
        """What a metavariable stands for: a function of the indices it may use, and of the variable in a law of derivatives."""
        scope, letters = self.scope, []
        for _ in range(arity):
            letters.append(scope.fresh())
            scope = scope.bind(letters[-1])
        inner = scope.show(value) if variable is None else scope.function_of(variable.data, value)
        return argument(f"fun {' '.join(letters)} => {inner}" if letters else inner)

    def space(self, variable: Term) -> list[str]:
        """The space, the point and the place of a variable."""
        place = "tt"
        for i in reversed(variable.args):
            place = f"({self.scope.index(i)}, {place})"
        return [self._shape([i.data[1] for i in variable.args]), argument(self.scope.array(variable.data)), place]

    def _shape(self, sets: Sequence[str]) -> str:
        space = "scalar"
        for s in reversed(sets):
            space = f"(array {self.scope.names.sets[s]} {space})"
        return space

    # ---------------------------------------------------------------- computed steps
    def field(self, here: Term, result: Term) -> str:
        lemma, atoms, inferred = self.sources.fractions.lemma(here, result, field_equal(here, result))
        shown = self.forward and inferred
        values = ["_" if shown else argument(self.scope.show(a)) for a in atoms]
        return " ".join([lemma.name, *values, *["_"] * len(lemma.conditions)])

    def differentiate(self, here: Term) -> str:
        body, variable = here.args
        if body.op == "fun":
            name = self.scope.names.arrays[body.data[0]]
            inner = self.scope.function_of(variable.data, body.args[0])
            return " ".join(["d_fun", *self.space(variable), name, f"{body.data[1]}%nat", argument(inner), "_", "_"])
        places = [*map(self.scope.index, variable.args), *map(self.scope.index, body.args)]
        return " ".join([f"d_entry_{len(variable.args)}", argument(self.scope.array(variable.data)), *places])

    def unfold(self, symbol: Term) -> str:
        head = self.scope.head(symbol.data)
        arguments = [*head[1:], *map(self.scope.index, symbol.args)]
        return " ".join([f"{head[0]}_def", *(["_"] * len(arguments) if self.forward else arguments)])

    def lemma(self, name: str, at: Mapping[IndexName, Term]) -> str:
        other = self.sources.statements[name]
        places = [at.get(i, mk("ix", i)) for i in other.indices]
        return " ".join([theorem_name(self.sources.names, name), *[self.scope.names.sets[s] for s in other.sizes],
                         *[self.scope.argument(v) for v in other.variables], *map(self.scope.index, places),
                         *["_"] * len(other.functions), *map(self.scope.within, places), *["_"] * len(other.hypotheses)])

    # ---------------------------------------------------------------- the chain rule
    def chain(self, here: Term, through: Sequence[tuple[str, Term]]) -> str:
        """D F[p := u] / z by the library's chain rule, and the value of each D F / p by its theorem."""
        variable, dev = here.args[1], self.sources.dev
        partials = [dev.theorems[name].sides[0] for name, _ in through]
        outer, intermediates = partials[0].args[0], [left.args[1] for left in partials]
        require(len(through) <= 2, NotCertified, "a chain rule through {} intermediates at once has no form yet", len(through))
        shapes = [self._shape([i.data[1] for i in p.args]) for p in intermediates]
        space = shapes[0] if len(shapes) == 1 else f"(both {' '.join(shapes)})"
        q = self.scope.fresh("q")
        seen = [q] if len(shapes) == 1 else [f"(fst {q})", f"(snd {q})"]
        inner = replace(self.scope, values={**self.scope.values, **{p.data: v for p, v in zip(intermediates, seen, strict=True)}},
                        taken=self.scope.taken | {q})
        moving, moved = self.scope.moved(variable)
        values = _tuple(_function(moved, u, len(p.args)) for p, (_, u) in zip(intermediates, through, strict=True))
        now = {p.data: _function(self.scope, u, len(p.args)) for p, (_, u) in zip(intermediates, through, strict=True)}
        along = " ".join(self._each(u, variable, [i.data[1] for i in p.args], self.scope)
                         for p, (_, u) in zip(intermediates, through, strict=True))
        rule = " ".join(["chain", space, f"(fun {q} => {inner.show(outer)})", f"(fun {moving} => {values})",
                         self.scope.show(variable, 0), _tuple(now.values()), "_", "_", along if len(shapes) == 1 else f"(each_both {along})"])
        at_values = replace(self.scope, values={**self.scope.values, **now})
        terms = [self._summand(at_values, left, u, variable, name) for left, (name, u) in zip(partials, through, strict=True)]
        shown, proofs = [" + ".join(t[0] for t in terms), [t[1] for t in terms]]
        return f"eq_trans ({rule} : _ = {shown}) {proofs[0] if len(proofs) == 1 else f'(in_add {proofs[0]} {proofs[1]})'}"

    def _summand(self, scope: Scope, left: Term, u: Term, variable: Term, name: str) -> tuple[str, str]:
        """Sum over the places of an intermediate of D F / p times D u / z, and the proof that its first factor is known."""
        places, inner = left.args[1].args, scope
        letters = []
        for _ in places:
            letters.append(inner.fresh())
            inner = inner.bind(letters[-1])
        at = {i.data: mk("bd", (len(places) - 1 - n, i.data[1])) for n, i in enumerate(places)}
        partial = inner.show(subst_index(shift(left, len(places)), at), PRODUCT)
        text = f"{partial} * {inner.show(mk('D', None, u, shift(variable, len(places))), UNARY)}"
        known = replace(self, scope=inner).lemma(name, at)
        proof = f"in_mul_l ({known})"
        for letter, place in zip(reversed(letters), reversed(places), strict=True):
            text = f"Sum {scope.names.sets[place.data[1]]} (fun {letter} => {text})"
            proof = f"in_sum (fun {letter} H{letter} => {proof})"
        return text, f"({proof})"

    def _each(self, u: Term, variable: Term, sets: Sequence[str], scope: Scope) -> str:
        """That every entry of an intermediate is differentiable."""
        if not sets:
            leaf = replace(self, scope=scope)
            return f"(each_scalar (smooth_partial {' '.join(self._partial(leaf, u, variable))} _))"
        k = scope.fresh()
        return f"(each_array (fun {k} H{k} => {self._each(u, variable, sets[1:], scope.bind(k))}))"

    def _partial(self, leaf: Equation, u: Term, variable: Term) -> list[str]:
        space, point, place = self.space(variable)
        return [space, point, leaf.scope.function_of(variable.data, u), place]


def _tuple(texts: Iterable[str]) -> str:
    first, *more = texts
    return f"({', '.join([first, *more])})" if more else first


def _function(scope: Scope, u: Term, rank: int) -> str:
    """An intermediate as a function of its indices, which are the innermost bound ones of u."""
    letters = []
    for _ in range(rank):
        letters.append(scope.fresh())
        scope = scope.bind(letters[-1])
    text = scope.show(u)
    ending = "".join(f" {letter}" for letter in letters)
    if u.op == "arr" and text.endswith(ending):               # fun j => a N z j is a N z
        return argument(text.removesuffix(ending))
    return f"(fun {' '.join(letters)} => {text})" if letters else argument(text)


def theorem_name(names: Names, name: str) -> str:
    """The identifier of a theorem of the record."""
    return names.arrays[f"theorem {name}"]



def argument(text: str) -> str:
    """A term as an argument of an application."""
    return text if " " not in text or text[0] == "(" and text[-1] == ")" and _closed(text) else f"({text})"


def _closed(text: str) -> bool:
    """Whether the first bracket closes at the end."""
    depth = 0
    for n, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return n == len(text) - 1
    return False


