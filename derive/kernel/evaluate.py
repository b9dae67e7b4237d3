"""The meaning of terms at given sizes, indices and values: the model that the laws speak of, and the check of witnesses.

`EXACT` computes with rationals and refuses what is not rational; another table of functions is another number system.
"""
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from math import isqrt
from typing import Any

from .context import Context
from .errors import WitnessError, require
from .terms import BINDERS, IndexName, Term, ix

Functions = Mapping[str, Callable[..., Any]]


@dataclass(frozen=True)
class Valuation:
    """sizes: set -> n; indices: (letter, set) -> 0..n-1; arrays: name -> {indices: value}."""
    sizes: Mapping[str, int]
    indices: Mapping[IndexName, int] = field(default_factory=dict)
    arrays: Mapping[str, Mapping[tuple[int, ...], Any]] = field(default_factory=dict)


def _sqrt(x: Fraction) -> Fraction:
    root = Fraction(isqrt(max(x.numerator, 0)), isqrt(x.denominator))
    require(x <= 0 or root * root == x, WitnessError, "sqrt({}) is not rational", x)
    return root


def _only(known: bool, value: int, x: Fraction) -> Fraction:
    require(known, WitnessError, "no rational value at {}", x)
    return Fraction(value)


EXACT: Functions = {
    "num": lambda q: q, "add": lambda x, y: x + y, "mul": lambda x, y: x * y, "neg": lambda x: -x, "abs": abs, "max": max,
    "inv": lambda x: 1 / x if x else x, "step": lambda x: Fraction(int(x > 0)), "sqrt": _sqrt,
    "exp": lambda x: _only(x == 0, 1, x), "log": lambda x: _only(x <= 0 or x == 1, 0, x),
    "eq": lambda x, y: x == y, "ne": lambda x, y: x != y, "lt": lambda x, y: x < y, "le": lambda x, y: x <= y}


@dataclass(frozen=True)
class Evaluator:
    """Values of the terms and conditions of a context; D and abstract functions only where `functions` has them."""
    context: Context
    at: Valuation
    functions: Functions = field(default_factory=lambda: EXACT)
    defined: dict[Any, Any] = field(default_factory=dict)     # what has been computed: each layer uses the one below twice

    def value(self, t: Term, bound: tuple[int, ...] = ()) -> Any:
        a, f = t.args, self.functions
        if t.op in BINDERS:
            values = [self.value(a[0], (*bound, n)) for n in range(self.size(t.data))]
            return all(values) if t.op == "all" else reduce(f["add"], values, f["num"](Fraction(0)))
        if t.op in ("delta", "apart", "when", "unless"):
            same = self.index(a[0], bound) == self.index(a[1], bound)
            if len(a) == 3:
                return same is (t.op == "unless") or self.value(a[2], bound)
            return f["num"](Fraction(int(same))) if t.op == "delta" else not same
        if t.op in ("num", "size"):
            return f["num"](t.data if t.op == "num" else Fraction(self.size(t.data)))
        if t.op == "arr":
            return self.entry(t.data, tuple(self.index(i, bound) for i in a))
        require(t.op in f, WitnessError, "{} has no value here", t)
        return f[t.op](*[self.value(x, bound) for x in a])

    def entry(self, name: str, at: tuple[int, ...]) -> Any:
        if name in self.context.definitions:
            if (name, at) not in self.defined:
                self.defined[name, at] = self.value(self.context.definitions[name][1], at)
            return self.defined[name, at]
        require(at in self.at.arrays.get(name, {}), WitnessError, "no value for {}{}", name, at)
        return self.at.arrays[name][at]

    def index(self, i: Term, bound: tuple[int, ...] = ()) -> int:
        n = bound[-1 - i.data[0]] if i.op == "bd" else self.at.indices.get(i.data, -1)
        require(type(n) is int and 0 <= n < self.size(i.data[1]), WitnessError, "{} = {} is not an element of its set", i, n)
        return n

    def size(self, s: str) -> int:
        require(s in self.at.sizes, WitnessError, "no size for {}", s)
        return self.at.sizes[s]


def check_witness(ctx: Context, hypotheses: frozenset[Term], free: set[IndexName], witness: Valuation) -> None:
    """Raise WitnessError unless the free indices exist and every hypothesis holds at the witness (sizes 1 or 2)."""
    small = all(type(n) is int and n in (1, 2) for n in witness.sizes.values())
    require(small, WitnessError, "a witness has sizes 1 or 2, found {}", witness.sizes)
    evaluator = Evaluator(ctx, witness)
    for name in free:
        evaluator.index(ix(*name))
    for h in sorted(hypotheses, key=repr):
        require(evaluator.value(h), WitnessError, "not met at the witness: {}", h)
