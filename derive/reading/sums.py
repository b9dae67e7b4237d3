"""Sums with their bounds, sums without any, and sums that reach over a plus sign."""
from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .ir import ONE, Node, Value, add, fresh, mul, neg, unless
from .syntax import (
    Additive,
    Big,
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
    walk,
)
from .table import is_letter, subscript_letters, subscript_parts

if TYPE_CHECKING:
    from .elaborate import Elaborator
    from .scope import Scope


Items = list[tuple[str, Syntax]]
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


SIZES = frozenset("nNmMKCDdTB")


def counted(e: Elaborator, below: Syntax, s: Scope) -> Scope:
    """In a sum that is divided by n and does not say how far it runs, n is the number of its terms."""
    below = bare(below)
    taken = e.table.definitions.keys() | e.table.indexed | s.params.keys()
    free = isinstance(below, Name) and below.text in (SIZES | e.table.sizes) - taken
    return replace(s, size=below.text) if free and isinstance(below, Name) else s


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
    fixed = next((x for x in map(bare, b.without) if isinstance(x, Number)), None)
    if fixed is not None and s.outer - {b.letter}:
        meant = ", ".join(sorted(s.outer - {b.letter}))
        e.note("D104", f"the sum leaves out the fixed place {fixed.text}, where {meant} is the free index", t, caps=False)
    k = fresh(b.letter, e.sets.new(b.size))
    inner = replace(s.bind(b.letter, k), size="")
    v = e.value(body, inner)
    if s.size and not b.size:
        e.sets.call(k.data[1], s.size)
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
