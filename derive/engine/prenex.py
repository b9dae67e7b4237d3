"""Nested sums in one canonical shape: all sums in front of one monomial, in the order in which the term is smallest."""
from __future__ import annotations

from itertools import permutations
from typing import Any

from ..kernel.replay import Step
from ..kernel.terms import Term, bd, mk, remap, shift
from .conversion import Conversion, Result, at, below, keep, law, step, then
from .nesting import factors_of, nested
from .order import key

MOST_ORDERED = 5                                              # sums in a row of which every order is tried


def prenex(t: Term, arithmetic: Conversion) -> Result:
    """A sum whose body has no factor that could come out: inner sums come in front of the whole body."""
    body = t.args[0]
    if body.op == "sum":
        return at(t, 0, lambda u: prenex(u, arithmetic))
    factors = factors_of(body)
    inner = next((f for f in factors if f.op == "sum"), None)
    if inner is None:
        return at(t, 0, arithmetic)
    others = list(factors)
    others.remove(inner)
    c = nested("mul", others)
    turned, g = mk("mul", None, c, inner), inner.args[0]
    first: list[Step] = [] if turned is body else below(0, step(turned, "field", turned)[1])
    values: tuple[tuple[str, Any], ...] = (("?S", inner.data), ("?c", c), ("?f", g))
    pushed = mk("sum", inner.data, mk("mul", None, shift(c, 1), g))
    moved: list[Step] = [((0,), False, ("law", "sum_mul_left", values))]
    return then((mk("sum", t.data, pushed), first + moved), lambda u: at(u, 0, lambda v: prenex(v, arithmetic)))


def in_order(t: Term) -> Result:
    """Sums in a row in the order in which the whole term is smallest."""
    sets, body = [], t
    while body.op == "sum":
        sets.append(body.data)
        body = body.args[0]
    if not 1 < len(sets) <= MOST_ORDERED:
        return keep(t)
    best = min(permutations(range(len(sets))), key=lambda order: (key(_permuted(sets, body, order)), order))
    return _sorted(t, [best.index(n) for n in range(len(sets))])


def _permuted(sets: list[str], body: Term, order: tuple[int, ...]) -> Term:
    """The sums in another order: place p of the new term binds what place order[p] bound."""
    n = len(sets)
    level = {n - 1 - old: n - 1 - new for new, old in enumerate(order)}
    out = remap(body, lambda k, s, under: bd(level[k - under] + under, s) if k - under < n else bd(k, s))
    for old in reversed(order):
        out = mk("sum", sets[old], out)
    return out


def _sorted(t: Term, places: list[int]) -> Result:
    """Exchange neighbouring sums until the one that stands first has the smallest place, and so on."""
    steps: list[Step] = []
    for end in range(len(places) - 1, 0, -1):
        for n in range(end):
            if places[n] > places[n + 1]:
                places[n], places[n + 1] = places[n + 1], places[n]
                t, more = _exchange(t, n)
                steps += more
    return t, steps


def _exchange(t: Term, depth: int) -> Result:
    """Exchange the sums number depth and depth + 1."""
    if depth:
        return at(t, 0, lambda u: _exchange(u, depth - 1))
    inner = t.args[0]
    return law("sum_swap", S=t.data, R=inner.data, f=inner.args[0])
