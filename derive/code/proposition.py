"""From what a path through a function returned to a kernel theorem: the result equals what the statement says, for every size.

Maxima are arbitrary numbers here; what a comparison of reals answers is a term with steps, whose cases the engine takes apart.
A sum over rows whose values depend on the row's label rests on a theorem about a row. What cannot be proved is None.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed

from ..engine.equality import Hints, prove
from ..engine.forms import replace
from ..kernel.conditions import NONE, ONE, Conditions, around, discharge, relation
from ..kernel.context import Context
from ..kernel.errors import DeriveError
from ..kernel.replay import Development, Theorem
from ..kernel.terms import IndexName, Term, bd, indices, ix, mk, num, shift, subst_index
from .question import Mode, Quantity, for_every_row, fresh_letter, lifted, one_hot, sizes_known, weights_sum_to_one
from .tracing.array import SymbolicArray, letters
from .tracing.entries import sub
from .tracing.run import Path
from .tracing.session import Fresh

MOST_CASES = 4                                                # terms whose sign is distinguished, one inside the other
NEEDS = {"inv": "ne", "log": "lt", "sqrt": "le"}


@dataclass(frozen=True)
class Proof:
    """The theorems that together say that the function is right, and what they assume; `unstated`: what the claim does not."""
    theorems: tuple[Theorem, ...]
    hypotheses: frozenset[Term]
    defined_where: frozenset[Term]
    unstated: frozenset[Term] = frozenset()


@dataclass(frozen=True)
class Proposition:
    """A claim about a function in one mode: `dev` has the names of the entry (of every row, in a batch)."""
    ctx: Context                                              # of one row
    dev: Development
    mode: Mode
    row: Term                                                 # the free index of a row, in a batch
    label: Term | None                                        # the label of that row

    # ---------------------------------------------------------------- what is expected
    def side(self, t: Term) -> Term:
        return lifted(t, self.ctx, self.row) if self.mode.batch else t

    def given(self, hypotheses: Sequence[Term]) -> tuple[Term, ...]:
        """Hypotheses of a claim for every row, or for one where they speak of an index; for integer labels, that they are
        one-hot."""
        return (*self.encoding(), *[self.every(h) for h in hypotheses])

    def encoding(self) -> tuple[Term, ...]:
        """What it means that labels are integers: each row of weights is 1 at the row's label and 0 elsewhere."""
        if self.label is None:
            return ()
        own = self.side(one_hot(self.ctx, self.mode.integer, self.label))
        return (own, weights_sum_to_one(self.ctx, self.mode.integer, self.mode.batch)) if self.mode.batch else (own,)

    def stated(self, claim: tuple[Term, tuple[Term, ...]]) -> tuple[Term, tuple[Term, ...]] | None:
        """A claim for integer labels: what it assumes of them must be that they are one-hot, or sum to 1; None otherwise."""
        value, hypotheses = claim
        if self.label is None:
            return claim
        s = self.label.data[1]
        total = mk("eq", None, mk("sum", s, mk("arr", self.mode.integer, bd(0, s))), num(1))
        rest = [h for h in hypotheses if self.mode.integer in h.names and h is not total]
        for h in rest:
            letters_of = sorted(indices(h))
            own = one_hot(self.ctx, self.mode.integer, self.label)
            if len(letters_of) != 1 or subst_index(h, {letters_of[0]: self.label}) is not own:
                return None
            value = subst_index(value, {letters_of[0]: self.label})
        return value, tuple(h for h in hypotheses if self.mode.integer not in h.names)

    def every(self, h: Term) -> Term:
        if not self.mode.batch:
            return h
        return self.side(h) if indices(h) else for_every_row(h, self.ctx, self.mode.batch)

    def expected(self, quantity: Quantity, value: Term, reduction: str) -> tuple[Term, tuple[Term, ...]]:
        """The term that a result must equal, and the indices of its axes."""
        t = self.side(value)
        if not self.mode.batch:
            return t, quantity.axes
        mean = mk("inv", None, mk("size", self.mode.batch))
        if quantity.is_value and reduction in ("mean", "sum"):
            s = self.mode.batch
            total = mk("sum", s, subst_index(shift(t, 1), {self.row.data: bd(0, s)}))
            return (mk("mul", None, mean, total) if reduction == "mean" else total), quantity.axes
        return (mk("mul", None, mean, t) if reduction == "mean" else t), (self.row, *quantity.axes)

    # ---------------------------------------------------------------- proofs
    def proved(self, path: Path, result: SymbolicArray, quantity: Quantity, reduction: str) -> Proof | None:
        """A proof under the fewest hypotheses of the quantity's claims, or None."""
        for claim in filter(None, map(self.stated, quantity.claims)):
            value, hypotheses = claim
            right, axes = self.expected(quantity, value, reduction)
            if self.mode.batch and self.row not in axes and any(indices(h) for h in hypotheses):
                continue                                      # what is assumed of one row says nothing about all of them
            left = self.placed(result.term, result, axes)
            if left is None:
                return None
            found = _Prover(self, path.fresh, self.given(hypotheses), sizes_of(path)).prove(left, right)
            if found is not None:                             # the claim itself holds under these
                own, encoding = frozenset(map(self.every, hypotheses)), frozenset(self.encoding())
                assumed = (found.hypotheses | own) - encoding
                return changed(found, hypotheses=assumed, unstated=assumed - own,
                               defined_where=found.defined_where - assumed - encoding)
        return None

    def placed(self, t: Term, result: SymbolicArray, axes: Sequence[Term]) -> Term | None:
        """A term in the letters of the statement, or None where the shapes differ."""
        own = letters(result.shape)
        if len(own) != len(result.shape) or [s for _, s in own] != [i.data[1] for i in axes]:
            return None
        found = self.at(t, dict(zip(own, axes, strict=True)))
        return None if any("#" in name for name, _ in indices(found)) else found

    def at(self, t: Term, places: Mapping[IndexName, Term]) -> Term:
        """A traced term with indices for its axes; the label of the row is the label where the axis becomes the row."""
        sub, rows = dict(places), {axis for (axis, _), i in places.items() if i is self.row}
        for name, s in indices(t):
            stem, mark, p = name.partition("#")
            if stem and self.label is not None and (not mark or mark + p in rows):
                sub[name, s] = self.label
        return subst_index(t, sub)


def proposition(record_ctx: Context, dev: Development, mode: Mode, quantity: Quantity) -> Proposition:
    """The proposition of a mode, with letters that the quantity does not use."""
    taken = {n[0] for t in (quantity.symbol, *[v for v, _ in quantity.claims]) for n in t.names if isinstance(n, tuple)}
    row = ix(fresh_letter("b", taken), mode.batch or "B")
    label = ix(fresh_letter("k", taken | {row.data[0]}), record_ctx.arrays[mode.integer][0]) if mode.integer else None
    return Proposition(record_ctx, dev, mode, row, label)


def sizes_of(path: Path) -> tuple[Term, ...]:
    """What a path knows of sizes: a set with one element, where it went that way."""
    keys = [d.key for d in path.decisions if isinstance(d.key, tuple) and not d.value]
    return tuple(mk("eq", None, mk("size", key[1]), num(1)) for key in keys if key[0] == "more than one")


@dataclass(frozen=True)
class _Prover:
    about: Proposition
    fresh: tuple[Fresh, ...]
    given: tuple[Term, ...]
    sizes: tuple[Term, ...]

    def prove(self, left: Term, right: Term) -> Proof | None:
        """left = right, where left may speak of fresh names."""
        rows = [f for f in self.fresh if f.kind == "row" and f.name in left.names]
        if rows:
            return self._by_rows(left, right, rows)
        return self._theorem(left, right, ())

    def _theorem(self, left: Term, right: Term, more: tuple[Term, ...]) -> Proof | None:
        """One theorem. What it assumes beyond what is given speaks of the entry's own names, or it does not count."""
        dev = _extended(self.about.dev, self.fresh, (*self.given, *self.sizes, *more))
        spelled = self._spelled(left)
        if spelled is None:
            return None
        try:
            found = prove(dev, spelled, right, Hints(given=(*self.given, *self.sizes, *more), signs=MOST_CASES))
        except DeriveError:
            return None
        if found is None:
            return None
        names = {f.name for f in self.fresh}
        left_over = sizes_known(found.theorem.hypotheses) - {*self.sizes, *more}
        if any(names & h.names for h in left_over - {*self.given}):
            return None
        return Proof((found.theorem,), left_over, _presupposed(dev, spelled))

    def _spelled(self, t: Term) -> Term | None:
        """t with 1 - step(x - y) - step(y - x) for each answer to x = y; None where that has an axis that is nowhere."""
        equal = {f.name: f for f in self.fresh if f.kind == "equal"}

        def put(u: Term) -> Term | None:
            if u.op != "arr" or u.data not in equal:
                return None
            x, y = (self._moved(side, equal[u.data], u.args) for side in equal[u.data].terms)
            return sub(sub(ONE, mk("step", None, sub(x, y))), mk("step", None, sub(y, x)))
        new = replace(t, put)
        return None if any("#" in name for name, _ in indices(new)) else new

    def _moved(self, t: Term, f: Fresh, place: Sequence[Term]) -> Term:
        """What a fresh name stands for, at other indices."""
        return self.about.at(t, dict(zip(f.axes, place, strict=True)))

    def _by_rows(self, left: Term, right: Term, rows: Sequence[Fresh]) -> Proof | None:
        """The sum over rows, given that each row's value is the entry's scalar; and that, for one row."""
        about = self.about
        if len(rows) != 1 or not about.mode.batch:
            return None
        (f,) = rows
        for name, (sets, _) in about.dev.context.definitions.items():
            if sets != (about.mode.batch,) or name not in right.names:
                continue
            target = mk("arr", name, about.row)
            own = self.prove(self._moved(f.terms[0], f, (about.row,)), target)
            s = about.mode.batch
            is_target = mk("all", s, mk("eq", None, mk("arr", f.name, bd(0, s)), mk("arr", name, bd(0, s))))
            whole = own and self._theorem(left, right, (is_target,))
            if own and whole:
                return _joined(own, whole)
        return None


def _joined(one: Proof | None, other: Proof | None) -> Proof | None:
    if one is None or other is None:
        return None
    return Proof(one.theorems + other.theorems, one.hypotheses | other.hypotheses, one.defined_where | other.defined_where)


def _extended(dev: Development, fresh: Sequence[Fresh], given: Sequence[Term]) -> Development:
    """A development with the fresh names, and with hypotheses that may be used."""
    new = Development()
    new.context = dev.context
    for f in fresh:
        new.declare(f.name, tuple(s for _, s in f.axes))
    for h in given:
        new.assume(h)
    return new


def _presupposed(dev: Development, t: Term) -> frozenset[Term]:
    """Where a formula is defined: what it divides by is not 0, and so on; as far as that is not known anyway."""
    found = frozenset[Term]().union(*[discharge(dev.context, c) for c in _defined(t)])
    return sizes_known(found) - dev.context.given


def _defined(t: Term) -> Conditions:
    """What must hold for NumPy to give a number: below binders for every index, guarded below products."""
    own = [relation(NEEDS[t.op], t.args[0])] if t.op in NEEDS else []
    return NONE.union(own, *[around(t, n, _defined(a)) for n, a in enumerate(t.args)])
