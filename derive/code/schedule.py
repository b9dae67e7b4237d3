"""In which buffer, and in which order, a program for blocks of rows computes: arrays with the class axis in place wherever their
last use allows it, numbers of rows as expressions.

Two programs of the same results may stand behind one another: one without a shift, and the stable one, which computes the block
again where a number of the first is out of range. What is equal over the reals is decided elsewhere.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from .lowering import MAIN, expanded
from .program import LONG, OPERATORS, QUIET, Node

LOOKS = ("expand", "view")                                    # the same numbers along other axes
SCALE = "scale"                                               # the input by which a gradient is multiplied
ONE = Node("number", (), (), Fraction(1))


@dataclass(frozen=True, slots=True)
class Line:
    """One statement: `target` = value (name) or a copy of it (copy), the value into the array `target` (into), or a change of
    `target` that the value says (change)."""
    kind: str
    target: str
    value: Node


@dataclass(frozen=True, slots=True)
class Block:
    """The statements for one block of rows. `low` must be at least 1 and `high` in range for the lines `after` to count."""
    before: tuple[Line, ...]
    low: Node | None
    high: Node | None
    after: tuple[Line, ...]
    theorems: tuple[str, ...]

    def operators(self) -> set[str]:
        return {n.op for line in (*self.before, *self.after) for n in line.value.nodes()}


@dataclass(frozen=True, slots=True)
class Kernel:
    """A function of blocks of rows that writes `results`; `scaled`: whether a gradient among them is multiplied by SCALE."""
    name: str
    inputs: tuple[str, ...]
    results: tuple[str, ...]
    whole: frozenset[str]                                     # the results that have the class axis
    scaled: bool
    plain: Block | None
    shifted: Block

    @property
    def blocks(self) -> tuple[Block, ...]:
        return (self.plain, self.shifted) if self.plain else (self.shifted,)

    @property
    def theorems(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(t for b in self.blocks for t in b.theorems))


@dataclass(frozen=True)
class Results:
    """What a block computes: result -> node, and the theorems that say so."""
    nodes: Mapping[str, Node]
    theorems: tuple[str, ...]


def schedulable(results: Results) -> bool:
    """Whether everything has the class axis or none, so that rows are computed apart from one another."""
    return all(m.axes in ((), (MAIN,)) and m.op != "eye" for node in results.nodes.values() for m in _in_order(node))


def kernel(name: str, inputs: tuple[str, ...], scaled: str, shifted: Results, plain: Results | None) -> Kernel:
    """The schedule of results. `scaled`: the result that is multiplied by SCALE, if any."""
    whole = frozenset(n for n, node in shifted.nodes.items() if MAIN in node.axes)
    made = _Maker(whole, scaled, inputs)
    unchecked = made.checked(plain) if plain is not None else None
    return Kernel(name, inputs, tuple(shifted.nodes), whole, bool(scaled), unchecked, made.block(shifted))


@dataclass(frozen=True)
class _Maker:
    whole: frozenset[str]
    scaled: str
    inputs: tuple[str, ...]

    def nodes(self, results: Results) -> dict[str, Node]:
        factor = Node("input", (), (), SCALE)
        nodes = {n: multiplied(node, factor if n == self.scaled else ONE) if n in self.whole else node
                 for n, node in results.nodes.items()}
        every = {m for node in nodes.values() for m in _in_order(node)}
        return {n: fused(node, every) for n, node in nodes.items()}

    def block(self, results: Results) -> Block:
        emitter = _Emitter(self.nodes(results), self.whole, (*self.inputs, SCALE), ())
        emitter.finish()
        return Block((), None, None, tuple(emitter.lines), results.theorems)

    def checked(self, results: Results) -> Block | None:
        """A block that is left where its limits are not kept; None where it is not known what to look at."""
        nodes = self.nodes(results)
        found = limits(nodes)
        if found is None:
            return None
        emitter = _Emitter(nodes, self.whole, (*self.inputs, SCALE), found)
        low, high = map(emitter.row, found)
        before = tuple(emitter.lines)
        emitter.finish()
        return Block(before, low, high, tuple(emitter.lines[len(before):]), results.theorems)


# ---------------------------------------------------------------- what is computed: factors, reciprocals, fused operators
def multiplied(node: Node, factor: Node) -> Node:
    """The node times a factor (a number, or the same for every row), put where it costs one number a row; quotients by numbers
    of rows become products with a reciprocal."""
    match node.op:
        case "place" | "bump":
            x, rows, labels, value = node.args
            return replace(node, args=(multiplied(x, factor), rows, labels, multiplied(value, factor)))
        case "neg":
            return replace(node, args=(multiplied(node.args[0], factor),))
        case "div" if not node.args[1].axes or node.args[1].op == "expand":
            divisor = node.args[1].args[0] if node.args[1].op == "expand" else node.args[1]
            return Node("mul", (node.args[0], expanded(Node("div", (factor, divisor)), node.axes)), node.axes)
    return node if factor is ONE else Node("mul", (node, factor), node.axes)


def fused(node: Node, every: set[Node]) -> Node:
    """e^(x - m) as one operator, the entry at the label of an array that is computed anyway, and one factor a row for two."""
    if node.op == "mul" and node.args[0].op == "div" and all(a.op == "expand" for a in (node.args[1], node.args[0].args[1])):
        (x, divisor), factor = node.args[0].args, node.args[1]
        once = expanded(Node("div", (_source(factor), _source(divisor))), node.axes)
        return fused(Node("mul", (x, once), node.axes), every)
    if node.op == "exp" and node.args[0].op == "pick":
        whole = Node("exp", node.args[0].args[:1], (MAIN,))
        if whole in every:
            return replace(node.args[0], args=(fused(whole, every), *node.args[0].args[1:]))
    if node.op == "exp" and node.args[0].op == "sub":
        x, m = node.args[0].args
        whole = Node("exp", (Node("sub", (x.args[0], expanded(m, (MAIN,))), (MAIN,)),), (MAIN,)) if x.op == "pick" else node
        if x.op == "pick" and whole in every:
            return replace(x, args=(fused(whole, every), *x.args[1:]))
        if MAIN in node.axes and m.op == "expand" and x.op == "input":
            return Node("exp_apart", (x, m), node.axes)
    return replace(node, args=tuple(fused(a, every) for a in node.args))


def limits(nodes: Mapping[str, Node]) -> tuple[Node, Node] | None:
    """What must be at least 1: the total of exponentials that is divided by, or whose logarithm is taken. What must not
    overflow: that, and what stands under log(1 + x). None where there is not just one such total."""
    every = {n: None for root in nodes.values() for n in _in_order(root)}
    ratios = [n.args[0] for n in every if n.op == "log1p" and n.args[0].op == "div"]
    totals = {Node("add", r.args[::-1]): None for r in ratios}
    totals |= {t: None for n in every for t in map(_source, n.args[1:] if n.op == "div" else n.args if n.op == "log" else ())
               if _is_total(t)}
    if len(totals) != 1:
        return None
    (low,) = totals
    high = low
    for r in ratios:
        high = Node("add", (high, r))
    return low, high


def _is_total(node: Node) -> bool:
    """A sum of exponentials: over an axis, or of such a sum and one more."""
    return not node.axes and (node.op == "sum" or node.op == "add" and any(a.op == "sum" for a in node.args)) \
        and any(n.op in ("exp", "exp_apart") for n in _in_order(node))


def _in_order(node: Node) -> Iterator[Node]:
    yield node
    for a in node.args:
        yield from _in_order(a)


# ---------------------------------------------------------------- where it is computed
class _Emitter:
    """Emits lines in an order in which each array is overwritten after its last use only."""

    def __init__(self, results: Mapping[str, Node], whole: frozenset[str], inputs: tuple[str, ...],
                 more: tuple[Node, ...]) -> None:
        self.results, self.whole = results, whole
        self.lines: list[Line] = []
        self.taken = Counter((*inputs, *results))
        roots = (*results.values(), *more)
        every = {n: None for root in roots for n in _in_order(root)}
        self.users: dict[Node, list[Node]] = {}
        for n in every:
            for a in dict.fromkeys(map(_source, n.args)):
                self.users.setdefault(a, []).append(n)
        self.uses = Counter([_source(a) for n in every if n.op not in LOOKS for a in n.args] + list(roots))
        self.home = {n: name for name in whole for n in _chain(results[name])}
        self.held: dict[str, Node] = {}                       # array of a result -> what it holds
        self.refs: dict[Node, Node] = {}
        self.length: Counter[Node] = Counter()

    def finish(self) -> None:
        """The results, each in its own array; numbers of rows first, since they read arrays that the others overwrite."""
        for name in sorted(self.results, key=lambda n: n in self.whole):
            node = self.results[name]
            value = self.array(node) if name in self.whole else self.refs.get(node) or self._inner(node)
            if value.data != name or value.op != "input":
                self.lines.append(Line("into", name, value))

    # ------------------------------------------------------------ numbers of rows
    def row(self, node: Node) -> Node:
        """An expression for a node without the class axis: a name where it is used twice or read off an array."""
        if node in self.refs or node.op in QUIET and not node.args:
            return self.refs.get(node, node)
        new = self._inner(node)
        reads = any(MAIN in a.axes and a.op != "input" for a in node.args)
        return self._named(node, new) if self.uses[node] > 1 or reads or self.length[new] > LONG else new

    def _inner(self, node: Node) -> Node:
        new = replace(node, args=tuple(self._argument(a) for a in node.args))
        self.length[new] = (new.op not in QUIET) + sum(self.length[a] for a in new.args)
        return new

    def _argument(self, node: Node) -> Node:
        if node.op in LOOKS:
            return replace(node, args=tuple(self._argument(a) for a in node.args))
        return self.array(node) if MAIN in node.axes else self.row(node)

    def _named(self, node: Node, value: Node, kind: str = "name") -> Node:
        letter = OPERATORS[node.op].letter
        self.taken[letter] += 1
        name = letter if self.taken[letter] == 1 else f"{letter}{self.taken[letter]}"
        return self._put(kind, name, node, value)

    def _put(self, kind: str, target: str, node: Node, value: Node) -> Node:
        self.lines.append(Line(kind, target, value))
        self.refs[node] = Node("input", (), node.axes, target)
        if target in self.whole:
            self.held[target] = node
        return self.refs[node]

    # ------------------------------------------------------------ arrays with the class axis
    def array(self, node: Node) -> Node:
        """The array that holds a node, after it was computed."""
        if node in self.refs or node.op in QUIET:
            return self.refs.get(node, node)
        new = replace(node, args=tuple(self._argument(a) for a in node.args))
        if node in self.refs:                                 # computed on the way
            return self.refs[node]
        changes = OPERATORS[node.op].statement
        for a in node.args[:1] if changes else node.args:
            if self._released(a, node):
                return self._put("change" if changes else "into", str(self.refs[a].data), node, new)
        target = self.home.get(node, "")
        free = target != "" and target not in self.held
        if not changes:
            return self._put("into", target, node, new) if free else self._named(node, new)
        base = self._put("into", target, node, new.args[0]) if free else self._named(node, new.args[0], "copy")
        return self._put("change", str(base.data), node, new)

    def _released(self, a: Node, by: Node) -> bool:
        """Whether the array of an argument may be overwritten: everybody else who reads it has, or does so now."""
        if a not in self.refs or a.axes != by.axes or a.op in QUIET or a in self.results.values():
            return False
        home = self.home.get(by)
        if home and self.refs[a].data != home and home not in self.held:
            return False                                      # its own array is free
        others = [u for u in self.users[a] if u != by and u not in self.refs]
        if any(MAIN in u.axes or by in set(_in_order(u)) for u in others):
            return False
        for u in others:
            self.row(u)
        return True


def _source(node: Node) -> Node:
    """What a view or new axes look at."""
    return _source(node.args[0]) if node.op in LOOKS else node


def _chain(node: Node) -> Iterator[Node]:
    """A node and the arrays that it is computed from in place, one after the other."""
    yield node
    below = next((a for a in node.args if MAIN in a.axes and a.op not in QUIET), None)
    if below is not None:
        yield from _chain(below)
