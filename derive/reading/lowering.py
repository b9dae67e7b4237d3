"""From nodes to kernel terms in a development of their own: sets get names, arrays are declared, definitions made.

A derivative that holds a defined name fixed is computed by a lemma which the kernel replays; then the name gets its value back.
"""
from __future__ import annotations

from dataclasses import dataclass, field

from ..engine.equality import Hints, normalizer, prove
from ..kernel.conditions import discharge
from ..kernel.context import FUNCTION
from ..kernel.errors import DeriveError
from ..kernel.replay import Development
from ..kernel.terms import Term, bd, ix, mk, shift, subst_index
from .elaborate import Elaborator
from .ir import Node
from .syntax import Unreadable

POOL = ("N", "M", "K", "R", "S", "Q", "U", "V", "W")


@dataclass
class Lowering:
    """One step in kernel terms; `presupposed` collects what derivatives by defined names need."""
    elaborator: Elaborator
    dev: Development = field(default_factory=Development)
    presupposed: set[Term] = field(default_factory=set)
    names: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        e = self.elaborator
        for name in sorted(e.functions):
            self.dev.declare(name, FUNCTION)
        for name, dims in e.arrays.items():
            if dims or not self._size(name):
                self.dev.declare(name, tuple(self.set(d) for d in dims))
        for name, (letters, body) in e.defined.items():
            if name not in e.open:
                self.dev.define(name, tuple(self.set(x.data[1]) for x in letters), self.closed(self.term(body), letters))

    # ------------------------------------------------------------ sets
    def set(self, n: int) -> str:
        """The name of an index set: that of its size, or a letter that nothing else has."""
        root = self.elaborator.sets.find(n)
        if root not in self.names:
            taken = {*self.names.values(), *self.elaborator.arrays, *self.elaborator.defined}
            own = [x for x in self.elaborator.sets.names.get(root, []) if x not in self.names.values()]
            self.names[root] = own[0] if own else next(x for x in (*POOL, *map("N{}".format, range(99))) if x not in taken)
        return self.names[root]

    def _size(self, name: str) -> str | None:
        """The set whose size has this name."""
        sets = self.elaborator.sets
        return next((self.set(root) for root in sets.names if name in sets.names[root]), None)

    # ------------------------------------------------------------ terms
    def index(self, t: Node) -> Term:
        return ix(t.data[0], self.set(t.data[1]))

    def closed(self, t: Term, letters: tuple[Node, ...]) -> Term:
        """t below one more binder for each letter."""
        put = {(x.data[0], self.set(x.data[1])): bd(n, self.set(x.data[1])) for n, x in enumerate(reversed(letters))}
        return subst_index(shift(t, len(letters)), put)

    def term(self, t: Node) -> Term:
        """The kernel term of a node. Raises Unreadable for what has none."""
        match t.op:
            case "ix":
                return self.index(t)
            case "sum":
                name = self.set(t.data[1])
                return mk("sum", name, self.closed(self.term(t.args[0]), (Node("ix", t.data),)))
            case "arr" if not t.args and t.data not in self.elaborator.defined and (size := self._size(t.data)):
                return mk("size", size)
            case "local":
                return self._local(t)
        return mk(t.op, t.data, *[self.term(a) for a in t.args])

    def _local(self, t: Node) -> Term:
        """The derivative with names held fixed, computed, with their definitions put back."""
        derivative = self.term(t.args[0])
        value = normalizer(self.dev, Hints())(derivative)[0]
        proved = prove(self.dev, derivative, value, Hints())
        if proved is None:
            raise Unreadable("this derivative was not found", 0, 0, "D202")
        ctx = self.dev.context
        put = {f"{name}~": mk("arr", name, *[bd(len(sets) - 1 - n, s) for n, s in enumerate(sets)])
               for name in t.data for sets in [ctx.arrays.get(f"{name}~", ())] if f"{name}~" in ctx.arrays}
        try:
            for h in proved.theorem.hypotheses:
                self.presupposed |= discharge(ctx, ctx.substitute(h, put))
            return ctx.substitute(value, put)
        except DeriveError as e:
            raise Unreadable("a derivative inside a derivative by a defined name is not read", 0, 0, "D202") from e
