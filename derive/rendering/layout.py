"""From a term to a layout: fractions, powers, signed sums, sums with a condition, letters for bound indices.

A layout is the term in the shape in which mathematics is written; every printer starts from it.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, count

from ..engine import matrix as m
from ..engine.forms import compared
from ..engine.nesting import factors_of
from ..kernel.conditions import guard
from ..kernel.terms import Term, mk


@dataclass(frozen=True)
class Number:
    value: Fraction


@dataclass(frozen=True)
class Symbol:
    """A name with index letters; `partial` = (above, below) prints a derivative that has been given a name."""
    name: str
    letters: tuple[str, ...] = ()
    partial: tuple[str, str] | None = None
    primes: int = 0
    bold: bool = False
    layer: str = ""                                           # a superscript

    @property
    def superscript(self) -> str:
        """The layer; a number in brackets, since it is no power."""
        return f"({self.layer})" if self.layer.isdigit() else self.layer


@dataclass(frozen=True)
class Sum:
    """letter runs over a set; with `other` it runs over all letters but that one."""
    letter: str
    size: str
    other: str | None
    body: Layout


@dataclass(frozen=True)
class Signed:
    """Addends with their signs."""
    parts: tuple[tuple[int, Layout], ...]


@dataclass(frozen=True)
class Product:
    parts: tuple[Layout, ...]


@dataclass(frozen=True)
class Quotient:
    above: Layout
    below: Layout


@dataclass(frozen=True)
class Power:
    base: Layout
    exponent: int


@dataclass(frozen=True)
class Apply:
    """A function (exp, log, sqrt, abs, step, max, or a declared one) of its arguments."""
    name: str
    args: tuple[Layout, ...]
    primes: int = 0


@dataclass(frozen=True)
class Matrix(Apply):
    """An operation on vectors and matrices: transpose, hadamard, divide (entry by entry), diag, inverse, exp (of each entry).
    Sums, scalar multiples and products of matrices are Signed and Product."""


@dataclass(frozen=True)
class Delta:
    i: str
    j: str


@dataclass(frozen=True)
class Partial:
    body: Layout
    variable: Layout


@dataclass(frozen=True)
class Relation:
    """A condition: sides and a sign; `letters` are the indices it is said for, with their sets."""
    sign: str
    left: Layout
    right: Layout
    letters: tuple[tuple[str, str], ...] = ()
    unless: tuple[tuple[str, str, bool], ...] = ()


Layout = Number | Symbol | Sum | Signed | Product | Quotient | Power | Apply | Delta | Partial | Relation


@dataclass(frozen=True)
class Notation:
    """letters: what the author called the index of a sum; preferred: letters of each set in the order in which to try them;
    partials: symbols that name a derivative; copies: suffix of independent copies, which print like the original."""
    letters: Mapping[Term, str] = field(default_factory=dict)
    preferred: Mapping[str, Sequence[str]] = field(default_factory=dict)
    partials: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    copy_suffix: str = "'"
    layers: Mapping[str, str] = field(default_factory=dict)   # superscripts of names

    def pool(self, s: str) -> Iterable[str]:
        """Letters for an index of a set: its own, then those that no other set has."""
        yield from self.preferred.get(s, ())
        others = {letter for own in self.preferred.values() for letter in own}
        yield from (letter for letter in "jklmnpqrst" if letter not in others)
        yield from (f"k{n}" for n in count(1))


def layout(t: Term, notation: Notation, reserved: Iterable[str] = ()) -> Layout:
    """The layout of a term or a condition; `reserved` letters are not used for bound indices."""
    return _Builder(notation, names_of(t) | set(reserved)).build(t, ())


def names_of(*terms: Term) -> set[str]:
    """Free letters and names of arrays and scalars, which a bound index must not look like."""
    return {n if isinstance(n, str) else n[0] for t in terms for n in t.names}


class _Builder:
    def __init__(self, notation: Notation, taken: set[str]) -> None:
        self.notation, self.taken = notation, taken

    def letter(self, i: Term, bound: tuple[str, ...]) -> str:
        return bound[-1 - i.data[0]] if i.op == "bd" else str(i.data[0]).lstrip("?")

    def build(self, t: Term, bound: tuple[str, ...]) -> Layout:
        a = t.args
        match t.op:
            case "num":
                return Number(t.data)
            case "size":
                return Symbol(t.data.lstrip("?"))
            case "meta":
                return Symbol(t.data.lstrip("?"), tuple(self.letter(i, bound) for i in a))
            case "arr":
                return self._symbol(t, bound)
            case "add" | "neg":
                return Signed(tuple(self._addends(t, bound, 1)))
            case "mul" | "inv":
                return self._product(factors_of(t), bound)
            case "fun":
                return Apply(t.data[0], (self.build(a[0], bound),), t.data[1])
            case "delta":
                return Delta(self.letter(a[0], bound), self.letter(a[1], bound))
            case "sum":
                return self._sum(t, bound)
            case "D":
                return Partial(self.build(a[0], bound), self.build(a[1], bound))
            case "eq" | "ne" | "lt" | "le" | "apart" | "all" | "when" | "unless":
                return self._relation(t, bound, (), ())
        return Apply(t.op, tuple(self.build(u, bound) for u in a))

    def _symbol(self, t: Term, bound: tuple[str, ...]) -> Layout:
        letters = tuple(self.letter(i, bound) for i in t.args)
        if t.data in self.notation.partials:
            return Symbol(t.data, letters, self.notation.partials[t.data])
        name = t.data.rstrip(self.notation.copy_suffix)
        return Symbol(name, letters, layer=self.notation.layers.get(name, ""))

    def _addends(self, t: Term, bound: tuple[str, ...], sign: int) -> Iterable[tuple[int, Layout]]:
        if t.op == "add":
            yield from self._addends(t.args[0], bound, sign)
            yield from self._addends(t.args[1], bound, sign)
        elif t.op == "neg":
            yield from self._addends(t.args[0], bound, -sign)
        else:
            yield sign, self.build(t, bound)

    def _product(self, factors: list[Term], bound: tuple[str, ...]) -> Layout:
        """A single inverse in the middle goes below the factor before it; at the end, or several, below everything."""
        factors = [_exponential(f) for f in factors]
        if len(factors) > 1 and factors[-1].op == "inv" and any(f.op == "inv" for f in factors_of(factors[-1].args[0])):
            return Quotient(self._product(factors[:-1], bound), self.build(factors[-1].args[0], bound))
        inverses = [f for f in factors if f.op == "inv"]
        if len(inverses) > 1:
            factors = [*[f for f in factors if f.op != "inv"], *inverses]
        last = max((n for n, f in enumerate(factors) if f.op != "inv"), default=-1)
        tail = [f.args[0] for f in factors[last + 1:]]
        parts: list[Layout] = []
        for f in factors[:last + 1]:
            if f.op == "inv":
                above = parts.pop() if parts and not isinstance(parts[-1], Quotient) else Number(Fraction(1))
                parts.append(Quotient(above, self.build(f.args[0], bound)))
            else:
                parts.append(self.build(f, bound))
        top = _powers(parts) if parts else Number(Fraction(1))
        if not tail:
            return top
        return Quotient(top, _powers([self.build(u, bound) for d in tail for u in factors_of(d)]))

    def _fresh(self, t: Term, bound: tuple[str, ...]) -> str:
        hint = self.notation.letters.get(t)
        candidates = chain([hint] if hint else [], self.notation.pool(t.data))
        return next(c for c in candidates if c not in self.taken and c not in bound)

    def _sum(self, t: Term, bound: tuple[str, ...]) -> Layout:
        letter = self._fresh(t, bound)
        body, inner, other = t.args[0], (*bound, letter), None
        factors = factors_of(body)
        frame = guard(factors[0]) if len(factors) > 1 else None
        if frame and frame[0] == "unless" and _is_own(frame[1]) != _is_own(frame[2]):
            other = self.letter(frame[2] if _is_own(frame[1]) else frame[1], inner)
            return Sum(letter, t.data.lstrip("?"), other, self._product(factors[1:], inner))
        return Sum(letter, t.data.lstrip("?"), None, self.build(body, inner))

    def _relation(self, t: Term, bound: tuple[str, ...], letters: tuple[tuple[str, str], ...],
                  unless: tuple[tuple[str, str, bool], ...]) -> Layout:
        a = t.args
        match t.op:
            case "all":
                letter = self._fresh(t, bound)
                return self._relation(a[0], (*bound, letter), (*letters, (letter, t.data)), unless)
            case "when" | "unless":
                pair = (self.letter(a[0], bound), self.letter(a[1], bound), t.op == "when")
                return self._relation(a[2], bound, letters, (*unless, pair))
            case "apart":
                return Relation("ne", Symbol(self.letter(a[0], bound)), Symbol(self.letter(a[1], bound)), letters, unless)
        left, right = compared(*a) if t.op in ("lt", "le") else a
        return Relation(t.op, self.build(left, bound), self.build(right, bound), letters, unless)


def _exponential(f: Term) -> Term:
    """1/e^u as e^{-u}; everything else as it is."""
    if f.op != "inv" or f.args[0].op != "exp":
        return f
    u = f.args[0].args[0]
    return mk("exp", None, u.args[0] if u.op == "neg" else mk("neg", None, u))


def _is_own(i: Term) -> bool:
    return i.op == "bd" and i.data[0] == 0


def _powers(parts: list[Layout]) -> Layout:
    """Equal factors in a row as a power; exponentials stay as they are."""
    out: list[Layout] = []
    for p in parts:
        if isinstance(p, Apply) and p.name == "exp":
            out.append(p)
        elif out and (out[-1] == p or isinstance(out[-1], Power) and out[-1].base == p):
            out[-1] = Power(p, out[-1].exponent + 1 if isinstance(out[-1], Power) else 2)
        else:
            out.append(p)
    return out[0] if len(out) == 1 else Product(tuple(out))


# ---------------------------------------------------------------- matrix expressions
def matrix_layout(e: m.Expression, scalar: Callable[[Term], Layout], taken: Iterable[str] = (),
                  layers: Mapping[str, str] | None = None) -> Layout:
    """The layout of a matrix expression; `scalar` lays out the scalar terms in it, `taken` names mean something else."""
    return _MatrixBuilder(scalar, frozenset(taken), layers or {}).build(e)


class _MatrixBuilder:
    def __init__(self, scalar: Callable[[Term], Layout], taken: frozenset[str], layers: Mapping[str, str]) -> None:
        self.scalar, self.layers = scalar, layers
        self.identity, self.unit = "Id" if "I" in taken else "I", "unit" if "e" in taken else "e"

    def build(self, e: m.Expression) -> Layout:
        match e:
            case m.Array(name):
                return Symbol(name, bold=True, layer=self.layers.get(name, ""))
            case m.Ones():
                return Symbol("1", bold=True)
            case m.Unit(k):
                return Symbol(self.unit, (str(k.data[0]),), bold=True)
            case m.Identity():
                return Symbol(self.identity, bold=True)
            case m.Diag(m.Divide(m.Ones(), v)):
                return Matrix("inverse", (Matrix("diag", (self.build(v),)),))
            case m.Diag(v):
                return Matrix("diag", (self.build(v),))
            case m.Sum(addends):
                return Signed(tuple((sign, self.build(p)) for sign, p in addends))
            case m.Hadamard(factors):
                return Matrix("hadamard", tuple(self.build(p) for p in factors))
            case m.Divide(above, below):
                return Matrix("divide", (self.build(above), self.build(below)))
            case m.Elementwise(op, data, body):
                name, primes = data or (op, 0)
                return (Matrix if op == "exp" else Apply)(name, (self.build(body),), primes)
        parts = self.parts(e)
        return parts[0] if len(parts) == 1 else Product(tuple(parts))

    def parts(self, e: m.Expression) -> list[Layout]:
        """The factors of a matrix product, from left to right; a scalar stands before the first entrywise factor."""
        match e:
            case m.Scale(factor, m.Hadamard((first, *rest))):
                return [self.build(m.Hadamard((m.Scale(factor, first), *rest)))]
            case m.Scale(factor, m.Divide(above, below)):
                return [self.build(m.Divide(m.Scale(factor, above), below))]
            case m.Scale(factor, body):
                return [*self._factor(factor), *self.parts(body)]
            case m.Product(a, b):
                return [*self.parts(a), *self.parts(b)]
            case m.Outer(u, v):
                return [*self.parts(u), *self.turned(v)]
            case m.Transpose(body):
                return self.turned(body)
        return [self.build(e)]

    def turned(self, e: m.Expression) -> list[Layout]:
        """The factors of the transpose."""
        match e:
            case m.Transpose(body):
                return self.parts(body)
            case m.Diag() | m.Identity():
                return self.parts(e)
            case m.Scale(factor, body):
                return [*self._factor(factor), *self.turned(body)]
            case m.Product(a, b):
                return [*self.turned(b), *self.turned(a)]
            case m.Outer(u, v):
                return [*self.parts(v), *self.turned(u)]
        return [Matrix("transpose", (self.build(e),))]

    def _factor(self, factor: Term | m.Dot) -> list[Layout]:
        if isinstance(factor, m.Dot):
            return [Product((*self.turned(factor.left), *self.parts(factor.right)))]
        shown = self.scalar(factor)
        return list(shown.parts) if isinstance(shown, Product) else [shown]
