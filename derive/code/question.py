"""What a function may be said to compute: the quantities of an entry, for one row or for a batch, and the terms they equal.

A batch adds a first axis to every array; each row is an instance of the entry's statement. The mean over the batch divides by B.
"""
from __future__ import annotations

from dataclasses import dataclass

from ..engine.record import Record
from ..kernel.conditions import nonempty
from ..kernel.context import FUNCTION, Context
from ..kernel.replay import Development
from ..kernel.terms import BINDERS, Term, bd, indices, ix, mk, num

Hypotheses = tuple[Term, ...]


@dataclass(frozen=True)
class Quantity:
    """`symbol` = each right side of `claims` under its hypotheses (a value: itself). `axes`: its free indices, in the order of
    the axes of an array that holds it."""
    name: str
    symbol: Term
    axes: tuple[Term, ...]
    claims: tuple[tuple[Term, Hypotheses], ...]

    @property
    def is_value(self) -> bool:
        return self.symbol.op != "D"

    def inputs(self, ctx: Context) -> frozenset[str]:
        """The arrays that it depends on."""
        return frozenset(n for n, sets in ctx.arrays.items() if sets != FUNCTION and ctx.depends(self.symbol, n))

    def reads(self, ctx: Context) -> frozenset[str]:
        """The arrays that a right side of a claim depends on: enough to compute it."""
        return frozenset(n for n in self.inputs(ctx) if any(ctx.depends(value, n) for value, _ in self.claims))


@dataclass(frozen=True)
class Mode:
    """How the function is called: for rows or a batch, labels as weights or as integers. `batch` names the set of rows."""
    batch: str = ""
    integer: str = ""                                         # the array that is given as integer labels

    def shown(self, ctx: Context, arrays: tuple[str, ...]) -> str:
        """The shapes of the arguments."""
        parts = []
        for name in arrays:
            sets = ctx.arrays[name]
            dims = ((self.batch,) if self.batch and sets else ()) + (() if name == self.integer else sets)
            shape = "(" + ", ".join(dims) + ("," if len(dims) == 1 else "") + ")"
            parts.append(f"{name} {'integer labels ' if name == self.integer else ''}{shape if dims else 'a number'}")
        return ", ".join(parts)


def fresh_letter(stem: str, taken: set[str]) -> str:
    return next(c for n in range(len(taken) + 1) if (c := f"{stem}{n or ''}") not in taken)


def batch_set(ctx: Context) -> str:
    """A name for the set of rows that is no set of the entry."""
    sets = {s for shape in ctx.arrays.values() if shape != FUNCTION for s in shape}
    return fresh_letter("B", sets | {s for shape, _ in ctx.definitions.values() for s in shape})


def lifted(t: Term, ctx: Context, b: Term, under: int = 0) -> Term:
    """A term about one row as a term about row b; arrays without an index belong to no row."""
    args = [lifted(a, ctx, b, under + (t.op in BINDERS)) for a in t.args]
    if t.op == "arr" and _of_rows(ctx, t.data):
        args.insert(0, bd(b.data[0] + under, b.data[1]) if b.op == "bd" else b)
    return mk(t.op, t.data, *args)


def _of_rows(ctx: Context, name: str) -> bool:
    return bool(ctx.arrays[name]) if name in ctx.arrays else any(ctx.depends(mk_symbol(ctx, name), n) for n in ctx.arrays
                                                                 if ctx.arrays[n] not in ((), FUNCTION))


def mk_symbol(ctx: Context, name: str) -> Term:
    """An entry of a defined array, at some indices."""
    return mk("arr", name, *[ix(f"?{n}", s) for n, s in enumerate(ctx.definitions[name][0])])


def opened(record: Record, batch: str) -> Development:
    """The names and definitions of a record, for one row or (batch: the set of rows) for every row; nothing is assumed."""
    dev, ctx = Development(), record.context
    for kind, name, *rest in record.items:
        if kind == "declare":
            sets = rest[0]
            dev.declare(name, (batch, *sets) if batch and sets and sets != FUNCTION else sets)
        elif kind == "define":
            sets, body = rest
            if batch and _of_rows(ctx, name):
                dev.define(name, (batch, *sets), lifted(body, ctx, bd(len(sets), batch)))
            else:
                dev.define(name, sets, body)
    return dev


def one_hot(ctx: Context, name: str, label: Term) -> Term:
    """name[j] = delta(j, label) for all j."""
    (s,) = ctx.arrays[name]
    return mk("all", s, mk("eq", None, mk("arr", name, bd(0, s)), mk("delta", None, bd(0, s), label)))


def weights_sum_to_one(ctx: Context, name: str, batch: str) -> Term:
    """sum_j name[b, j] = 1 for every row b: what one-hot rows have in common."""
    (s,) = ctx.arrays[name]
    return mk("all", batch, mk("eq", None, mk("sum", s, mk("arr", name, bd(1, batch), bd(0, s))), num(1)))


def for_every_row(h: Term, ctx: Context, batch: str) -> Term:
    """A hypothesis about one row as one about every row."""
    new = lifted(h, ctx, bd(0, batch), 0)
    return mk("all", batch, new) if dict(new.loose) else h


def sizes_known(hypotheses: frozenset[Term]) -> frozenset[Term]:
    """Hypotheses beside 'the set has an element'."""
    sets = {s for h in hypotheses for _, s in indices(h)} | {h.args[1].data for h in hypotheses
                                                             if h.op == "le" and h.args[1].op == "size"}
    return hypotheses - {nonempty(s) for s in sets}
