"""Index clashes that SymPy gets wrong without saying so, and gets right once every bound index has a letter of its own."""
from __future__ import annotations

import pytest
import sympy as sp
from hypothesis import given, settings

from derive.algebra.fresh import fresh
from derive.algebra.opinion import explicit
from derive.algebra.proposal import gradient, unfolded

from .strategies import FREE, N, expressions, i, j, k, w, x, y, z

SIZES = {N: 2, sp.Symbol("M", integer=True, positive=True): 3}
AT = {i: 1, j: 2, FREE[sp.Symbol("M", integer=True, positive=True)][0]: 2, k: 2}


def written_out(expr):
    """Every sum written out by plain substitution into copies: slow, and without any renaming."""
    if isinstance(expr, sp.Sum):
        (letter, _, high), rest = expr.limits[-1], expr.limits[:-1]
        body = sp.Sum(expr.function, *rest) if rest else expr.function
        return sp.Add(*[written_out(_put(body, letter, sp.Integer(n))) for n in range(1, SIZES[high] + 1)])
    if isinstance(expr, sp.Indexed):
        return sp.Symbol("_".join([str(expr.base.label), *map(str, expr.indices)]), real=True)
    return expr.func(*[written_out(a) for a in expr.args]) if expr.args else expr


def _put(expr, letter, value):
    """letter := value, except where a sum binds the letter again."""
    if isinstance(expr, sp.Sum) and letter in [limit[0] for limit in expr.limits]:
        return expr
    if isinstance(expr, sp.Indexed):
        return expr.base[tuple(value if p == letter else p for p in expr.indices)]
    return value if expr == letter else expr.func(*[_put(a, letter, value) for a in expr.args]) if expr.args else expr


def plain(expr):
    for letter, value in AT.items():
        expr = _put(expr, letter, sp.Integer(value))
    return written_out(_sizes(expr))


def _sizes(expr):
    """Sizes as numbers, except where they bound a sum."""
    if isinstance(expr, sp.Sum):
        return sp.Sum(_sizes(expr.function), *expr.limits)
    if isinstance(expr, sp.Indexed):
        return expr
    return sp.sympify(SIZES.get(expr, expr)) if not expr.args else expr.func(*[_sizes(a) for a in expr.args])


CLASHES = [
    sp.Sum(sp.Sum(z[i] * z[j], (j, 1, N)), (i, 1, N)), sp.Sum(z[k] * sp.Sum(y[k], (k, 1, N)), (k, 1, N)),
    z[k] * sp.Sum(z[k], (k, 1, N)), sp.Sum(z[i] * sp.Sum(z[i] * sp.Sum(y[i] * z[i], (i, 1, N)), (i, 1, N)), (i, 1, N)),
    sp.Sum(z[i], (i, 1, N), (i, 1, N)), sp.Sum(sp.KroneckerDelta(i, k) * sp.Sum(z[i], (i, 1, N)), (k, 1, N)),
    sp.exp(sp.Sum(z[i] * z[k], (k, 1, N))) * sp.Sum(z[k] + z[i], (k, 1, N))]


@pytest.mark.parametrize("expr", CLASHES, ids=str)
def test_renaming_keeps_the_value_and_leaves_no_letter_bound_twice(expr):
    renamed = fresh(expr)
    bound = [limit[0] for s in sp.preorder_traversal(renamed) if isinstance(s, sp.Sum) for limit in s.limits]
    assert len(bound) == len(set(bound)) and not set(bound) & expr.free_symbols
    assert all(isinstance(b, sp.Dummy) for b in bound)
    assert sp.expand(explicit(renamed, SIZES, AT) - plain(expr)) == 0
    assert {s for s in renamed.free_symbols if s.is_Symbol} == {s for s in expr.free_symbols if s.is_Symbol}


@settings(max_examples=60, deadline=None, derandomize=True)
@given(expressions())
def test_renaming_random_expressions_keeps_the_value(expr):
    difference = explicit(fresh(expr), SIZES, AT) - plain(expr)
    at = {s: sp.Rational(n + 1, 3) for n, s in enumerate(sorted(difference.free_symbols, key=str))}
    assert abs(sp.N(difference.xreplace(at), 30)) < 1e-20


@pytest.mark.parametrize("expr", CLASHES, ids=str)
@pytest.mark.parametrize("variable", [z[i], z[k]], ids=str)
def test_derivatives_over_fresh_indices_are_those_of_the_sums_written_out(expr, variable):
    exact = sp.diff(plain(expr), plain(variable))
    assert sp.expand(explicit(gradient(expr, variable, {}), SIZES, AT) - exact) == 0


def test_sympy_alone_captures():
    """The fault that all this is for. Should it pass one day without renaming, `fresh` can go."""
    expr = CLASHES[0]
    alone = sp.diff(expr, z[i])
    assert sp.expand(explicit(alone, SIZES, AT) - sp.diff(plain(expr), plain(z[i]))) != 0


def test_definitions_are_put_in_without_capture():
    a, b = sp.IndexedBase("a", real=True), sp.IndexedBase("b", real=True)
    definitions = {a[i]: z[i] * sp.Sum(z[j] * x, (j, 1, N)), b[j]: a[j] + sp.Sum(a[i] * w[j, FREE_M], (i, 1, N))}
    found = unfolded(sp.Sum(b[j] * a[i], (j, 1, N)), definitions)

    def by_hand(p):
        return z[p] * sp.Sum(z[q] * x, (q, 1, N))
    p, q, r = sp.symbols("p q r", integer=True)
    expected = sp.Sum((by_hand(p) + sp.Sum(by_hand(r) * w[p, FREE_M], (r, 1, N))) * by_hand(i), (p, 1, N))
    assert sp.expand(explicit(found, SIZES, AT) - plain(expected)) == 0


FREE_M = next(letters[0] for s, letters in FREE.items() if s is not N)
