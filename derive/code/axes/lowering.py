"""From a term to a node of an array program: free indices are axes 0, 1, ..., a sum has the next ones.

No intermediate has more axes than an argument, a definition or the result: sums of products are contracted, and a product
with a difference is distributed where that would break the rule. Raises CannotLower with the subterm that has no operation.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce

from ...engine.forms import addends as spread
from ...engine.forms import product
from ...kernel.context import Context
from ...kernel.terms import Term, indices, open_, subst_index
from ..errors import CannotLower
from . import patterns as p
from .contraction import contracted
from .node import Axis, Maker, Node
from .pieces import (
    addends,
    axis_of,
    comes_first,
    factored,
    is_number,
    letter,
    mentions,
    nesting,
    size_of,
    without_deltas,
    without_step,
)

UNARY = ("exp", "log", "sqrt", "abs", "erf")


@dataclass(frozen=True)
class Peak:
    """An arbitrary number of the theorems that becomes the largest value of a term over a set: `body` opened at `letters`,
    which are its own indices, with the index of the set left bound."""
    set: str
    letters: tuple[Term, ...]
    body: Term


@dataclass
class Lowering:
    """`forms`: what is computed for a definition, at letters; `batch`: whether rows may come before the axes; `needed`: the
    arrays that are read anyway; `result`: the sets of the result's axes."""
    ctx: Context
    forms: Mapping[str, tuple[tuple[Term, ...], Term]]
    peaks: Mapping[str, Peak]
    batch: bool
    needed: frozenset[str]
    result: tuple[str, ...]
    make: Maker = field(default_factory=Maker)
    names: dict[Node, str] = field(default_factory=dict)
    memo: dict[Term, Node] = field(default_factory=dict)

    # ------------------------------------------------------------ from outside
    def lower(self, t: Term, order: Sequence[Term]) -> Node:
        """The node of a term, with an axis for each index of `order`."""
        node = self.at(subst_index(t, {i.data: letter(n, i.data[1]) for n, i in enumerate(order)}))
        axes = tuple((n, i.data[1]) for n, i in enumerate(order))
        for axis in axes:
            if axis not in node.axes:
                node = self.apply("add", node, self._zeros(axis))
        if node.axes != axes:
            raise CannotLower(f"{t}: axes {node.axes} where {axes} are needed")
        return node

    def at(self, t: Term) -> Node:
        """The node of a term whose free indices are letters of axes; equal but for the letters is one node."""
        used = sorted(map(axis_of, indices(t)))
        if [n for n, _ in used] != [*range(len(used))]:
            inner = self.at(subst_index(t, {letter(*a).data: letter(n, a[1]) for n, a in enumerate(used)}))
            return self.make("view", (inner,), tuple(used[n] for n, _ in inner.axes))
        if t not in self.memo:
            self.memo[t] = self._node(t)
        return self.memo[t]

    # ------------------------------------------------------------ terms
    def _node(self, t: Term) -> Node:
        known = p.hyperbolic_argument(t)
        if known is not None:
            return self.apply(known[0], self.at(known[1]))
        match t.op:
            case "num":
                return self.number(t.data)
            case "pi":
                return self.make("pi")
            case "size":
                return self._size(t.data)
            case "arr":
                return self._entry(t)
            case "delta":
                return self._delta(t)
            case "sum":
                return self._sum(t)
            case "add" | "neg":
                return self._add(t)
            case "mul" | "inv":
                return self._mul(t)
            case "max":
                return self._max(t)
            case "step":
                return self.apply("above", self.at(t.args[0]))
        if t.op not in UNARY:
            raise CannotLower(f"{t}: no array operation for {t.op}")
        return self._unary(t)

    def number(self, value: Fraction | int) -> Node:
        return self.make("number", data=Fraction(value), fixed=True)

    def _unary(self, t: Term) -> Node:
        u, (inner,) = p.softplus_argument(t), t.args
        if u is not None:
            v = self.at(u)
            small = self.apply("exp", self.apply("neg", self._abs(v)))
            return self.apply("add", self.apply("positive", v), self.apply("log1p", small))
        rest = p.plus_one(inner) if t.op == "log" else None
        if rest is not None:
            return self.apply("log1p", self.at(rest))
        if t.op == "abs":
            return self._abs(self.at(inner))
        node = self.at(inner)
        return self.make("root", (node,)) if t.op == "sqrt" and self._is_constant(node) else self.apply(t.op, node)

    def _abs(self, x: Node) -> Node:
        return self.apply("abs", x.args[0] if x.op == "neg" else x)

    def _is_constant(self, x: Node) -> bool:
        """Whether a node is a number of the language, no array."""
        return x.op in ("number", "pi", "size") or x.op != "input" and bool(x.args) and all(map(self._is_constant, x.args))

    def _max(self, t: Term) -> Node:
        u = p.positive_argument(t)
        return self.apply("maximum", *map(self.at, t.args)) if u is None else self.apply("positive", self.at(u))

    # ------------------------------------------------------------ arrays
    def _entry(self, t: Term) -> Node:
        """An argument, a definition or a peak, with its axes in ascending order."""
        if t.data in self.peaks:
            return self._peak(t)
        sets = self.ctx.arrays[t.data] if t.data in self.ctx.arrays else self.ctx.definitions[t.data][0]
        stored = self._stored(t.data, sets)
        places = [axis_of(i.data) for i in t.args]
        if len({*places}) < len(places):
            if len(places) != 2 or self.batch:
                raise CannotLower(f"{t}: an array with equal indices; accepted is the diagonal of a matrix")
            return self.make("diagonal", (stored,), (places[0],))
        order = sorted(range(len(places)), key=lambda n: places[n])
        if order == [*range(len(places))]:
            return stored
        if self.batch:
            raise CannotLower(f"{t}: transposed, where rows may come before its axes")
        return self.make("transpose", (stored,), tuple(sorted(places)), tuple(order))

    def _stored(self, name: str, sets: tuple[str, ...]) -> Node:
        axes = tuple(enumerate(sets))
        if name in self.ctx.arrays:
            return self.make("input", (), axes, name, fixed=not sets)
        if name not in self.forms:
            raise CannotLower(f"{name} is neither an argument nor has it a form")
        letters, value = self.forms[name]
        node = self.lower(value, letters)
        if node.op not in ("input", "number", "view"):
            self.names.setdefault(node, name)
        return node

    def _peak(self, t: Term) -> Node:
        peak = self.peaks[t.data]
        own = {i.data: a for i, a in zip(peak.letters, t.args, strict=True)}
        last = 1 + max([n for n, _ in map(axis_of, indices(t))], default=-1)
        body = self.at(open_(subst_index(peak.body, own), [letter(last, peak.set)]))
        axes = tuple(a for a in body.axes if a != (last, peak.set))
        return self.make("peak", (body,), axes, -1)

    def _delta(self, t: Term) -> Node:
        if t.args[0] is t.args[1]:
            return self.number(1)
        axes = sorted(axis_of(i.data) for i in t.args)
        array, place = self._with(axes[0][1])
        return self.make("eye", (array,), axes, place, fixed=False)

    def _size(self, s: str) -> Node:
        array, place = self._with(s)
        return self.make("size", (array,), (), place, fixed=True)

    def _zeros(self, axis: Axis) -> Node:
        array, place = self._with(axis[1])
        return self.make("zeros", (array,), (axis,), (place,) if not self.batch else (), fixed=False)

    def _with(self, s: str) -> tuple[Node, int]:
        """An array that has an axis over a set, one that is read anyway if there is one; and which axis that is."""
        having = [name for name, sets in self.ctx.arrays.items() if s in sets and name not in self.peaks]
        if not having:
            raise CannotLower(f"no argument has an axis over {s}")
        name = next((n for n in having if n in self.needed), having[0])
        sets = self.ctx.arrays[name]
        array = self.make("input", (), tuple(enumerate(sets)), name, fixed=False)
        return array, sets.index(s) - (len(sets) if self.batch else 0)

    # ------------------------------------------------------------ sums of products
    def _sum(self, t: Term) -> Node:
        """Sums in a row, opened at new axes."""
        free = sorted(map(axis_of, indices(t)))
        depth = nesting(t)
        opened = self._opened(t, len(free))
        if not comes_first(*opened):
            return self._total(*opened)
        ahead = subst_index(t, {letter(*a).data: letter(a[0] + depth, a[1]) for a in free})
        node = self._total(*self._opened(ahead, 0))
        return self.make("view", (node,), tuple((n - depth, s) for n, s in node.axes))

    def _opened(self, t: Term, first: int) -> tuple[Term, list[Term]]:
        bound: list[Term] = []
        while t.op == "sum":
            bound.append(letter(first + len(bound), t.data))
            t = open_(t.args[0], [bound[-1]])
        return t, bound

    def _total(self, t: Term, bound: list[Term]) -> Node:
        """The sum of a term over axes."""
        sign, coefficient, parts = factored(t)
        parts, bound = without_deltas(parts, bound)
        inside = [f for f in parts if mentions(f, bound)]
        outside = [f for f in parts if not mentions(f, bound)]
        node = self._distributed(inside, bound) if inside else None
        for i in bound:
            if not mentions(product(inside), [i]):
                outside.append(size_of(i))
        if node is None or outside or coefficient != 1:
            rest = self._product(coefficient, outside)
            node = rest if node is None else self._times(rest, node)
        return node if sign > 0 else self._negated(node)

    def _times(self, x: Node, y: Node) -> Node:
        """A product, with a quotient of numbers or scalars as division."""
        if x.op == "div" and x.args[0] is self.number(1):
            return self.apply("div", y, x.args[1])
        return y if x is self.number(1) else self.apply("mul", x, y)

    def _distributed(self, inside: list[Term], bound: list[Term]) -> Node:
        """The sum of a product; of each addend, where a factor would be larger than anything that is needed."""
        for n, f in enumerate(inside):
            if f.op in ("add", "neg") and not self._fits(map(axis_of, indices(f))):
                rest = inside[:n] + inside[n + 1:]
                parts = [(s, self._total(product([u, *rest]), list(bound))) for s, u in spread(f)]
                return self._added(parts)
        axes = {axis_of(i.data) for i in bound if mentions(product(inside), [i])}
        return contracted(self, [self._factor(f) for f in inside], axes)

    def _factor(self, f: Term) -> Node:
        return self.apply("div", self.number(1), self.at(f.args[0])) if f.op == "inv" else self.at(f)

    def _fits(self, axes: Iterable[Axis]) -> bool:
        """Whether an array with these axes is no larger than an argument, a definition or the result."""
        sets = Counter(s for _, s in axes)
        shapes = [*self.ctx.arrays.values(), *[own for own, _ in self.ctx.definitions.values()], self.result]
        return any(sets <= Counter(own) for own in shapes)

    # ------------------------------------------------------------ products and sums of terms
    def _mul(self, t: Term) -> Node:
        u = p.tanh_argument(t)
        if u is not None:
            return self.apply("tanh", self.at(u))
        sign, coefficient, parts = factored(t)
        node = self._product(coefficient, parts)
        return node if sign > 0 else self._negated(node)

    def _product(self, coefficient: Fraction, parts: list[Term]) -> Node:
        """Numbers, then factors, then divisors; where a step is 0, the rest of the product does not matter."""
        tops = [f for f in parts if f.op != "inv" and p.step_argument(f) is None]
        steps = [found for f in parts if (found := p.step_argument(f)) is not None]
        node = self.number(coefficient.numerator) if coefficient.numerator != 1 or not tops else None
        for f in sorted(tops, key=is_number):
            node = self.at(f) if node is None else self.apply("mul", node, self.at(f))
        assert node is not None
        for below in self._divisors([f.args[0] for f in parts if f.op == "inv"]):
            node = self.apply("div", node, below)
        if coefficient.denominator != 1:
            node = self.apply("div", node, self.number(coefficient.denominator))
        for c, above in steps:
            node = self.apply("above", self.at(c)) if node is self.number(1) and above else self._where(c, above, node)
        return node

    def _divisors(self, terms: list[Term]) -> list[Node]:
        """What depends on arguments or sizes in one product, numbers alone."""
        numbers = [self.at(u) for u in terms if is_number(u)]
        others = [self.at(u) for u in terms if not is_number(u)]
        return [*([reduce(lambda x, y: self.apply("mul", x, y), others)] if others else []), *numbers]

    def _where(self, c: Term, above: bool, node: Node) -> Node:
        zero = self.number(0)
        return self.apply("where", self.at(c), *((node, zero) if above else (zero, node)))

    def _add(self, t: Term) -> Node:
        parts = addends(t)
        inner = p.minus_one(t)
        if inner is not None and inner.op == "exp":
            return self.apply("expm1", self.at(inner.args[0]))
        return self._added([*self._choices(parts), *[(s, self.at(u)) for s, u in parts]])

    def _choices(self, parts: list[tuple[int, Term]]) -> list[tuple[int, Node]]:
        """x step(c) + y (1 - step(c)) is one choice; its addends are taken out of the list."""
        found = []
        split = [(s, *without_step(u)) for s, u in parts]
        for c in dict.fromkeys(c for _, _, c, _ in split if c is not None):
            groups = [[(s, rest) for s, rest, d, above in split if d is c and above is side] for side in (True, False)]
            if all(groups):
                x, y = (self._added([(s, self.at(rest)) for s, rest in g]) for g in groups)
                found.append((1, self.apply("where", self.at(c), x, y)))
                parts[:] = [part for part, row in zip(parts, split, strict=True) if row[2] is not c]
                split = [row for row in split if row[2] is not c]
        return found

    def _added(self, parts: list[tuple[int, Node]]) -> Node:
        """The sum of nodes with signs; a positive one comes first, if there is one."""
        if not parts:
            return self.number(0)
        parts = [(-sign, x.args[0]) if x.op == "neg" else (sign, x) for sign, x in parts]
        parts = sorted(parts, key=lambda part: part[0] < 0) if parts[0][0] < 0 else parts
        sign, node = parts[0]
        node = node if sign > 0 else self._negated(node)
        for sign, more in parts[1:]:
            node = self.apply("add" if sign > 0 else "sub", node, more)
        return node

    def _negated(self, x: Node) -> Node:
        if x.op == "neg":
            return x.args[0]
        return self.apply("sub", *reversed(x.args)) if x.op == "sub" and x not in self.names else self.apply("neg", x)

    # ------------------------------------------------------------ broadcasting
    def apply(self, op: str, *args: Node) -> Node:
        """An elementwise operation on arrays that are broadcast."""
        axes = tuple(sorted({a for arg in args for a in arg.axes}))
        return self.make(op, [self._expanded(a, axes) for a in args], axes)

    def _expanded(self, x: Node, axes: tuple[Axis, ...]) -> Node:
        """x with new axes of length 1 where NumPy would not put them by itself."""
        bare = x.fixed and not x.axes or x.axes == axes
        leading = x.axes == axes[len(axes) - len(x.axes):]
        if bare or leading and (not self.batch or x.op == "eye"):
            return x
        return self.make("expand", (x,), axes, (int(self.batch), *[int(a in x.axes) for a in axes]))
