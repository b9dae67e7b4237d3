"""The meaning of operators on rational numbers; WitnessError where the value of a total function is not rational.

`num` reads a rational number. The engine has tables of the same shape for floats and intervals.
"""
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import isqrt
from typing import Any

from ..errors import WitnessError, require

Functions = Mapping[str, Callable[..., Any]]


def _sqrt(x: Fraction) -> Fraction:
    root = Fraction(isqrt(max(x.numerator, 0)), isqrt(x.denominator))
    require(x <= 0 or root * root == x, WitnessError, "sqrt({}) is not rational", x)
    return root


def _only(known: bool, value: int, x: object) -> Fraction:
    require(known, WitnessError, "no rational value at {}", x)
    return Fraction(value)


EXACT: Functions = {
    "num": Fraction, "add": lambda x, y: x + y, "mul": lambda x, y: x * y, "neg": lambda x: -x, "abs": abs, "max": max,
    "inv": lambda x: 1 / x if x else x, "step": lambda x: Fraction(int(x > 0)), "sqrt": _sqrt,
    "pi": lambda: _only(False, 0, "pi"), "erf": lambda x: _only(x == 0, 0, x),
    "exp": lambda x: _only(x == 0, 1, x), "log": lambda x: _only(x <= 0 or x == 1, 0, x),
    "eq": lambda x, y: x == y, "ne": lambda x, y: x != y, "lt": lambda x, y: x < y, "le": lambda x, y: x <= y}
