"""Array programs: what a theorem computes, as operations on arrays with named axes, in no particular language.

A node is an operator of the closed table below, its arguments, its axes in storage order (the batch comes before all of
them and is not named) and data. Equal nodes are equal values. A backend spells each operator once.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from .errors import CannotLower

QUIET = ("input", "number", "expand", "view")                 # never named, and no weight in an expression
LONG = 8                                                      # operations in one expression
Data = str | int | Fraction | tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class Operator:
    """binds: how tightly the spelled operator binds where it is infix; needs: how tightly each argument must bind."""
    name: str
    needs: tuple[int, ...]
    meaning: str
    binds: int = 9
    letter: str = "t"                                         # what a shared value is called
    statement: bool = False                                   # changes an array that it owns, so it is never inline


OPERATORS = {row.name: row for row in (
    Operator("input", (), "an argument of the program, by name"),
    Operator("number", (), "a rational number"),
    Operator("size", (9,), "the number of elements of the class axis of an array"),
    Operator("add", (1, 2), "x + y", binds=1),
    Operator("sub", (1, 2), "x - y", binds=1, letter="d"),
    Operator("mul", (2, 3), "x y", binds=2),
    Operator("div", (2, 3), "x / y", binds=2, letter="q"),
    Operator("neg", (3,), "-x", binds=3),
    Operator("exp", (0,), "e^x", letter="e"),
    Operator("exp_apart", (0, 9), "e^(x - m), m one number a row, with what the difference loses to rounding", letter="e"),
    Operator("log", (0,), "natural logarithm", letter="log_s"),
    Operator("log1p", (0,), "log(1 + x), accurate for small x", letter="log_s"),
    Operator("sqrt", (0,), "square root", letter="root"),
    Operator("abs", (0,), "|x|"),
    Operator("maximum", (0, 0), "the larger of x and y"),
    Operator("step", (0,), "1 if 0 < x, else 0"),
    Operator("weigh", (0, 0), "w x, and 0 where w = 0 and x = -inf: t log t is 0 at t = 0"),
    Operator("choose", (2, 2, 0, 0), "u where x = y, v elsewhere"),
    Operator("sum", (0,), "sum over an axis", letter="s"),
    Operator("peak", (0,), "the largest entry along the class axis; NaN where that is not finite", letter="m"),
    Operator("finite_peak", (0,), "the largest entry along the class axis; 0 where that is not finite", letter="m"),
    Operator("view", (9,), "the same array; its axis has another name"),
    Operator("expand", (9,), "new axes of length 1 at the given places"),
    Operator("eye", (0,), "the identity matrix of the size of the class axis of an array", letter="eye"),
    Operator("rows", (0,), "0, 1, ..., number of rows - 1", letter="rows"),
    Operator("pick", (9, 0, 0), "the entry at the label of each row", letter="p"),
    Operator("without", (0, 0, 0), "0 at the label of each row, x elsewhere", letter="others", statement=True),
    Operator("place", (0, 0, 0, 0), "v at the label of each row, x elsewhere", letter="g", statement=True),
    Operator("bump", (0, 0, 0, 0), "v added at the label of each row", letter="g", statement=True),
)}


@dataclass(frozen=True, slots=True)
class Node:
    op: str
    args: tuple[Node, ...] = ()
    axes: tuple[str, ...] = ()
    data: Data = None

    def __post_init__(self) -> None:
        if len(self.args) != len(OPERATORS[self.op].needs):
            raise CannotLower(f"{self.op} takes {len(OPERATORS[self.op].needs)} arguments, found {len(self.args)}")

    def nodes(self) -> Iterator[Node]:
        """This node and all below it, with repetitions."""
        yield self
        for a in self.args:
            yield from a.nodes()


@dataclass(frozen=True, slots=True)
class Let:
    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class Program:
    """A function of its inputs: named values in order, then the results. `theorems` say what each result is."""
    name: str
    inputs: tuple[str, ...]
    lets: tuple[Let, ...]
    results: tuple[Node, ...]
    theorems: tuple[str, ...]

    def operators(self) -> set[str]:
        return {n.op for root in (*(let.value for let in self.lets), *self.results) for n in root.nodes()}


def program(name: str, inputs: tuple[str, ...], results: tuple[Node, ...], theorems: tuple[str, ...]) -> Program:
    """Name what is used twice, what changes an array and what gets long; the rest stays inline."""
    uses: Counter[Node] = Counter(results)
    seen: set[Node] = set()
    todo = list(results)
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            uses.update(node.args)
            todo += node.args
    sharing = _Sharing({n for n in seen if n.op not in QUIET and (uses[n] > 1 or OPERATORS[n.op].statement)}, inputs)
    finals = tuple(sharing(r) for r in results)
    return Program(name, inputs, tuple(sharing.lets), finals, theorems)


class _Sharing:
    def __init__(self, shared: set[Node], inputs: tuple[str, ...]) -> None:
        self.shared, self.taken = shared, Counter(inputs)
        self.lets: list[Let] = []
        self.done: dict[Node, Node] = {}
        self.length: Counter[Node] = Counter()

    def __call__(self, node: Node) -> Node:
        if node not in self.done:
            new = Node(node.op, tuple(self(a) for a in node.args), node.axes, node.data)
            self.length[new] = (new.op not in QUIET) + sum(self.length[a] for a in new.args)
            long = self.length[new] > LONG and node.op not in QUIET
            self.done[node] = self._named(new) if node in self.shared or long else new
        return self.done[node]

    def _named(self, node: Node) -> Node:
        letter = OPERATORS[node.op].letter
        self.taken[letter] += 1
        name = letter if self.taken[letter] == 1 else f"{letter}{self.taken[letter]}"
        self.lets.append(Let(name, node))
        return Node("input", (), node.axes, name)
