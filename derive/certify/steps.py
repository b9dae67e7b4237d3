"""The equation that a reason proves, as a Coq term: a lemma of the library or of the certificate with its arguments.

What the goal shows is left to Coq as `_`; functions below a derivative, and steps from right to left, are written out.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..engine.record import Record
from ..kernel.field import field_equal
from ..kernel.laws.rows import Row
from ..kernel.terms import IndexName, Term, mk
from .fractions import Fractions
from .lemmas import VARIABLE, independent, inferable, obligations, parameters
from .names import Names
from .spelling import Scope
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
        return [self.shape([i.data[1] for i in variable.args]), argument(self.scope.array(variable.data)), place]

    def shape(self, sets: Sequence[str]) -> str:
        """The space of arrays over some index sets."""
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


