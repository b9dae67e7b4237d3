"""Does an existing NumPy function compute what an entry states? A theorem for every size, a counterexample, or a reason.

The function is run: on real arrays, which may refute it, and on symbolic ones, whose result is proved equal to the statement.
It is taken to be a function of its arguments alone, and float64 arithmetic to be that of the reals.
"""
from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from ..engine.record import Record
from ..kernel.context import Context
from ..kernel.errors import DeriveError
from ..kernel.replay import Development
from ..kernel.terms import Term, ix, mk
from .errors import CannotVerify
from .proposition import Proof, proposition, sizes_of
from .question import Mode, Quantity, batch_set, one_hot, opened
from .sampled import NEAR, Difference, Point, called, difference, few, finite, points, stated, traced_value
from .tracing.array import Size, Store, SymbolicArray, letters
from .tracing.refusal import Refused
from .tracing.run import Path, paths
from .tracing.session import Session

CHECKED = 2                                                   # points from each end at which a trace is compared with NumPy


@dataclass(frozen=True)
class Subject:
    """A function as loaded: `named` maps parameters to arrays of the entry, `fixed` are values of other parameters."""
    function: Callable[..., Any]
    filename: str
    namespace: dict[str, Any]
    named: Mapping[str, str]
    fixed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Reading:
    """What the components of a result are said to be."""
    quantities: tuple[Quantity, ...]
    reduction: str = ""

    def __str__(self) -> str:
        names = " and ".join(q.name for q in self.quantities)
        how = {"": "", "none": " of each row", "mean": " of the mean over the batch", "sum": " of the sum over the batch"}
        return names + how[self.reduction]


@dataclass(frozen=True)
class Outcome:
    """One mode: verdict proved, proved_under, refuted, undecided or not_accepted (the function raises), and what is known."""
    verdict: str
    mode: Mode
    arguments: str
    reading: Reading | None = None
    reason: str = ""
    line: int = 0
    hypotheses: tuple[Term, ...] = ()
    defined_where: tuple[Term, ...] = ()
    guards: tuple[str, ...] = ()
    difference: Difference | None = None
    changes: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()

    @property
    def is_proved(self) -> bool:
        return self.verdict in ("proved", "proved_under")


@dataclass(frozen=True)
class Verifier:
    """An entry's record and quantities, and one function."""
    record: Record
    quantities: tuple[Quantity, ...]
    subject: Subject
    reductions: tuple[str, ...] = ("mean", "none", "sum")     # of a gradient the last two are the same

    @property
    def ctx(self) -> Context:
        return self.record.context

    @property
    def arrays(self) -> tuple[str, ...]:
        return tuple(self.subject.named.values())

    # ---------------------------------------------------------------- modes
    def modes(self) -> list[Mode]:
        """Rows before batches, weights before integer labels: labels may be any argument with one index that occurs in sums."""
        batch = batch_set(self.ctx)
        labels = ["", *[a for a in self.arrays if self._may_be_labels(a)]]
        batches = ["", batch] if any(self.ctx.arrays[a] for a in self.arrays) else [""]
        return [Mode(b, i) for b in batches for i in labels]

    def _may_be_labels(self, array: str) -> bool:
        """Whether the entry itself speaks of a one-hot array of this name."""
        return any(labels_of(h) == array for q in self.quantities for _, given in q.claims for h in given)

    def outcome(self, mode: Mode) -> Outcome:
        """What is found out about the function in one mode."""
        shown = mode.shown(self.ctx, self.arrays)
        readings, tried = self._readings(mode)
        if not readings:
            return Outcome(tried.verdict, mode, shown, None, tried.reason, difference=tried.difference)
        left = [(r, self._refutation(mode, r, tried.points)) for r in readings]
        open_ = [r for r, found in left if found is None]
        if not open_:
            reading, found = left[0]
            return Outcome("refuted", mode, shown, reading, difference=found)
        attempts = [self._attempt(mode, shown, r, tried.points) for r in open_]
        best = next((a for a in attempts if a.is_proved), attempts[0])
        return self._doubted(best, tried) if best.is_proved else best

    def _doubted(self, found: Outcome, tried: _Tried) -> Outcome:
        """A proof does not count where the function raised and no guard says so, or gave no number where it should."""
        reason = f"it raises {tried.raised}" if tried.raised and not found.guards else ""
        if found.reading is not None and not reason:
            wrong = [p for p in tried.points if self._undefined(found.mode, found.reading, p)]
            if wrong and (not found.defined_where or len(wrong) == len(tried.points)):
                reason = f"it gives no finite number at {_sizes(wrong[0])}, {wrong[0].inputs}"
        return replace(found, verdict="undecided", reason=reason) if reason else found

    def _undefined(self, mode: Mode, reading: Reading, point: Point) -> bool:
        result = called(self.subject.function, self.subject.named, point, self.subject.fixed)
        return not all(finite(got) for got in result)

    # ---------------------------------------------------------------- numbers
    def _readings(self, mode: Mode) -> tuple[list[Reading], _Tried]:
        """What the result may be, by its shape at every point."""
        label, given = self._sampling(mode)
        terms = [v for q in self.quantities for v, _ in q.claims[:1]] + [_symbol(self.ctx, a) for a in self.arrays]
        found = points(self.ctx, terms, given, mode, self.arrays, label)
        shapes: list[tuple[tuple[int, ...], ...]] = []
        used: list[Point] = []
        raised = ""
        for point in found:
            try:
                result = called(self.subject.function, self.subject.named, point, self.subject.fixed)
            except Exception as error:
                raised = raised or f"{type(error).__name__}: {error}"
                continue
            shapes.append(tuple(tuple(c.shape) for c in result))
            used.append(point)
        if not used:
            return [], _Tried("not_accepted", raised or "no arguments were found that meet the hypotheses", ())
        readings = [r for r in self._candidates(mode, len(shapes[0]))
                    if all(self._shape(mode, r, p) == s for p, s in zip(used, shapes, strict=True))]
        last = max(range(len(used)), key=lambda n: sum(used[n].sizes.values()))
        reason = f"the result has shape {' and '.join(map(str, shapes[last]))} at {_sizes(used[last])}; " \
                 f"no quantity of the entry with these inputs has it ({', '.join(q.name for q in self.quantities)})"
        return readings, _Tried("refuted", reason, tuple(used), raised)

    def _sampling(self, mode: Mode) -> tuple[str, list[Term]]:
        """The label's letter, and the strongest hypotheses that the quantities are stated under."""
        if mode.integer:
            k = ix("?k", self.ctx.arrays[mode.integer][0])
            return "?k", [one_hot(self.ctx, mode.integer, k)]
        claims = [[given for _, given in q.claims if not any(map(labels_of, given))] for q in self.quantities]
        return "", list(dict.fromkeys(h for own in claims if own for h in own[-1]))

    def _candidates(self, mode: Mode, components: int) -> list[Reading]:
        """Gradients before values, and of the quantities with just these inputs; for two components, a value and a gradient."""
        here = frozenset(self.arrays)
        exactly = [q for q in self.quantities if q.inputs(self.ctx) == here]
        own = exactly or [q for q in self.quantities if q.inputs(self.ctx) <= here] or [
            q for q in self.quantities if q.reads(self.ctx) <= here]
        own = sorted(own, key=lambda q: q.is_value)
        ways = self.reductions if mode.batch else ("",)
        if components == 1:
            return [Reading((q,), r) for q in own for r in ways]
        values, gradients = [q for q in own if q.is_value], [q for q in own if not q.is_value]
        return [Reading((v, *gradients[:components - 1]), r) for v in values for r in ways
                if all(g.symbol.args[0] is v.symbol for g in gradients[:components - 1])]

    def _shape(self, mode: Mode, reading: Reading, point: Point) -> tuple[tuple[int, ...], ...]:
        def one(q: Quantity) -> tuple[int, ...]:
            dims = tuple(point.sizes[i.data[1]] for i in q.axes)
            whole = mode.batch and not (q.is_value and reading.reduction in ("mean", "sum"))
            return (point.sizes[mode.batch], *dims) if whole else dims
        return tuple(map(one, reading.quantities))

    def _refutation(self, mode: Mode, reading: Reading, used: Sequence[Point]) -> Difference | None:
        for point in used:
            result = called(self.subject.function, self.subject.named, point, self.subject.fixed)
            for q, got in zip(reading.quantities, result, strict=True):
                value = self._claimed(q, mode)
                found = difference(point, got, stated(self.ctx, q, value, point, mode, reading.reduction))
                if found is not None:
                    return found
        return None

    def _claimed(self, q: Quantity, mode: Mode) -> Term:
        """The right side that holds under the hypotheses that points meet: any claim without hypotheses of its own, else the
        first."""
        return next((v for v, given in q.claims if not given), q.claims[0][0])

    # ---------------------------------------------------------------- proofs
    def _attempt(self, mode: Mode, shown: str, reading: Reading, used: Sequence[Point]) -> Outcome:
        try:
            found = self._traced(mode)
        except Refused as refusal:
            return Outcome("undecided", mode, shown, reading, f"not followed: {refusal.reason}", refusal.line)
        returning = [p for p in found if not p.raised]
        if not returning:
            return Outcome("undecided", mode, shown, reading, f"every way through raises ({found[0].raised})", found[0].line)
        dev = opened(self.record, mode.batch)
        proofs: dict[object, Proof | None] = {}               # ways that end in the same terms share their proofs
        for path in returning:
            for q, part in zip(reading.quantities, self._parts(path), strict=True):
                try:
                    key = (q, part.term, tuple(letters(part.shape)), path.about(part.term), sizes_of(path))
                    if key not in proofs:
                        proofs[key] = proposition(self.ctx, dev, mode, q).proved(path, part, q, reading.reduction)
                except Refused as refusal:
                    return Outcome("undecided", mode, shown, reading, f"not followed: {refusal.reason}", refusal.line)
                if proofs[key] is None:
                    return Outcome("undecided", mode, shown, reading, f"{q.name}: neither a proof nor a counterexample was found")
        if not self._matches(dev, mode, returning, used):
            return Outcome("undecided", mode, shown, reading, "the symbolic run is not what NumPy computes: a fault of derive")
        return self._proved(mode, shown, reading, found, [p for p in proofs.values() if p])

    def _proved(self, mode: Mode, shown: str, reading: Reading, found: Sequence[Path], proofs: Sequence[Proof]) -> Outcome:
        hypotheses = frozenset[Term]().union(*[p.hypotheses for p in proofs])
        where = frozenset[Term]().union(*[p.defined_where for p in proofs]) - hypotheses
        guards = dict.fromkeys(f"line {p.line} raises {p.raised}" for p in found if p.raised)
        changes = sorted(frozenset[str]().union(*[p.written for p in found]))
        verdict = "proved_under" if any(p.unstated for p in proofs) else "proved"
        return Outcome(verdict, mode, shown, reading, "", 0, tuple(sorted(hypotheses, key=repr)), tuple(sorted(where, key=repr)),
                       tuple(guards), None, tuple(changes), tuple(proofs))

    def _traced(self, mode: Mode) -> list[Path]:
        taken = frozenset([*self.ctx.arrays, *self.ctx.definitions])
        weights = {mode.integer: mode.integer} if mode.integer else {}

        def make(script: tuple[bool, ...]) -> Session:
            return Session(self.subject.filename, taken, weights, script)

        def run(session: Session) -> Any:
            values = {p: self._argument(session, p, a, mode) for p, a in self.subject.named.items()}
            return self.subject.function(**values, **self.subject.fixed)
        return paths(make, run, self.subject.namespace)

    def _argument(self, session: Session, parameter: str, array: str, mode: Mode) -> SymbolicArray:
        """The symbolic array of a parameter."""
        sets = self.ctx.arrays[array]
        dims = tuple(Size(session, s) for s in ((mode.batch,) if mode.batch and sets else ()) + sets)
        if array == mode.integer:
            dims = dims[:-1]
            name = f"{array}#0" if dims else array
            store = Store(dims, "x", ix(name, sets[0]), parameter=parameter)
        else:
            store = Store(dims, "f", mk("arr", array, *[ix(*axis) for axis in letters(dims)]), parameter=parameter)
        return SymbolicArray(session, store, tuple(range(len(dims))))

    def _parts(self, path: Path) -> list[SymbolicArray]:
        return parts_of(path.result)

    # ---------------------------------------------------------------- the trace against NumPy
    def _matches(self, dev: Development, mode: Mode, returning: Sequence[Path], used: Sequence[Point]) -> bool:
        """Whether at some points one of the ways gives the numbers that the function gives."""
        for point in few(used, CHECKED):
            result = called(self.subject.function, self.subject.named, point, self.subject.fixed)
            if not any(self._agrees(dev, mode, path, point, result) for path in returning):
                return False
        return True

    def _agrees(self, dev: Development, mode: Mode, path: Path, point: Point, result: Sequence[Any]) -> bool:
        try:
            values = evaluated(dev, mode, path, parts_of(path.result), point)
        except (DeriveError, ArithmeticError):
            return False
        return all(difference(point, got, value) is None for got, value in zip(result, values, strict=True))


@dataclass(frozen=True)
class _Tried:
    verdict: str
    reason: str
    points: tuple[Point, ...]
    raised: str = ""
    difference: Difference | None = None


def labels_of(h: Term) -> str:
    """The array of which a hypothesis says that it is one-hot, "" for other hypotheses."""
    core = h.args[0] if h.op == "all" else h
    said = core.op == "eq" and core.args[0].op == "arr" and core.args[1].op == "delta"
    return str(core.args[0].data) if said else ""


def _symbol(ctx: Context, array: str) -> Term:
    return mk("arr", array, *[ix(f"?{n}", s) for n, s in enumerate(ctx.arrays[array])])


def _sizes(point: Point) -> str:
    return ", ".join(f"{s} = {n}" for s, n in sorted(point.sizes.items())) or "a point"


def parts_of(result: Any) -> list[SymbolicArray]:
    """The components of a symbolic result. Raises Refused for anything else."""
    parts = list(result) if isinstance(result, tuple | list) else [result]
    parts = [p.array() if isinstance(p, Size) else p for p in parts]
    if any(type(p) is not SymbolicArray for p in parts):
        found = ", ".join(type(p).__name__ for p in parts)
        raise Refused(f"the result is {found}; accepted are arrays computed from the arguments")
    return parts


def evaluated(dev: Development, mode: Mode, path: Path, parts: Sequence[SymbolicArray], point: Point) -> list[Any]:
    """The numbers that a trace gives at a point, with the maxima that belong to it."""
    new = Development()
    new.context = dev.context
    arrays = _entries(mode, point)
    labels = {mode.integer: point.inputs[mode.integer]} if mode.integer else {}
    for f in path.fresh:
        new.declare(f.name, tuple(s for _, s in f.axes))
        axes = (*f.axes, f.over) if f.kind == "max" else f.axes
        values = [traced_value(new.context, t, axes, arrays, point.sizes, labels) for t in f.terms]
        match f.kind:
            case "max":
                found = values[0].max(axis=-1)
            case "equal":
                found = (abs(values[0] - values[1]) <= NEAR * NEAR) * 1.0
            case _:
                found = values[0]
        arrays[f.name] = {tuple(place): float(v) for place, v in np.ndenumerate(found)}
    return [traced_value(new.context, p.term, letters(p.shape), arrays, point.sizes, labels).reshape(
        tuple(point.sizes[d.set] if isinstance(d, Size) else d for d in p.shape)) for p in parts]


def _entries(mode: Mode, point: Point) -> dict[str, Any]:
    """The arrays of a development for a batch (or one row) at a point."""
    if not mode.batch:
        return {name: dict(entries) for name, entries in point.rows[0].arrays.items()}
    out: dict[str, Any] = {}
    for n, at in enumerate(point.rows):
        for name, entries in at.arrays.items():
            rows = out.setdefault(name, {})
            rows.update({((n, *place) if place else place): q for place, q in entries.items()})
    return out


def parameters(function: Callable[..., Any]) -> dict[str, bool]:
    """The parameters of a function, and whether each must be given. Raises CannotVerify for *args."""
    found = inspect.signature(function).parameters.values()
    if any(p.kind in (p.VAR_POSITIONAL, p.POSITIONAL_ONLY) for p in found):
        raise CannotVerify(f"{function.__name__} takes arguments without names; accepted are named parameters")
    return {p.name: p.default is p.empty for p in found if p.kind is not p.VAR_KEYWORD}
