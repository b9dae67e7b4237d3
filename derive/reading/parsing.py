"""Tokens to a syntax tree, by the grammar beside this file. `parse` raises Unreadable, which says what was found where."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any

from .grammar import Unexpected, grammar, run
from .preparing import prepare
from .syntax import (
    Additive,
    Big,
    Dots,
    Environment,
    Group,
    Name,
    Number,
    Product,
    Quotient,
    Reference,
    Related,
    Root,
    Script,
    Syntax,
    Unreadable,
    bare,
)
from .tokens import Token

LONGEST = 4000                                                # tokens of one side


class _Lexeme:
    """A token by its type, as the methods of the builder get it."""

    def __init__(self, token: Token) -> None:
        self.type, self.token = token.kind, token


@dataclass(frozen=True)
class _Parts:
    parts: tuple[Syntax, ...]
    barred: bool


class _Builder:
    """The tree, bottom up: one method for each alternative of the grammar."""

    def token(self, x: _Lexeme) -> Syntax:
        t = x.token
        match t.kind:
            case "NUM":
                return Number(t.start, t.end, Fraction(t.text), t.text)
            case "BIG":
                return Big(t.start, t.end, t.text)
            case "DOTS":
                return Dots(t.start, t.end)
            case "ENV":
                return Environment(t.start, t.end, t.text, t.rows)
            case "REF":
                return Reference(t.start, t.end, t.text)
        return Name(t.start, t.end, t.text, t.bold)

    def mark(self, x: _Lexeme) -> Syntax:
        return Name(x.token.start, x.token.end, x.token.text)

    def first(self, term: list[Any]) -> Syntax:
        return _product(term)

    def signed(self, sign: _Lexeme, term: list[Any]) -> Syntax:
        t = _product(term)
        return Additive(sign.token.start, t.end, (-1 if sign.type == "MINUS" else 1,), (t,))

    def added(self, total: Syntax, sign: _Lexeme, term: list[Any]) -> Syntax:
        t, s = _product(term), -1 if sign.type == "MINUS" else 1
        signs, terms = (total.signs, total.terms) if isinstance(total, Additive) else ((1,), (total,))
        return Additive(total.start, t.end, (*signs, s), (*terms, t))

    def factor(self, item: Syntax) -> list[Any]:
        return [("", item)]

    def times(self, term: list[Any], *rest: Any) -> list[Any]:
        *signs, item = rest
        return [*term, ("".join(signs), item)]

    def sign(self, x: _Lexeme) -> str:
        return "-" if x.type == "MINUS" else ""

    def op(self, x: _Lexeme) -> str:
        return "/" if x.type == "SLASH" else str(x.token.text)

    def script(self, base: Syntax, kind: _Lexeme, arg: Syntax) -> Syntax:
        below = kind.type == "SUB"
        if isinstance(base, Script) and (base.sub if below else base.sup) is None:
            return replace(base, end=arg.end, sub=arg) if below else replace(base, end=arg.end, sup=arg)
        return Script(base.start, arg.end, base, arg if below else None, None if below else arg)

    def prime(self, base: Syntax, kind: _Lexeme) -> Syntax:
        if isinstance(base, Script) and base.sup is None:
            return replace(base, end=kind.token.end, primes=base.primes + 1)
        return Script(base.start, kind.token.end, base, primes=1)

    def factorial(self, base: Syntax, kind: _Lexeme) -> Syntax:
        raise Unreadable("a factorial is not read", base.start, kind.token.end)

    def group(self, opening: _Lexeme, found: _Parts, closing: _Lexeme) -> Syntax:
        parts = found.parts
        bracket = "" if opening.type == "LB" else opening.token.text
        if bracket and len(parts) == 1 and isinstance(parts[0], Group) and not parts[0].bracket and len(parts[0].parts) > 1:
            parts = parts[0].parts                            # a font around a list of arguments
        return Group(opening.token.start, closing.token.end, bracket, parts, found.barred)

    def fraction(self, kind: _Lexeme, above: Syntax, below: Syntax) -> Syntax:
        return Quotient(kind.token.start, below.end, bare(above), bare(below))

    def root(self, kind: _Lexeme, *rest: Any) -> Syntax:
        body, degree = rest[-1], rest[1].parts[0] if len(rest) > 1 and rest[1].parts else None
        return Root(kind.token.start, body.end, bare(body), degree)

    def accent(self, kind: _Lexeme, arg: Syntax) -> Syntax:
        return _accented(bare(arg), kind.token)

    def wrapped(self, kind: _Lexeme, arg: Syntax) -> Syntax:
        inner = bare(arg)
        number = inner.terms[0] if isinstance(inner, Additive) and len(inner.terms) == 1 else inner
        return Group(kind.token.start, arg.end, "□" if isinstance(number, Number) else "", (inner,))

    def parts(self, *found: Any) -> _Parts:
        barred = any(isinstance(p, _Lexeme) and p.token.text == "|" for p in found)
        return _Parts(tuple(p for p in found if isinstance(p, Syntax)), barred)

    def part(self, *found: Any) -> Syntax | None:
        sides = tuple(x for x in found if isinstance(x, Syntax))
        if len(sides) < 2:
            return sides[0] if sides else None
        return Related(sides[0].start, sides[-1].end, sides, tuple(x.token.text for x in found if isinstance(x, _Lexeme)))


def _product(term: list[Any]) -> Syntax:
    if len(term) == 1 and not term[0][0]:
        item: Syntax = term[0][1]
        return item
    return Product(term[0][1].start, term[-1][1].end, tuple(s for s, _ in term), tuple(x for _, x in term))


def _accented(t: Syntax, accent: Token) -> Syntax:
    """A hat over y_i is a hat over y with an index."""
    match t:
        case Name():
            return replace(t, start=accent.start, text=t.text + accent.text)
        case Script(base=Name() as base):
            return replace(t, start=accent.start, base=replace(base, text=base.text + accent.text))
        case Product(factors=factors) if all(isinstance(f, Name) for f in factors):
            return Name(accent.start, t.end, "".join(f.text for f in factors if isinstance(f, Name)) + accent.text, True)
    raise Unreadable("an accent is read over a name, found something longer", accent.start, t.end)


_BUILDER = _Builder()


def parse(side: Sequence[Token]) -> Syntax:
    """The tree of one side. Raises Unreadable."""
    return _parsed(tuple(side))


@lru_cache(1 << 16)                                            # a document asks for the same sides many times
def _parsed(side: tuple[Token, ...]) -> Syntax:
    if not side:
        raise Unreadable("nothing stands on one side", 0, 0)
    start, end = side[0].start, side[-1].end
    prepared = prepare(side)
    if len(prepared) > LONGEST:
        raise Unreadable(f"a side of {len(prepared)} tokens; at most {LONGEST} are read", start, end)
    try:
        found: Syntax = run(grammar(), [(x.kind, _Lexeme(x)) for x in prepared], _BUILDER)
    except Unexpected as e:
        if e.found is None:
            raise Unreadable("the formula ends where a term was expected", end, end) from e
        at = e.found.token
        raise Unreadable(f"{at.text!r} is not expected here", at.start, at.end) from e
    return found


def parse_condition(found: Sequence[Token]) -> Syntax:
    """The tree of a condition such as i = j. Raises Unreadable."""
    if not found:
        raise Unreadable("an empty condition", 0, 0)
    first, last = found[0], found[-1]
    group = parse([Token("LP", "(", first.start, first.start), *found, Token("RP", "(", last.end, last.end)])
    if isinstance(group, Group) and len(group.parts) == 1:
        return group.parts[0]
    raise Unreadable("a condition is one relation", first.start, last.end)
