"""Indicators and Kronecker deltas, case distinctions, columns written out with dots."""
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .environments import split_case
from .ir import ONE, ZERO, Node, Value, add, fresh, mul, neg, scalar, unless
from .parsing import parse, parse_condition
from .sums import Items, free_letters
from .syntax import (
    Dots,
    Environment,
    Group,
    Name,
    Number,
    Related,
    Script,
    Syntax,
    Unreadable,
    bare,
)
from .table import is_letter, subscript_letters, subscript_parts

if TYPE_CHECKING:
    from .elaborate import Elaborator
    from .scope import Scope

INDICATORS = frozenset(("𝟏", "I", "𝕀", "𝟙"))
def indicator(e: Elaborator, t: Script, s: Scope) -> Value | None:
    """1_{i=j}, a Kronecker delta with two indices; None for anything else."""
    base, sub = bare(t.base), bare(t.sub) if t.sub is not None else None
    one = isinstance(base, Number) and base.value == 1 or isinstance(base, Name) and base.text in INDICATORS
    if isinstance(sub, Group) and sub.bracket in ("{", "[", "(") and len(sub.parts) == 1:
        sub = sub.parts[0]
    delta = isinstance(base, Name) and base.text == "delta"
    found: Node | None = None
    if (one or delta) and isinstance(sub, Related):
        found = condition(e, sub, s)
    elif delta and sub is not None and len(parts := subscript_parts(t.sub)) == 2:
        found = Node("delta", None, e.same_set(e.index(parts[0], s), e.index(parts[1], s)))
    if found is None:
        return None
    return e.powered(scalar(found), replace(t, sub=None), s)


def juxtaposed(e: Elaborator, items: Items, n: int, s: Scope) -> tuple[Value, int] | None:
    """1{i=j}, 1[i=j], 1(i=j), and delta{ij} or delta(i,j): a sign and what stands in brackets behind it."""
    t, following = bare(items[n][1]), items[n + 1][1] if n + 1 < len(items) and not items[n + 1][0] else None
    if not isinstance(following, Group):
        return None
    one = isinstance(t, Number) and t.value == 1 or isinstance(t, Name) and t.text in INDICATORS
    if one and len(following.parts) == 1 and isinstance(following.parts[0], Related):
        return scalar(condition(e, following.parts[0], s)), n + 2
    if isinstance(t, Name) and t.text == "delta" and following.bracket in ("", "("):
        parts = subscript_parts(following) if not following.bracket else following.parts
        if len(parts) == 2 and all(is_letter(bare(p)) for p in parts):
            return scalar(Node("delta", None, e.same_set(e.index(parts[0], s), e.index(parts[1], s)))), n + 2
    return None


def condition(e: Elaborator, t: Related, s: Scope) -> Node:
    """1 where a condition on indices holds, else 0. Raises Unreadable for conditions on values."""
    if len(t.sides) == 2 and t.signs[0] in ("=", "≠") and all(isinstance(bare(x), Name | Number) for x in t.sides):
        i, j = e.same_set(*[e.index(x, s) for x in t.sides])
        return Node("delta", None, (i, j)) if t.signs[0] == "=" else unless(i, j)
    if len(t.sides) == 2 and t.signs[0] in (">", "<", "≥", "≤"):
        left, right = [e.number(x, s) for x in t.sides]
        large, small = (left, right) if t.signs[0] in (">", "≥") else (right, left)
        strict = t.signs[0] in (">", "<")
        return Node("step", None, (_minus(large, small),)) if strict else \
            add(ONE, neg(Node("step", None, (_minus(small, large),))))
    raise Unreadable("the condition of an indicator is i = j, i ≠ j, x > y", t.start, t.end)


def _minus(a: Node, b: Node) -> Node:
    return a if b == ZERO else neg(b) if a == ZERO else add(a, neg(b))


def environment(e: Elaborator, t: Environment, s: Scope) -> Value:
    """A case distinction on indices as a sum with Kronecker deltas."""
    if t.kind != "cases":
        return matrix(e, t, s)
    total, seen, before = ZERO, False, ONE
    for row in t.rows:
        value, tokens = split_case(row)
        if not value:
            continue
        value = value[:next((n for n, x in enumerate(value) if x.kind == "REL"), len(value))]
        if not tokens:
            guard, before = before, ZERO
        else:
            guard = _case(e, parse_condition(tokens), s, t)
            before = mul(before, add(ONE, neg(guard)))
        term = mul(guard, e.number(parse(value), s))
        total, seen = (add(total, term) if seen else term), True
    if not seen:
        raise Unreadable("cases without a row", t.start, t.end)
    if not _complete(before):
        raise Unreadable("the cases are not all cases: i = j and i ≠ j are read", t.start, t.end)
    return scalar(total)


def _complete(rest: Node) -> bool:
    """Whether the guards add up to 1: what is left is 0, or the guards are i = j and i ≠ j."""
    factors = [rest] if rest.op != "mul" else [*rest.args]
    deltas = {a.args[1].args[0] for a in factors if a.op == "add" and a.args[1].op == "neg"}
    return rest is ZERO or any(add(ONE, neg(d)) in deltas for d in deltas)


def _case(e: Elaborator, t: Syntax, s: Scope, whole: Syntax) -> Node:
    if isinstance(t, Related) and len(t.sides) == 2 and t.signs[0] in ("=", "≠"):
        inner = [_index_of(bare(x)) for x in t.sides]
        if all(inner) and all(isinstance(bare(x), Script) for x in t.sides):
            e.note("D106", "the cases are told apart by values; what matters is whether the indices are equal: i = j, i ≠ j", t)
            t = replace(t, sides=tuple(x for x in inner if x is not None))
    if not isinstance(t, Related):
        raise Unreadable("the condition of a case is not read: i = j and i ≠ j are", t.start or whole.start, t.end or whole.end)
    return condition(e, t, s)


def _index_of(t: Syntax) -> Syntax | None:
    if isinstance(t, Name):
        return t
    return bare(t.sub) if isinstance(t, Script) and isinstance(t.base, Name) and len(subscript_letters(t.sub)) == 1 and t.sub \
        else None


def matrix(e: Elaborator, t: Environment, s: Scope) -> Value:
    """A column or row written out with dots and a general entry is the vector of that entry."""
    entries = [parse(c) for row in t.rows for c in row if c] if len(t.rows) == 1 or all(len(row) == 1 for row in t.rows) else []
    dotted = any(isinstance(x, Dots) for x in entries)
    general = [x for x in entries if not isinstance(x, Dots) and len(free_letters(x)) == 1]
    if not dotted or not general:
        raise Unreadable("a matrix written out is not read; a column with dots and a general entry is", t.start, t.end)
    letter, = free_letters(general[0])
    k = e.sets.new(letter if general[0] == entries[-1] else _last_size(entries[-1]))
    column = len(t.rows) > 1
    v = Value(k if column else None, None if column else k,
              lambda i, j: e.number(general[0], s.bind(letter, next((x for x in (i, j) if x is not None), fresh(letter, k)))))
    v.entry(fresh(letter, k), fresh(letter, k))
    return v


def _last_size(t: Syntax) -> str:
    """The size that the last entry of a list tells."""
    letters = free_letters(t)
    return next(iter(letters)) if len(letters) == 1 else ""
