"""From a term to a node of an array program: the only place that knows what an indexed expression is as arrays.

A free index becomes an axis; a bound one too, and a sum reduces it. The label index k is no axis: x[k] picks one entry a row,
and 1 - delta(i,k) leaves it out. Raises CannotLower with the subterm that has no array operation.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..engine.forms import factors, product
from ..kernel.conditions import ONE, ZERO, guard
from ..kernel.terms import Term, ix, mk, open_
from .errors import CannotLower
from .program import Node

LABEL = "label"                                               # where an index points that is no axis
AXES = ("#", "#1", "#2", "#3", "#4")
MAIN = "#"                                                    # the axis along which arrays are stored
UNARY = {"exp": "exp", "log": "log", "sqrt": "sqrt", "abs": "abs", "step": "step", "neg": "neg"}


@dataclass(frozen=True)
class Lowering:
    """What the letters of a term mean: which array is which input, which index is which axis."""
    logits: str                                               # the input that has the batch and the class axis
    inputs: Mapping[str, str]                                 # array -> input
    weights: frozenset[str] = frozenset()                     # arrays whose 0 wins over an infinite factor
    shift: tuple[str, str] = ("", "peak")                     # the scalar that stands for the row maximum, and which peak
    place: Mapping[str, str] = field(default_factory=dict)    # index letter -> axis, or LABEL
    sets: frozenset[str] = frozenset()                        # the index set of the class axis

    # ------------------------------------------------------------ entries
    def node(self, t: Term) -> Node:
        """The node of a real term. What varies along one axis is computed along "#", whatever the axis is called, so that
        e[i] and e[j] are one array."""
        (letter, axis), *more = sorted({(n[0], self.place[n[0]]) for n in t.names if isinstance(n, tuple)
                                        and self.place.get(n[0], LABEL) != LABEL}) or [("", MAIN)]
        if more or axis == MAIN:
            return self._node(t)
        along = replace(self, place={**self.place, letter: MAIN})
        return Node("view", (along.node(t),), (axis,))

    def _node(self, t: Term) -> Node:
        match t.op:
            case "num":
                return Node("number", (), (), t.data)
            case "size":
                return Node("size", (self.whole(),))
            case "arr" if t.data == self.shift[0]:
                return Node(self.shift[1], (self.whole(),), (), 0)
            case "arr":
                return self._entry(t)
            case "delta":
                return self._delta(t)
            case "sum":
                return self._sum(t)
            case "add":
                return self._add(*t.args)
            case "mul":
                return self._mul(*t.args)
            case "inv":
                return self.apply("div", Node("number", (), (), ONE.data), self.node(t.args[0]))
            case "max":
                return self.apply("maximum", *map(self.node, t.args))
        if t.op not in UNARY:
            raise CannotLower(f"{t}: no array operation for {t.op}; accepted are sums, products, quotients, "
                              f"{', '.join(UNARY)}, max, delta and arrays of the roles")
        return self.apply(UNARY[t.op], self.node(t.args[0]))

    def whole(self) -> Node:
        """The array of logits itself."""
        return Node("input", (), (MAIN,), self.logits)

    def axis(self, i: Term) -> str:
        if i.data[0] not in self.place or i.data[1] not in self.sets:
            raise CannotLower(f"the index {i} over {i.data[1]} is neither an axis nor the label; axes are {sorted(self.place)}")
        return self.place[i.data[0]]

    def _entry(self, t: Term) -> Node:
        if t.data not in self.inputs:
            raise CannotLower(f"{t}: {t.data} is no input; inputs are {', '.join(sorted(self.inputs))}")
        axes = tuple(self.axis(i) for i in t.args)
        if axes == (LABEL,):
            return self.at_label("pick", Node("input", (), (MAIN,), self.inputs[t.data]))
        if LABEL in axes or len(axes) > 1:
            raise CannotLower(f"{t}: an array with one axis besides the batch is accepted")
        return Node("input", (), axes, self.inputs[t.data])

    def at_label(self, op: str, x: Node, *more: Node) -> Node:
        axes = () if op == "pick" else x.axes
        return Node(op, (x, Node("rows", (self.whole(),)), Node("input", (), (), "labels"), *more), axes)

    def _delta(self, t: Term) -> Node:
        axes = tuple(sorted({self.axis(i) for i in t.args}))
        if len(axes) < 2:
            return Node("number", (), (), ONE.data)
        if LABEL in axes:
            raise CannotLower(f"{t}: a delta with the label stands in x - delta, (1 - delta) x or delta x only")
        return Node("eye", (self.whole(),), axes, "unbatched")

    # ------------------------------------------------------------ sums, and products within them
    def _sum(self, t: Term) -> Node:
        if t.data not in self.sets:
            raise CannotLower(f"{t}: a sum over {t.data}; the class axis is {', '.join(sorted(self.sets))}")
        used = {self.place[n[0]] for n in t.args[0].names if isinstance(n, tuple) and n[0] in self.place}
        letter = next(a for a in AXES if a not in used)
        inner = replace(self, place={**self.place, letter: letter})
        body = inner.node(open_(t.args[0], [ix(letter, t.data)]))
        if letter not in body.axes:
            return self.apply("mul", Node("size", (self.whole(),)), body)
        return Node("sum", (body,), tuple(a for a in body.axes if a != letter), body.axes.index(letter))

    def _add(self, x: Term, y: Term) -> Node:
        if x.op == "neg" and y.op != "neg":
            x, y = y, x
        for a, b in ((x, y), (y, x)):
            at = self._at_label(b)
            if at is not None:
                return self._placed(a, at)
        minus = y.op == "neg"
        return self.apply("sub" if minus else "add", self.node(x), self.node(y.args[0] if minus else y))

    def _at_label(self, t: Term) -> Term | None:
        """v where t = delta(i,k) v up to sign, k the label."""
        if t.op == "neg":
            inner = self._at_label(t.args[0])
            return None if inner is None else mk("neg", None, inner)
        delta, value = (t.args[0], t.args[1]) if t.op == "mul" else (t, ONE)
        if delta.op != "delta" or LABEL not in [self.axis(i) for i in delta.args]:
            return None
        return value

    def _placed(self, x: Term, value: Term) -> Node:
        """x + delta(i,k) value: put at the label where x leaves it out, else added there."""
        parts = factors(x)
        base = self.node(product(parts[1:]) if self._leaves_out(parts[0]) and len(parts) == 2 else x)
        return self.at_label("place" if any(map(self._leaves_out, parts)) else "bump", base, self.node(value))

    def _leaves_out(self, factor: Term) -> bool:
        found = guard(factor)
        return found is not None and found[0] == "unless" and LABEL in [self.axis(i) for i in found[1:]]

    def _mul(self, x: Term, y: Term) -> Node:
        if self._leaves_out(x):
            return self.at_label("without", self.node(y))
        if x.op == "arr" and x.data in self.weights and y is not ZERO and _may_be_infinite(y):
            return self.apply("weigh", self.node(x), self.node(y))
        if y.op == "inv":
            return self.apply("div", self.node(x), self.node(y.args[0]))
        return self.apply("mul", self.node(x), self.node(y))

    # ------------------------------------------------------------ broadcasting
    def apply(self, op: str, *args: Node) -> Node:
        """An elementwise operation; arguments with fewer axes get new ones, so that no backend has to guess."""
        axes = tuple(sorted({a for arg in args for a in arg.axes}))
        if op == "neg" and args[0].op == "sub":
            return self.apply("sub", *reversed(args[0].args))
        if op == "log" and args[0].op == "add" and any(a.op == "number" and a.data == 1 for a in args[0].args):
            rest = max(args[0].args, key=lambda a: a.op != "number")
            return Node("log1p", (rest,), axes)
        return Node(op, tuple(expanded(a, axes) for a in args), axes)


def expanded(node: Node, axes: tuple[str, ...]) -> Node:
    """The node with the given axes: those that it lacks have length 1."""
    if node.axes == axes or _constant(node):
        return node
    if not set(node.axes) < set(axes) or list(node.axes) != [a for a in axes if a in node.axes]:
        raise CannotLower(f"axes {node.axes} do not fit {axes}")
    return Node("expand", (node,), axes, tuple(n for n, a in enumerate(axes) if a not in node.axes))


def _constant(node: Node) -> bool:
    """Whether a node is one number for the whole batch."""
    return node.op in ("number", "size") or bool(node.args) and all(map(_constant, node.args))


def _may_be_infinite(t: Term) -> bool:
    """Whether a term is -inf for a logit of -inf: a logarithm, or a logit outside exp."""
    return t.op in ("log", "arr") or t.op not in ("exp", "inv") and any(_may_be_infinite(a) for a in t.args)
