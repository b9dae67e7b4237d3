"""Terms with named indices whose sets are still being inferred, and values with a shape (scalar, vector, matrix).

A node has the operators of the kernel; a set is a number in `Sets` until `lowering` gives it a name.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Any

from .syntax import Syntax, Unreadable

Entry = Callable[["Node | None", "Node | None"], "Node"]


@dataclass(frozen=True, slots=True)
class Node:
    """op<data>(args): as in the kernel, but ix and sum carry (letter, set number), size a set number.
    `local` is a derivative with some defined names held fixed: data = their names."""
    op: str
    data: Any = None
    args: tuple[Node, ...] = ()


def num(value: int | Fraction) -> Node:
    return Node("num", Fraction(value))


ZERO, ONE = num(0), num(1)


def add(*nodes: Node) -> Node:
    return reduce(lambda a, b: Node("add", None, (a, b)), nodes)


def mul(*nodes: Node) -> Node:
    return reduce(lambda a, b: b if a is ONE else a if b is ONE else Node("mul", None, (a, b)), nodes)


def neg(a: Node) -> Node:
    return num(-a.data) if a.op == "num" else Node("neg", None, (a,))


def inv(a: Node) -> Node:
    return num(1 / a.data) if a.op == "num" and a.data else Node("inv", None, (a,))


def apply(op: str, *args: Node) -> Node:
    return Node(op, None, args)


def unless(i: Node, j: Node) -> Node:
    """1 where the indices differ, else 0."""
    return add(ONE, neg(Node("delta", None, (i, j))))


def walk(t: Node) -> Iterator[Node]:
    yield t
    for a in t.args:
        yield from walk(a)


class Sets:
    """Index sets as they are inferred: equal ones are joined; each may have the names of its size."""

    def __init__(self) -> None:
        self._parent: list[int] = []
        self.names: dict[int, list[str]] = {}

    def new(self, name: str = "") -> int:
        """A set of unknown size, or the set whose size has this name."""
        for root, names in self.names.items():
            if name and name in names:
                return root
        self._parent.append(len(self._parent))
        if name:
            self.names[len(self._parent) - 1] = [name]
        return len(self._parent) - 1

    def call(self, n: int, name: str) -> None:
        """A name for the size of a set that has none; the set that has it already is the same one."""
        if not self.names.get(self.find(n)):
            self.join(self.new(name), n)

    def find(self, n: int) -> int:
        while self._parent[n] != n:
            n = self._parent[n]
        return n

    def join(self, a: int, b: int) -> None:
        a, b = self.find(a), self.find(b)
        if a != b:
            self._parent[b] = a
            self.names[a] = [*self.names.get(a, []), *self.names.pop(b, [])]


@dataclass(frozen=True)
class Value:
    """What a formula stands for: an entry for each row and column (None: there is one row, one column)."""
    rows: int | None
    cols: int | None
    entry: Entry

    @property
    def scalar(self) -> bool:
        return self.rows is None and self.cols is None

    @property
    def node(self) -> Node:
        return self.entry(None, None)


def scalar(node: Node) -> Value:
    return Value(None, None, lambda i, j: node)


def places(rows: int | None, cols: int | None, i: Node | None, j: Node | None) -> list[Node]:
    """The indices of an entry: only where there is more than one row, more than one column."""
    return [x for own, x in ((rows, i), (cols, j)) if own is not None and x is not None]


class ShapeError(Unreadable):
    """Factors or sides whose shapes do not fit."""

    def __init__(self, text: str, t: Syntax) -> None:
        super().__init__(text, t.start, t.end, "D107")


@dataclass(frozen=True)
class Algebra:
    """Operations on values; joins sets where shapes must agree. Raises ShapeError with the shapes found."""
    sets: Sets

    def shape(self, v: Value) -> str:
        def size(n: int | None) -> str:
            return "1" if n is None else "/".join(self.sets.names.get(self.sets.find(n), ["n"]))
        return "a number" if v.scalar else f"{size(v.rows)}×{size(v.cols)}"

    def _agree(self, a: int | None, b: int | None) -> bool:
        if a is None or b is None:
            return a is b
        mine, other = self.sets.names.get(self.sets.find(a)), self.sets.names.get(self.sets.find(b))
        if mine and other and self.sets.find(a) != self.sets.find(b):
            return False
        self.sets.join(a, b)
        return True

    def map(self, f: Callable[[Node], Node], v: Value) -> Value:
        return Value(v.rows, v.cols, lambda i, j: f(v.entry(i, j)))

    def combine(self, f: Callable[[Node, Node], Node], a: Value, b: Value, t: Syntax, what: str) -> Value:
        """Entry by entry; a number is taken with every entry."""
        if a.scalar or b.scalar:
            shaped = b if a.scalar else a
            return Value(shaped.rows, shaped.cols, lambda i, j: f(a.entry(i, j), b.entry(i, j)))
        if a.rows is None and a.cols is not None and b.rows is not None and b.cols is not None and self._agree(a.cols, b.cols):
            return Value(b.rows, b.cols, lambda i, j: f(a.entry(None, j), b.entry(i, j)))          # a row for every row
        if b.rows is None and b.cols is not None and a.rows is not None and a.cols is not None and self._agree(a.cols, b.cols):
            return Value(a.rows, a.cols, lambda i, j: f(a.entry(i, j), b.entry(None, j)))
        if not (self._agree(a.rows, b.rows) and self._agree(a.cols, b.cols)):
            raise ShapeError(f"{what} of {self.shape(a)} and {self.shape(b)}", t)
        return Value(a.rows, a.cols, lambda i, j: f(a.entry(i, j), b.entry(i, j)))

    def product(self, a: Value, b: Value, t: Syntax, dot: bool = False) -> Value:
        """Matrix product; with `dot`, that of two columns is their scalar product."""
        if a.scalar or b.scalar:
            return self.combine(mul, a, b, t, "product")
        if dot and a.cols is None and b.cols is None and a.rows is not None:
            a = self.transpose(a)
        if a.cols is None and b.rows is None:
            return Value(a.rows, b.cols, lambda i, j: mul(a.entry(i, None), b.entry(None, j)))
        if a.cols is None or b.rows is None or not self._agree(a.cols, b.rows):
            shapes = f"{self.shape(a)} and {self.shape(b)}"
            raise ShapeError(f"the product of {shapes}: columns of the first and rows of the second differ", t)
        inner = a.cols

        def entry(i: Node | None, j: Node | None) -> Node:
            k = fresh("k", inner)
            return Node("sum", k.data, (mul(a.entry(i, k), b.entry(k, j)),))
        return Value(a.rows, b.cols, entry)

    def transpose(self, v: Value) -> Value:
        return Value(v.cols, v.rows, lambda i, j: v.entry(j, i))


_count = iter(range(10**12))


def fresh(letter: str, s: int) -> Node:
    """An index that occurs nowhere else."""
    return Node("ix", (f"{letter.split('.')[0]}.{next(_count)}", s))
