"""Values for the names of a statement that meet its hypotheses: small sizes first, small rationals, then search.

Equations of the usual kinds are solved (y_j = ... for all j; a sum that has a given value), the rest is tried.
"""
from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from ..kernel.context import FUNCTION, Context
from ..kernel.errors import DeriveError
from ..kernel.evaluate import EXACT, Evaluator, Valuation
from ..kernel.terms import BINDERS, Term, indices, ix

Arrays = dict[str, dict[tuple[Any, ...], Fraction]]
POSITIVE = [Fraction(n, d) for n, d in ((1, 2), (1, 1), (3, 10), (2, 1), (3, 2), (3, 4), (1, 4), (5, 2), (7, 5))]
MIXED = [Fraction(0), Fraction(-1), Fraction(-1, 2), Fraction(-2), *POSITIVE]
SIMPLE = ([Fraction(0)], [Fraction(1)], [Fraction(1, 2)], [Fraction(-1)])


def sets_of(ctx: Context, terms: Iterable[Term]) -> set[str]:
    """The index sets that terms mention, in definitions too."""
    found: set[str] = set()
    todo, seen = list(terms), set()
    while todo:
        t = todo.pop()
        if t in seen:
            continue
        seen.add(t)
        found |= {t.data} if t.op in BINDERS or t.op == "size" else {t.data[1]} if t.op in ("ix", "bd") else set()
        todo += t.args
        if t.op == "arr" and t.data in ctx.definitions:
            todo.append(ctx.definitions[t.data][1])
    return found


def variables_of(ctx: Context, terms: Iterable[Term]) -> list[str]:
    """The independent variables that the values of terms depend on."""
    terms = list(terms)
    return sorted(n for n, sets in ctx.arrays.items() if sets != FUNCTION and any(ctx.depends(t, n) for t in terms))


def valuations(ctx: Context, terms: list[Term], given: Iterable[Term], sizes: tuple[int, ...], tries: int,
               seed: int = 0) -> Iterator[Valuation]:
    """Valuations of the names in terms at which `given` holds exactly, the smallest sizes first."""
    given, rng = list(given), random.Random(seed)
    everything = [*terms, *given]
    sets, free, names = sorted(sets_of(ctx, everything)), sorted(indices(*everything)), variables_of(ctx, everything)
    shapes = {n: ctx.arrays[n] for n in names}
    for sized in sorted(product(sizes, repeat=len(sets)), key=sum):
        size = dict(zip(sets, sized, strict=True))
        for attempt in range(tries if sets else 4 * tries):   # without sets there is but one size
            at = {n: rng.randrange(size[n[1]]) for n in free}
            pool = SIMPLE[attempt // 2] if attempt < 2 * len(SIMPLE) and attempt % 2 else POSITIVE if attempt % 2 else MIXED
            arrays: Arrays = {n: {p: rng.choice(pool) for p in product(*[range(size[s]) for s in shape])}
                              for n, shape in shapes.items()}
            if names and not sets:                            # every value once for one scalar: a few draws may miss some
                arrays[names[attempt // len(MIXED) % len(names)]][()] = MIXED[attempt % len(MIXED)]
            found = Valuation(size, at, arrays)
            if _Solver(ctx, found, arrays, lambda: rng.choice(POSITIVE)).solve(given):
                yield found


@dataclass(frozen=True)
class _Solver:
    """Adjusts the arrays of a valuation, and the values of abstract functions, to hypotheses that are equations."""
    ctx: Context
    at: Valuation
    arrays: Arrays
    draw: Callable[[], Fraction]

    def solve(self, given: list[Term]) -> bool:
        """Whether all hypotheses hold after that."""
        try:
            for h in given:
                self._adjust(h, ())
            return all(Evaluator(self.ctx, self.at, EXACT).value(h) for h in given)
        except (DeriveError, ZeroDivisionError):
            return False

    def _adjust(self, h: Term, bound: tuple[int, ...]) -> None:
        if h.op == "all":
            for n in range(self.at.sizes[h.data]):
                self._adjust(h.args[0], (*bound, n))
        if h.op != "eq":
            return
        self._functions(h.args[1], bound)
        evaluator, (left, right) = Evaluator(self.ctx, self.at, EXACT), h.args
        if left.op == "arr" and left.data in self.arrays:
            self.arrays[left.data][tuple(evaluator.index(i, bound) for i in left.args)] = evaluator.value(right, bound)
        elif left.op == "fun":
            place = (left.data[1], evaluator.value(left.args[0], bound))
            self.arrays.setdefault(left.data[0], {})[place] = evaluator.value(right, bound)
        elif left.op == "sum" and left.args[0].op == "arr" and left.args[0].data in self.arrays:
            last = tuple(evaluator.index(i, (*bound, self.at.sizes[left.data] - 1)) for i in left.args[0].args)
            self.arrays[left.args[0].data][last] += evaluator.value(right, bound) - evaluator.value(left, bound)

    def _functions(self, t: Term, bound: tuple[int, ...]) -> None:
        """Values of abstract functions where a hypothesis speaks of them outside sums; arguments first."""
        for a in t.args if t.op not in BINDERS else ():
            self._functions(a, bound)
        if t.op == "fun":
            place = (t.data[1], Evaluator(self.ctx, self.at, EXACT).value(t.args[0], bound))
            self.arrays.setdefault(t.data[0], {}).setdefault(place, self.draw())


def witness(ctx: Context, conclusion: Term, hypotheses: Iterable[Term]) -> Valuation | None:
    """Sizes 1 or 2 and values at which the hypotheses of a theorem hold, for the kernel to check."""
    given = sorted(hypotheses, key=repr)
    for found in valuations(ctx, [ix(*n) for n in sorted(indices(conclusion))], given, (1, 2), 60):
        needed = {*variables_of(ctx, given)} | {n for n in found.arrays if ctx.arrays[n] == FUNCTION}
        return Valuation(found.sizes, found.indices, {n: found.arrays[n] for n in sorted(needed)})
    return None
