"""Cancelling a sum that stands above and below: exact division of polynomials over atoms, where it comes out even."""
from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from ..kernel.field import Arithmetic, Monomial, Polynomial, plus, times
from ..kernel.terms import Term

Order = Callable[[Term], Any]
LONGEST = 60                                                  # steps of one division; what needs more is left alone


def cancelled(reading: Arithmetic, p: Polynomial, order: Order) -> Polynomial:
    """p, with every power of an inverted sum lowered as long as what stands above it is divisible by the sum."""
    for atom, divisor in reversed(list(reading.wide.items())):
        if any(atom in dict(m) for m in divisor):
            continue
        while (lower := _lowered(atom, divisor, p, order)) is not None:
            p = lower
    return p


def _lowered(atom: Term, divisor: Polynomial, p: Polynomial, order: Order) -> Polynomial | None:
    top = max((dict(m).get(atom, 0) for m in p), default=0)
    if top <= 0:
        return None
    above: Polynomial = {_without(m, atom): c for m, c in p.items() if dict(m).get(atom, 0) == top}
    quotient = divided(above, divisor, order)
    if quotient is None:
        return None
    rest: Polynomial = {m: c for m, c in p.items() if dict(m).get(atom, 0) != top}
    power: Polynomial = {((atom, top - 1),) if top > 1 else (): Fraction(1)}
    return plus(rest, times(quotient, power))


def _without(m: Monomial, atom: Term) -> Monomial:
    return tuple(pair for pair in m if pair[0] is not atom)


def divided(p: Polynomial, divisor: Polynomial, order: Order) -> Polynomial | None:
    """p / divisor where that leaves no remainder, else None. Exponents of atoms of the divisor stay as in p or fall."""
    atoms = sorted({a for m in divisor for a, _ in m}, key=order)

    def size(m: Monomial) -> list[int]:
        exponents = dict(m)
        return [exponents.get(a, 0) for a in atoms]
    lead = max(divisor, key=size)
    quotient: Polynomial = {}
    for _ in range(LONGEST):
        if not p:
            return quotient
        m = max(p, key=lambda n: (size(n), [(order(a), e) for a, e in n]))
        ratio = times({m: p[m]}, {tuple((a, -e) for a, e in lead): 1 / Fraction(divisor[lead])})
        ((q, _),) = ratio.items()
        if any(e < 0 and a in atoms for a, e in q):
            return None
        quotient, p = plus(quotient, ratio), plus(p, times(ratio, divisor), -1)
    return None
