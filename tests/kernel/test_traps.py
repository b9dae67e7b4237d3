"""The soundness traps of the design, each in both directions: the false theorem is refused, its true neighbour accepted."""

from __future__ import annotations

import pytest

from .attacks import ATTACKS, REFUSED, answer_of


@pytest.mark.parametrize(
    ("attempt", "answer"), [pytest.param(attempt, answer, id=f"{trap}: {what}") for trap, what, attempt, answer in ATTACKS]
)
def test_trap(attempt, answer):
    assert answer_of(attempt) == answer


def test_every_trap_is_sprung_in_both_directions():
    for trap in {row[0] for row in ATTACKS} - {"terms", "context"}:
        answers = {answer == REFUSED for name, _, _, answer in ATTACKS if name == trap}
        assert answers == {True, False} or trap in ("signs", "conditions under binders"), trap


def test_names_of_attacks_differ():
    assert len({row[:2] for row in ATTACKS}) == len(ATTACKS)
