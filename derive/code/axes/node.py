"""Array programs with named axes: a node is an operator of the closed table, its arguments, its axes and data.

An axis is a number and its index set; axes of a node ascend, so that broadcasting is adding axes of length 1. Nodes come
from one Maker and are equal only if they are identical. A backend spells each operator once.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ..errors import CannotLower

Axis = tuple[int, str]
Data = str | int | Fraction | tuple[int, ...] | None
LONG = 9                                                      # operations in one expression


@dataclass(frozen=True, slots=True)
class Operator:
    """binds: how tightly the spelled operator binds where it is infix; needs: how tightly each argument must bind."""
    name: str
    needs: tuple[int, ...]
    meaning: str
    binds: int = 9
    letter: str = "t"                                         # what a shared value is called
    quiet: bool = False                                       # never named, and no weight in an expression


OPERATORS = {row.name: row for row in (
    Operator("input", (), "an argument, or a value that has a name", quiet=True),
    Operator("number", (), "a rational number", quiet=True),
    Operator("pi", (), "half the circumference of the unit circle", quiet=True),
    Operator("size", (9,), "the length of an axis of an array", quiet=True),
    Operator("add", (1, 2), "x + y", binds=1),
    Operator("sub", (1, 2), "x - y", binds=1, letter="d"),
    Operator("mul", (2, 3), "x y", binds=2),
    Operator("div", (2, 3), "x / y", binds=2, letter="ratio"),
    Operator("neg", (3,), "-x", binds=3),
    Operator("exp", (0,), "e^x", letter="e"),
    Operator("expm1", (0,), "e^x - 1, accurate for small x"),
    Operator("log", (0,), "natural logarithm", letter="log_s"),
    Operator("log1p", (0,), "log(1 + x), accurate for small x", letter="log_s"),
    Operator("sqrt", (0,), "square root", letter="root"),
    Operator("root", (0,), "square root of what is no array", letter="root", quiet=True),
    Operator("abs", (0,), "|x|"),
    Operator("tanh", (0,), "hyperbolic tangent"),
    Operator("sinh", (0,), "hyperbolic sine"),
    Operator("cosh", (0,), "hyperbolic cosine"),
    Operator("erf", (0,), "error function"),
    Operator("positive", (0,), "x where it is positive, else 0"),
    Operator("maximum", (0, 0), "the larger of x and y"),
    Operator("above", (0,), "1 where 0 < x, else 0"),
    Operator("where", (2, 0, 0), "x where 0 < c, else y"),
    Operator("sum", (0,), "sum over axes; from the right where rows may come before; over all if none is given", letter="s"),
    Operator("peak", (0,), "the largest entry along an axis, given from the right; 0 where that is not finite", letter="m"),
    Operator("matmul", (9, 9), "matrix product; which of the matrices are transposed (n, t), one letter each", binds=2),
    Operator("contract", (0, 0), "sum of products over axes that two arrays share, as subscripts"),
    Operator("view", (0,), "the same array; its axes have other names", quiet=True),
    Operator("expand", (9,), "new axes of length 1: whether rows come before; for each axis 1, or 0 for a new one", quiet=True),
    Operator("transpose", (9,), "axes in another order", quiet=True),
    Operator("diagonal", (0,), "the entries of a square array with equal indices"),
    Operator("eye", (9,), "the identity matrix of the length of an axis of an array", letter="eye"),
    Operator("zeros", (9,), "0 along an axis of an array, as long as that"),
)}


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    """`fixed`: one number for all rows of a batch, since it depends on scalars and sizes alone."""
    op: str
    args: tuple[Node, ...] = ()
    axes: tuple[Axis, ...] = ()
    data: Data = None
    fixed: bool = False


@dataclass
class Maker:
    """Makes each node once."""
    made: dict[tuple[str, tuple[int, ...], tuple[Axis, ...], Data], Node] = field(default_factory=dict)

    def __call__(self, op: str, args: Iterable[Node] = (), axes: Iterable[Axis] = (), data: Data = None,
                 fixed: bool | None = None) -> Node:
        """Raises CannotLower for an operator that takes another number of arguments."""
        args, axes = tuple(args), tuple(axes)
        if len(args) != len(OPERATORS[op].needs):
            raise CannotLower(f"{op} takes {len(OPERATORS[op].needs)} arguments, found {len(args)}")
        key = (op, tuple(map(id, args)), axes, data)
        if key not in self.made:
            own = all(a.fixed for a in args) if fixed is None else fixed
            self.made[key] = Node(op, args, axes, data, own)
        return self.made[key]


def below(*roots: Node) -> list[Node]:
    """Every node that roots are made of, each once, arguments before what uses them."""
    found: dict[Node, None] = {}

    def visit(node: Node) -> None:
        if node not in found:
            for a in node.args:
                visit(a)
            found[node] = None
    for root in roots:
        visit(root)
    return list(found)


@dataclass(frozen=True, slots=True)
class Program:
    """Named values in order, then the results; `inputs` are the arguments that it reads, in their order."""
    inputs: tuple[str, ...]
    lets: tuple[tuple[str, Node], ...]
    results: tuple[Node, ...]

    def operators(self) -> set[str]:
        return {n.op for n in below(*[value for _, value in self.lets], *self.results)}


def program(make: Maker, inputs: Iterable[str], results: tuple[Node, ...], names: Mapping[Node, str],
            reserved: Iterable[str]) -> Program:
    """Name what has a name in the theorems, what is used twice and what gets long; the rest stays inline. `reserved` names are
    given to nothing else."""
    inputs, nodes = tuple(inputs), below(*results)
    uses = Counter([a for n in nodes for a in n.args] + list(results))
    read = {n.data for n in nodes if n.op == "input"}
    kept = tuple(i for i in inputs if i in read)
    shared = {n for n in nodes if n in names or uses[n] > 1 and not OPERATORS[n.op].quiet}
    return _Sharing(make, shared - set(results), names, {*inputs, *reserved}, kept).program(nodes, results)


class _Sharing:
    def __init__(self, make: Maker, shared: set[Node], names: Mapping[Node, str], taken: set[str],
                 inputs: tuple[str, ...]) -> None:
        self.make, self.shared, self.names, self.taken, self.inputs = make, shared, names, taken, inputs
        self.lets: list[tuple[str, Node]] = []
        self.length: Counter[Node] = Counter()

    def program(self, nodes: list[Node], results: tuple[Node, ...]) -> Program:
        done: dict[Node, Node] = {}
        for node in nodes:
            new = self.make(node.op, [done[a] for a in node.args], node.axes, node.data, node.fixed)
            quiet = OPERATORS[node.op].quiet
            self.length[new] = (not quiet or node.op == "expand") + sum(self.length[a] for a in new.args)
            named = node in self.shared or self.length[new] > LONG and not quiet and node not in results
            done[node] = self._named(node, new) if named else new
        return Program(self.inputs, tuple(self.lets), tuple(done[r] for r in results))

    def _named(self, node: Node, new: Node) -> Node:
        name = self.names.get(node) or next(self._letters(OPERATORS[node.op].letter))
        self.taken.add(name)
        self.lets.append((name, new))
        return self.make("input", (), node.axes, name, node.fixed)

    def _letters(self, letter: str) -> Iterator[str]:
        yield from (f"{letter}{n or ''}" for n in (0, *range(2, 1000)) if f"{letter}{n or ''}" not in self.taken)
