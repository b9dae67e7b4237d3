"""The normal form: stays what it is, keeps the value where its hypotheses hold, and every step replays in the kernel."""
from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings

from derive.engine.normal import Normalizer
from derive.engine.record import Record
from derive.kernel.replay import Replay
from derive.kernel.terms import bd, ix, mk, num

from .reference import Kink, at_random
from .strategies import LETTERS, SHAPES, context, terms

POOL = [Fraction(n, 8) for n in (-9, -5, -2, 3, 4, 8, 13)]
REFERENCES = [at_random(random.Random(seed), context(), LETTERS, sizes, POOL)
              for seed, sizes in enumerate(({"N": 1, "M": 1}, {"N": 2, "M": 3}, {"N": 3, "M": 1}))]


def record():
    dev = Record()
    for name, sets in SHAPES.items():
        dev.declare(name, sets)
    return dev


def checked(t):
    dev = record()
    normal, steps = Normalizer(dev)(t)
    theorem = Replay(dev).prove(mk("eq", None, t, normal), ("join", tuple(steps), ()))
    assert theorem.sides == (t, normal)
    for at in REFERENCES:
        try:
            if all(at.holds(h) for h in theorem.hypotheses):
                assert at.agree(t, normal), (t, normal)
        except (Kink, OverflowError):
            continue
    return dev, normal


@settings(max_examples=150, deadline=None, derandomize=True)
@given(terms(depth=4))
def test_steps_replay_and_keep_the_value(t):
    dev, normal = checked(t)
    assert Normalizer(dev)(normal)[0] is normal


@settings(max_examples=60, deadline=None, derandomize=True)
@given(terms(depth=4, derivatives=True))
def test_derivatives_are_carried_out_and_keep_the_value(t):
    _, normal = checked(t)
    assert "D(" not in repr(normal)


def op(name):
    return lambda *args: mk(name, None, *args)


add, mul, neg, inv, exp, log, delta = map(op, ("add", "mul", "neg", "inv", "exp", "log", "delta"))
i, j = ix("i", "N"), ix("j", "N")
b0, b1 = bd(0, "N"), bd(1, "N")
z_i, z_j, z_0, z_1, y_0 = mk("arr", "z", i), mk("arr", "z", j), mk("arr", "z", b0), mk("arr", "z", b1), mk("arr", "y", b0)
x = mk("arr", "x")


def total(body, s="N"):
    return mk("sum", s, body)


SAME = [                                                      # pairs that share a normal form
    (add(x, z_i), add(z_i, x)), (mul(x, add(x, z_i)), add(mul(x, x), mul(z_i, x))), (neg(add(x, neg(z_i))), add(z_i, neg(x))),
    (total(mul(x, z_0)), mul(total(z_0), x)), (total(x), mul(mk("size", "N"), x)),
    (total(add(z_0, y_0)), add(total(y_0), total(z_0))),
    (total(mul(delta(b0, i), z_0)), z_i), (total(mul(y_0, delta(i, b0))), mk("arr", "y", i)), (delta(i, j), delta(j, i)),
    (delta(i, i), num(1)),
    (total(delta(b0, i)), num(1)), (total(delta(b0, b0)), mk("size", "N")),
    (total(total(mul(z_0, z_1))), mul(total(z_0), total(z_0))),
    (total(total(mk("arr", "w", b1, bd(0, "M")), "M")), mk("sum", "M", mk("sum", "N", mk("arr", "w", b0, bd(1, "M"))))),
    (exp(add(x, z_i)), mul(exp(z_i), exp(x))), (exp(neg(x)), inv(exp(x))), (mul(exp(x), exp(neg(x))), num(1)), (log(exp(x)), x),
    (exp(mul(num(2), x)), mul(exp(x), exp(x))), (log(inv(exp(x))), neg(x)), (log(mul(exp(x), exp(z_i))), add(x, z_i)),
    (op("sqrt")(mul(mul(x, z_i), mul(z_i, x))), op("abs")(mul(x, z_i))), (op("sqrt")(mul(exp(x), exp(x))), exp(x)),
    (mul(total(exp(z_0)), inv(total(exp(z_0)))), num(1)), (add(num(Fraction(1, 2)), num(Fraction(1, 3))), num(Fraction(5, 6))),
]
DIFFERENT = [
    (mul(x, inv(x)), num(1)), (log(mul(x, x)), mul(num(2), log(x))), (op("sqrt")(mul(x, x)), x), (exp(log(x)), x),
    (delta(i, j), num(1)),
    (total(total(mul(z_0, z_1))), total(mul(z_0, z_0))), (mul(z_i, total(z_0)), total(mul(z_0, z_0))), (total(num(1)), num(1)),
]


@pytest.mark.parametrize(("one", "other"), SAME, ids=str)
def test_equal_terms_have_one_normal_form(one, other):
    normal = [Normalizer(record())(t)[0] for t in (one, other)]
    assert normal[0] is normal[1]


@pytest.mark.parametrize(("one", "other"), DIFFERENT, ids=str)
def test_what_is_not_the_same_stays_apart_or_names_its_condition(one, other):
    dev, goal = record(), mk("eq", None, one, other)
    (a, left), (b, right) = (Normalizer(dev)(t) for t in (one, other))
    if a is b:
        assert Replay(dev).prove(goal, ("join", tuple(left), tuple(right))).hypotheses


ENDS = [exp(mul(num(-3), inv(num(0)))), exp(mul(num(1), inv(add(x, neg(x))))), mul(num(0), inv(num(0))), op("sqrt")(neg(num(1))),
        log(num(0)), exp(mul(num(Fraction(5, 2)), x)), exp(mul(num(1000), x)), total(mul(num(-2), inv(total(num(0)))))]


@pytest.mark.parametrize("t", ENDS, ids=str)
def test_the_search_ends_also_where_arithmetic_refuses(t):
    dev, normal = checked(t)
    assert Normalizer(dev)(normal)[0] is normal
