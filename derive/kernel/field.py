"""The computed rule: two terms are equal as rational functions of their maximal non-arithmetic subterms.

First as a ring in which inverses are opaque (no conditions), then with denominators cleared: then every divisor of
both sides, as given, must be non-zero, and a divisor that is the zero polynomial is refused.
"""
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from .conditions import NONE, Conditions, relation
from .errors import ProofError, require
from .terms import Term, mk

Monomial = tuple[tuple[Term, int], ...]                       # atoms with exponents, by serial
Polynomial = dict[Monomial, Fraction]
LIMIT = 50_000                                                # products of monomials; what needs more is refused, not waited for
BITS = 50_000                                                 # bits of a number


def _collect(start: dict[Any, Any], pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """Add up the numbers of equal keys; what is 0 disappears."""
    out = dict(start)
    for key, n in pairs:
        total = out[key] + n if key in out else n
        bits = total.numerator.bit_length() + total.denominator.bit_length()
        require(bits <= BITS, ProofError, "field: a number of {} bits", bits)
        out[key] = total
        if not total:
            del out[key]
    return out


def plus(p: Polynomial, q: Polynomial, factor: int = 1) -> Polynomial:
    return _collect(p, ((m, factor * c) for m, c in q.items()))


def join(m: Monomial, n: Monomial) -> Monomial:
    return tuple(sorted(_collect(dict(m), n).items(), key=lambda pair: pair[0].serial))


def times(p: Polynomial, q: Polynomial) -> Polynomial:
    return _collect({}, ((join(m, n), a * b) for m, a in p.items() for n, b in q.items()))


class Arithmetic:
    """Reads terms as Laurent polynomials over atoms; the inverse of a sum is one atom (`wide`), cleared at the end."""

    def __init__(self, opaque: bool) -> None:
        self.opaque = opaque
        self.conditions: set[Term] = set()
        self.wide: dict[Term, Polynomial] = {}
        self._atoms: dict[frozenset[tuple[Monomial, Fraction]], Term] = {}
        self._memo: dict[Term, Polynomial] = {}
        self._left = LIMIT

    def read(self, t: Term) -> Polynomial:
        if t not in self._memo:
            self._memo[t] = self._read(t)
        return self._memo[t]

    def _read(self, t: Term) -> Polynomial:
        if t.op == "num":
            return {(): t.data} if t.data else {}
        if t.op in ("add", "mul"):
            return (plus if t.op == "add" else self._times)(self.read(t.args[0]), self.read(t.args[1]))
        if t.op in ("neg", "inv"):
            return plus({}, self.read(t.args[0]), -1) if t.op == "neg" else self._inverse(t)
        return {((t, 1),): Fraction(1)}

    def _times(self, p: Polynomial, q: Polynomial) -> Polynomial:
        self._left -= len(p) * len(q)
        require(self._left >= 0, ProofError, "field: more than {} products of monomials", LIMIT)
        return times(p, q)

    def _inverse(self, t: Term) -> Polynomial:
        p = self.read(t.args[0])
        if not self.opaque:
            self.conditions.add(relation("ne", t.args[0]))
            require(p, ProofError, "field: {} divides by zero", t)
        if len(p) == 1:
            ((m, c),) = p.items()
            return {self._inverse_monomial(m): 1 / c}
        key = self._atoms.setdefault(frozenset(p.items()), t)  # the same value is the same atom
        self.wide[key] = p
        return {((key, 1),): Fraction(1)}

    def _inverse_monomial(self, m: Monomial) -> Monomial:
        """Opaque: an atom and its inverse do not cancel, since the atom may be 0."""
        if not self.opaque:
            return tuple((a, -e) for a, e in m)
        return join((), tuple((a.args[0] if a.op == "inv" else mk("inv", None, a), e) for a, e in m))

    def clear(self, p: Polynomial) -> Polynomial:
        """p times enough powers of the wide denominators to have none left, the outermost first."""
        for atom in reversed(list(self.wide)):
            exponents = {m: dict(m).get(atom, 0) for m in p}
            top, out, powers = max(exponents.values(), default=0), Polynomial(), [Polynomial({(): Fraction(1)})]
            for m, e in exponents.items():
                while len(powers) <= top - e:
                    powers.append(self._times(powers[-1], self.wide[atom]))
                out = plus(out, self._times({tuple(pair for pair in m if pair[0] is not atom): p[m]}, powers[top - e]))
            p = out
        return p


def field_equal(s: Term, t: Term) -> Conditions:
    """Conditions under which s = t as rational functions; ProofError if they are not equal."""
    ring = Arithmetic(opaque=True)
    if ring.read(s) == ring.read(t):
        return NONE
    cleared = Arithmetic(opaque=False)
    rest = cleared.clear(plus(cleared.read(s), cleared.read(t), -1))
    require(not rest, ProofError, "field: the sides are not equal as rational functions")
    return frozenset(cleared.conditions)
