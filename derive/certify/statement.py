"""A theorem of the kernel as a Coq statement: its variables, the ranges of its indices, its hypotheses, its conclusion."""
from __future__ import annotations

from dataclasses import dataclass

from ..engine.sampling import variables_of
from ..kernel.context import FUNCTION, Context
from ..kernel.terms import IndexName, Term, indices
from .names import Names
from .spelling import Scope, behind, functions_of, in_order, sizes_of


@dataclass(frozen=True)
class Statement:
    """For all sizes, functions, arrays and indices in their ranges: the hypotheses imply the conclusion."""
    ctx: Context
    names: Names
    hypotheses: tuple[Term, ...]
    conclusion: Term

    @property
    def terms(self) -> list[Term]:
        return [self.conclusion, *self.hypotheses]

    @property
    def variables(self) -> list[str]:
        """Functions, then arrays and scalars, as declared."""
        return in_order(self.ctx, variables_of(self.ctx, self.terms) + functions_of(self.ctx, self.terms))

    @property
    def sizes(self) -> list[str]:
        return sizes_of(self.ctx, self.terms, self.variables)

    @property
    def indices(self) -> list[IndexName]:
        return sorted(indices(*self.terms))

    @property
    def functions(self) -> list[str]:
        return [v for v in self.variables if self.ctx.arrays[v] == FUNCTION]

    # ---------------------------------------------------------------- text
    @property
    def scope(self) -> Scope:
        return Scope(self.ctx, self.names, taken=frozenset(self.introduced))

    @property
    def binders(self) -> list[str]:
        """(N : nat) (z : nat -> R) (i : nat)"""
        names, ctx = self.names, self.ctx
        return [*[f"({names.sets[s]} : nat)" for s in self.sizes],
                *[f"({names.arrays[v]} : {type_of(ctx, v)})" for v in self.variables],
                *[f"({names.indices[i]} : nat)" for i in self.indices]]

    @property
    def premises(self) -> list[str]:
        """What is assumed, in order: functions are smooth, indices in their ranges, the hypotheses."""
        scope = Scope(self.ctx, self.names)
        smooth = [f"Smooth {self.names.arrays[f]}" for f in self.functions]
        ranges = [f"({self.names.indices[i]} < {self.names.sets[i[1]]})%nat" for i in self.indices]
        return [*smooth, *ranges, *[f"({text})" if text.startswith("forall") else text
                                    for text in map(scope.show, self.hypotheses)]]

    @property
    def introduced(self) -> list[str]:
        """The names of the binders and premises in a proof."""
        names = self.names
        return [*[names.sets[s] for s in self.sizes], *[names.arrays[v] for v in self.variables],
                *[names.indices[i] for i in self.indices], *[f"H{names.arrays[f]}" for f in self.functions],
                *[f"H{names.indices[i]}" for i in self.indices], *[self.hypothesis(h) for h in self.hypotheses]]

    def hypothesis(self, h: Term) -> str:
        return f"given{self.hypotheses.index(h) + 1}"

    @property
    def equation(self) -> str:
        return Scope(self.ctx, self.names).show(self.conclusion)

    @property
    def differentiates(self) -> bool:
        """Whether the conclusion says what a derivative is."""
        return self.conclusion.op == "eq" and self.conclusion.args[0].op == "D"

    @property
    def claimed(self) -> str:
        """The conclusion of a claim; D F / z[i] = g is differentiability: is_derive (fun t => F (upd z i t)) (z i) (g)."""
        if not self.differentiates:
            return self.equation
        (left, right), scope = self.conclusion.args, Scope(self.ctx, self.names)
        return f"is_derive {scope.moving(left)} {scope.show(left.args[1], 0)} {scope.show(right, 0)}"


def type_of(ctx: Context, name: str) -> str:
    sets = ctx.arrays[name]
    return "nat -> R -> R" if sets == FUNCTION else " -> ".join([*["nat"] * len(sets), "R"])


@dataclass(frozen=True)
class Meaning:
    """A definition: name[letters] := body."""
    ctx: Context
    names: Names
    name: str

    @property
    def ident(self) -> str:
        return self.names.arrays[self.name]

    def _opened(self) -> tuple[Scope, list[str]]:
        scope, letters = Scope(self.ctx, self.names), []
        for _ in self.ctx.definitions[self.name][0]:
            letters.append(scope.fresh("ijklmnpqrsuvw"))
            scope = scope.bind(letters[-1])
        return scope, letters

    @property
    def binders(self) -> list[str]:
        sizes, variables = behind(self.ctx, self.name)
        return [*[f"({self.names.sets[s]} : nat)" for s in sizes],
                *[f"({self.names.arrays[v]} : {type_of(self.ctx, v)})" for v in variables],
                *[f"({k} : nat)" for k in self._opened()[1]]]

    @property
    def applied(self) -> str:
        return " ".join([*Scope(self.ctx, self.names).head(self.name), *self._opened()[1]])

    @property
    def body(self) -> str:
        return self._opened()[0].show(self.ctx.definitions[self.name][1])

