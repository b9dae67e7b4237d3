"""SymPy's proposal and the second opinion agree with what is true and contradict what is not, with flint and without."""
from __future__ import annotations

import sys

import pytest
import sympy as sp
from sympy import Eq, Heaviside, KroneckerDelta, Sum, exp, log

import derive
from derive.algebra import derivation
from derive.algebra.fresh import fresh
from derive.algebra.opinion import Opinion, holds_in_balls
from derive.algebra.scope import infer
from derive.algebra.statement import Claim, Entry, arrays, indices, one_hot, scalars, size
from derive.kernel.terms import mk

N, M, B = size("N"), size("M"), size("B")
i, j, k, b = indices("i j k b")
z, y, a, g = arrays("z y a g", N)
W, X = (*arrays("W", N, M), *arrays("X", M))
x, C = scalars("x C")
f = sp.Function("f")
softmax = exp(z[i]) / Sum(exp(z[k]), (k, 1, N))
cross = {a[i]: softmax, C: -Sum(y[j] * log(a[j]), (j, 1, N))}
adds_up = (Eq(Sum(y[j], (j, 1, N)), 1),)

# what, definitions, derivative, hypotheses, the right value, wrong values
CASES = [
    ("softmax", {a[i]: softmax}, (a[j], z[i]), (), a[i] * (KroneckerDelta(i, j) - a[j]),
     [a[i] * (1 - a[j]), -a[i] * a[j], a[i] * (KroneckerDelta(i, j) - a[i]), a[j] * (KroneckerDelta(i, j) + a[i])]),
    ("softmax with cross-entropy", cross, (C, z[i]), adds_up, a[i] - y[i], [y[i] - a[i], a[i], a[i] - y[i] / 2, N * a[i] - y[i]]),
    ("any labels", cross, (C, z[i]), (), a[i] * Sum(y[j], (j, 1, N)) - y[i], [a[i] - y[i]]),
    ("one-hot labels", cross, (C, z[i]), (one_hot(y, j, k),), a[i] - KroneckerDelta(i, k), [a[i] - 1, a[i] - a[k]]),
    ("a linear layer", {C: Sum(y[i] * Sum(W[i, j] * X[j], (j, 1, M)), (i, 1, N)) ** 2}, (C, X[j]), (),
     2 * Sum(W[i, j] * y[i], (i, 1, N)) * Sum(y[i] * W[i, b] * X[b], (i, 1, N), (b, 1, M)), [2 * Sum(W[i, j] * y[i], (i, 1, N))]),
    ("a mean", {C: Sum(z[k], (k, 1, N)) / N}, (C, z[i]), (), 1 / N, [sp.Integer(1), 1 / N ** 2]),
    ("relu", {g[i]: sp.Max(z[i], 0)}, (g[i], z[j]),
    (), Heaviside(z[i], 0) * KroneckerDelta(i, j), [Heaviside(z[i], 0), z[i] * 0]),
    ("relu where it is positive", {g[i]: sp.Max(z[i], 0)}, (g[i], z[i]), (sp.Gt(z[i], 0),), sp.Integer(1), [sp.Integer(0)]),
    ("absolute values", {C: Sum(sp.Abs(z[k]), (k, 1, N))}, (C, z[i]), (), 2 * Heaviside(z[i], 0) - 1, [Heaviside(z[i], 0)]),
    ("a square of absolute values", {C: Sum(sp.Abs(z[k]) ** 3, (k, 1, N))}, (C, z[i]),
    (), 3 * z[i] * sp.Abs(z[i]), [3 * z[i] ** 2]),
    ("a root", {C: sp.sqrt(Sum(z[k] ** 2, (k, 1, N)))}, (C, z[i]), (), z[i] / C, [z[i] / C ** 2, z[i]]),
    ("a Hessian", {g[i]: sp.Derivative(Sum(z[k], (k, 1, N)) ** 3, z[i])}, (g[i], z[j]), (), 6 * Sum(z[k], (k, 1, N)),
     [6 * Sum(z[k], (k, 1, N)) * KroneckerDelta(i, j), 6 * z[i]]),
    ("large numbers", {g[i]: exp(20 * z[i])}, (g[i], z[i]), (), 20 * g[i], [20 * g[i] + 1, 19 * g[i]]),
    ("an abstract function", {C: f(Sum(z[k] ** 2, (k, 1, N)))}, (C, z[i]), (),
     2 * z[i] * sp.Subs(sp.Derivative(f(x), x), x, Sum(z[k] ** 2, (k, 1, N))), [2 * z[i] * f(x)]),
]
ALL = [(*case[:4], value, right) for case in CASES for value, right in [(case[4], True), *[(w, False) for w in case[5]]]]


def terms(definitions, derivative, given, value):
    entry = Entry("e", "E", definitions, derivative, (Claim(value, given),))
    scope, reader, record = derivation.opened(entry)
    left = mk("D", None, *[reader.term(fresh(e)) for e in derivative])
    return scope, record, left, reader.term(fresh(value)), [reader.condition(h) for h in given]


@pytest.mark.parametrize(("what", "definitions", "derivative", "given", "value", "right"), ALL, ids=[f"{c[0]}: {c[4]}"
    for c in ALL])
def test_the_second_opinion(what, definitions, derivative, given, value, right, monkeypatch):
    scope, record, left, claimed, hypotheses = terms(definitions, derivative, given, value)
    equation = mk("eq", None, left, claimed)
    assert Opinion(definitions, scope).on_gradient(derivative, value, given) is right
    assert holds_in_balls(record.context, equation, hypotheses) is right
    monkeypatch.setitem(sys.modules, "flint", None)           # an import of it now raises ImportError
    assert holds_in_balls(record.context, equation, hypotheses) is right


def test_an_opinion_needs_a_place_to_look_at():
    """Where no size that is tried meets the hypotheses, nothing is agreed to."""
    definitions = {C: Sum(W[i, k] * z[i], (i, 1, N), (k, 1, M))}
    opinion = Opinion(definitions, infer([z[i] * z[j], *map(fresh, definitions.values())]))
    sizes = (Eq(N, 1), Eq(M, 2))
    assert not opinion.on_relation(Eq(z[i], 7 * z[j]), sizes) and not opinion.on_gradient((C, z[i]), sp.Integer(7), sizes)


def test_two_elements_are_tried_however_many_sets_there_are():
    shapes = [size(s) for s in "NMPQR"]
    five = [Sum(sp.IndexedBase(f"u{s}", shape=(s,), real=True)[k], (k, 1, s)) for s in shapes]
    opinion = Opinion({}, infer([z[i] * z[j], *map(fresh, five)]))
    assert opinion.on_relation(Eq(KroneckerDelta(i, j) * z[i], 0), (sp.Ne(i, j),))
    assert not opinion.on_relation(Eq(z[i], 7 * z[j]), (sp.Ne(i, j),))


def test_balls_are_those_of_flint_where_it_is_installed_and_mpmath_else(monkeypatch):
    from derive.algebra.opinion import balls
    flint = pytest.importorskip("flint")
    number = balls()["num"]
    assert isinstance(number(sp.Rational(1, 3)), flint.arb)
    monkeypatch.setitem(sys.modules, "flint", None)
    assert not isinstance(balls()["num"](sp.Rational(1, 3)), flint.arb)


@pytest.mark.parametrize("flint", [True, False])
def test_a_point_that_decides_nothing_is_no_agreement(flint, monkeypatch):
    """No point that is tried meets the hypothesis."""
    _, record, left, _, hypotheses = terms({C: x ** 2}, (C, x), (sp.Lt(x, -10 ** 9),), sp.Integer(0))
    if not flint:
        monkeypatch.setitem(sys.modules, "flint", None)
    assert not holds_in_balls(record.context, mk("eq", None, left, left), hypotheses)
    assert holds_in_balls(record.context, mk("eq", None, left, left), ())    # without the hypothesis there are points


@pytest.mark.parametrize(("what", "definitions", "derivative", "given", "value", "wrong"), CASES, ids=[c[0] for c in CASES])
def test_the_proposal_agrees_and_a_wrong_one_does_not(what, definitions, derivative, given, value, wrong, monkeypatch):
    theorem = derive.prove(Entry("e", "E", definitions, derivative)).derivation
    assert theorem.proposal_agrees()
    monkeypatch.setattr(derivation, "gradient", lambda *_: fresh(derivation_of(definitions, derivative) + 1))
    assert not theorem.proposal_agrees()


def derivation_of(definitions, derivative):
    from derive.algebra.proposal import gradient
    return gradient(*derivative, definitions)
