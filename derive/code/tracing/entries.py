"""Entries of arrays as terms: arithmetic that folds constants, letters of axes, sums over an axis.

Axis number p from the right has the letter "#p"; so broadcasting needs no renaming. The label of the row at axis #p is the
index "y#p" (y the parameter), "y" where there is one row only.
"""
from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ...kernel.conditions import ONE, ZERO
from ...kernel.terms import Term, bd, indices, ix, mk, num, shift, subst_index

TWO = num(2)


def letter(p: int) -> str:
    return f"#{p}"


def add(x: Term, y: Term) -> Term:
    return y if x is ZERO else x if y is ZERO else mk("add", None, x, y)


def neg(x: Term) -> Term:
    return num(-x.data) if x.op == "num" else x.args[0] if x.op == "neg" else mk("neg", None, x)


def sub(x: Term, y: Term) -> Term:
    return num(x.data - y.data) if x.op == y.op == "num" else add(x, neg(y))


def mul(x: Term, y: Term) -> Term:
    if ZERO in (x, y):
        return ZERO
    return y if x is ONE else x if y is ONE else mk("mul", None, x, y)


def inv(x: Term) -> Term:
    return ONE if x is ONE else mk("inv", None, x)


def div(x: Term, y: Term) -> Term:
    return mul(x, inv(y))


def unary(op: str, x: Term) -> Term:
    return mk(op, None, x)


def step(x: Term) -> Term:
    """1 where 0 < x, else 0."""
    return num(int(x.data > 0)) if x.op == "num" else mk("step", None, x)


def negation(x: Term) -> Term:
    """1 - x, for x that is 0 or 1."""
    return ZERO if x is ONE else ONE if x is ZERO else mk("add", None, ONE, neg(x))


def choose(c: Term, x: Term, y: Term) -> Term:
    """x where c is 1, y where c is 0."""
    return add(mul(c, x), mul(negation(c), y))


def delta(i: Term, j: Term) -> Term:
    return ONE if i is j else mk("delta", None, i, j)


def power(x: Term, n: int) -> Term:
    if n < 0:
        return inv(power(x, -n))
    out = ONE
    for _ in range(n):
        out = mul(out, x)
    return out


def _root(x: Term) -> Term:
    return mk("sqrt", None, x)


PI = mk("pi")
KNOWN = {math.pi: PI, math.sqrt(math.pi): _root(PI), math.sqrt(2 * math.pi): _root(mk("mul", None, TWO, PI)),
         math.sqrt(2 / math.pi): _root(mk("mul", None, TWO, mk("inv", None, PI))), math.sqrt(2): _root(TWO),
         math.sqrt(3): _root(num(3)), math.log(2): mk("log", None, TWO)}
DOUBLINGS = (-2, -1, 0, 1, 2)                                 # exact in floating point


def constant(value: Any) -> Term | None:
    """A finite number as a term: decimals are read as they print; the numbers nearest to pi, to some roots and to log 2, and
    these doubled or halved, as what they are nearest to; None for what is not finite."""
    if isinstance(value, int):
        return num(value)
    x = float(value)
    if not math.isfinite(x):
        return None
    for n in DOUBLINGS:
        known = KNOWN.get(abs(x) * 2.0 ** -n)
        if known is not None:
            return mul(num(int(math.copysign(1, x)) * Fraction(2) ** n), known)
    return num(Fraction(repr(x)))


def renamed(t: Term, to: Mapping[str, str]) -> Term:
    """Letters of axes replaced, and with them the labels of their rows."""
    sub: dict[tuple[str, str], Term] = {}
    for name, s in indices(t):
        stem, mark, p = name.partition("#")
        if mark and mark + p in to:
            sub[name, s] = ix(stem + to[mark + p], s)
    return subst_index(t, sub) if sub else t


def labels_at(t: Term, axis: str) -> list[tuple[str, str]]:
    """The labels of the rows along an axis that a term mentions."""
    return sorted((name, s) for name, s in indices(t) if name.partition("#")[0] and name.endswith(axis))


def bound(t: Term, axis: str, s: str) -> Term:
    """The body of a binder in the place of an axis."""
    return subst_index(shift(t, 1), {(axis, s): bd(0, s)})


def summed(t: Term, axis: str, s: str) -> Term:
    """The sum along an axis over the set s."""
    return ZERO if t is ZERO else mk("sum", s, bound(t, axis, s))
