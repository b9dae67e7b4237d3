"""Every claim of every entry: equal to central differences with 60 digits, and no wrong claim near it is proved."""
from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from engine.reference import Kink, where

import derive
from derive.algebra.bridge import Writer
from derive.algebra.fresh import fresh
from derive.catalogue.discovery import own_names
from derive.engine.sampling import valuations
from derive.kernel.errors import DeriveError
from derive.kernel.terms import mk, num
from derive.proving import Theorem

from .mutation import neg, places, put

POINTS = 4
KINDS = {
    "sign": (lambda t: t.op in ("arr", "sum", "mul", "delta", "exp"), neg),
    "sign dropped": (lambda t: t.op == "neg", lambda t: t.args[0]),
    "factor 2": (lambda t: t.op in ("arr", "sum", "mul", "delta", "exp"), lambda t: mk("mul", None, num(2), t)),
    "first alone": (lambda t: t.op in ("add", "mul"), lambda t: t.args[0]),
    "second alone": (lambda t: t.op in ("add", "mul"), lambda t: t.args[1]),
    "plus for times": (lambda t: t.op == "mul", lambda t: mk("add", None, *t.args)),
    "delta is 1": (lambda t: t.op == "delta", lambda t: num(1)),
    "delta is 0": (lambda t: t.op == "delta", lambda t: num(0)),
    "inverse dropped": (lambda t: t.op == "inv", lambda t: t.args[0]),
    "squared": (lambda t: t.op in ("arr", "sum"), lambda t: mk("mul", None, t, t)),
}


@cache
def proved(name: str) -> Theorem:
    return derive.prove(name)


def differs(theorem: Theorem, left: Any, right: Any, given: Any, seed: int) -> list[bool]:
    """At points that meet the hypotheses and are not on a kink: whether left and right differ there."""
    ctx, found = theorem.derivation.record.context, []
    for at in valuations(ctx, [left, right], given, (2, 3), 2 * POINTS, seed=seed):
        try:
            found.append(not where(at, ctx.definitions).agree(left, right))
        except Kink:
            continue
    return found


@pytest.mark.parametrize("name", own_names())
def test_each_claim_is_what_central_differences_say(name: str) -> None:
    theorem = proved(name)
    for _, claim in theorem.derivation.claims:
        proof = theorem.derivation.theorem(claim)
        found = differs(theorem, *proof.sides, sorted(proof.hypotheses, key=repr), 3)
        assert len(found) >= POINTS and not any(found), (name, claim, found)


def mutants(theorem: Theorem, count: int) -> list[tuple[str, Any]]:
    """Entries with one claim that is wrong: a mutation of a claim's term that differs at some point."""
    rng, d, out = random.Random(theorem.entry.name), theorem.derivation, []
    ctx = d.record.context
    write = Writer({n: sets for n, (sets, _) in ctx.definitions.items()} | dict(ctx.arrays))
    for _ in range(40 * count):
        claim, proof = rng.choice(d.claims)
        start, value = d.theorem(proof).sides
        kind = rng.choice([*KINDS])
        fits, change = KINDS[kind]
        where_it_fits = [(u, path) for u, path in places(value) if fits(u)]
        if not where_it_fits:
            continue
        u, path = rng.choice(where_it_fits)
        try:
            said = write.expression(put(value, path, change(u)))
            wrong = d.reader.term(fresh(said))
        except DeriveError:
            continue
        if any(differs(theorem, start, wrong, sorted(d.theorem(proof).hypotheses, key=repr), 5)):
            out.append((kind, replace(theorem.entry, claims=(replace(claim, value=said),))))
        if len(out) == count:
            break
    return out


def outcome(entry: Any) -> str:
    try:
        return derive.prove(entry).verdict
    except DeriveError as e:
        return "refuted" if getattr(e, "counterexample", None) is not None else "undecided"


@pytest.mark.parametrize("name", [pytest.param(n, marks=() if k % 4 == 0 else pytest.mark.soundness)
                                  for k, n in enumerate(own_names())])
def test_no_wrong_claim_near_a_right_one_is_proved(name: str, request: pytest.FixtureRequest) -> None:
    whole = "soundness" in (request.config.getoption("-m") or "").replace("not soundness", "")
    wrong = mutants(proved(name), 20 if whole else 2)
    outcomes = Counter(outcome(entry) for _, entry in wrong)
    assert wrong and outcomes.keys() <= {"refuted", "undecided"}, (name, outcomes)
    assert outcomes["refuted"] >= 0.95 * len(wrong), (name, outcomes)
