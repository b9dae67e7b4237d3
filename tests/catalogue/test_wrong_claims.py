"""The headline of soundness: of wrong claims near the true ones none is proved, and nearly all get a counterexample.

Each counterexample is recomputed by the reference evaluator: its hypotheses hold and its sides differ there.
"""
from __future__ import annotations

from collections import Counter

import pytest
from engine.reference import where

import derive
from derive.algebra.derivation import opened
from derive.algebra.fresh import fresh
from derive.catalogue.discovery import load
from derive.kernel.errors import DeriveError
from derive.kernel.terms import mk

from .mutation import MUTATIONS, Wrong, wrong_claims

SHARES = {"softmax-cross-entropy": 0.5, "softmax-jacobian": 0.25, "logsumexp": 0.25}


def outcome(wrong: Wrong) -> str:
    """proved, refuted (by a counterexample that really is one), undecided, or the kind of refusal."""
    try:
        return derive.prove(wrong.entry).verdict
    except DeriveError as e:
        against = getattr(e, "counterexample", None)
        if against is None:
            return "undecided" if type(e).__name__ == "ClaimNotProved" else f"{type(e).__name__}: {e}"
    _, reader, record = opened(wrong.entry)
    claim, at = wrong.entry.claims[0], where(against.at, record.context.definitions)
    start = mk("D", None, *[reader.term(fresh(e)) for e in wrong.entry.derivative])
    holds = all(at.holds(reader.condition(h)) for h in claim.given)
    left, right = at.value(start), at.value(reader.term(fresh(claim.value)))
    reported = all(abs(x - float(said)) < 1e-9 * (1 + abs(x)) for x, said in ((left, against.left), (right, against.right)))
    return "refuted" if holds and reported and abs(left - right) > 1e-12 else f"no counterexample: {against}"


def measured(count: int, seed: int) -> tuple[Counter[str], Counter[str], list[str]]:
    outcomes, kinds, surprises = Counter[str](), Counter[str](), []
    for name, share in SHARES.items():
        for wrong in wrong_claims(load(name), round(count * share), seed):
            found = outcome(wrong)
            outcomes[found] += 1
            kinds.update(wrong.kinds)
            if found != "refuted":
                surprises.append(f"{found}: {name}: {wrong.entry.claims[0]} ({', '.join(wrong.kinds)})")
    return outcomes, kinds, surprises


@pytest.mark.parametrize(("count", "seed"), [(60, 1), pytest.param(500, 2, marks=pytest.mark.soundness)])
def test_no_wrong_claim_is_proved(count, seed):
    outcomes, kinds, surprises = measured(count, seed)
    figures = "\n".join([f"{sum(outcomes.values())} wrong claims: {dict(outcomes)}; by mutation: {dict(kinds)}", *surprises])
    print(figures)
    assert sum(outcomes.values()) == count, figures
    assert set(outcomes) <= {"refuted", "undecided"}, figures
    assert outcomes["refuted"] >= 0.95 * count, figures
    assert count < 500 or set(kinds) >= {*MUTATIONS, "hypothesis dropped"}, figures
