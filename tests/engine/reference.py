"""What terms mean, written independently of the kernel and the engine: 60 digits, derivatives by central differences.

Terms are total over the reals (1/0 = 0, log and sqrt of what is not positive = 0); an abstract function is the sine here.
"""
from __future__ import annotations

import random
from itertools import product

from mpmath import mp, mpf

mp.dps = 60
STEP, FAR = mpf(10) ** -20, mpf(10) ** -15
SINES = (mp.sin, mp.cos, lambda u: -mp.sin(u), lambda u: -mp.cos(u))


class Kink(Exception):
    """Too near to a kink, a jump or the edge of a domain for differences to mean anything."""


def off(x):
    if abs(x) < FAR:
        raise Kink
    return x


FUNCTIONS = {
    "add": lambda x, y: x + y, "mul": lambda x, y: x * y, "neg": lambda x: -x, "exp": mp.exp,
    "inv": lambda x: 1 / x if x else mpf(0), "log": lambda x: mp.log(x) if x > 0 else mpf(0),
    "sqrt": lambda x: mp.sqrt(x) if x > 0 else mpf(0), "step": lambda x: mpf(int(x > 0)), "abs": abs, "max": max,
    "pi": lambda: +mp.pi, "erf": mp.erf}
KINKED = {"inv", "log", "sqrt", "step", "abs"}


class Reference:
    """sizes: set -> n; letters: (letter, set) -> n; values: (array, indices) -> number; definitions: name -> (sets, body)."""

    def __init__(self, sizes, letters, values, definitions=None):
        self.sizes, self.letters, self.definitions = sizes, letters, definitions or {}
        self.values = {key: mpf(q.numerator) / q.denominator for key, q in values.items()}
        self.moving = 0                                       # derivatives under way: kinks matter inside them only

    def place(self, indices, bound):
        return tuple(bound[-1 - i.data[0]] if i.op == "bd" else self.letters[i.data] for i in indices)

    def value(self, t, bound=()):
        match t.op:
            case "num":
                return mpf(t.data.numerator) / t.data.denominator
            case "size":
                return mpf(self.sizes[t.data])
            case "arr" if t.data in self.definitions:
                return self.value(self.definitions[t.data][1], self.place(t.args, bound))
            case "arr":
                return self.values[t.data, self.place(t.args, bound)]
            case "delta":
                i, j = self.place(t.args, bound)
                return mpf(int(i == j))
            case "sum":
                return sum((self.value(t.args[0], (*bound, n)) for n in range(self.sizes[t.data])), mpf(0))
            case "D":
                return self.slope(t, bound)
        x = [self.value(a, bound) for a in t.args]
        if self.moving and t.op in KINKED:
            off(x[0])
        if self.moving and t.op == "max":
            off(x[0] - x[1])
        return self.function(*t.data, x[0]) if t.op == "fun" else FUNCTIONS[t.op](*x)

    def function(self, name, order, x):
        """A sine, or the parabola through the values that the function was given at the nearest place."""
        given = {q: [self.values.get((name, (n, q)), 0) for n in range(3)] for n, q in (at for f, at in self.values if f == name)}
        if not given:
            return SINES[order % 4](x)
        place = min(given, key=lambda q: abs(x - mpf(q.numerator) / q.denominator))
        f, h = given[place], x - mpf(place.numerator) / place.denominator
        return (f[0] + f[1] * h + f[2] * h * h / 2, f[1] + f[2] * h, f[2])[order]

    def slope(self, t, bound):
        body, v = t.args
        key = v.data, self.place(v.args, bound)
        here, self.moving = self.values[key], self.moving + 1
        try:
            ends = []
            for h in (STEP, -STEP):
                self.values[key] = here + h
                ends.append(self.value(body, bound))
        finally:
            self.values[key], self.moving = here, self.moving - 1
        return (ends[0] - ends[1]) / (2 * STEP)

    def holds(self, c, bound=()):
        match c.op:
            case "all":
                return all(self.holds(c.args[0], (*bound, n)) for n in range(self.sizes[c.data]))
            case "when" | "unless":
                i, j = self.place(c.args[:2], bound)
                return (i == j) is (c.op == "unless") or self.holds(c.args[2], bound)
            case "apart":
                i, j = self.place(c.args, bound)
                return i != j
        x, y = (self.value(a, bound) for a in c.args)
        return {"eq": abs(x - y) < FAR, "ne": x != y, "lt": x < y, "le": x <= y + FAR}[c.op]

    def agree(self, s, t):
        """Whether two terms have the same value, as far as 60 digits and differences show."""
        x, y = self.value(s), self.value(t)
        return abs(x - y) <= FAR * (1 + abs(x) + abs(y))


def at_random(rng: random.Random, ctx, letters, sizes, pool):
    """A reference at random values of every variable of a context."""
    values = {(name, at): rng.choice(pool) for name, sets in ctx.arrays.items() if sets != ("a function",)
              for at in product(*[range(sizes[s]) for s in sets])}
    return Reference(sizes, {letter: rng.randrange(sizes[letter[1]]) for letter in letters}, values, ctx.definitions)


def where(at, definitions=None):
    """The reference at a Valuation (a counterexample, a witness)."""
    values = {(name, place): q for name, entries in at.arrays.items() for place, q in entries.items()}
    return Reference(dict(at.sizes), dict(at.indices), values, definitions)
