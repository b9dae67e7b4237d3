"""Sums of products of arrays: a tree of pairs, each smaller than what it is made of where that is possible."""
from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Protocol

from ..errors import CannotLower
from .node import Axis, Maker, Node

MATRICES = {("ab", "bc", "ac"): "nn", ("ab", "cb", "ac"): "nt", ("ba", "bc", "ac"): "tn", ("ab", "b", "a"): "nn",
            ("a", "ab", "b"): "nn", ("a", "a", ""): "nn"}
LETTERS = "abcdefgh"


class Applies(Protocol):
    """What is needed of a lowering."""
    batch: bool
    make: Maker

    def apply(self, op: str, *args: Node) -> Node: ...


def contracted(low: Applies, nodes: Sequence[Node], over: set[Axis]) -> Node:
    """The sum of a product of nodes over axes. Raises CannotLower where rows before the axes make it no matrix product."""
    left = list(nodes)
    while True:
        left = [_summed(low, x, {a for a in over if a in x.axes and not any(a in y.axes for y in left if y is not x)
                                 and left.count(x) == 1}) for x in left]
        over &= {a for x in left for a in x.axes}
        if len(left) == 1:
            return left[0]
        i, j = min(combinations(range(len(left)), 2), key=lambda pair: _cost(left, pair, over))
        rest = [x for n, x in enumerate(left) if n not in (i, j)]
        left = [_pair(low, left[i], left[j], _gone(left[i], left[j], rest, over)), *rest]


def _gone(x: Node, y: Node, rest: Sequence[Node], over: set[Axis]) -> set[Axis]:
    """The axes that a pair may be summed over."""
    return {a for a in over if (a in x.axes or a in y.axes) and not any(a in z.axes for z in rest)}


def _cost(left: Sequence[Node], pair: tuple[int, int], over: set[Axis]) -> tuple[int, int, tuple[int, int]]:
    x, y = (left[n] for n in pair)
    both = {*x.axes, *y.axes}
    kept = both - _gone(x, y, [z for n, z in enumerate(left) if n not in pair], over)
    return len(kept), len(both), pair


def _summed(low: Applies, x: Node, axes: set[Axis]) -> Node:
    if not axes:
        return x
    kept = tuple(a for a in x.axes if a not in axes)
    base, own = stored(x)
    if [a for a in own if a in kept] == [*kept]:              # no need to transpose first
        x = base
    else:
        own = x.axes
    places = tuple(n - len(own) if low.batch else n for n, a in enumerate(own) if a in axes)
    return low.make("sum", (x,), kept, places if kept or low.batch else ())


def _pair(low: Applies, x: Node, y: Node, gone: set[Axis]) -> Node:
    """The product of two arrays, summed over axes."""
    both = tuple(sorted({*x.axes, *y.axes}))
    alike = set(x.axes) == set(y.axes)
    if not gone or alike and (len(both) > 1 or low.batch):
        return _summed(low, low.apply("mul", x, y), gone)
    if low.batch:
        raise CannotLower("a matrix product, where rows may come before the axes")
    return _product(low, x, y, tuple(a for a in both if a not in gone))


def _product(low: Applies, x: Node, y: Node, kept: tuple[Axis, ...]) -> Node:
    (x, first), (y, second) = stored(x), stored(y)
    for (one, here), (other, there) in (((x, first), (y, second)), ((y, second), (x, first))):
        how = next((how for known, how in MATRICES.items() if _renamed(known) == _named(here, there, kept)), None)
        if how is not None:
            return low.make("matmul", (one, other), kept, how)
    return low.make("contract", (x, y), kept, "{},{}->{}".format(*_named(first, second, kept)))


def stored(x: Node) -> tuple[Node, tuple[Axis, ...]]:
    """What a node shows, as it is stored, and the names of its axes here."""
    names = x.axes
    while x.op in ("view", "transpose"):
        if isinstance(x.data, tuple):
            names = tuple(names[x.data.index(n)] for n in range(len(names)))
        x = x.args[0]
    return x, names


def _named(first: tuple[Axis, ...], second: tuple[Axis, ...], kept: tuple[Axis, ...]) -> tuple[str, str, str]:
    letters = dict(zip(dict.fromkeys((*first, *second)), LETTERS, strict=False))
    one, other, result = ("".join(letters[a] for a in axes) for axes in (first, second, kept))
    return one, other, result


def _renamed(subscripts: tuple[str, ...]) -> tuple[str, ...]:
    """The same subscripts with letters in the order in which they occur."""
    letters = dict(zip(dict.fromkeys("".join(subscripts)), LETTERS, strict=False))
    return tuple("".join(letters[c] for c in part) for part in subscripts)
