"""The syntax tree of one side of a relation, with spans; what a tree is made of."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from ..kernel.errors import DeriveError
from .tokens import Token


class Unreadable(DeriveError):
    """Mathematics that cannot be read, or only in several ways: what was found, where, and how to resolve it."""

    def __init__(self, text: str, start: int, end: int, code: str = "D001") -> None:
        super().__init__(text)
        self.start, self.end, self.code = start, end, code


@dataclass(frozen=True)
class Syntax:
    """start and end: the place in the text; equal trees at different places are equal."""
    start: int = field(compare=False)
    end: int = field(compare=False)


@dataclass(frozen=True)
class Number(Syntax):
    value: Fraction
    text: str


@dataclass(frozen=True)
class Name(Syntax):
    text: str
    bold: bool = field(default=False, compare=False)


@dataclass(frozen=True)
class Script(Syntax):
    base: Syntax
    sub: Syntax | None = None
    sup: Syntax | None = None
    primes: int = 0


@dataclass(frozen=True)
class Group(Syntax):
    """Brackets around parts between commas; "" for braces."""
    bracket: str
    parts: tuple[Syntax, ...]
    barred: bool = False                                      # a bar between parts, as in P(t | z)


@dataclass(frozen=True)
class Related(Syntax):
    """Sides with relation signs between them, inside brackets or scripts."""
    sides: tuple[Syntax, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Quotient(Syntax):
    above: Syntax
    below: Syntax


@dataclass(frozen=True)
class Root(Syntax):
    body: Syntax
    degree: Syntax | None = None


@dataclass(frozen=True)
class Big(Syntax):
    kind: str


@dataclass(frozen=True)
class Dots(Syntax):
    pass


@dataclass(frozen=True)
class Environment(Syntax):
    """Cases or a matrix: rows of cells, which are still tokens."""
    kind: str
    rows: tuple[tuple[tuple[Token, ...], ...], ...]


@dataclass(frozen=True)
class Reference(Syntax):
    """A numbered equation in the place of a term."""
    number: str


@dataclass(frozen=True)
class Product(Syntax):
    """Factors in order with the sign before each ("" where they just stand side by side, "-" after it for a minus)."""
    signs: tuple[str, ...]
    factors: tuple[Syntax, ...]


@dataclass(frozen=True)
class Additive(Syntax):
    signs: tuple[int, ...]
    terms: tuple[Syntax, ...]


def children(t: Syntax) -> tuple[Syntax, ...]:
    """The parts of a tree, without the cells of environments."""
    match t:
        case Script(base=base, sub=sub, sup=sup):
            return tuple(x for x in (base, sub, sup) if x is not None)
        case Group(parts=parts):
            return parts
        case Related(sides=sides):
            return sides
        case Quotient(above=above, below=below):
            return above, below
        case Root(body=body):
            return (body,)
        case Product(factors=factors):
            return factors
        case Additive(terms=terms):
            return terms
    return ()


def walk(t: Syntax) -> Iterator[Syntax]:
    yield t
    for part in children(t):
        yield from walk(part)


def bare(t: Syntax) -> Syntax:
    """t without the braces around it."""
    while isinstance(t, Group) and not t.bracket and len(t.parts) == 1:
        t = t.parts[0]
    return t
