"""Bound indices renamed apart, so that SymPy cannot capture one: never hand it a bound index that is not fresh."""
from __future__ import annotations

from typing import Any

from sympy import Dummy, Sum


def fresh(expr: Any) -> Any:
    """expr with every bound index of every sum replaced by one of its own, the innermost first."""
    if not getattr(expr, "args", ()) or not expr.has(Sum):
        return expr
    if not isinstance(expr, Sum):
        return expr.func(*[fresh(a) for a in expr.args])
    body, limits = fresh(expr.function), list[Any]()
    for letter, *bounds in expr.limits:
        dummy = Dummy(str(letter), integer=True)
        body = body.xreplace({letter: dummy})
        limits = [(inner, *[fresh(b).xreplace({letter: dummy}) for b in rest]) for inner, *rest in limits]
        limits.append((dummy, *bounds))
    return Sum(body, *limits)
