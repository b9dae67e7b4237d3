"""Number systems for evaluating terms: floats and intervals, each with derivatives by dual numbers.

An interval result encloses the true value (mpmath's interval arithmetic), so two disjoint results are different.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..kernel.context import Context
from ..kernel.errors import WitnessError
from ..kernel.evaluate import EXACT, Evaluator, Functions, Valuation
from ..kernel.terms import IndexName, Term


@dataclass(frozen=True, slots=True)
class Dual:
    """value + slope * epsilon(tag); tags keep nested derivatives apart."""
    tag: int
    value: Any
    slope: Any


def _parts(x: Any, tag: int) -> tuple[Any, Any]:
    return (x.value, x.slope) if isinstance(x, Dual) and x.tag == tag else (x, None)


def add(x: Any, y: Any) -> Any:
    tags = [n.tag for n in (x, y) if isinstance(n, Dual)]
    if not tags:
        return x + y
    (a, da), (b, db) = _parts(x, max(tags)), _parts(y, max(tags))
    return Dual(max(tags), add(a, b), db if da is None else da if db is None else add(da, db))


def mul(x: Any, y: Any) -> Any:
    tags = [n.tag for n in (x, y) if isinstance(n, Dual)]
    if not tags:
        return x * y
    (a, da), (b, db) = _parts(x, max(tags)), _parts(y, max(tags))
    left, right = (None if da is None else mul(da, b)), (None if db is None else mul(a, db))
    return Dual(max(tags), mul(a, b), right if left is None else left if right is None else add(left, right))


def flat(x: Any) -> Any:
    """The number itself, without its slopes."""
    return flat(x.value) if isinstance(x, Dual) else x


def with_derivatives(base: Functions) -> Functions:
    """The number system, extended to dual numbers. Kinks and jumps have no derivative: WitnessError there."""
    def lift(name: str, slope: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def apply(x: Any) -> Any:
            return Dual(x.tag, apply(x.value), mul(slope(x.value), x.slope)) if isinstance(x, Dual) else base[name](x)
        return apply

    def off_kink(x: Any) -> Any:
        if isinstance(x, Dual) and base["eq"](flat(x), base["num"](Fraction(0))):
            raise WitnessError("no derivative at a kink")
        return x

    def compare(op: str) -> Callable[[Any, Any], Any]:
        return lambda x, y: base[op](flat(x), flat(y))

    number = base["num"]
    out: dict[str, Callable[..., Any]] = {name: compare(name) for name in ("eq", "ne", "lt", "le")}
    minus, half, two = number(Fraction(-1)), number(Fraction(1, 2)), number(Fraction(2))
    out |= {"num": number, "add": add, "mul": mul, "neg": lambda x: mul(x, minus)}
    out["exp"] = lift("exp", lambda x: out["exp"](x))
    out["inv"] = lift("inv", lambda x: mul(minus, mul(out["inv"](x), out["inv"](x))))
    out["log"] = lift("log", lambda x: out["inv"](x))
    out["sqrt"] = lift("sqrt", lambda x: mul(half, out["inv"](out["sqrt"](x))))
    out["pi"] = base["pi"]
    out["erf"] = lift("erf", lambda x: mul(two, mul(out["inv"](out["sqrt"](out["pi"]())), out["exp"](mul(minus, mul(x, x))))))
    out["step"] = lambda x: base["step"](flat(off_kink(x)))
    out["abs"] = lambda x: mul(x, add(mul(two, out["step"](x)), minus))
    out["max"] = lambda x, y: add(y, mul(add(x, out["neg"](y)), out["step"](add(x, out["neg"](y)))))
    return out


def _total(f: Callable[[float], float], positive: bool) -> Callable[[float], float]:
    return lambda x: f(x) if (x > 0 if positive else x != 0) else 0.0


FLOAT: Functions = with_derivatives({
    "num": float, "pi": lambda: math.pi, "erf": math.erf, "neg": lambda x: -x, "abs": abs, "max": max, "exp": math.exp,
    "inv": _total(lambda x: 1 / x, False),
    "log": _total(math.log, True), "sqrt": _total(math.sqrt, True), "step": lambda x: float(x > 0),
    "eq": lambda x, y: abs(x - y) <= 1e-12 * (1 + abs(x)), "ne": lambda x, y: abs(x - y) > 1e-9,
    "lt": lambda x, y: y - x > 1e-9, "le": lambda x, y: x <= y + 1e-12})
RATIONAL: Functions = with_derivatives(EXACT)


def intervals() -> Functions:
    """Interval arithmetic with 100 bits; what an interval cannot decide is a WitnessError."""
    from mpmath import iv, mp

    def sure(x: Any, want: str) -> bool:
        if x.a > 0 or x.b < 0 or x.a == x.b == 0:
            return bool({"lt": x.a > 0, "le": x.a >= 0, "ne": x.a > 0 or x.b < 0}[want])
        raise WitnessError("the interval contains 0")

    def where_positive(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
        return lambda x: f(x) if sure(x, "lt") else iv.mpf(0)

    def erf(x: Any) -> Any:                                   # it grows; mpmath's own value, which is rounded, with a margin
        with mp.workprec(140):
            low, high = mp.erf(mp.mpf(x.a)), mp.erf(mp.mpf(x.b))
        return iv.mpf([low, high]) + iv.mpf([-1, 1]) / 2 ** 90

    iv.prec = 100
    return with_derivatives({
        "num": lambda q: iv.mpf(q.numerator) / q.denominator, "pi": lambda: iv.pi + 0, "erf": erf, "exp": iv.exp,
        "log": where_positive(iv.log), "sqrt": where_positive(iv.sqrt), "inv": lambda x: 1 / x if sure(x, "ne") else x,
        "step": lambda x: iv.mpf(int(sure(x, "lt"))), "eq": lambda x, y: not sure(x - y, "ne"),
        "ne": lambda x, y: sure(x - y, "ne"), "lt": lambda x, y: sure(y - x, "lt"), "le": lambda x, y: sure(y - x, "le")})


POLYNOMIAL = (Fraction(0), Fraction(1), Fraction(1, 3), Fraction(1, 5))


@dataclass(frozen=True)
class Derivatives(Evaluator):
    """An evaluator that also knows derivatives, and takes u + u^2/3 + u^3/5 for an abstract function of u, or the values that
    `exact` has for it. `level` derivatives are under way around it: an inner one has a larger tag, also behind a definition."""

    level: int = 0
    exact: Evaluator | None = None

    def value(self, t: Term, bound: tuple[int, ...] = ()) -> Any:
        if t.op == "D":
            return self._derivative(t, bound)
        if t.op == "fun" and self.exact is not None and t.data[0] in self.exact.at.arrays:
            return self._known(t.data[0], t.data[1], self.exact.value(t.args[0], bound), self.value(t.args[0], bound))
        if t.op == "fun":
            return self._polynomial(t.data[1], self.value(t.args[0], bound))
        return super().value(t, bound)

    def _derivative(self, t: Term, bound: tuple[int, ...]) -> Any:
        body, v = t.args
        at, tag = tuple(self.index(i, bound) for i in v.args), self.level + 1
        values = dict(self.at.arrays[v.data])
        values[at] = Dual(tag, values[at], self.functions["num"](Fraction(1)))
        moved = Valuation(self.at.sizes, self.at.indices, {**self.at.arrays, v.data: values})
        x = Derivatives(self.context, moved, self.functions, level=tag, exact=self.exact).value(body, bound)
        return x.slope if isinstance(x, Dual) and x.tag == tag else self.functions["num"](Fraction(0))

    def _known(self, name: str, order: int, place: Fraction, u: Any) -> Any:
        """The value of an abstract function that was given values, with slopes from the next order."""
        if isinstance(u, Dual):
            slope = self._known(name, order + 1, place, u.value)
            return Dual(u.tag, self._known(name, order, place, u.value), mul(slope, u.slope))
        return self.entry(name, (order, place))

    def _polynomial(self, order: int, u: Any) -> Any:
        total, power = self.functions["num"](Fraction(0)), self.functions["num"](Fraction(1))
        for n in range(order, 4):
            c = Fraction(math.factorial(n), math.factorial(n - order)) * POLYNOMIAL[n]
            total, power = add(total, mul(self.functions["num"](c), power)), mul(power, u)
        return total


def evaluate(ctx: Context, t: Term, at: Valuation, functions: Functions) -> Any:
    """The value of a term or condition; the rational values of `at` are read into the number system."""
    return evaluate_at(ctx, t, at, functions, [at.indices])[0]


def evaluate_at(ctx: Context, t: Term, at: Valuation, functions: Functions,
                places: Sequence[Mapping[IndexName, int]]) -> list[Any]:
    """The values of a term or condition at several values of its free indices; what is defined is computed once."""
    arrays = {name: {place: functions["num"](q) for place, q in entries.items()} for name, entries in at.arrays.items()}
    defined: dict[Any, Any] = {}
    return [Derivatives(ctx, Valuation(at.sizes, place, arrays), functions, defined,
                        exact=Evaluator(ctx, Valuation(at.sizes, place, at.arrays))).value(t) for place in places]
