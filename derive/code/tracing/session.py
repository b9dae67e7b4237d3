"""One traced run of a function: fresh names for maxima, indicators and row values, and the decisions at branches.

A maximum is an arbitrary number for each (argument, axis); an indicator is 1 where two reals are equal, else 0. What they
stand for is kept, for refutations and for the cases of a proof.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import NoReturn

from ...kernel.terms import Term, bd, ix, mk
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
        key = (kind, terms, axes, over)
        if key not in self.fresh:
            name = f"{kind}{len(self.fresh) + 1}"
            while name in self.taken:
                name += "_"
            self.fresh[key] = Fresh(name, kind, terms, axes, over)
        return self.fresh[key]

    def maximum(self, t: Term, axes: tuple[tuple[str, str], ...], over: tuple[str, str]) -> Term:
        """An arbitrary number for each place of `axes`, in the place of the maximum of t along `over`."""
        return self._named("max", (t,), axes, over).symbol

    def equality(self, x: Term, y: Term, axes: tuple[tuple[str, str], ...]) -> Term:
        """The indicator of x = y."""
        return self._named("equal", (x, y), axes).symbol

    def total(self, t: Term, over: tuple[str, str]) -> Term:
        """The sum of t along an axis. A function of the label of a row is the sum of y[row, j] f(j); the values of rows that
        depend on indicators get a name, and what they are is proved for one row."""
        axis, s = over
        cases = {f.name for f in self.fresh.values() if f.kind == "equal" and f.name in t.names}
        if cases and _at(t, cases, ix(axis, s)):
            if any(name[0] != axis and name[0][0] == "#" for name in t.names if isinstance(name, tuple)):
                self.refuse("a sum over values that depend on a comparison of reals, with further axes")
            return summed(self._named("row", (t,), (over,)).symbol, axis, s)
        for name, labelled in labels_at(t, axis):
            weight = mk("arr", self.weights[name.partition("#")[0]], ix(axis, s), bd(0, labelled))
            t = mk("sum", labelled, mk("mul", None, weight, bound(t, name, labelled)))
        return summed(t, axis, s)


def _at(t: Term, names: set[str], i: Term) -> bool:
    """Whether one of the names occurs at an index."""
    return t.op == "arr" and t.data in names and i in t.args or any(_at(a, names, i) for a in t.args)
