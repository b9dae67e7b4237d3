"""Pieces of terms as a lowering needs them: letters of axes, addends and factors with signs, deltas and steps taken out."""
from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ...engine.forms import neg, product
from ...kernel.conditions import ZERO
from ...kernel.terms import Term, ix, mk, num, subst_index
from ..errors import CannotLower
from . import patterns as p
from .node import Axis


def letter(n: int, s: str) -> Term:
    return ix(f"#{n}", s)


def axis_of(name: tuple[str, str]) -> Axis:
    """The axis of a letter. Raises CannotLower for an index that is none."""
    if not name[0].startswith("#"):
        raise CannotLower(f"the index {name[0]} over {name[1]} is no axis of the result")
    return int(name[0][1:]), name[1]


def mentions(t: Term, letters: Iterable[Term]) -> bool:
    return any(i.data in t.names for i in letters)


def nesting(t: Term) -> int:
    """How many sums stand in a row."""
    return 1 + nesting(t.args[0]) if t.op == "sum" else 0


def comes_first(t: Term, bound: list[Term]) -> bool:
    """Whether most arrays have the axes of a sum before the others."""
    def votes(u: Term) -> int:
        if u.op != "arr":
            return sum(map(votes, u.args))
        places = [n for n, i in enumerate(u.args) if i in bound]
        others = [n for n, i in enumerate(u.args) if i not in bound]
        return 0 if not places or not others else 1 if max(places) < min(others) else -1
    return votes(t) > 0


def addends(t: Term) -> list[tuple[int, Term]]:
    """Addends with signs. What is subtracted as a whole stays whole, so that its large parts cancel first."""
    match t.op:
        case "add":
            return addends(t.args[0]) + addends(t.args[1])
        case "neg":
            inner = t.args[0]
            return [(-sign, u) for sign, u in addends(inner)] if inner.op == "neg" else [(-1, inner)]
    return [] if t is ZERO else [(1, t)]


def factored(t: Term) -> tuple[int, Fraction, list[Term]]:
    """Sign, number and further factors of a product; the inverse of a product is a product of inverses."""
    match t.op:
        case "neg":
            sign, number, parts = factored(t.args[0])
            return -sign, number, parts
        case "mul":
            (s, m, x), (r, n, y) = map(factored, t.args)
            return s * r, m * n, x + y
        case "inv":
            sign, number, parts = factored(t.args[0])
            if number:
                return sign, 1 / number, [f.args[0] if f.op == "inv" else p.inv(f) for f in parts]
        case "num":
            return (-1 if t.data < 0 else 1), abs(t.data), []
    return 1, Fraction(1), [t]


def without_deltas(parts: list[Term], bound: list[Term]) -> tuple[list[Term], list[Term]]:
    """sum_j delta(i,j) f(j) as f(i)."""
    for n, f in enumerate(parts):
        if f.op == "delta" and f.args[0] is not f.args[1]:
            for j, i in (f.args, f.args[::-1]):
                if j in bound:
                    rest = [subst_index(u, {j.data: i}) for u in parts[:n] + parts[n + 1:]]
                    return without_deltas(rest, [b for b in bound if b is not j])
    return parts, bound


def without_step(t: Term) -> tuple[Term, Term | None, bool]:
    """A product without its one step, c, and whether the factor is step(c) or 1 - step(c)."""
    sign, number, parts = factored(t)
    steps = [(f, found) for f in parts if (found := p.step_argument(f)) is not None]
    if len(steps) != 1:
        return t, None, False
    f, (c, above) = steps[0]
    rest = product([*([num(number)] if number != 1 else []), *[u for u in parts if u is not f]])
    return (rest if sign > 0 else neg(rest)), c, above


def is_number(t: Term) -> bool:
    return not any(isinstance(n, str) for n in t.names)


def size_of(i: Term) -> Term:
    return mk("size", i.data[1])
