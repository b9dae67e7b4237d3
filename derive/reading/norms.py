"""Norms and absolute values, and the question whether squared norms are squares of roots."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from .ir import Node, Value, apply, fresh, mul, scalar
from .syntax import (
    Group,
    Name,
    Number,
    Root,
    Script,
    Syntax,
    Unreadable,
    bare,
    walk,
)

if TYPE_CHECKING:
    from .elaborate import Elaborator
    from .scope import Scope


def is_norm(t: Script) -> bool:
    """‖x‖² and ‖x‖ with a 2 or an F below."""
    below, above = (None if x is None else bare(x) for x in (t.sub, t.sup))
    kind = isinstance(below, Number | Name) and below.text in ("2", "F")
    return not t.primes and (kind or below is None and isinstance(above, Number) and above.value == 2)


def norm(e: Elaborator, t: Script, inner: Group, s: Scope) -> Value:
    """A Euclidean or Frobenius norm, and its square as the sum of squares that it is: that has no kink at 0."""
    v = e.value(inner.parts[0], s) if len(inner.parts) == 1 else e.group(inner, s)
    square = e.algebra.combine(mul, v, v, t, "square")
    i, j = (None if n is None else fresh("k", n) for n in (v.rows, v.cols))
    total = square.entry(i, j)
    for x in (x for x in (j, i) if x is not None):
        total = Node("sum", x.data, (total,))
    above = None if t.sup is None else bare(t.sup)
    if isinstance(above, Number) and above.value == 2 and not e.roots:
        return scalar(total)
    return e.powered(scalar(apply("sqrt", total)), replace(t, sub=None), s)


def has_roots(trees: Iterable[Syntax]) -> bool:
    """Whether a root or a norm stands in trees that is not squared: squared norms are then squares of roots, too."""
    parts = [x for t in trees for x in walk(t)]
    squared = {id(bare(x.base)) for x in parts if isinstance(x, Script) and is_norm(x) and x.sup is not None}
    return any(isinstance(x, Root) or isinstance(x, Group) and x.bracket == "‖" and id(x) not in squared for x in parts)


def length(e: Elaborator, v: Value, t: Group) -> Value:
    """The absolute value of a number, the Euclidean length of a vector."""
    if v.scalar:
        return scalar(apply("abs", v.node))
    square = e.algebra.combine(mul, v, v, t, "square")
    if v.rows is None or v.cols is not None:
        raise Unreadable(f"the norm of {e.algebra.shape(v)} is not read", t.start, t.end)
    k = fresh("k", v.rows)
    return scalar(apply("sqrt", Node("sum", k.data, (square.entry(k, None),))))
