"""The meaning of terms at given sizes, indices and values: the model that the laws speak of, and the check of witnesses.

`EXACT` computes with rationals and refuses what is not rational; another table of functions is another number system.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from math import isqrt
from typing import Any

from .context import Context
from .errors import WitnessError
from .terms import IndexName, Term, ix

Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class Valuation:
    """sizes: set -> n; indices: (letter, set) -> 0..n-1; arrays: name -> {indices: value}."""
    sizes: Mapping[str, int]
    indices: Mapping[IndexName, int] = field(default_factory=dict)
    arrays: Mapping[str, Mapping[tuple[int, ...], Any]] = field(default_factory=dict)


def _rational(function: str, table: dict[Fraction, int]) -> Callable[[Fraction], Fraction]:
    def apply(x: Fraction) -> Fraction:
        if x in table or function == "log" and x <= 0:
            return Fraction(table.get(x, 0))
        raise WitnessError(f"{function}({x}) is not rational")
    return apply


def _sqrt(x: Fraction) -> Fraction:
    root = Fraction(isqrt(max(x.numerator, 0)), isqrt(x.denominator))
    if x > 0 and root * root != x:
        raise WitnessError(f"sqrt({x}) is not rational")
    return root


EXACT: Functions = {
    "num": lambda q: q, "add": lambda x, y: x + y, "mul": lambda x, y: x * y, "neg": lambda x: -x, "abs": abs, "max": max,
    "inv": lambda x: 1 / x if x else x, "step": lambda x: Fraction(int(x > 0)), "sqrt": _sqrt,
    "exp": _rational("exp", {Fraction(0): 1}), "log": _rational("log", {Fraction(1): 0}),
    "eq": lambda x, y: x == y, "ne": lambda x, y: x != y, "lt": lambda x, y: x < y, "le": lambda x, y: x <= y}


@dataclass(frozen=True)
class Evaluator:
    """Values of the terms and conditions of a context; D and abstract functions only where `functions` has them."""
    context: Context
    at: Valuation
    functions: Functions = field(default_factory=lambda: EXACT)

    def value(self, t: Term, bound: tuple[int, ...] = ()) -> Any:
        a = t.args
        match t.op:
            case "num":
                return self.functions["num"](t.data)
            case "size":
                return self.functions["num"](Fraction(self.size(t.data)))
            case "arr":
                return self.entry(t.data, tuple(self.index(i, bound) for i in a))
            case "delta":
                return self.functions["num"](Fraction(int(self.index(a[0], bound) == self.index(a[1], bound))))
            case "sum":
                zero = self.functions["num"](Fraction(0))
                return reduce(self.functions["add"], (self.value(a[0], (*bound, n)) for n in range(self.size(t.data))), zero)
            case "all":
                return all(self.value(a[0], (*bound, n)) for n in range(self.size(t.data)))
            case "apart":
                return self.index(a[0], bound) != self.index(a[1], bound)
            case "when" | "unless":
                same = self.index(a[0], bound) == self.index(a[1], bound)
                return same is not (t.op == "when") or self.value(a[2], bound)
        if t.op not in self.functions:
            raise WitnessError(f"{t} has no value here")
        return self.functions[t.op](*[self.value(x, bound) for x in a])

    def entry(self, name: str, at: tuple[int, ...]) -> Any:
        if name in self.context.definitions:
            return self.value(self.context.definitions[name][1], at)
        if at not in self.at.arrays.get(name, {}):
            raise WitnessError(f"no value for {name}{list(at)}")
        return self.at.arrays[name][at]

    def index(self, i: Term, bound: tuple[int, ...] = ()) -> int:
        n = bound[-1 - i.data[0]] if i.op == "bd" else self.at.indices.get(i.data, -1)
        if type(n) is not int or not 0 <= n < self.size(i.data[1]):
            raise WitnessError(f"{i} = {n} is not an element of {i.data[1]}")
        return n

    def size(self, s: str) -> int:
        if s not in self.at.sizes:
            raise WitnessError(f"no size for {s}")
        return self.at.sizes[s]


def check_witness(ctx: Context, hypotheses: frozenset[Term], free: set[IndexName], witness: Valuation) -> None:
    """Raise WitnessError unless the free indices exist and every hypothesis holds at the witness (sizes 1 or 2)."""
    evaluator = Evaluator(ctx, witness)
    for name in free:
        evaluator.index(ix(*name))
    false = [h for h in hypotheses if not evaluator.value(h)]
    if false or any(type(n) is not int or n not in (1, 2) for n in witness.sizes.values()):
        raise WitnessError(f"not met at the witness: {sorted(map(repr, false)) or 'sizes 1 or 2'}")
