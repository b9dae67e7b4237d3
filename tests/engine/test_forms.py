"""Inequalities as signs of differences: written back as they stood, and true at the same values."""
from __future__ import annotations

import pytest

from derive.engine.forms import compared, signed
from derive.kernel.context import Context
from derive.kernel.evaluate import EXACT, Evaluator, Valuation
from derive.kernel.terms import mk, num

X, Y = mk("arr", "x"), mk("arr", "y")
SIDES = [(X, Y), (num(0), X), (X, num(0)), (mk("neg", None, X), Y), (X, mk("neg", None, Y)), (num(1), X)]


@pytest.mark.parametrize("op", ["lt", "le", "eq", "ne"])
@pytest.mark.parametrize(("left", "right"), SIDES)
def test_the_sign_of_the_difference_holds_where_the_relation_holds(op, left, right):
    context = Context({"x": (), "y": ()})
    for x in (-2, 0, 1, 3):
        for y in (-1, 0, 1):
            at = Evaluator(context, Valuation({}, {}, {"x": {(): x}, "y": {(): y}}), EXACT)
            assert at.value(signed(op, left, right)) == at.value(mk(op, None, left, right))


@pytest.mark.parametrize(("left", "right"), [s for s in SIDES if s != (X, num(0))] + [(mk("neg", None, X), num(0))])
def test_a_difference_is_written_back_as_it_stood(left, right):
    assert compared(*signed("lt", left, right).args) == (left, right)
