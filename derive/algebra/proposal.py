"""SymPy's proposal: the derivative for symbolic sizes, over bound indices that are all fresh."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import sympy as sp
from sympy.concrete.delta import deltasummation

from .fresh import fresh


def unfolded(expr: Any, definitions: Mapping[Any, Any]) -> Any:
    """expr with defined symbols replaced by what they stand for, with fresh bound indices at each place."""
    expr = sp.sympify(expr)
    for symbol, body in reversed(list(definitions.items())):
        if isinstance(symbol, sp.Indexed):
            base, letters = symbol.base.label, symbol.indices

            def value(at: Any, letters: Any = letters, body: Any = body) -> Any:
                apart = [sp.Dummy(str(i), integer=True) for i in letters]
                opened = fresh(body).xreplace(dict(zip(letters, apart, strict=True)))
                return opened.xreplace(dict(zip(apart, at.indices, strict=True)))
            expr = expr.replace(lambda e, b=base: isinstance(e, sp.Indexed) and e.base.label == b, value)
        else:
            expr = fresh(expr).xreplace({symbol: fresh(body)})
    return fresh(expr)


def _sums(expr: Any) -> Any:
    """Sums over a Kronecker delta carried out; the index is known to lie in the set, so without Piecewise."""
    if not expr.args or not expr.has(sp.Sum):
        return expr
    expr = expr.func(*[_sums(a) for a in expr.args])
    if isinstance(expr, sp.Sum) and expr.function.has(sp.KroneckerDelta) and len(expr.limits) == 1:
        done = deltasummation(sp.expand(expr.function), expr.limits[0], no_piecewise=True)
        return done if not done.has(sp.Piecewise) else expr
    return expr


def gradient(target: Any, variable: Any, definitions: Mapping[Any, Any]) -> Any:
    """d target / d variable as SymPy finds it, the sums over deltas carried out."""
    return fresh(_sums(off_kinks(sp.diff(differentiated(unfolded(target, definitions)), variable))))


def differentiated(expr: Any) -> Any:
    """expr with its derivatives carried out; its sums stay as they are."""
    return expr.replace(lambda e: isinstance(e, sp.Derivative), lambda e: sp.diff(e.expr, *e.variables))


def off_kinks(expr: Any) -> Any:
    """expr away from its kinks, in steps of one direction: |x| = x (2 step x - 1), step(-x) = 1 - step x."""
    def step(x: Any) -> Any:
        return 1 - sp.Heaviside(-x, 0) if x.could_extract_minus_sign() else sp.Heaviside(x, 0)
    rules: dict[Any, Callable[..., Any]] = {
        sp.Max: lambda *xs: reduce(lambda y, x: y + (x - y) * step(x - y), xs), sp.Abs: lambda x: x * (2 * step(x) - 1),
        sp.sign: lambda x: 2 * step(x) - 1, sp.Heaviside: lambda x, *_: step(x), sp.DiracDelta: lambda *_: sp.Integer(0)}
    for kind, rule in rules.items():
        expr = expr.replace(kind, rule)
    return expr
