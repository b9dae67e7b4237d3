"""Numbers written out: decimals are judged to the printed precision, lists of numbers entry by entry. Nothing here proves."""
from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .parsing import parse
from .syntax import Additive, Environment, Group, Name, Number, Product, Quotient, Root, Script, Syntax, Unreadable, bare
from .table import written

BOX = "□"


@dataclass(frozen=True)
class Range:
    """Where a printed number may lie: one unit of its last digit to either side."""
    low: float
    high: float

    def meets(self, other: Range) -> bool:
        slack = 1e-9 * (1 + abs(self.low))
        return self.low <= other.high + slack and other.low <= self.high + slack

    def __str__(self) -> str:
        return f"{(self.low + self.high) / 2:.4g}"


Numbers = tuple[Range, ...]                                   # one for a number, several for a list
_FUNCTIONS: dict[str, Callable[[float], float]] = {"log": math.log, "exp": math.exp, "sqrt": math.sqrt, "tanh": math.tanh}


def entries(t: Syntax) -> tuple[Syntax, ...] | None:
    """The entries of a list: boxes side by side, brackets with commas, a matrix with one row or one column."""
    t = bare(t)
    match t:
        case Product(factors=factors) if len(factors) > 1 and all(isinstance(f, Group) and f.bracket == BOX for f in factors):
            return tuple(f.parts[0] for f in factors if isinstance(f, Group))
        case Group(bracket="[" | "(", parts=parts) if len(parts) > 1:
            return parts
        case Environment(kind="matrix", rows=rows) if len(rows) == 1 or all(len(r) == 1 for r in rows):
            try:
                return tuple(parse(c) for r in rows for c in r if c)
            except Unreadable:
                return None
    return None


def written_out(t: Syntax) -> bool:
    """Whether a tree is a list of numbers, or has decimals in it."""
    from .syntax import walk
    return entries(t) is not None and numbers(t, {}) is not None or any(isinstance(x, Number) and "." in x.text for x in walk(t))


def numbers(t: Syntax, known: Mapping[str, Numbers]) -> Numbers | None:
    """The value of a tree in which only numbers and known names stand; None for any other."""
    try:
        return _value(t, known)
    except (ArithmeticError, ValueError, LookupError, RecursionError):
        return None


def _value(t: Syntax, known: Mapping[str, Numbers]) -> Numbers:
    t = bare(t)
    listed = entries(t)
    if listed is not None:
        return tuple(r for x in listed for r in _value(x, known))
    match t:
        case Number(value=value, text=text):
            unit = 10.0 ** -len(text.split(".")[1]) if "." in text else 0.0
            return (Range(float(value) - unit, float(value) + unit),)
        case Name(text="e") if "e" not in known:
            return (Range(math.e, math.e),)
        case Group(parts=(inner,)):
            return _value(inner, known)
        case Additive(signs=signs, terms=terms):
            total = _scaled(_value(terms[0], known), signs[0])
            for sign, term in zip(signs[1:], terms[1:], strict=True):
                total = _each(_sum, total, _scaled(_value(term, known), sign))
            return total
        case Quotient(above=above, below=below):
            return _each(_ratio, _value(above, known), _value(below, known))
        case Root(body=body, degree=None):
            return tuple(_monotone(math.sqrt, r) for r in _value(body, known))
        case Script(base=Name(text="e"), sub=None, sup=sup) if sup is not None:
            return tuple(_monotone(math.exp, r) for r in _value(sup, known))
        case Product():
            return _factors(t, known)
    return known[written(t)]


def _factors(t: Product, known: Mapping[str, Numbers]) -> Numbers:
    """A product, with standard functions before their arguments."""
    total: Numbers = (Range(1.0, 1.0),)
    n = 0
    while n < len(t.factors):
        sign, factor = t.signs[n], bare(t.factors[n])
        if isinstance(factor, Name) and factor.text in _FUNCTIONS:
            n += 1
            value = tuple(_monotone(_FUNCTIONS[factor.text], r) for r in _value(t.factors[n], known))
        else:
            value = _value(factor, known)
        value = _scaled(value, -1) if sign[-1:] == "-" else value
        total = _each(_ratio if sign[:1] == "/" else _times, total, value)
        n += 1
    return total


def _scaled(rs: Numbers, sign: int) -> Numbers:
    return rs if sign > 0 else tuple(Range(-r.high, -r.low) for r in rs)


def _each(f: Callable[[Range, Range], Range], a: Numbers, b: Numbers) -> Numbers:
    if len(a) != len(b) and 1 not in (len(a), len(b)):
        raise ValueError("lists of different lengths")
    size = max(len(a), len(b))
    return tuple(f(x, y) for x, y in zip(a * (size // len(a)), b * (size // len(b)), strict=True))


def _sum(a: Range, b: Range) -> Range:
    return Range(a.low + b.low, a.high + b.high)


def _times(a: Range, b: Range) -> Range:
    found = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    return Range(min(found), max(found))


def _ratio(a: Range, b: Range) -> Range:
    if b.low <= 0 <= b.high:
        raise ZeroDivisionError
    return _times(a, Range(1 / b.high, 1 / b.low))


def _monotone(f: Callable[[float], float], r: Range) -> Range:
    return Range(f(r.low), f(r.high))


def disagreement(left: Numbers, right: Numbers) -> str | None:
    """What differs between two lists, in words; None where they agree to the printed precision."""
    if len(left) != len(right):
        return f"{len(left)} numbers on one side, {len(right)} on the other"
    for n, (a, b) in enumerate(zip(left, right, strict=True), 1):
        if not a.meets(b):
            return f"entry {n}: left {a}, right {b}" if len(left) > 1 else f"left {a}, right {b}"
    return None
