"""Counterexamples: values that meet the hypotheses and make the two sides of an equation different.

Found with floats, confirmed exactly or with intervals that do not meet; a doubtful one is no counterexample.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..kernel.conditions import domain
from ..kernel.context import Context
from ..kernel.errors import DeriveError
from ..kernel.evaluate import Valuation
from ..kernel.terms import Term
from .forms import compared
from .numbers import FLOAT, RATIONAL, evaluate, intervals
from .sampling import valuations


@dataclass(frozen=True)
class Counterexample:
    """Sizes, indices and values, and both sides there: Fractions where exact, else floats of 12 digits."""
    at: Valuation
    left: Fraction | float
    right: Fraction | float

    def __str__(self) -> str:
        parts = [f"{s} = {n}" for s, n in sorted(self.at.sizes.items())]
        parts += [f"{letter} = {n + 1}" for (letter, _), n in sorted(self.at.indices.items())]
        parts += [f"{name}{''.join('_' + str(p + 1) for p in place)} = {q}"
                  for name, entries in sorted(self.at.arrays.items()) for place, q in sorted(entries.items())]
        return f"with {', '.join(parts)}: left {_number(self.left)}, right {_number(self.right)}"


def _number(q: Fraction | float) -> str:
    return str(q) if isinstance(q, Fraction) else f"{q:.6g}"


def counterexample(ctx: Context, left: Term, right: Term, given: Iterable[Term] = (), sizes: tuple[int, ...] = (1, 2, 3),
                   tries: int = 24) -> Counterexample | None:
    """The smallest counterexample found to left = right under the hypotheses, or None."""
    everywhere = domain(ctx, left) | domain(ctx, right)
    for presupposed in dict.fromkeys([everywhere, domain(ctx, left)]):
        conditions, admitted = sorted(presupposed, key=repr), False
        for at in valuations(ctx, [left, right], given, sizes, tries):
            try:
                if not all(evaluate(ctx, c, at, FLOAT) for c in conditions):
                    continue
                admitted = True
                confirmed = _confirm(ctx, left, right, at) if _differ(ctx, left, right, at) else None
            except (DeriveError, ArithmeticError):
                continue
            if confirmed is not None:
                return confirmed
        if admitted:                                          # the right side makes sense somewhere: those points decide
            return None
    return None


def unequal(ctx: Context, left: Term, right: Term, given: Iterable[Term] = (), sizes: tuple[int, ...] = (2,),
            tries: int = 4) -> bool | None:
    """Whether floats at a few points tell left from right; None where no point is in the domain. It saves searches and refutes
    nothing."""
    conditions, tried = sorted(domain(ctx, left) | domain(ctx, right), key=repr), False
    for at in valuations(ctx, [left, right], given, sizes, tries):
        try:
            if not all(evaluate(ctx, c, at, FLOAT) for c in conditions):
                continue
            tried = True
            if _differ(ctx, left, right, at):
                return True
        except (DeriveError, ArithmeticError):
            continue
    return False if tried else None


def violation(ctx: Context, goal: Term, given: Iterable[Term] = (), sizes: tuple[int, ...] = (1, 2, 3),
              tries: int = 24) -> Counterexample | None:
    """The smallest counterexample found to a relation (=, !=, <, <=) under the hypotheses, or None."""
    left, right = goal.args
    if goal.op == "eq":
        return counterexample(ctx, left, right, given, sizes, tries)
    conditions = sorted(domain(ctx, left) | domain(ctx, right), key=repr)
    for at in valuations(ctx, [left, right], given, sizes, tries):
        try:
            if all(evaluate(ctx, c, at, FLOAT) for c in conditions) and not evaluate(ctx, goal, at, FLOAT):
                sides, surely = _sides(ctx, goal, at)
                if surely:
                    return Counterexample(at, *sides)
        except (DeriveError, ArithmeticError):
            continue
    return None


def _sides(ctx: Context, goal: Term, at: Valuation) -> tuple[list[Fraction | float], bool]:
    """Both sides there, and whether the relation is false beyond doubt: exactly, or by intervals."""
    sides = compared(*goal.args) if goal.op in ("lt", "le") else goal.args
    try:
        return [evaluate(ctx, t, at, RATIONAL) for t in sides], not evaluate(ctx, goal, at, RATIONAL)
    except DeriveError:
        values: list[Any] = [evaluate(ctx, t, at, intervals()) for t in sides]
        return [float(v.mid) for v in values], not evaluate(ctx, goal, at, intervals())


def _differ(ctx: Context, left: Term, right: Term, at: Valuation) -> bool:
    x, y = evaluate(ctx, left, at, FLOAT), evaluate(ctx, right, at, FLOAT)
    return bool(abs(x - y) > 1e-7 * (1 + abs(x) + abs(y)))


def _confirm(ctx: Context, left: Term, right: Term, at: Valuation) -> Counterexample | None:
    try:
        x, y = evaluate(ctx, left, at, RATIONAL), evaluate(ctx, right, at, RATIONAL)
        return Counterexample(at, x, y) if x != y else None
    except DeriveError:
        a, b = evaluate(ctx, left, at, intervals()), evaluate(ctx, right, at, intervals())
        apart: Any = a - b
        return Counterexample(at, float(a.mid), float(b.mid)) if apart.a > 0 or apart.b < 0 else None
