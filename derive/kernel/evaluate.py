"""The meaning of terms at given sizes, indices and values: the model that the laws speak of, and the check of witnesses."""
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from .context import Context
from .errors import WitnessError, require
from .laws.meaning import EXACT as EXACT
from .laws.meaning import Functions as Functions
from .terms import BINDERS, IndexName, Term, ix


@dataclass(frozen=True)
class Valuation:
    """sizes: set -> n; indices: (letter, set) -> 0..n-1; arrays: name -> {indices, or (order, argument): value}."""
    sizes: Mapping[str, int]
    indices: Mapping[IndexName, int] = field(default_factory=dict)
    arrays: Mapping[str, Mapping[tuple[Any, ...], Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Evaluator:
    """Values of the terms and conditions of a context; D only where `functions` has it, abstract functions where `at` has."""
    context: Context
    at: Valuation
    functions: Functions = field(default_factory=lambda: EXACT)
    defined: dict[Any, Any] = field(default_factory=dict)     # what has been computed: each layer uses the one below twice

    def value(self, t: Term, bound: tuple[int, ...] = ()) -> Any:
        a, f = t.args, self.functions
        if t.op in BINDERS:
            values = [self.value(a[0], (*bound, n)) for n in range(self.size(t.data))]
            return all(values) if t.op == "all" else reduce(f["add"], values, f["num"](0))
        if t.op in ("delta", "apart", "when", "unless"):
            same = self.index(a[0], bound) == self.index(a[1], bound)
            held = same is (t.op == "unless") or len(a) == 3 and self.value(a[2], bound)
            return f["num"](int(same)) if t.op == "delta" else held
        if t.op in ("num", "size"):
            return f["num"](t.data if t.op == "num" else self.size(t.data))
        if t.op in ("arr", "fun"):                            # a smooth function takes any values at given arguments
            at = tuple(self.index(i, bound) for i in a) if t.op == "arr" else (t.data[1], self.value(a[0], bound))
            return self.entry(t.data if t.op == "arr" else t.data[0], at)
        require(t.op in f, WitnessError, "{} has no value here", t)
        return f[t.op](*[self.value(x, bound) for x in a])

    def entry(self, name: str, at: tuple[Any, ...]) -> Any:
        if name in self.context.definitions and (name, at) not in self.defined:
            self.defined[name, at] = self.value(self.context.definitions[name][1], at)
        found = self.defined.get((name, at), self.at.arrays.get(name, {}).get(at))
        require(found is not None, WitnessError, "no value for {}{}", name, at)
        return found

    def index(self, i: Term, bound: tuple[int, ...] = ()) -> int:
        n = bound[-1 - i.data[0]] if i.op == "bd" else self.at.indices.get(i.data, -1)
        require(type(n) is int and 0 <= n < self.size(i.data[1]), WitnessError, "{} = {} is not an element of its set", i, n)
        return n

    def size(self, s: str) -> int:
        require(s in self.at.sizes, WitnessError, "no size for {}", s)
        return self.at.sizes[s]


def check_witness(ctx: Context, hypotheses: frozenset[Term], free: set[IndexName], witness: Valuation) -> None:
    """Raise WitnessError unless the free indices exist and every hypothesis holds at the witness (sizes 1 or 2)."""
    require({*witness.sizes.values()} <= {1, 2}, WitnessError, "a witness has sizes 1 or 2, found {}", witness.sizes)
    evaluator = Evaluator(ctx, witness)
    for name in free:
        evaluator.index(ix(*name))
    for h in sorted(hypotheses, key=repr):
        require(evaluator.value(h), WitnessError, "not met at the witness: {}", h)
