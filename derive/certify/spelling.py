"""Terms as Coq text. A scope says what each name and each bound index is called at a place.

Below a derivative by z[i] the array z is `upd z i t`: the same printing, in another scope.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ..engine.sampling import sets_of, variables_of
from ..kernel.conditions import ONE
from ..kernel.context import FUNCTION, Context
from ..kernel.errors import require
from ..kernel.terms import IndexName, Term, indices
from .errors import NotCertified
from .names import Names, fresh
from .operators import SPELLING

ATOM, APPLIED, UNARY, PRODUCT, TERM, RELATION, ARROW = 0, 10, 35, 40, 50, 70, 99


@dataclass(frozen=True)
class Scope:
    """ctx: what names mean; values: arrays that stand for something else here; bound: variables of the bound indices,
    innermost last; places: variables of free indices that a proof introduces; taken: variables in use."""
    ctx: Context
    names: Names
    values: Mapping[str, str] = field(default_factory=dict)
    bound: tuple[str, ...] = ()
    places: Mapping[IndexName, str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()

    # ---------------------------------------------------------------- names
    def fresh(self, letters: str = "jklmnpqrsuvw") -> str:
        return fresh(self.names.taken | self.taken, letters)

    def bind(self, variable: str) -> Scope:
        return replace(self, bound=(*self.bound, variable), taken=self.taken | {variable})

    def array(self, name: str) -> str:
        """An array that is no definition, as it stands here."""
        return self.values.get(name, self.names.arrays[name])

    def index(self, i: Term) -> str:
        if i.op == "ix":
            return self.places.get(i.data) or self.names.indices[i.data]
        require(i.data[0] < len(self.bound), NotCertified, "a loose index {}", i)
        level: int = i.data[0]
        return self.bound[-1 - level]

    def within(self, i: Term) -> str:
        """The hypothesis that an index is in its range."""
        return f"H{self.index(i)}"

    # ---------------------------------------------------------------- terms
    def show(self, t: Term, level: int = RELATION) -> str:
        """t as text that may stand at a level of Coq's grammar."""
        row = SPELLING[t.op]
        match row.shape:
            case "function":
                text = " ".join([row.spelled, *self.arguments(t)])
                own = APPLIED if " " in text else ATOM
            case "infix":
                text, own = self._infix(t)
            case "prefix":
                text, own = f"{row.spelled} {self.show(t.args[0], APPLIED)}", UNARY
            case "binder":
                text, own = self._sum(t), APPLIED
            case _:
                text, own = self._own(t)
        return text if own <= level else f"({text})"

    def arguments(self, t: Term) -> list[str]:
        if t.op == "size":
            return [self.names.sets[t.data]]
        return [self.index(a) if SPELLING[a.op].name in ("ix", "bd", "imeta") else self.show(a, ATOM) for a in t.args]

    def _infix(self, t: Term) -> tuple[str, int]:
        row = SPELLING[t.op]
        if t.op == "apart":
            return f"{self.index(t.args[0])} <> {self.index(t.args[1])}", RELATION
        if t.op == "le" and t.args[0] is ONE and t.args[1].op == "size":
            return f"(0 < {self.names.sets[t.args[1].data]})%nat", ATOM
        a, b = t.args
        inverse = {"add": "neg", "mul": "inv"}.get(t.op)
        sugar = b.op == inverse and not (t.op == "mul" and a.op == b.args[0].op == "num")
        sign = {"add": "-", "mul": "/"}[t.op] if sugar else row.spelled
        right = b.args[0] if sugar else b
        below = {RELATION: TERM, TERM: PRODUCT, PRODUCT: UNARY if not sugar else APPLIED}[row.level]
        return f"{self.show(a, TERM if row.level == RELATION else row.level)} {sign} {self.show(right, below)}", row.level

    def _sum(self, t: Term) -> str:
        k = self.fresh()
        return f"Sum {self.names.sets[t.data]} (fun {k} => {self.bind(k).show(t.args[0])})"

    def _own(self, t: Term) -> tuple[str, int]:
        match t.op:
            case "num":
                return number(t.data)
            case "arr":
                return self._entry(t)
            case "fun":
                return f"{self.array(t.data[0])} {t.data[1]}%nat {self.show(t.args[0], ATOM)}", APPLIED
            case "D":
                return f"Derive {self.moving(t)} {self.show(t.args[1], ATOM)}", APPLIED
            case "all":
                k = self.fresh()
                inner = self.bind(k).show(t.args[0], ARROW)
                return f"forall {k}, ({k} < {self.names.sets[t.data]})%nat -> {inner}", 200
            case "when" | "unless":
                sign = "=" if t.op == "when" else "<>"
                return f"{self.index(t.args[0])} {sign} {self.index(t.args[1])} -> {self.show(t.args[2], ARROW)}", ARROW
        raise NotCertified(f"{t} has no form in a certificate")

    def _entry(self, t: Term) -> tuple[str, int]:
        parts = [*self.head(t.data), *map(self.index, t.args)]
        text = " ".join(parts)
        return text, ATOM if " " not in text else APPLIED

    def head(self, name: str) -> list[str]:
        """An array as it stands here: a definition with the sizes and variables that it depends on."""
        if name not in self.ctx.definitions:
            return [self.array(name)]
        sizes, variables = behind(self.ctx, name)
        return [self.names.arrays[name], *[self.names.sets[s] for s in sizes], *map(self.argument, variables)]

    def argument(self, name: str) -> str:
        text = self.array(name)
        return text if " " not in text or text[0] == "(" else f"({text})"

    # ---------------------------------------------------------------- derivatives
    def moved(self, variable: Term) -> tuple[str, Scope]:
        """A new real variable t, and the scope in which it has taken the place of an entry."""
        t = self.fresh("t")
        value = updated(self.argument(variable.data), [self.index(i) for i in variable.args], t)
        return t, replace(self, values={**self.values, variable.data: value}, taken=self.taken | {t})

    def moving(self, derivative: Term) -> str:
        """The function of one real variable that is differentiated."""
        t, scope = self.moved(derivative.args[1])
        return f"(fun {t} : R => {scope.show(derivative.args[0])})"

    def function_of(self, variable: str, t: Term) -> str:
        """t as a function of a whole array."""
        q = self.fresh("q")
        scope = replace(self, values={**self.values, variable: q}, taken=self.taken | {q})
        return f"(fun {q} => {scope.show(t)})"


def number(value: Fraction) -> tuple[str, int]:
    """A literal: 2, (-2), (1/2); a quotient of terms has blanks around the stroke."""
    if value.denominator == 1:
        return str(value) if value >= 0 else f"({value})", ATOM
    return f"({value.numerator}/{value.denominator})", ATOM


def updated(array: str, at: list[str], value: str) -> str:
    """The array with a value at a place: `(upd z i t)`, `(upd w i (upd (w i) j t))`; a scalar is the value itself."""
    if not at:
        return value
    inner = updated(f"({array} {at[0]})", at[1:], value)
    return f"(upd {array} {at[0]} {inner})"


def behind(ctx: Context, name: str) -> tuple[list[str], list[str]]:
    """The sizes and the variables that the value of a definition depends on, in order of declaration."""
    body = ctx.definitions[name][1]
    return sorted(_sizes(ctx, body)), in_order(ctx, variables_of(ctx, [body]) + functions_of(ctx, [body]))


def in_order(ctx: Context, variables: list[str]) -> list[str]:
    """Functions first, then arrays, as declared."""
    used = set(variables)
    return sorted([n for n in ctx.arrays if n in used], key=lambda n: ctx.arrays[n] != FUNCTION)


def functions_of(ctx: Context, terms: list[Term]) -> list[str]:
    found: set[str] = set()
    for t in terms:
        found |= {t.data[0]} if t.op == "fun" else set()
        found |= set(functions_of(ctx, list(t.args)))
        if t.op == "arr" and t.data in ctx.definitions:
            found |= set(functions_of(ctx, [ctx.definitions[t.data][1]]))
    return sorted(found)


def _sizes(ctx: Context, t: Term) -> set[str]:
    found = {t.data} if t.op in ("sum", "size") else set()
    if t.op == "arr" and t.data in ctx.definitions:
        found |= _sizes(ctx, ctx.definitions[t.data][1])
    return found.union(*[_sizes(ctx, a) for a in t.args])


def sizes_of(ctx: Context, terms: list[Term], variables: list[str]) -> list[str]:
    """The index sets that a statement is about: of its indices and sums, and of its arrays."""
    found = sets_of(ctx, terms) | {s for _, s in indices(*terms)}
    return sorted(found.union(*[ctx.arrays[v] for v in variables if ctx.arrays[v] != FUNCTION]))
