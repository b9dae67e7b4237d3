"""The order in which factors and addends are written: deterministic, and the one that people use."""
from __future__ import annotations

from ..kernel.terms import Term

_RANK = {"num": 0, "size": 1, "pi": 1, "arr": 2, "fun": 3, "exp": 4, "log": 5, "sqrt": 6, "delta": 7, "sum": 9}


def key(t: Term) -> tuple[int, str]:
    """Numbers, sizes, arrays, functions, deltas, then what is composed, then sums; within a kind by text."""
    return _RANK.get(t.op, 8), repr(t)


def addend_key(t: Term) -> tuple[bool, tuple[int, str]]:
    """Addends with a minus sign come last."""
    return t.op == "neg", key(t.args[0] if t.op == "neg" else t)
