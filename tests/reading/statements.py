"""True statements about softmax and cross-entropy as small trees that are printed as LaTeX, evaluated in floats, and mutated.

The evaluation knows nothing of derive: derivatives are central differences.
"""
from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

T = tuple[Any, ...]                                           # ("add", x, y), ("mul", x, y), ("neg", x), ("div", x, y), ...
N, Y, Z = "N", "y", "z"


def e(name: str, i: str) -> T:
    return ("entry", name, i)


def total(k: str, body: T, without: str = "") -> T:
    return ("sum", k, without, body)


def add(*parts: T) -> T:
    return parts[0] if len(parts) == 1 else ("add", parts[0], add(*parts[1:]))


def mul(*parts: T) -> T:
    return parts[0] if len(parts) == 1 else ("mul", parts[0], mul(*parts[1:]))


def neg(x: T) -> T:
    return ("neg", x)


def num(n: int) -> T:
    return ("num", n)


Z_I, Y_I, A_I, A_J = e("z", "i"), e("y", "i"), e("a", "i"), e("a", "j")
DELTA, LOSS = ("delta", "i", "j"), ("loss",)
EXP_I = ("exp", Z_I)
SUM_EXP = total("k", ("exp", e("z", "k")))
TRUE: list[tuple[T, T]] = [
    (("D", A_I, "z", "j"), mul(A_I, add(DELTA, neg(A_J)))),
    (("D", A_I, "z", "j"), add(mul(A_I, DELTA), neg(mul(A_I, A_J)))),
    (total("k", e("a", "k")), num(1)),
    (total("k", e("a", "k"), "i"), add(num(1), neg(A_I))),
    (A_I, ("div", EXP_I, SUM_EXP)),
    (("D", LOSS, "z", "i"), add(mul(A_I, total("j", e("y", "j"))), neg(Y_I))),
    (("D", LOSS, "z", "i"), neg(total("j", mul(("div", e("y", "j"), A_J), A_J, add(DELTA, neg(A_I)))))),
    (("D", LOSS, "z", "i"), add(neg(Y_I), mul(A_I, Y_I), total("j", mul(e("y", "j"), A_I), "i"))),
    (("D", ("log", SUM_EXP), "z", "i"), A_I),
    (("log", A_I), add(Z_I, neg(("log", SUM_EXP)))),
    (add(neg(Y_I), mul(Y_I, A_I), total("j", mul(e("y", "j"), A_I), "i")),
     add(mul(A_I, add(Y_I, total("j", e("y", "j"), "i"))), neg(Y_I))),
    (total("j", mul(e("y", "j"), add(DELTA, neg(A_J)))), add(Y_I, neg(total("j", mul(e("y", "j"), A_J))))),
    (("D", total("j", mul(e("z", "j"), e("z", "j"))), "z", "i"), mul(num(2), Z_I)),
    (("D", total("j", mul(add(e("z", "j"), neg(e("y", "j"))), add(e("z", "j"), neg(e("y", "j"))))), "z", "i"),
     mul(num(2), add(Z_I, neg(Y_I)))),
    (("D", ("div", EXP_I, add(num(1), EXP_I)), "z", "i"), ("div", EXP_I, mul(add(num(1), EXP_I), add(num(1), EXP_I)))),
    (("D", total("j", mul(e("y", "j"), ("log", add(num(1), ("exp", e("z", "j")))))), "z", "i"),
     ("div", mul(Y_I, EXP_I), add(num(1), EXP_I))),
    (total("k", total("j", mul(e("y", "k"), A_J))), total("k", e("y", "k"))),
]
HEAD = r"""Let $a_i = \frac{e^{z_i}}{\sum_{k=1}^N e^{z_k}}$ and $C = -\sum_{j=1}^N y_j \log a_j$.

"""


# ---------------------------------------------------------------- LaTeX
def latex(t: T, level: int = 0) -> str:
    """level 1 inside a product, 2 as an argument."""
    match t:
        case ("num", n):
            return str(n)
        case ("entry", name, i):
            return f"{name}_{i}"
        case ("loss",):
            return "C"
        case ("delta", i, j):
            return rf"\delta_{{{i}{j}}}"
        case ("add", x, y):
            text = latex(x) + (f" - {latex(y[1], 1)}" if y[0] == "neg" else f" + {latex(y)}")
            return rf"\left({text}\right)" if level else text
        case ("neg", x):
            text = f"-{latex(x, 1)}"
            return rf"\left({text}\right)" if level else text
        case ("mul", x, y):
            text = rf"{latex(x, 2)} \cdot {latex(y, 2 if x[0] == 'sum' else 1)}"
            return rf"\left({text}\right)" if level > 1 else text
        case ("div", x, y):
            return rf"\frac{{{latex(x)}}}{{{latex(y)}}}"
        case ("exp", x):
            return f"e^{{{latex(x)}}}"
        case ("log", x):
            return rf"\log\left({latex(x)}\right)"
        case ("sum", k, without, body):
            below = f"{k}=1" if not without else rf"{k} \neq {without}"
            text = rf"\sum_{{{below}}}^N {latex(body, 1)}"
            return rf"\left({text}\right)" if level > 1 or level else text
        case ("D", body, name, i):
            return rf"\frac{{\partial {latex(body, 2)}}}{{\partial {name}_{i}}}"
    raise AssertionError(t)


# ---------------------------------------------------------------- values
@dataclass(frozen=True)
class Point:
    size: int
    arrays: dict[str, list[float]]
    letters: dict[str, int] = field(default_factory=dict)


def value(t: T, p: Point) -> float:
    """The value at a point. Raises ZeroDivisionError, KeyError (an unbound letter)."""
    match t:
        case ("num", n):
            return float(n)
        case ("entry", "a", i):
            exps = [math.exp(z) for z in p.arrays["z"]]
            return exps[p.letters[i]] / sum(exps)
        case ("entry", name, i):
            return p.arrays[name][p.letters[i]]
        case ("loss",):
            exps = [math.exp(z) for z in p.arrays["z"]]
            return -sum(y * math.log(x / sum(exps)) for x, y in zip(exps, p.arrays["y"], strict=True))
        case ("delta", i, j):
            return float(p.letters[i] == p.letters[j])
        case ("add", x, y):
            return value(x, p) + value(y, p)
        case ("neg", x):
            return -value(x, p)
        case ("mul", x, y):
            return value(x, p) * value(y, p)
        case ("div", x, y):
            return value(x, p) / value(y, p)
        case ("exp", x):
            return math.exp(value(x, p))
        case ("log", x):
            return math.log(value(x, p))
        case ("sum", k, without, body):
            return sum(value(body, Point(p.size, p.arrays, {**p.letters, k: n}))
                       for n in range(p.size) if not without or n != p.letters[without])
        case ("D", body, name, i):
            def moved(by: float) -> float:
                entries = list(p.arrays[name])
                entries[p.letters[i]] += by
                return value(body, Point(p.size, {**p.arrays, name: entries}, p.letters))
            return (moved(1e-5) - moved(-1e-5)) / 2e-5
    raise AssertionError(t)


# ---------------------------------------------------------------- mutants
def mutants(t: T) -> Iterator[T]:
    """Trees with one thing wrong: a sign, an index, a factor, a bound, a term left out."""
    for new in _changed_here(t):
        yield new
    for n, part in enumerate(t):
        if isinstance(part, tuple):
            for new in mutants(part):
                yield (*t[:n], new, *t[n + 1:])


def _changed_here(t: T) -> Iterator[T]:
    yield ("neg", t) if t[0] != "neg" else t[1]
    match t:
        case ("entry", name, i):
            yield from (("entry", name, j) for j in "ij" if j != i)
            yield ("mul", num(2), t)
        case ("delta", _, _):
            yield num(1)
            yield num(0)
        case ("add" | "mul", x, y):
            yield x
            yield y
        case ("div", x, y):
            yield ("div", y, x)
            yield x
        case ("sum", k, without, body):
            yield ("sum", k, "" if without else "i", body)
            yield ("sum", k, "j" if without == "i" and k != "j" else "", body)
            yield ("mul", num(2), t)
        case ("num", n):
            yield num(n + 1)
        case ("D", body, name, i):
            yield ("D", body, name, "j" if i == "i" else "i")
        case ("exp" | "log", x):
            yield x
