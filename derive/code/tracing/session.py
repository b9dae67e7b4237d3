"""One traced run of a function: fresh names for maxima, indicators and row values, and the decisions at branches.

A maximum is an arbitrary number for each (argument, axis); an indicator is 1 where two reals are equal, else 0. What they
stand for is kept, for refutations and for the cases of a proof.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

from ...kernel.terms import Term, bd, indices, ix, mk, subst_index
from .entries import bound, labels_at, summed
from .refusal import Refused, line_in

MOST_PATHS = 32


@dataclass(frozen=True)
class Fresh:
    """A name made while tracing. kind: "max" of `terms[0]` over the axis (letter, set), "equal" of two terms, "row" value.
    `axes`: the letters and sets of its own indices."""
    name: str
    kind: str
    terms: tuple[Term, ...]
    axes: tuple[tuple[str, str], ...]
    over: tuple[str, str] = ("", "")

    @property
    def symbol(self) -> Term:
        return mk("arr", self.name, *[ix(*a) for a in self.axes])


@dataclass(frozen=True)
class Decision:
    """A condition on which the run depended, as the source says it, and which way it went."""
    key: object
    value: bool
    line: int


@dataclass
class Session:
    """`filename`: whose lines are reported; `weights`: for each label parameter its array of weights, as (name, row set);
    `script`: the ways to go at the first branches."""
    filename: str
    taken: frozenset[str]
    weights: dict[str, str] = field(default_factory=dict)
    script: tuple[bool, ...] = ()
    fresh: dict[object, Fresh] = field(default_factory=dict)
    decisions: list[Decision] = field(default_factory=list)
    refusals: list[Refused] = field(default_factory=list)
    written: set[str] = field(default_factory=set)            # parameters that the function changes
    labels: int = 0                                           # arbitrary ones that were named so far
    opened: int = 0                                           # blocks of rows that were looked at so far
    blocks: list[int] = field(default_factory=list)           # those whose bodies are running, the innermost last
    outer: dict[str, str] = field(default_factory=dict)       # the set of a block's rows -> the set of all rows
    of_block: set[str] = field(default_factory=set)           # names of numbers that belong to a block, not to its rows

    def refuse(self, reason: str) -> NoReturn:
        """Raise Refused with the line; it is kept, in case the function catches it."""
        self.refusals.append(Refused(reason, line_in(self.filename)))
        raise self.refusals[-1]

    def decide(self, key: object) -> bool:
        """Which way this run goes at a condition; the same condition goes the same way."""
        for d in self.decisions:
            if d.key == key:
                return d.value
        n = len(self.decisions)
        value = self.script[n] if n < len(self.script) else False
        self.decisions.append(Decision(key, value, line_in(self.filename)))
        return value

    # ------------------------------------------------------------ names
    def _named(self, kind: str, terms: tuple[Term, ...], axes: tuple[tuple[str, str], ...],
               over: tuple[str, str] = ("", "")) -> Fresh:
        terms, axes = tuple(map(self.of_all, terms)), tuple((axis, self.outer.get(s, s)) for axis, s in axes)
        key = (kind, terms, axes, over)
        if key not in self.fresh:
            name = f"{kind}{len(self.fresh) + 1}"
            while name in self.taken:
                name += "_"
            self.fresh[key] = Fresh(name, kind, terms, axes, (over[0], self.outer.get(over[1], over[1])))
            if over[1] in self.outer or any(t.names & self.of_block for t in terms):
                self.of_block.add(name)
        return self.fresh[key]

    def of_all(self, t: Term) -> Term:
        """A term about rows of a block as one about rows."""
        inner = {(name, s): ix(name, self.outer[s]) for name, s in indices(t) if s in self.outer}
        return subst_index(t, inner) if inner else t

    def of_rows(self, t: Term, born: int) -> bool:
        """Whether a term may be written into an array that was made before the last blocks were opened: it says nothing of
        them beside their rows."""
        inner = {s for s in self.outer if int(s.rpartition(":")[2]) > born}
        return not (t.names & self.of_block and inner) and not _mentions(t, inner)

    def maximum(self, t: Term, axes: tuple[tuple[str, str], ...], over: tuple[str, str]) -> Term:
        """An arbitrary number for each place of `axes`, in the place of the maximum of t along `over`."""
        return self._symbol(self._named("max", (t,), axes, over), axes)

    def equality(self, x: Term, y: Term, axes: tuple[tuple[str, str], ...]) -> Term:
        """The indicator of x = y."""
        return self._symbol(self._named("equal", (x, y), axes), axes)

    def _symbol(self, found: Fresh, axes: tuple[tuple[str, str], ...]) -> Term:
        return mk("arr", found.name, *[ix(*a) for a in axes])

    def some_label(self, label: Term) -> Term:
        """An arbitrary index in the place of the largest or smallest of some labels."""
        self.labels += 1
        return ix(f"?{self.labels}", label.data[1])

    def total(self, t: Term, over: tuple[str, str]) -> Term:
        """The sum of t along an axis. A function of the label of a row is the sum of y[row, j] f(j); the values of rows that
        depend on indicators get a name, and what they are is proved for one row."""
        axis, s = over
        if s in self.outer:
            self.refuse("a sum over the rows of a block: it depends on how the rows are split")
        cases = {f.name for f in self.fresh.values() if f.kind == "equal" and f.name in t.names}
        if cases and _at(t, cases, ix(axis, s)):
            if any(name[0] != axis and name[0][0] == "#" for name in t.names if isinstance(name, tuple)):
                self.refuse("a sum over values that depend on a comparison of reals, with further axes")
            return summed(self._named("row", (t,), (over,)).symbol, axis, s)
        for name, labelled in labels_at(t, axis):
            weight = mk("arr", self.weights[name.partition("#")[0]], ix(axis, s), bd(0, labelled))
            t = mk("sum", labelled, mk("mul", None, weight, bound(t, name, labelled)))
        return summed(t, axis, s)


def _mentions(t: Term, sets: set[str]) -> bool:
    """Whether a term speaks of one of some index sets."""
    if t.op in ("size", "sum") and t.data in sets or t.op == "ix" and t.data[1] in sets:
        return True
    return any(_mentions(a, sets) for a in t.args)


def _at(t: Term, names: set[str], i: Term) -> bool:
    """Whether one of the names occurs at an index."""
    return t.op == "arr" and t.data in names and i in t.args or any(_at(a, names, i) for a in t.args)
