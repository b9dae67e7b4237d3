"""Proved, refuted, undecided: never the wrong one of them, on a table of what captures indices and what hides a condition."""
from __future__ import annotations

import random

import pytest
from hypothesis import given, settings

from derive.engine.equality import Hints, Proved, Refuted, Undecided, equal
from derive.engine.normal import Normalizer
from derive.kernel.context import FUNCTION
from derive.kernel.terms import bd, ix, mk, num

from .reference import Kink, at_random, where
from .strategies import LETTERS, context, terms
from .test_normal import POOL, record


def op(name):
    return lambda *args: mk(name, None, *args)


add, mul, neg, inv, exp, log, sqrt, D, delta = map(op, ("add", "mul", "neg", "inv", "exp", "log", "sqrt", "D", "delta"))
abs_, max_, step, eq, ne, lt = map(op, ("abs", "max", "step", "eq", "ne", "lt"))
i, j, k, q = ix("i", "N"), ix("j", "N"), ix("k", "N"), ix("q", "M")
b0, b1, m0, m1 = bd(0, "N"), bd(1, "N"), bd(0, "M"), bd(1, "M")
zero, one, two, x, u = num(0), num(1), num(2), mk("arr", "x"), mk("arr", "u")
N = mk("size", "N")


def z(at):
    return mk("arr", "z", at)


def y(at):
    return mk("arr", "y", at)


def w(n, m):
    return mk("arr", "w", n, m)


def total(body, s="N"):
    return mk("sum", s, body)


def f(t, n=0):
    return mk("fun", ("f", n), t)


def sub(a, b):
    return add(a, neg(b))


S, E = total(z(b0)), total(exp(z(b0)))
softmax = mul(exp(z(i)), inv(E))
LSE = log(E)
double = total(total(mul(z(b1), z(b0))))
away = sub(one, delta(b0, i))
all_equal, sums_to_1 = mk("all", "N", eq(y(b0), one)), eq(total(y(b0)), one)
one_hot = mk("all", "N", eq(y(b0), delta(b0, k)))

# left, right, verdict: the hypotheses of the theorem, or None where it is false
TABLE = [
    # the derivative by an entry whose letter a sum binds
    (D(total(mul(z(b0), z(b0))), z(k)), mul(two, z(k)), []), (D(total(mul(z(b0), z(b0))), z(k)), mul(two, S), None),
    (D(S, z(k)), one, []), (D(S, z(k)), N, None), (D(mul(z(k), S), z(k)), add(z(k), S), []),
    (D(mul(z(k), S), z(k)), mul(two, z(k)), None),
    # nested sums over one letter, and over two
    (D(double, z(i)), mul(two, S), []), (D(double, z(i)), add(z(i), S), None), (D(total(mul(z(b0), S)), z(i)), mul(two, S), []),
    (double, mul(S, S), []), (double, total(mul(z(b0), z(b0))), None),
    # traces, divergences, Hessians
    (total(D(mul(z(b0), z(b0)), z(b0))), mul(two, S), []), (total(D(mul(z(b0), S), z(b0))), mul(add(N, one), S), []),
    (total(D(mul(z(b0), S), z(b0))), mul(two, S), None),
    (D(D(LSE, z(i)), z(j)), mul(softmax, sub(delta(i, j), mul(exp(z(j)), inv(E)))), []),
    (D(D(LSE, z(i)), z(j)), mul(softmax, sub(one, mul(exp(z(j)), inv(E)))), None), (D(D(mul(S, S), z(i)), z(j)), two, []),
    (D(D(mul(z(i), z(j)), z(i)), z(j)), add(one, delta(i, j)), []), (D(D(mul(z(i), z(j)), z(i)), z(j)), one, None),
    # kinks, roots, logarithms
    (D(max_(z(i), zero), z(i)), step(z(i)), [ne(z(i), zero)]),
    (D(max_(z(i), zero), z(j)), mul(delta(i, j), step(z(i))), [ne(z(i), zero)]),
    (D(max_(z(i), zero), z(i)), one, None), (D(abs_(x), x), sub(mul(two, step(x)), one), [ne(x, zero)]),
    (D(sqrt(x), x), inv(mul(two, sqrt(x))), [lt(zero, x)]), (D(log(x), x), inv(x), [lt(zero, x)]),
    (D(inv(x), x), neg(inv(mul(x, x))), [ne(x, zero)]),
    (sqrt(mul(x, x)), x, None), (sqrt(mul(x, x)), abs_(x), []), (sqrt(mul(mul(x, u), mul(x, u))), abs_(mul(x, u)), []),
    (log(mul(exp(x), E)), add(x, LSE), [mk("le", None, one, N)]), (mul(x, inv(x)), one, [ne(x, zero)]),
    # several sets
    (D(total(mul(y(b0), total(mul(w(b1, m0), mk("arr", "v", m0)), "M"))), w(i, q)), mul(y(i), mk("arr", "v", q)), []),
    (D(total(total(mul(w(b1, m0), w(b1, m0)), "M")), w(i, q)), mul(two, w(i, q)), []),
    (D(total(total(mul(w(b1, m0), w(b1, m0)), "M")), w(i, q)), mul(two, total(w(i, m0), "M")), None),
    (total(total(w(b1, m0), "M")), mk("sum", "M", total(w(b0, m1))), []), (total(total(one, "M")), mul(N, mk("size", "M")), []),
    (total(total(one, "M")), mul(N, N), None),
    # Kronecker deltas
    (total(mul(delta(b0, i), z(b0))), z(i), []), (total(delta(b0, b0)), N, []), (total(delta(b0, b0)), one, None),
    (total(mul(away, z(b0))), sub(S, z(i)), []), (mul(delta(i, j), z(i)), mul(delta(i, j), z(j)), []), (delta(i, j), one, None),
    (mul(delta(i, j), sub(one, delta(i, j))), zero, []),
    # an abstract smooth function
    (D(f(z(i)), z(j)), mul(delta(i, j), f(z(i), 1)), []), (D(total(f(z(b0))), z(i)), f(z(i), 1), []),
    (D(total(f(z(b0))), z(i)), f(z(i)), None),
    (D(f(mul(x, x)), x), mul(mul(two, x), f(mul(x, x), 1)), []), (D(D(f(x), x), x), f(x, 2), []),
    (D(f(f(x)), x), mul(f(f(x), 1), f(x, 1)), []),
    (f(add(x, u)), add(f(x), f(u)), None),
]


def development():
    dev = record()
    dev.declare("f", FUNCTION)
    dev.declare("v", ("M",))
    return dev


def refutes(dev, found, left, right, given=()):
    """Both sides and the hypotheses recomputed by other code; functions are abstract, so that these are believed."""
    if any(n == "f" for t in (left, right) for n in names(t)):
        return found.left != found.right
    at = where(found.at, dev.context.definitions)
    a, b = at.value(left), at.value(right)
    told = all(abs(v - float(said)) <= 1e-9 * (1 + abs(v)) for v, said in ((a, found.left), (b, found.right)))
    return told and abs(a - b) > 1e-12 and all(at.holds(h) for h in given)


def names(t):
    return {t.data[0]} if t.op == "fun" else {n for a in t.args for n in names(a)}


@pytest.mark.parametrize(("left", "right", "hypotheses"), TABLE, ids=[f"{a} = {b}" for a, b, _ in TABLE])
def test_the_verdict(left, right, hypotheses):
    dev = development()
    found = equal(dev, left, right)
    if hypotheses is None:
        assert isinstance(found, Refuted) and refutes(dev, found.counterexample, left, right)
    else:
        assert isinstance(found, Proved), found
        assert {plain(dev, h) for h in found.theorem.hypotheses} == {plain(dev, h) for h in hypotheses}
        assert found.theorem.sides == (left, right)


def plain(dev, h):
    """A condition with its sides in normal form: z - 0 != 0 is z != 0."""
    return mk(h.op, h.data, *[Normalizer(dev)(a)[0] for a in h.args])


CONDITIONAL = [(mul(sqrt(x), sqrt(x)), x), (exp(log(x)), x), (log(mul(x, u)), add(log(x), log(u))),
(sqrt(mul(x, u)), mul(sqrt(x), sqrt(u)))]


@pytest.mark.parametrize(("left", "right"), CONDITIONAL, ids=[f"{a} = {b}" for a, b in CONDITIONAL])
def test_what_holds_only_where_the_formula_makes_sense_is_not_proved_outright(left, right):
    """A root and a logarithm presuppose a positive argument; that is not held against them, and proves nothing either."""
    found = equal(development(), left, right)
    assert isinstance(found, Undecided) or isinstance(found, Proved) and found.theorem.hypotheses


def softplus(t):
    return log(add(one, exp(t)))


def stable(t):
    return add(max_(t, zero), log(add(one, exp(neg(abs_(t))))))


both = add(step(sub(x, u)), step(sub(u, x)))
SIGNS = [                                                     # left, right, whether it holds for every real number
    (abs_(x), max_(x, neg(x)), True), (abs_(x), max_(x, mul(num("1/2"), neg(x))), False), (max_(x, u), max_(u, x), True),
    (sub(max_(x, u), max_(neg(x), neg(u))), add(x, u), True), (softplus(x), stable(x), True),
    (softplus(x), add(max_(x, one), log(add(one, exp(neg(abs_(x)))))), False),
    # a jump: at 0 neither of two steps is 1
    (add(step(x), step(neg(x))), one, False), (mul(x, add(step(x), step(neg(x)))), x, True), (both, one, False),
    (mul(sub(one, both), sub(exp(x), exp(u))), zero, True), (mul(sub(one, both), exp(x)), mul(sub(one, both), exp(u)), True),
    (mul(sub(one, both), exp(x)), exp(u), False), (mul(x, step(x)), mul(x, step(mul(two, x))), True),
    # below a sum
    (total(softplus(z(b0))), total(stable(z(b0))), True), (total(softplus(z(b0))), total(add(stable(z(b0)), step(z(b0)))), False),
    (mul(x, total(softplus(z(b0)))), mul(x, total(stable(z(b0)))), True), (total(softplus(z(b0))), stable(S), False),
    (total(abs_(z(b0))), total(max_(z(b0), neg(z(b0)))), True), (total(abs_(z(b0))), total(max_(z(b0), neg(z(i)))), False),
]


@pytest.mark.parametrize(("left", "right", "holds"), SIGNS, ids=[f"{a} = {b}" for a, b, _ in SIGNS])
def test_the_signs_of_a_term_are_taken_apart(left, right, holds):
    dev = development()
    found = equal(dev, left, right, Hints(signs=3))
    if holds:
        assert isinstance(found, Proved), found
        assert not {h for h in found.theorem.hypotheses if h.op != "le"}
    else:
        assert isinstance(found, Undecided) or refutes(dev, found.counterexample, left, right)


GIVEN = [                                                     # left, right, given, whether it holds
    (total(mul(y(b0), x)), x, (sums_to_1,), True), (total(mul(y(b0), x)), x, (), False), (total(mul(y(b0), z(b0))), z(k),
    (one_hot,), True),
    (total(mul(y(b0), z(b0))), z(i), (one_hot,), False), (y(i), one, (all_equal,), True), (y(i), one, (eq(y(j), one),), False),
    (y(i), one, (eq(y(i), one),), True), (total(y(b0)), N, (all_equal,), True), (total(y(b0)), N, (eq(y(i), one),), False),
    (log(mul(x, u)), add(log(x), log(u)), (lt(zero, x), lt(zero, u)), True), (exp(log(x)), x, (lt(zero, x),), True),
    (total(log(mul(y(b0), y(b0)))), mul(two, total(log(y(b0)))), (mk("all", "N", lt(zero, y(b0))),), True),
    (sqrt(mul(x, x)), x, (lt(zero, x),), True), (sqrt(mul(x, x)), x, (lt(x, zero),), False),
    (max_(x, zero), x, (lt(zero, x),), True),
    (mul(x, inv(x)), one, (ne(x, zero),), True),
    (mk("sum", "M", total(w(b0, m1))), mk("size", "M"), (mk("all", "M", eq(total(w(b0, m1)), one)),), True),
    (mk("sum", "M", total(w(b0, m1))), one, (mk("all", "M", eq(total(w(b0, m1)), one)),), False),
]


@pytest.mark.parametrize(("left", "right", "given", "holds"), GIVEN, ids=[f"{r[0]} = {r[1]} if {r[2]}" for r in GIVEN])
def test_hypotheses_are_spent_where_they_apply_and_nowhere_else(left, right, given, holds):
    dev = development()
    for h in given:
        dev.assume(h)
    found = equal(dev, left, right, Hints(given=given))
    if holds:
        assert isinstance(found, Proved) and found.theorem.hypotheses <= {*given}
    else:
        assert isinstance(found, Refuted) and refutes(dev, found.counterexample, left, right, given)


def test_undecided_says_what_is_left():
    """No law of the table speaks of f(x + x), and no point refutes it where it cannot be evaluated exactly."""
    dev = development()
    dev.assume(eq(x, exp(u)))
    found = equal(dev, log(add(mul(x, x), one)), sub(log(add(mul(mul(x, x), mul(x, x)), neg(one))), log(sub(mul(x, x), one))),
                  Hints(given=(lt(one, x),)))
    assert isinstance(found, Undecided) and found.residual is not zero and found.reason


@settings(max_examples=60, deadline=None, derandomize=True)
@given(terms(depth=3, derivatives=True))
def test_a_true_equation_is_never_refuted(t):
    """t and its normal form are equal wherever the hypotheses of the normal form hold; asked without them, nothing is refuted
    where the presuppositions of the sides hold."""
    dev = record()
    normal = Normalizer(dev)(t)[0]
    found = equal(dev, t, normal)
    if isinstance(found, Refuted):
        assert refutes(dev, found.counterexample, t, normal) and conditional(dev, t, normal, found)


def conditional(dev, left, right, found):
    """Whether a step of the normal form stood under a condition that the counterexample does not meet."""
    from derive.kernel.replay import Replay
    steps = Normalizer(dev)(left)[1]
    theorem = Replay(dev).prove(eq(left, right), ("join", tuple(steps), ()))
    at = where(found.counterexample.at, dev.context.definitions)
    return not all(at.holds(h) for h in theorem.hypotheses)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(terms(depth=3), terms(depth=3))
def test_what_is_proved_of_random_pairs_is_true(s, t):
    """Two random terms, and one with a change: whatever the answer, the reference agrees with it."""
    for right in (t, add(s, mul(num(0), t)), add(s, num(1))):
        dev = record()
        found = equal(dev, s, right)
        if isinstance(found, Refuted):
            assert refutes(dev, found.counterexample, s, right)
        if isinstance(found, Proved):
            for seed, sizes in enumerate(({"N": 1, "M": 1}, {"N": 2, "M": 3})):
                at = at_random(random.Random(seed), context(), LETTERS, sizes, POOL)
                try:
                    assert not all(at.holds(h) for h in found.theorem.hypotheses) or at.agree(s, right)
                except (Kink, OverflowError):
                    continue
