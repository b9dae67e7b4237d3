"""How far generated code is from the theorem's value, in units in the last place, on logits that are hard to compute with.

The reference evaluates the terms of the theorem with 200 bits more than lie between 1 and the smallest number of the format, so
that what cancels is not seen. It measures and never judges; exp(-inf) is 0 there, and what is multiplied by 0 is 0.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..kernel.context import Context
from ..kernel.evaluate import Evaluator, Functions, Valuation
from ..kernel.terms import Term

BITS = 200                                                    # of the reference below the smallest number of a format
LEADS = (5, 20, 50, 88, 100, 200, 500, 700)
ROWS, CLASSES, PLACES = 6, 16, 24                             # of a case; the places that are looked at in a long row
LONG = 100_000


@dataclass(frozen=True)
class Format:
    """A floating-point format: `digits` of the significand, the exponents of the smallest normal and of the largest number."""
    digits: int
    smallest: int
    largest: int

    @property
    def bits(self) -> int:
        """Of the reference."""
        return BITS + self.digits - self.smallest


FORMATS = {"float16": Format(11, -14, 15), "bfloat16": Format(8, -126, 127), "float32": Format(24, -126, 127),
           "float64": Format(53, -1022, 1023)}


@dataclass(frozen=True)
class Case:
    """Rows of logits, each with a label."""
    name: str
    z: Any
    labels: Any


@dataclass(frozen=True)
class Measured:
    """A function of rows and labels, and the term whose value an entry of its result is, with the index of its axis if any."""
    name: str
    function: Callable[[Any, Any], Any]
    term: Term
    axis: Term | None


@dataclass(frozen=True)
class Error:
    """The worst error of normal results in ulp, of others in units of the smallest number, and where."""
    normal: float = 0.0
    subnormal: float = 0.0
    where: str = ""

    def and_also(self, other: Error) -> Error:
        worse = max(self, other, key=lambda e: e.normal)
        return Error(worse.normal, max(self.subnormal, other.subnormal), worse.where)


# ---------------------------------------------------------------- what is hard
def cases(dtype: Any) -> Iterator[Case]:
    """The adversarial set, in a dtype."""
    r = np.random.default_rng(5)
    shape = (ROWS, CLASSES)
    labels = r.integers(0, CLASSES, ROWS)
    noise = r.normal(size=shape)
    named = {"N(0, 1)": noise, "N(0, 10)": 10 * noise, "1e3": 1e3 * noise, "1e4": 1e4 * noise.clip(-3, 3),
             "below 0": noise - 200, "offset 100": noise + 100, "offset -1e4": noise - 1e4, "offset 1e4": noise + 1e4,
             "ties": np.round(noise), "all equal": np.zeros(shape), "subnormal": noise - np.linspace(0, 110, CLASSES),
             "far below": noise - np.linspace(0, 760, CLASSES)}
    for name, z in named.items():
        yield Case(name, z.astype(dtype), labels)
    for lead in LEADS:
        for name, at in ((f"right by {lead}", labels), (f"wrong by {lead}", (labels + 1) % CLASSES)):
            z = noise.copy()
            z[np.arange(ROWS), at] += lead
            yield Case(name, z.astype(dtype), labels)
    masked = np.where(r.uniform(size=shape) < 0.5, -np.inf, noise)
    masked[np.arange(ROWS), labels] = noise[np.arange(ROWS), labels]
    yield Case("masked", masked.astype(dtype), labels)
    yield Case("masked far below", np.where(masked == -np.inf, masked, masked - 300).astype(dtype), labels)
    yield Case("N = 1", noise[:, :1].astype(dtype), 0 * labels)
    for scale in (1, 20):
        yield Case(f"N = 2, {scale}", (scale * noise[:, :2]).astype(dtype), labels % 2)
    if np.dtype(dtype).itemsize >= 4:
        yield Case(f"N = {LONG}", r.normal(size=(1, LONG)).astype(dtype), np.array([7]))


# ---------------------------------------------------------------- the reference
@dataclass(frozen=True)
class _Reference(Evaluator):
    """Sums that do not depend on a place are computed once; what is multiplied by 0 is not looked at."""

    def value(self, t: Term, bound: tuple[int, ...] = ()) -> Any:
        if t.op == "mul":
            first = self.value(t.args[0], bound)
            return first if first == 0 else self.functions["mul"](first, self.value(t.args[1], bound))
        if t.op != "sum" or t.depth or any(isinstance(n, tuple) for n in t.names):
            return super().value(t, bound)
        if t not in self.defined:
            self.defined[t] = super().value(t, bound)
        return self.defined[t]


def _functions() -> Functions:
    from mpmath import mp
    return {"num": lambda q: mp.mpf(q.numerator) / q.denominator, "add": lambda x, y: x + y, "neg": lambda x: -x,
            "mul": lambda x, y: mp.mpf(0) if y == 0 else x * y, "inv": lambda x: 1 / x, "exp": mp.exp,
            "log": lambda x: mp.log(x) if x else mp.ninf, "sqrt": mp.sqrt, "abs": abs, "max": max,
            "step": lambda x: mp.mpf(int(x > 0)), "pi": lambda: mp.pi + 0, "erf": mp.erf}


def places(row: Any, label: int) -> list[int]:
    """The indices that are looked at: all of a short row, some of a long one with the label among them."""
    n = len(row)
    return list(range(n)) if n <= PLACES else sorted({label, int(row.argmax()), *range(0, n, n // PLACES)})


def reference(ctx: Context, m: Measured, logits: str, labels: str, row: Any, label: int, bits: int) -> list[Any]:
    """The values of a term at the places of one row, as numbers of mpmath."""
    from mpmath import mp
    with mp.workprec(bits):
        z = {(n,): mp.mpf(float(x)) for n, x in enumerate(row)}
        y = {(n,): mp.mpf(int(n == label)) for n in range(len(row))}
        (s,) = ctx.arrays[logits]
        shared: dict[Any, Any] = {}
        out = []
        for place in places(row, label) if m.axis is not None else [0]:
            at = Valuation({s: len(row)}, {m.axis.data: place} if m.axis is not None else {}, {logits: z, labels: y})
            out.append(_Reference(ctx, at, _functions(), shared).value(m.term))
        return out


# ---------------------------------------------------------------- errors
def error(got: float, expected: Any, form: Format) -> tuple[float, bool]:
    """The distance in units in the last place of what is expected, and whether that is a normal number."""
    from mpmath import mp
    top = mp.ldexp(2 - mp.ldexp(1, -form.digits), form.largest)
    if not mp.isfinite(expected) or abs(expected) >= top:     # it is an infinity, or rounds to one
        return (0.0 if got == (np.inf if expected > 0 else -np.inf) else float("inf")), True
    if not np.isfinite(got):
        return float("inf"), True
    normal = bool(abs(expected) >= mp.ldexp(1, form.smallest))
    exponent = mp.mag(expected) - 1 if normal else form.smallest
    return float(abs(mp.mpf(got) - expected) / mp.ldexp(1, int(exponent) - form.digits + 1)), normal


def worst(ctx: Context, m: Measured, logits: str, labels: str, dtype: Any) -> Error:
    """The worst error of a function over the cases of a dtype."""
    from mpmath import mp
    form, found = FORMATS[np.dtype(dtype).name], Error()
    for case in cases(dtype):
        result = np.asarray(m.function(case.z, case.labels))
        for row, label, got in zip(case.z, case.labels, result, strict=True):
            expected = reference(ctx, m, logits, labels, row, int(label), form.bits)
            read = got[places(row, int(label))] if m.axis is not None else [got]
            with mp.workprec(form.bits):
                for x, e in zip(read, expected, strict=True):
                    ulp, normal = error(float(x), e, form)
                    found = found.and_also(Error(ulp, 0.0, case.name) if normal else Error(0.0, ulp))
    return found


def formats() -> Sequence[tuple[str, Any, bool]]:
    """Name, dtype and whether it is computed in the exact mode; bfloat16 where ml_dtypes is installed."""
    found: list[tuple[str, Any, bool]] = [("float32", np.float32, False), ("float64", np.float64, False),
                                          ("float32, exact", np.float32, True), ("float16", np.float16, True)]
    try:
        import ml_dtypes
    except ImportError:
        return found
    return [*found, ("bfloat16", ml_dtypes.bfloat16, True)]
