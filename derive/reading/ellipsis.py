"""Sums with dots: t_1 + t_2 + ... + t_n is the sum of the general term, and a term that does not fit is named."""
from __future__ import annotations

from dataclasses import fields, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from .ir import Node, Value, add, fresh, neg, scalar
from .syntax import Additive, Dots, Name, Number, Syntax, Unreadable
from .table import LETTERS, written

if TYPE_CHECKING:
    from .elaborate import Elaborator
    from .scope import Scope


def total(e: Elaborator, t: Additive, s: Scope) -> Value:
    """The value of a sum with dots. Raises Unreadable where the general term is not evident."""
    at = next(n for n, x in enumerate(t.terms) if isinstance(x, Dots))
    if at + 2 != len(t.terms) or at == 0 or len({*t.signs[1:at], t.signs[-1]}) != 1:
        raise Unreadable("dots are read between the first terms and the last of a sum", t.start, t.end)
    last, sign = t.terms[-1], t.signs[-1]
    size = _size(last)
    if size is None:
        raise Unreadable("the last term of a sum with dots has a letter such as n in its subscripts", last.start, last.end)
    k = fresh("k", e.sets.new(size))
    whole = Node("sum", k.data, (e.number(_put(last, size, Name(t.start, t.end, "k")), s.bind("k", k)),))
    first = next((n for n in range(at) if t.terms[n] == _at(last, size, 1)), None)
    if first is None:
        raise Unreadable("the first term of a sum with dots is not the last one at 1", t.terms[0].start, t.terms[0].end)
    found = whole
    for n in range(first + 1, at):
        found = _repaired(e, t.terms[n], _at(last, size, n - first + 1), found, s)
    found = neg(found) if sign < 0 else found
    for n in range(first):
        v = e.number(t.terms[n], s)
        found = add(neg(v) if t.signs[n] < 0 else v, found)
    return scalar(found)


def _repaired(e: Elaborator, term: Syntax, expected: Syntax, found: Node, s: Scope) -> Node:
    """A term that breaks the pattern is taken as written: the sum without what was expected, and with it."""
    if term == expected:
        return found
    e.note("D104", f"this term breaks the pattern: expected {written(expected)}, found {written(term)}", term)
    return add(found, neg(e.number(expected, s)), e.number(term, s))


def _size(last: Syntax) -> str | None:
    """The letter that counts in the last term."""
    from .sums import free_letters
    found = free_letters(last) & LETTERS
    return next(iter(found)) if len(found) == 1 else None


def _at(t: Syntax, size: str, n: int) -> Syntax:
    found: Syntax = _put(t, size, Number(t.start, t.end, Fraction(n), str(n)))
    return found


def _put(t: Any, letter: str, new: Syntax) -> Any:
    """t with a letter replaced wherever it stands as a name."""
    if isinstance(t, Name):
        return replace(new, start=t.start, end=t.end) if t.text == letter else t
    if isinstance(t, tuple):
        return tuple(_put(x, letter, new) for x in t)
    if isinstance(t, Syntax):
        return replace(t, **{f.name: _put(getattr(t, f.name), letter, new) for f in fields(t) if f.name not in ("start", "end")})
    return t
