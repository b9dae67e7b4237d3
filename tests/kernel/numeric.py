"""What terms mean, in floats and written independently of the kernel: derivatives by differences, total functions.

Where a body is not differentiable its derivative is unspecified: here it is an arbitrary number that depends on the germ of
the body (its values near the point), so that a law which silently assumes differentiability is found out.
"""

from __future__ import annotations

import math
import random
from itertools import product

STEP = 1e-4


class Unclear(Exception):
    """Too close to call in floats: no verdict at this valuation."""


def clear(x):
    if not math.isfinite(x) or abs(x) > 1e5:
        raise Unclear
    return x


def same(x, y, tolerance=1e-7):
    return abs(x - y) <= tolerance * (1 + abs(x) + abs(y))


FUNCTIONS = {
    "add": lambda x, y: x + y,
    "mul": lambda x, y: x * y,
    "neg": lambda x: -x,
    "inv": lambda x: 1 / x if x else 0.0,
    "exp": math.exp,
    "log": lambda x: math.log(x) if x > 0 else 0.0,
    "sqrt": lambda x: math.sqrt(x) if x > 0 else 0.0,
    "pi": lambda: math.pi,
    "erf": math.erf,
    "step": lambda x: float(x > 0),
    "abs": abs,
    "max": max,
}
RELATIONS = {"eq": lambda x, y: x == y, "ne": lambda x, y: x != y, "lt": lambda x, y: x < y, "le": lambda x, y: x <= y}
SHAPES = (lambda u: math.sin(u), lambda u: math.cos(u), lambda u: -math.sin(u), lambda u: -math.cos(u))


class Model:
    """sizes: set -> n; letters: (letter, set) -> n; values: (array, indices) -> float; definitions: name -> body."""

    def __init__(self, sizes, letters, values, definitions=None):
        self.sizes, self.letters, self.values, self.definitions = sizes, letters, dict(values), definitions or {}

    def index(self, i, bound):
        return self.letters[i.data] if i.op == "ix" else bound[-1 - i.data[0]]

    def value(self, t, bound=()):
        try:
            return clear(self._value(t, bound))
        except OverflowError:
            raise Unclear from None

    def _value(self, t, bound):
        if t.op == "num":
            return float(t.data)
        if t.op == "size":
            return float(self.sizes[t.data])
        if t.op == "arr":
            at = tuple(self.index(i, bound) for i in t.args)
            return self.value(self.definitions[t.data], at) if t.data in self.definitions else self.values[t.data, at]
        if t.op == "delta":
            return float(self.index(t.args[0], bound) == self.index(t.args[1], bound))
        if t.op == "sum":
            return math.fsum(self.value(t.args[0], (*bound, n)) for n in range(self.sizes[t.data]))
        if t.op == "D":
            return self.derivative(*t.args, bound)
        x = [self.value(a, bound) for a in t.args]
        if t.op == "fun":
            return SHAPES[t.data[1] % 4](x[0])
        if t.op in ("step", "abs", "max", "inv", "log", "sqrt") and 0 < abs(x[0] - (x[1] if len(x) > 1 else 0)) < STEP / 10:
            raise Unclear  # a rounding error may decide on which side of a kink it lies
        if t.op == "exp" and 0 < abs(x[0]) < 1e-6 or t.op == "add" and 0 < min(map(abs, x)) < 1e-10 * max(map(abs, x)):
            raise Unclear  # rounding would swallow a number that a logarithm may ask for
        return FUNCTIONS[t.op](*x)

    def smooth(self, t, bound=()):
        """Whether t is smooth near here, by what each function is known to be."""
        if t.op == "sum":
            return all(self.smooth(t.args[0], (*bound, n)) for n in range(self.sizes[t.data]))
        if t.op == "arr":
            return t.data not in self.definitions or self.smooth(
                self.definitions[t.data], tuple(self.index(i, bound) for i in t.args)
            )
        if t.op == "delta":
            return True
        x = [self.value(a, bound) for a in t.args[: 1 if t.op == "D" else 2]]
        kink = {
            "inv": lambda: x[0] == 0,
            "log": lambda: x[0] <= 0,
            "sqrt": lambda: x[0] <= 0,
            "step": lambda: x[0] == 0,
            "abs": lambda: x[0] == 0,
            "max": lambda: x[0] == x[1],
        }.get(t.op, lambda: False)
        return not kink() and all(self.smooth(a, bound) for a in t.args[: 1 if t.op == "D" else 2])

    def derivative(self, body, variable, bound):
        """Differences from both sides at two widths; where there is no derivative, junk that depends on the germ."""
        key = variable.data, tuple(self.index(i, bound) for i in variable.args)
        smooth, here, germ = self.smooth(body, bound), self.values[key], []
        for h in (0, STEP, -STEP, STEP / 2, -STEP / 2):
            self.values[key] = here + h
            try:
                germ.append(self.value(body, bound))
            finally:
                self.values[key] = here
        f, up, down, up2, down2 = germ
        slopes = (up - f) / STEP, (f - down) / STEP, (up2 - f) * 2 / STEP, (f - down2) * 2 / STEP
        if max(slopes) - min(slopes) < 0.02 * (1 + max(map(abs, slopes))) and max(map(abs, slopes)) < 1000:
            return (up - down) / (2 * STEP)
        if smooth:
            raise Unclear  # too steep for differences
        return 3 + 7 * math.sin(sum((n + 1) * round(s, 1) for n, s in enumerate(slopes)) + 5 * round(f, 3))

    def holds(self, c, bound=()):
        if c.op == "all":
            return all(self.holds(c.args[0], (*bound, n)) for n in range(self.sizes[c.data]))
        if c.op in ("apart", "when", "unless"):
            equal = self.index(c.args[0], bound) == self.index(c.args[1], bound)
            return not equal if c.op == "apart" else equal is (c.op == "unless") or self.holds(c.args[2], bound)
        x, y = (self.value(a, bound) for a in c.args)
        if x != y and same(x, y, 1e-9):
            raise Unclear
        return RELATIONS[c.op](x, y)


VALUES = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 1.5)


def model(rng: random.Random, arrays, sizes, letters, values=VALUES, definitions=None):
    """A random valuation: small numbers, zeros and equal values among them."""
    entries = {
        (name, at): rng.choice(values) for name, sets in arrays.items() for at in product(*[range(sizes[s]) for s in sets])
    }
    return Model(sizes, {letter: rng.randrange(sizes[letter[1]]) for letter in letters if sizes[letter[1]]}, entries, definitions)
