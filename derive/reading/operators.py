"""Sums with their bounds, indicators and Kronecker deltas, case distinctions, and sums that reach over a plus sign."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .environments import split_case
from .ir import ONE, ZERO, Node, Value, add, fresh, mul, neg, scalar, unless
from .syntax import (
    Additive,
    Big,
    Dots,
    Environment,
    Group,
    Name,
    Number,
    Product,
    Related,
    Script,
    Syntax,
    Unreadable,
    bare,
    children,
    parse,
    parse_condition,
    walk,
)
from .table import is_letter, subscript_letters, subscript_parts

if TYPE_CHECKING:
    from .elaborate import Elaborator, Scope

Items = list[tuple[str, Syntax]]
INDICATORS = frozenset(("𝟏", "I", "𝕀", "𝟙"))
MOST_TERMS = 12


@dataclass(frozen=True)
class Bounds:
    """letter over a set: `size` its name, `first` and `last` where both are numbers, `without` the indices left out."""
    letter: str
    size: str = ""
    first: int = 1
    last: int | None = None
    without: tuple[Syntax, ...] = ()


# ---------------------------------------------------------------- sums
def sum_over(e: Elaborator, items: Items, n: int, s: Scope) -> tuple[Value, int] | None:
    """A sum and its body: all that follows in the product."""
    t = items[n][1]
    big = t if isinstance(t, Big) else t.base if isinstance(t, Script) and isinstance(t.base, Big) else None
    if big is None:
        return None
    if big.kind != "sum":
        raise Unreadable(f"{'a product over an index' if big.kind == 'prod' else 'an integral'} is not read", t.start, t.end)
    rest = items[n + 1:]
    if not rest:
        return abbreviated(e, t, s), len(items)
    body = rest[0][1] if len(rest) == 1 and not rest[0][0].strip("·×") else \
        Product(rest[0][1].start, rest[-1][1].end, ("", *[sign for sign, _ in rest[1:]]), tuple(x for _, x in rest))
    minus = rest[0][0][-1:] == "-"
    total = summed(e, bounds(e, t, body, s), body, s, t)
    return (e.algebra.map(neg, total) if minus else total), len(items)


def abbreviated(e: Elaborator, t: Syntax, s: Scope) -> Value:
    """A sum sign alone stands for the only sum in the definitions that the table knows."""
    script = t if isinstance(t, Script) else None
    sums = {whole for d in e.table.definitions.values() for whole in _closed_sums(d.body)}
    if script is not None and script.sub is not None or len(sums) != 1:
        raise Unreadable("a sum without anything to sum", t.start, t.end)
    e.note("D005", "a sum sign alone is taken for the sum of the definition before", t)
    v = e.value(next(iter(sums)), replace(s, letters={}, params={}))
    return e.powered(v, script, s) if script is not None else v


def _closed_sums(t: Syntax) -> list[Syntax]:
    """Sums in a tree that mention no index from outside."""
    found = [x for x in walk(t) if isinstance(x, Product) and bound_letters(x.factors[0]) and not free_letters(x)]
    return list(found)


def signed_bodies(t: Additive) -> Additive:
    """In "sum_j - x_j" the minus sign belongs to what is summed."""
    for n, term in enumerate(t.terms[:-1]):
        last = term.factors[-1] if isinstance(term, Product) else term
        if isinstance(last, Script) and isinstance(last.base, Big):
            body = Additive(t.terms[n + 1].start, t.terms[n + 1].end, (t.signs[n + 1],), (t.terms[n + 1],))
            group = Group(body.start, body.end, "(", (body,))
            factors, signs = (term.factors, term.signs) if isinstance(term, Product) else ((term,), ("",))
            whole = Product(term.start, body.end, (*signs, ""), (*factors, group))
            rest = Additive(t.start, t.end, (*t.signs[:n + 1], *t.signs[n + 2:]), (*t.terms[:n], whole, *t.terms[n + 2:]))
            return signed_bodies(rest)
    return t


def summed(e: Elaborator, b: Bounds, body: Syntax, s: Scope, t: Syntax) -> Value:
    if b.last is not None:
        return _written_out(e, b, body, s, t)
    if b.letter in s.letters and not s.letters[b.letter].data[0].startswith("?"):
        e.note("D004", f"the index {b.letter} is already bound by a sum around this one", t, caps=False)
    elif b.letter in s.outer:
        e.note("D004", f"the sum binds {b.letter}, which is also a free index of the equation", t, caps=False)
    k = fresh(b.letter, e.sets.new(b.size))
    inner = s.bind(b.letter, k)
    v = e.value(body, inner)
    guards = [unless(*e.same_set(k, e.index(x, s))) for x in b.without]
    return Value(v.rows, v.cols, lambda i, j: Node("sum", k.data, (mul(*guards, v.entry(i, j)),)))


def _written_out(e: Elaborator, b: Bounds, body: Syntax, s: Scope, t: Syntax) -> Value:
    """A sum between two numbers: its terms."""
    assert b.last is not None
    if b.without or not 0 <= b.last - b.first < MOST_TERMS:
        raise Unreadable(f"a sum from {b.first} to {b.last} is not read", t.start, t.end)
    total: Value | None = None
    for n in range(b.first, b.last + 1):
        k = e.index(Number(t.start, t.end, ONE.data * n, str(n)), s)
        v = e.value(body, s.bind(b.letter, k))
        total = v if total is None else e.algebra.combine(lambda x, y: add(x, y), total, v, t, "sum")
    assert total is not None
    return total


def bounds(e: Elaborator, t: Syntax, body: Syntax, s: Scope) -> Bounds:
    """What a sum runs over, from its scripts; without any, the one index of its body that nothing else explains."""
    sub = t.sub if isinstance(t, Script) else None
    sup = t.sup if isinstance(t, Script) else None
    parts = sub.parts if isinstance(sub, Group) and not sub.bracket else (sub,) if sub is not None else ()
    found = Bounds("")
    for part in parts:
        found = _bound(found, bare(part), s, t)
    if not found.letter:
        found = replace(found, letter=_only_letter(body, s, t))
    if found.first not in (0, 1) and sup is None:
        raise Unreadable(f"a sum from {found.first} on is not read", t.start, t.end)
    return _upper(e, found, bare(sup), t) if sup is not None else found


def _bound(b: Bounds, part: Syntax, s: Scope, t: Syntax) -> Bounds:
    match part:
        case Related(sides=(Name() as letter, Number(value=first)), signs=("=",)):
            return replace(b, letter=letter.text, first=int(first))
        case Related(sides=(left, right), signs=("≠",)):
            left, right = bare(left), bare(right)
            if b.letter:
                other = right if isinstance(left, Name) and left.text == b.letter else left
                return replace(b, without=(*b.without, other))
            if not isinstance(left, Name):
                raise Unreadable("the condition of a sum is i ≠ j", part.start, part.end)
            return replace(b, letter=left.text, without=(*b.without, right))
        case Name(text=text) if not b.letter:
            return replace(b, letter=text)
        case Product() if not b.letter and len(letters := subscript_letters(part)) == 1:
            return replace(b, letter=letters[0])
        case Related(sides=(Name() as letter, Name()), signs=("∈",)) if not b.letter:
            return replace(b, letter=letter.text)
    raise Unreadable("what the sum runs over is not read: k, k=1, k ≠ i are", t.start, t.end)


def _upper(e: Elaborator, b: Bounds, sup: Syntax, t: Syntax) -> Bounds:
    match sup:
        case Name(text=text) if b.first == 1 or b.first == 0:
            if b.first == 0:
                e.note("D002", f"a sum from 0 to {text} is taken to run over all indices", t)
            return replace(b, size=text)
        case Number(value=last) if last.denominator == 1:
            return replace(b, last=int(last))
        case Additive(signs=(1, -1), terms=(Name(text=text), Number(value=one))) if one == 1 and b.first == 0:
            return replace(b, size=text)
    raise Unreadable("the upper bound of the sum is not read: a name or a number is", sup.start, sup.end)


def _only_letter(body: Syntax, s: Scope, t: Syntax) -> str:
    found = free_letters(body) - set(s.letters) - s.outer
    found = found or frozenset(x.text for x in _raised(body) if is_letter(x) and isinstance(x, Name)) - set(s.letters) - s.outer
    if len(found) != 1:
        said = f"could be any of {', '.join(sorted(found))}" if found else "is none that its body mentions"
        raise Unreadable(f"the index of this sum {said}: write it below the sum", t.start, t.end, "D002")
    return next(iter(found))


def _raised(t: Syntax) -> list[Syntax]:
    """Exponents of e."""
    return [bare(x.sup) for x in walk(t) if isinstance(x, Script) and x.base == Name(0, 0, "e") and x.sup is not None]


def free_letters(t: Syntax) -> frozenset[str]:
    """Index letters in the subscripts of a tree that no sum in it binds."""
    match t:
        case Script(base=Big()):
            return frozenset()
        case Script(base=base, sub=sub, sup=sup):
            own = frozenset(p.text for p in subscript_parts(sub) if isinstance(p, Name) and is_letter(p)) if isinstance(base,
                Name) else \
                frozenset(subscript_letters(sub))
            return own | free_letters(base) | (free_letters(sup) if sup is not None else frozenset())
        case Group(parts=(Related(sides=sides),)):
            return frozenset(x.text for x in map(bare, sides) if isinstance(x, Name) and is_letter(x))
        case Product(factors=factors):
            found: frozenset[str] = frozenset()
            for f in reversed(factors):
                alone = isinstance(f, Big) or isinstance(f, Script) and isinstance(f.base, Big) and f.sub is None
                found = frozenset() if alone and len(found) == 1 else (found | free_letters(f)) - bound_letters(f)
            return found
        case Environment(rows=rows):
            return frozenset(x.text for row in rows for cell in row for n, x in enumerate(cell)
                             if x.kind == "NAME" and n and cell[n - 1].kind == "SUB" and len(x.text) == 1 and x.text.islower())
    return frozenset[str]().union(*[free_letters(x) for x in children(t)])


def bound_letters(t: Syntax) -> frozenset[str]:
    """The letter that a sum sign binds."""
    if not (isinstance(t, Script) and isinstance(t.base, Big) and t.sub is not None):
        return frozenset()
    parts = t.sub.parts if isinstance(t.sub, Group) else (t.sub,)
    first = bare(parts[0]) if parts else None
    first = bare(first.sides[0]) if isinstance(first, Related) else first
    return frozenset((first.text,)) if isinstance(first, Name) else frozenset(subscript_letters(t.sub))


def reaching(e: Elaborator, t: Additive, s: Scope) -> Additive:
    """A sum whose letter stands in later terms, where nothing binds it, reaches over the plus signs up to the last of them."""
    for n, term in enumerate(t.terms[:-1]):
        factors = term.factors if isinstance(term, Product) else (term,)
        at = next((k for k, f in enumerate(factors) if bound_letters(f)), None)
        if at is None:
            continue
        letters = bound_letters(factors[at]) - set(s.letters) - s.outer
        last = max((m for m in range(n + 1, len(t.terms)) if letters & free_letters(t.terms[m])), default=0)
        if last and at + 1 < len(factors):
            return _reached(e, t, n, last, at)
    return t


def _reached(e: Elaborator, t: Additive, n: int, last: int, at: int) -> Additive:
    term = t.terms[n]
    factors, signs = (term.factors, term.signs) if isinstance(term, Product) else ((term,), ("",))
    rest = Product(factors[at + 1].start, term.end, ("", *signs[at + 2:]), factors[at + 1:])
    first: Syntax = factors[at + 1] if len(factors) == at + 2 else rest
    body = Additive(first.start, t.terms[last].end, (1, *t.signs[n + 1:last + 1]), (first, *t.terms[n + 1:last + 1]))
    group = Group(body.start, body.end, "(", (body,))
    e.note("D002",
        "the sum is taken to reach over what follows the plus sign, which mentions its index: put brackets around its body", body)
    whole = Product(term.start, body.end, (*signs[:at + 1], ""), (*factors[:at + 1], group))
    return Additive(t.start, t.end, (*t.signs[:n + 1], *t.signs[last + 1:]), (*t.terms[:n], whole, *t.terms[last + 1:]))


# ---------------------------------------------------------------- indicators and deltas
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
    if len(t.sides) == 2 and t.signs[0] in (">", "<"):
        left, right = [e.number(x, s) for x in t.sides]
        large, small = (left, right) if t.signs[0] == ">" else (right, left)
        return Node("step", None, (large if small is ZERO else add(large, neg(small)),))
    if len(t.sides) == 2 and t.signs[0] in ("≥", "≤"):
        left, right = [e.number(x, s) for x in t.sides]
        large, small = (left, right) if t.signs[0] == "≥" else (right, left)
        return add(ONE, neg(Node("step", None, (neg(large) if small is ZERO else add(small, neg(large)),))))
    raise Unreadable("the condition of an indicator is i = j, i ≠ j, x > y", t.start, t.end)


# ---------------------------------------------------------------- cases and matrices
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
