"""Elementwise functions of NumPy as functions of terms: one row each; comparisons give 0 or 1."""
from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...kernel.conditions import ONE, ZERO
from ...kernel.terms import Term, mk
from . import entries as e
from .array import Dim, Shape, Size, SymbolicArray, as_array, letters
from .blocks import Whole
from .entries import TWO
from .session import Session

Apply = Callable[..., Term]
ERF = np.frompyfunc(math.erf, 1, 1)                           # what stands for np.vectorize(math.erf)


def _expm1(x: Term) -> Term:
    return e.sub(e.unary("exp", x), ONE)


def _tanh(x: Term) -> Term:
    """1 - 2/(1 + e^2x)."""
    return e.sub(ONE, e.div(TWO, e.add(ONE, e.unary("exp", e.mul(TWO, x)))))


def _hyperbolic(sign: Callable[[Term, Term], Term]) -> Apply:
    return lambda x: e.div(sign(e.unary("exp", x), e.unary("exp", e.neg(x))), TWO)


def _minimum(x: Term, y: Term) -> Term:
    return e.neg(mk("max", None, e.neg(x), e.neg(y)))


def _or(x: Term, y: Term) -> Term:
    return e.negation(e.mul(e.negation(x), e.negation(y)))


def _sign(x: Term) -> Term:
    return e.sub(e.step(x), e.step(e.neg(x)))


ARITHMETIC: dict[Any, Apply] = {
    np.add: e.add, np.subtract: e.sub, np.multiply: e.mul, np.true_divide: e.div, np.negative: e.neg,
    np.positive: lambda x: x, np.reciprocal: e.inv, np.square: lambda x: e.mul(x, x), np.sqrt: lambda x: e.unary("sqrt", x),
    np.exp: lambda x: e.unary("exp", x), np.log: lambda x: e.unary("log", x), np.log1p: lambda x: e.unary("log", e.add(ONE, x)),
    np.expm1: _expm1, np.tanh: _tanh, np.sinh: _hyperbolic(e.sub), np.cosh: _hyperbolic(e.add),
    np.absolute: lambda x: e.unary("abs", x), np.fabs: lambda x: e.unary("abs", x), np.sign: _sign,
    np.maximum: lambda x, y: mk("max", None, x, y), np.fmax: lambda x, y: mk("max", None, x, y),
    np.minimum: _minimum, np.fmin: _minimum,
    np.logaddexp: lambda x, y: e.unary("log", e.add(e.unary("exp", x), e.unary("exp", y))),
    np.log2: lambda x: e.div(e.unary("log", x), e.unary("log", TWO)),
    np.exp2: lambda x: e.unary("exp", e.mul(e.unary("log", TWO), x)),
    ERF: lambda x: e.unary("erf", x),
}
ORDER: dict[Any, Apply] = {                                   # comparisons of reals
    np.greater: lambda x, y: e.step(e.sub(x, y)), np.less: lambda x, y: e.step(e.sub(y, x)),
    np.greater_equal: lambda x, y: e.negation(e.step(e.sub(y, x))), np.less_equal: lambda x, y: e.negation(e.step(e.sub(x, y))),
}
LOGIC: dict[Any, Apply] = {
    np.logical_and: e.mul, np.bitwise_and: e.mul, np.logical_or: _or, np.bitwise_or: _or,
    np.logical_not: e.negation, np.invert: e.negation,
}
FINITE = {np.isfinite: ONE, np.isnan: ZERO, np.isinf: ZERO}
WHOLE = (np.add, np.subtract, np.multiply, np.negative, np.positive, np.absolute, np.square, np.maximum, np.minimum)
REDUCED = {np.add: "sum", np.maximum: "max", np.minimum: "min", np.logical_and: "all", np.logical_or: "any"}


def apply(session: Session, ufunc: Any, method: str, inputs: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """What `__array_ufunc__` answers."""
    kept = {k: v for k, v in kwargs.items() if k not in ("casting", "order", "subok", "out")
            and not (k == "where" and v is True) and not (k == "dtype" and real_dtype(v))}
    out = kwargs.get("out") or (None,)
    match method:
        case "__call__" if ufunc is np.matmul and not kept:
            from .functions import matmul
            return matmul(session, inputs[0], inputs[1], out=out[0])
        case "__call__" if not kept:
            return into(session, out[0], call(session, ufunc, [as_array(session, x) for x in inputs]))
        case "reduce" if ufunc in REDUCED and kept.keys() <= {"axis", "keepdims"}:
            from .functions import reduced
            return into(session, out[0], reduced(REDUCED[ufunc], as_array(session, inputs[0]), kept.get("axis", 0),
                                                 bool(kept.get("keepdims", False))))
        case "outer" if not kept:
            x, y = (as_array(session, v) for v in inputs)
            return call(session, ufunc, [x.seen((*x.axes, *[None] * y.ndim)), y])
        case "at" if ufunc in (np.add, np.subtract, np.multiply):
            inputs[0][inputs[1]] = call(session, ufunc, [inputs[0][inputs[1]], as_array(session, inputs[2])])
            return None
    name = ufunc.__name__ + ("" if method == "__call__" else f".{method}")
    session.refuse(f"np.{name} with {', '.join(kept) or 'these arguments'}")


def real_dtype(dtype: Any) -> bool:
    """Whether a dtype keeps real numbers as they are, rounding aside."""
    return dtype is None or np.dtype(getattr(dtype, "name", dtype)).kind == "f"


def into(session: Session, out: Any, result: Any) -> Any:
    """The result, written into `out` if one is given."""
    if out is None:
        return result
    if type(out) is not SymbolicArray:
        session.refuse("out= is an array of plain numbers")
    if not (_fits(result.shape, out.shape)):
        session.refuse(f"out= has shape {out.shape}, the result {result.shape}")
    if result.known:
        out.write(result.term, result.kind)
    else:
        out.forget(result.store.reason)
    return out


def _fits(shape: Shape, target: Shape) -> bool:
    """Whether an array can be broadcast to a shape."""
    pairs = zip(shape[::-1], target[::-1], strict=False)
    return len(shape) <= len(target) and all(same(a, b) or (isinstance(a, int) and a == 1) for a, b in pairs)


def same(a: Dim, b: Dim) -> bool:
    """Whether two lengths are equal for every size."""
    if isinstance(a, Size) or isinstance(b, Size):
        return isinstance(a, Size) and isinstance(b, Size) and a.set == b.set
    return a == b


def broadcast(session: Session, arrays: Sequence[SymbolicArray]) -> Shape:
    """The common shape. Raises Refused where lengths agree at some sizes only."""
    shape: list[Dim] = [1] * max(a.ndim for a in arrays)
    for a in arrays:
        for n, d in enumerate(a.shape[::-1], 1):
            if isinstance(d, int) and d == 1:
                continue
            if isinstance(shape[-n], int) and shape[-n] == 1:
                shape[-n] = d
            elif not same(shape[-n], d):
                session.refuse(f"shapes {' and '.join(str(x.shape) for x in arrays)} agree only where {shape[-n]} = {d}")
    return tuple(shape)


def call(session: Session, ufunc: Any, args: list[SymbolicArray]) -> Any:
    """One elementwise function of arrays that are broadcast."""
    shape = broadcast(session, args)
    if ufunc in FINITE and args[0].kind != "?":
        return SymbolicArray.of(session, FINITE[ufunc], shape, "b")
    if ufunc in COMPARISONS and (special := _infinite(ufunc, args)) is not None:
        return SymbolicArray.of(session, special, shape, "b")
    if any(not a.known for a in args):
        return SymbolicArray.unknown(session, shape, next(a.store.reason for a in args if not a.known))
    if any(a.kind == "x" for a in args):
        return SymbolicArray.of(session, _of_indices(session, ufunc, args), shape, "b")
    terms = [a.term for a in args]
    if ufunc in (np.equal, np.not_equal):
        equal = _equal(session, terms, shape)
        return SymbolicArray.of(session, equal if ufunc is np.equal else e.negation(equal), shape, "b")
    if ufunc in ORDER:
        return SymbolicArray.of(session, ORDER[ufunc](*terms), shape, "b")
    if ufunc in LOGIC:
        if any(a.kind != "b" for a in args):
            session.refuse(f"np.{ufunc.__name__} of numbers that are not comparisons")
        return SymbolicArray.of(session, LOGIC[ufunc](*terms), shape, "b")
    return _numeric(session, ufunc, args, terms, shape)


COMPARISONS = {np.equal: ZERO, np.not_equal: ONE, **ORDER}


def _numeric(session: Session, ufunc: Any, args: list[SymbolicArray], terms: list[Term], shape: Shape) -> Any:
    if all(a.kind == "b" for a in args) and ufunc in (np.subtract, np.negative, np.add, np.multiply):
        if ufunc is not np.multiply:
            session.refuse(f"np.{ufunc.__name__} of booleans is not arithmetic")
    whole = all(a.kind in "ib" for a in args)
    kind = ("b" if all(a.kind == "b" for a in args) else "i") if whole and ufunc in WHOLE else "f"
    if ufunc is np.floor_divide and whole and not shape:
        return Whole()
    if ufunc is np.power:
        return SymbolicArray.of(session, _power(session, args, terms), shape, kind)
    if ufunc is np.heaviside and terms[1] is ZERO:
        return SymbolicArray.of(session, e.step(terms[0]), shape, kind)
    if whole and ufunc is np.reciprocal or ufunc not in ARITHMETIC:
        session.refuse(f"np.{ufunc.__name__} has no term; accepted are {', '.join(sorted(u.__name__ for u in ARITHMETIC))}")
    return SymbolicArray.of(session, ARITHMETIC[ufunc](*terms), shape, kind)


def _power(session: Session, args: list[SymbolicArray], terms: list[Term]) -> Term:
    base, exponent = terms
    if exponent.op == "num" and exponent.data.denominator == 1 and abs(exponent.data) <= 8:
        return e.power(base, int(exponent.data))
    if exponent.op == "num" and exponent.data.denominator == 2 and abs(exponent.data) <= 4:
        return e.power(e.unary("sqrt", base), int(2 * exponent.data))
    if base.op == "num" and base.data > 0:
        return e.unary("exp", e.mul(e.unary("log", base), exponent))
    session.refuse("a power whose exponent is neither a small whole number nor half of one")


def _infinite(ufunc: Any, args: list[SymbolicArray]) -> Term | None:
    """A comparison of real numbers with an infinite one or NaN."""
    special = [math.nan if "nan" in a.store.reason else math.inf if " inf " in a.store.reason else -math.inf
               for a in args if not a.known and a.store.reason.startswith("the number")]
    if len(special) != 1 or sum(not a.known for a in args) != 1:
        return None
    x, y = (0.0 if a.known else special[0] for a in args)
    return ONE if bool(ufunc(x, y)) else ZERO


def _equal(session: Session, terms: list[Term], shape: Shape) -> Term:
    x, y = terms
    if x is y:
        return ONE
    if x.op == y.op == "num":
        return ZERO
    return session.equality(x, y, tuple(letters(shape)))


def _of_indices(session: Session, ufunc: Any, args: list[SymbolicArray]) -> Term:
    """Comparisons of labels: with each other, and with the ends of their range."""
    if all(a.kind == "x" for a in args):
        i, j = (a.term for a in args)
        if i.data[1] == j.data[1] and ufunc in (np.equal, np.not_equal):
            return e.delta(i, j) if ufunc is np.equal else e.negation(e.delta(i, j))
    elif args[0].kind == "x":
        s, (bound,) = args[0].term.data[1], [a.term for a in args[1:]] or [ONE]
        low = bound.op == "num" and bound.data <= 0
        high = bound is mk("size", s)
        for compare, end, value in ((np.less, low, ZERO), (np.greater_equal, low, ONE), (np.less, high, ONE),
                                    (np.greater_equal, high, ZERO)):
            if ufunc is compare and end:
                return value
    session.refuse(f"np.{ufunc.__name__} of labels; accepted are ==, != between labels and arange, and checks of their range")


