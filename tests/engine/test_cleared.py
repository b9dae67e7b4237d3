"""Protects equalities that hold although their sums have several normal forms, and cases that do not hear of each other."""
from __future__ import annotations

from collections.abc import Callable

import pytest

from derive.engine.equality import Hints, Proved, Refuted, equal
from derive.kernel.replay import Development
from derive.kernel.terms import Term, bd, ix, mk, num

ONE, HERE = num(1), ix("i", "N")
Z, C = mk("arr", "z", HERE), mk("arr", "c")


def op(name: str) -> Callable[..., Term]:
    return lambda *args: mk(name, None, *args)


add, mul, neg, inv, exp, log, max_, abs_ = map(op, ("add", "mul", "neg", "inv", "exp", "log", "max", "abs"))


def total(f: Callable[[Term], Term]) -> Term:
    return mk("sum", "N", f(mk("arr", "z", bd(0, "N"))))


def softplus(u: Term) -> Term:
    return add(max_(u, num(0)), log(add(ONE, exp(neg(abs_(u))))))


def plain(u: Term) -> Term:
    return log(add(ONE, exp(u)))


EQUAL = [
    (total(lambda z: inv(add(ONE, exp(neg(z))))), total(lambda z: mul(exp(z), inv(add(ONE, exp(z)))))),
    (total(lambda z: mul(C, inv(add(ONE, exp(neg(add(C, z))))))),
     mul(C, total(lambda z: mul(exp(add(z, C)), inv(add(ONE, exp(add(z, C)))))))),
    (softplus(mul(C, add(Z, C))), plain(mul(C, add(Z, C)))),  # no entry stands alone in the kink's argument
    (softplus(neg(mul(C, add(Z, neg(ONE))))), plain(neg(mul(C, add(Z, neg(ONE)))))),
    (log(num("2/3")), add(log(num(2)), neg(log(num(3))))),
    (log(num("1/2")), neg(log(num(2)))),
]
UNEQUAL = [
    (total(lambda z: inv(add(ONE, exp(neg(z))))), total(lambda z: inv(add(ONE, exp(z))))),
    (softplus(mul(C, Z)), plain(neg(mul(C, Z)))),
    (log(num("2/3")), add(log(num(3)), neg(log(num(2))))),
]


@pytest.fixture
def dev() -> Development:
    new = Development()
    new.declare("z", ("N",))
    new.declare("c")
    return new


@pytest.mark.parametrize(("left", "right"), EQUAL)
def test_equal(dev: Development, left: Term, right: Term) -> None:
    found = equal(dev, left, right, Hints(signs=3))
    assert isinstance(found, Proved) and not found.theorem.hypotheses


@pytest.mark.parametrize(("left", "right"), UNEQUAL)
def test_unequal(dev: Development, left: Term, right: Term) -> None:
    assert isinstance(equal(dev, left, right, Hints(signs=3)), Refuted)
