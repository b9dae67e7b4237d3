"""A function run on real numbers: what it returns beside what the statement says, at small sizes. It may refute, never prove."""
from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

import numpy as np

from ..engine.numbers import FLOAT, evaluate, evaluate_at
from ..engine.sampling import valuations
from ..kernel.conditions import domain
from ..kernel.context import Context
from ..kernel.errors import DeriveError
from ..kernel.evaluate import Valuation
from ..kernel.terms import IndexName, Term
from .question import Mode, Quantity

POINTS, SIZES = 24, (1, 2, 3)
NEAR = 1e-6                                                   # a relative difference that rounding of float64 does not make
ROWS = {1: 2, 2: 3, 3: 2}                                     # how many rows a batch has, by the largest size of a row


@dataclass(frozen=True)
class Point:
    """Arguments by array, and the valuation of each row (one, where there is no batch)."""
    rows: tuple[Valuation, ...]
    inputs: Mapping[str, Any]
    sizes: Mapping[str, int]


@dataclass(frozen=True)
class Difference:
    """Where the function and the statement differ: arguments, and both values (or shapes) at the first such place."""
    point: Point
    place: tuple[int, ...]
    got: Any
    expected: Any

    def __str__(self) -> str:
        sizes = [f"{s} = {n}" for s, n in sorted(self.point.sizes.items())]
        inputs = [f"{name} = {_plain(value)}" for name, value in self.point.inputs.items()]
        at = f" at {list(self.place)}" if self.place else ""
        return f"with {', '.join(sizes + inputs)}: the function gives {_plain(self.got)}{at}, the theorem {_plain(self.expected)}"


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return f"shape {value}"
    return str(np.round(np.asarray(value, dtype=float), 6).tolist()) if not isinstance(value, int) else str(value)


def points(ctx: Context, terms: Sequence[Term], given: Sequence[Term], mode: Mode, arrays: Sequence[str],
           label: str) -> list[Point]:
    """Arguments that meet the hypotheses, the smallest sizes first. `label`: the letter of a row's label."""
    conditions = sorted(set().union(*[domain(ctx, t) for t in terms]), key=repr)
    by_size: dict[tuple[tuple[str, int], ...], list[Valuation]] = {}
    for at in valuations(ctx, [*terms, *given], given, SIZES, POINTS):
        if _admitted(ctx, conditions, (), at):
            by_size.setdefault(tuple(sorted(at.sizes.items())), []).append(at)
    found: list[Point] = []
    for sizes, rows in by_size.items():
        count = ROWS[max(n for _, n in sizes) if sizes else 1] if mode.batch else 1
        groups = [rows[n:n + count] for n in range(0, len(rows) - count + 1, count)]
        if mode.batch:
            groups = [g for g in map(_of_one_batch, groups) if all(_admitted(ctx, conditions, given, at) for at in g)]
        groups = groups[:6 if mode.batch else 12]
        found += [_point(g, mode, arrays, label, dict(sizes)) for g in groups]
    return found


def _of_one_batch(rows: list[Valuation]) -> list[Valuation]:
    """Rows that share what has no index, as the rows of a batch do."""
    shared = {name: entries for name, entries in rows[0].arrays.items() if () in entries}
    return [Valuation(at.sizes, at.indices, {**at.arrays, **shared}) for at in rows]


def _admitted(ctx: Context, conditions: Sequence[Term], given: Sequence[Term], at: Valuation) -> bool:
    """Whether all that the terms divide by, or take logarithms of, is as it must be, at every index; and what is given holds."""
    try:
        return all(all(evaluate_at(ctx, c, at, FLOAT, _everywhere(c, at))) for c in conditions) \
            and all(evaluate(ctx, h, at, FLOAT) for h in given)
    except (DeriveError, ArithmeticError):
        return False


def _everywhere(c: Term, at: Valuation) -> list[dict[IndexName, int]]:
    names = sorted(n for n in c.names if isinstance(n, tuple))
    values = product(*[range(at.sizes[s]) for _, s in names])
    return [{**at.indices, **dict(zip(names, place, strict=True))} for place in values]


def _point(rows: list[Valuation], mode: Mode, arrays: Sequence[str], label: str, sizes: dict[str, int]) -> Point:
    inputs: dict[str, Any] = {}
    for name in arrays:
        if name == mode.integer:
            own: list[Any] = [next(n for (letter, _), n in at.indices.items() if letter == label) for at in rows]
        else:
            own = [_array(at, name) for at in rows]
        batched = mode.batch and (name == mode.integer or own[0].ndim)
        inputs[name] = np.array(own) if batched else own[0]
    return Point(tuple(rows), inputs, {**sizes, **({mode.batch: len(rows)} if mode.batch else {})})


def _array(at: Valuation, name: str) -> Any:
    entries = at.arrays[name]
    shape = tuple(1 + max(place[n] for place in entries) for n in range(len(next(iter(entries)))))
    out = np.zeros(shape)
    for place, q in entries.items():
        out[place] = float(q)
    return out


def stated(ctx: Context, quantity: Quantity, value: Term, point: Point, mode: Mode, reduction: str) -> Any:
    """What the statement says at a point, as an array."""
    names = [i.data for i in quantity.axes]
    rows = []
    for at in point.rows:
        shape = tuple(at.sizes[s] for _, s in names)
        places = [{**at.indices, **dict(zip(names, place, strict=True))} for place in np.ndindex(shape)]
        rows.append(np.array(evaluate_at(ctx, value, at, FLOAT, places), dtype=float).reshape(shape))
    if not mode.batch:
        return rows[0]
    every = np.array(rows)
    if quantity.is_value and reduction in ("mean", "sum"):
        return every.mean(axis=0) if reduction == "mean" else every.sum(axis=0)
    return every / len(rows) if reduction == "mean" else every


def called(function: Callable[..., Any], named: Mapping[str, str], point: Point, fixed: Mapping[str, Any]) -> tuple[Any, ...]:
    """The components of the result on copies of the arguments. `named`: parameter -> array. Raises what the function raises."""
    values = {p: np.array(point.inputs[a]) if np.ndim(point.inputs[a]) else point.inputs[a] for p, a in named.items()}
    values = {p: int(v) if isinstance(v, np.integer | int) else float(v) if np.ndim(v) == 0 else v for p, v in values.items()}
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = function(**values, **fixed)
    parts = result if isinstance(result, tuple | list) else (result,)
    return tuple(np.asarray(p, dtype=float) for p in parts)


def difference(point: Point, got: Any, expected: Any) -> Difference | None:
    """The first place where two arrays differ beyond rounding; None where a number is not finite."""
    if got.shape != expected.shape:
        return Difference(point, (), tuple(map(int, got.shape)), tuple(map(int, expected.shape)))
    if not (np.isfinite(got).all() and np.isfinite(expected).all()):
        return None
    apart = np.abs(got - expected) > NEAR * (1 + np.abs(got) + np.abs(expected))
    if not apart.any():
        return None
    place = tuple(map(int, np.argwhere(apart)[0])) if apart.ndim else ()
    return Difference(point, place, float(got[place]), float(expected[place]))


def traced_value(ctx: Context, t: Term, axes: Sequence[tuple[str, str]], arrays: Mapping[str, Mapping[tuple[int, ...], Any]],
                 sizes: Mapping[str, int], labels: Mapping[str, Any]) -> Any:
    """The value of a traced term at every place of its axes; `labels`: the labels of rows, by the letter's stem."""
    shape = tuple(sizes[s] for _, s in axes)
    at = [dict(zip(axes, place, strict=True)) for place in np.ndindex(shape)]
    places = [{(name, s): _label(name, labels, here) if name.partition("#")[0] else here[name, s]
               for name, s in (n for n in t.names if isinstance(n, tuple))} for here in at]
    return np.array(evaluate_at(ctx, t, Valuation(sizes, {}, arrays), FLOAT, places), dtype=float).reshape(shape)


def _label(name: str, labels: Mapping[str, Any], at: Mapping[tuple[str, str], int]) -> int:
    stem, mark, p = name.partition("#")
    if not mark:
        return int(labels[stem])
    (row,) = [n for (letter, _), n in at.items() if letter == mark + p]
    return int(labels[stem][row])


def few(found: Sequence[Point], count: int) -> list[Point]:
    """Some of many points: from both ends, small sizes and large."""
    return [*islice(found, count), *found[max(count, len(found) - count):]]


def finite(values: Any) -> bool:
    """Whether every number of a result is finite."""
    return bool(np.isfinite(values).all())
