"""Counterexamples: small sizes first, hypotheses met exactly, both sides right; witnesses meet what they are witnesses of."""
from __future__ import annotations

from fractions import Fraction

import pytest

from derive.engine.counterexample import counterexample
from derive.engine.numbers import FLOAT, RATIONAL, evaluate, intervals
from derive.engine.sampling import valuations, witness
from derive.kernel.evaluate import EXACT, Evaluator, Valuation, check_witness
from derive.kernel.terms import indices, mk, num

from .reference import where
from .test_equality import (
    D,
    E,
    N,
    S,
    abs_,
    add,
    all_equal,
    away,
    b0,
    b1,
    delta,
    development,
    eq,
    exp,
    f,
    i,
    inv,
    j,
    k,
    log,
    lt,
    m0,
    max_,
    mul,
    ne,
    neg,
    one,
    one_hot,
    sqrt,
    step,
    sub,
    sums_to_1,
    total,
    two,
    u,
    w,
    x,
    y,
    z,
    zero,
)

# left, right, hypotheses, the smallest sizes at which it fails
SMALLEST = [
    (S, z(i), (), {"N": 2}), (total(one), one, (), {"N": 2}), (total(one), two, (), {"N": 1}),
    (mul(S, S), total(mul(z(b0), z(b0))), (), {"N": 2}),
    (delta(i, j), one, (), {"N": 2}), (delta(i, j), zero, (), {"N": 1}),
    (mul(N, mul(N, N)), sub(mul(num(6), mul(N, N)), sub(mul(num(11), N), num(6))), (), None),
    (mul(sub(N, one), sub(N, two)), zero, (), {"N": 3}), (total(mul(y(b0), z(b0))), z(i), (one_hot,), {"N": 2}),
    (total(mul(y(b0), z(b0))), S, (sums_to_1,), {"N": 2}), (y(i), one, (sums_to_1,), {"N": 2}), (S, N, (), {"N": 1}),
    (total(total(w(b1, m0), "M")), total(w(b0, mk("ix", ("q", "M"))),), (), {"M": 2, "N": 1}),
    (D(mul(S, S), z(i)), mul(two, z(i)), (), {"N": 2}), (D(S, z(i)), N, (), {"N": 2}), (log(E), z(i), (), {"N": 2}),
    (exp(x), add(x, one), (), {}),
    (abs_(x), x, (), {}), (abs_(x), x, (lt(zero, x),), None), (sqrt(mul(x, x)), x, (), {}),
    (mul(x, u), one, (eq(x, inv(u)), ne(u, zero)), None),
]


@pytest.mark.parametrize(("left", "right", "given", "sizes"), SMALLEST, ids=[f"{r[0]} = {r[1]} if {r[2]}" for r in SMALLEST])
def test_the_smallest_counterexample_meets_the_hypotheses_and_is_one(left, right, given, sizes):
    dev = development()
    found = counterexample(dev.context, left, right, given)
    if sizes is None:
        assert found is None
        return
    assert found.at.sizes == sizes
    at = where(found.at)
    assert all(at.holds(h) for h in given) and all(Evaluator(dev.context, found.at, EXACT).value(h) for h in given)
    a, b = at.value(left), at.value(right)
    told = zip((a, b), (found.left, found.right), strict=True)
    assert all(abs(v - float(said)) < 1e-9 * (1 + abs(v)) for v, said in told) and abs(a - b) > 1e-9
    assert all(f"{name} = {n}" in str(found) for name, n in sizes.items())


def test_indices_are_told_as_people_count():
    found = counterexample(development().context, delta(i, j), one)
    assert sorted(found.at.indices.values()) == [0, 1]
    assert "i = 1" in str(found) and "j = 2" in str(found) or "i = 2" in str(found) and "j = 1" in str(found)


NO = [                                                        # true, or presupposed where it is not
    (mul(x, inv(x)), one), (exp(log(x)), x), (log(mul(x, u)), add(log(x), log(u))), (D(abs_(x), x), sub(mul(two, step(x)), one)),
    (D(max_(z(i), z(j)), z(i)), D(max_(z(j), z(i)), z(i))), (total(mul(away, z(b0))), sub(S, z(i))), (D(f(x), x), f(x, 1)),
    (D(D(mul(mul(x, x), x), x), x), mul(num(6), x)),
]


@pytest.mark.parametrize(("left", "right"), NO, ids=str)
def test_what_is_true_where_it_makes_sense_has_no_counterexample(left, right):
    assert counterexample(development().context, left, right, tries=60) is None


def test_nested_derivatives_behind_definitions_keep_apart():
    """The inner derivative hides in a definition; one tag for both would give another value."""
    dev = development()
    dev.define("g", ("N",), D(mul(S, mul(S, S)), z(b0)))
    at = Valuation({"N": 2}, {("i", "N"): 0, ("j", "N"): 1}, {"z": {(0,): Fraction(2), (1,): Fraction(3)}})
    for functions in (FLOAT, RATIONAL, intervals()):
        value = evaluate(dev.context, D(mk("arr", "g", i), z(j)), at, functions)
        assert abs(float(getattr(value, "mid", value)) - 30) < 1e-9


TOGETHER = [
    (), (sums_to_1,), (one_hot,), (all_equal,), (lt(zero, x),), (lt(x, zero), lt(x, neg(one))), (ne(x, u),),
    (ne(x, zero), ne(u, zero)),
    (mk("all", "N", lt(zero, y(b0))), sums_to_1), (eq(x, add(u, one)), lt(u, zero)), (mk("all", "N", ne(z(b0), zero)),),
    (mk("all", "N", mk("unless", None, b0, i, ne(z(b0), z(i)))),), (mk("le", None, two, N),), (mk("apart", None, i, j),),
]
IMPOSSIBLE = [(lt(x, zero), lt(zero, x)), (ne(x, x),), (eq(N, num(7)),), (eq(one, zero),), (lt(mul(x, x), zero),),
(all_equal, eq(y(k), zero))]


@pytest.mark.parametrize("given", TOGETHER, ids=str)
def test_a_witness_meets_its_hypotheses(given):
    ctx = development().context
    met = witness(ctx, eq(z(i), z(j)), given)
    check_witness(ctx, frozenset(given), indices(*given), met)
    assert all(where(met).holds(h) for h in given) and set(met.sizes.values()) <= {1, 2}


@pytest.mark.parametrize("given", IMPOSSIBLE, ids=str)
def test_what_cannot_be_met_has_no_witness(given):
    assert witness(development().context, eq(z(i), z(j)), given) is None


@pytest.mark.parametrize("given", TOGETHER, ids=str)
def test_valuations_meet_the_hypotheses_and_grow(given):
    ctx = development().context
    found = list(valuations(ctx, [S, x, u, z(i), z(j)], given, (1, 2, 3), 12))
    assert found and all(where(at).holds(h) for at in found for h in given)
    sizes = [sum(at.sizes.values()) for at in found]
    assert sizes == sorted(sizes)
