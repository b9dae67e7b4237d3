"""The computed rule: two terms are equal as rational functions of their maximal non-arithmetic subterms.

First as a ring in which inverses are opaque (no conditions), then with denominators cleared: then every divisor of
both sides, as given, must be non-zero, and a divisor that is the zero polynomial is refused.
"""
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import reduce
from typing import Any

from .conditions import NONE, Conditions, relation
from .errors import ProofError, require
from .terms import Term, mk

Monomial = tuple[tuple[Term, int], ...]                       # atoms with exponents, by serial
Polynomial = dict[Monomial, Any]                              # coefficients: Fraction, or int where that is enough
LIMIT = 50_000                                                # products of monomials, bits of a number: more is refused


def collect(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """Add up the numbers of equal keys; what is 0 disappears."""
    out: dict[Any, Any] = {}
    for key, n in pairs:
        out[key] = total = out.get(key, 0) + n
        require(max(total.numerator.bit_length(), total.denominator.bit_length()) <= LIMIT, ProofError, "field: a huge number")
    return {key: n for key, n in out.items() if n}


def plus(p: Polynomial, q: Polynomial, factor: int = 1) -> Polynomial:
    return collect([*p.items(), *[(m, factor * c) for m, c in q.items()]])


def join(m: Monomial, n: Monomial) -> Monomial:
    return tuple(sorted(collect([*m, *n]).items(), key=lambda pair: pair[0].serial))


def times(p: Polynomial, q: Polynomial) -> Polynomial:
    return collect([(join(m, n) if m and n else m or n, a * b) for m, a in p.items() for n, b in q.items()])


class Arithmetic:
    """Reads terms as Laurent polynomials over atoms; the inverse of a sum is one atom (`wide`), cleared at the end."""

    def __init__(self, opaque: bool) -> None:
        self.opaque, self._left = opaque, LIMIT
        self.conditions, self.wide = set[Term](), dict[Term, Polynomial]()
        self._atoms, self._memo = dict[frozenset[Any], Term](), dict[Term, Polynomial]()

    def read(self, t: Term) -> Polynomial:
        if t not in self._memo:
            rule = _RULES.get(t.op)
            self._memo[t] = rule(self, t, *map(self.read, t.args)) if rule else {((t, 1),): 1}
        return self._memo[t]

    def _times(self, p: Polynomial, q: Polynomial) -> Polynomial:
        self._left -= len(p) * len(q)
        require(self._left >= 0, ProofError, "field: more than {} products of monomials", LIMIT)
        return times(p, q)

    def _inverse(self, t: Term, p: Polynomial) -> Polynomial:
        if not self.opaque:
            self.conditions.add(relation("ne", t.args[0]))
            require(p, ProofError, "field: {} divides by zero", t)
        if len(p) != 1:
            key = self._atoms.setdefault(frozenset(p.items()), t)         # the same value is the same atom
            self.wide[key] = p
            return {((key, 1),): 1}
        ((m, c),) = [(m, c if abs(c) == 1 else 1 / Fraction(c)) for m, c in p.items()]
        if not self.opaque:
            rest = {tuple((a, -e) for a, e in m if a not in self.wide): c}
            return reduce(self._times, (self.wide[a] for a, e in m if a in self.wide for _ in range(e)), rest)
        return {join((), tuple((a.args[0] if a.op == "inv" else mk("inv", None, a), e) for a, e in m)): c}

    def clear(self, p: Polynomial) -> Polynomial:
        """p times enough powers of the wide denominators to have none left, the outermost first."""
        for atom in reversed(list(self.wide)):
            while above := {m: c for m, c in p.items() if atom in dict(m)}:
                rest = {m: c for m, c in p.items() if m not in above}
                p = plus(self._times(above, {((atom, -1),): 1}), self._times(rest, self.wide[atom]))
        return p


_RULES: dict[str, Callable[..., Polynomial]] = {
    "num": lambda _, t: {(): t.data if t.data.denominator > 1 else t.data.numerator} if t.data else {},
    "add": lambda _, t, p, q: plus(p, q), "mul": lambda reading, t, p, q: reading._times(p, q),
    "neg": lambda _, t, p: plus({}, p, -1), "inv": Arithmetic._inverse}


def field_equal(s: Term, t: Term) -> Conditions:
    """Conditions under which s = t as rational functions; ProofError if they are not equal."""
    ring, cleared = Arithmetic(opaque=True), Arithmetic(opaque=False)
    if ring.read(s) == ring.read(t):
        return NONE
    rest = cleared.clear(plus(cleared.read(s), cleared.read(t), -1))
    require(not rest, ProofError, "field: the sides are not equal as rational functions")
    return frozenset(cleared.conditions)
