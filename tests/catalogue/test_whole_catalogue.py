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
from derive.algebra.statement import Fact
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


def fails(theorem: Theorem, relation: Any, given: Any, seed: int) -> list[bool]:
    """At points that meet the hypotheses and are not on a kink: whether a relation is false there."""
    ctx, found = theorem.derivation.record.context, []
    for at in valuations(ctx, list(relation.args), given, (2, 3), 3 * POINTS, seed=seed):
        try:
            there = where(at, ctx.definitions)
            found.append(not (there.agree(*relation.args) if relation.op == "eq" else there.holds(relation)))
        except Kink:
            continue
        if len(found) == 2 * POINTS:
            break
    return found


@pytest.mark.parametrize("name", own_names())
def test_each_statement_is_what_central_differences_say(name: str) -> None:
    theorem = proved(name)
    for _, stated in theorem.derivation.statements:
        proof = theorem.derivation.theorem(stated)
        found = fails(theorem, proof.conclusion, sorted(proof.hypotheses, key=repr), 3)
        assert len(found) >= POINTS and not any(found), (name, stated, found)


def mutants(theorem: Theorem, count: int) -> list[tuple[str, Any]]:
    """Entries with one statement that is wrong: a mutation of a claim or fact that fails at some point."""
    rng, d, out = random.Random(theorem.entry.name), theorem.derivation, []
    for _ in range(40 * count):
        stated, proof = rng.choice(d.statements)
        kind = rng.choice([*KINDS])
        try:
            wrong, entry = (turned if isinstance(stated, Fact) else claimed)(theorem, stated, proof, kind, rng)
        except (DeriveError, IndexError):                     # no such place, or no such expression
            continue
        if any(fails(theorem, wrong, sorted(d.theorem(proof).hypotheses, key=repr), 5)):
            out.append((kind, entry))
        if len(out) == count:
            break
    return out


def mutated(theorem: Theorem, t: Any, kind: str, rng: random.Random) -> Any:
    """A mutation of a term, as SymPy."""
    ctx = theorem.derivation.record.context
    fits, change = KINDS[kind]
    u, path = rng.choice([(u, path) for u, path in places(t) if fits(u)])
    return Writer({n: sets for n, (sets, _) in ctx.definitions.items()} | dict(ctx.arrays)).expression(put(t, path, change(u)))


def claimed(theorem: Theorem, claim: Any, proof: str, kind: str, rng: random.Random) -> tuple[Any, Any]:
    """A gradient with another value, and the entry that claims it."""
    d = theorem.derivation
    start, value = d.theorem(proof).sides
    said = mutated(theorem, value, kind, rng)
    derivative = d.derivatives[proof]
    through = next(g.through for g in d.entry.gradients if g.derivative == derivative)
    entry = replace(d.entry, derivative=derivative, claims=(replace(claim, value=said),), through=through, also=())
    return mk("eq", None, start, d.reader.term(fresh(said))), entry


def turned(theorem: Theorem, fact: Any, proof: str, kind: str, rng: random.Random) -> tuple[Any, Any]:
    """A fact with another right side, or an inequality the other way round, and the entry that states it."""
    d, relation = theorem.derivation, fact.relation
    if relation.is_Equality or rng.random() < 0.5:
        said = relation.func(relation.lhs, mutated(theorem, d.reader.term(fresh(relation.rhs)), kind, rng), evaluate=False)
    else:
        said = relation.negated
    entry = replace(d.entry, derivative=None, claims=(), through={}, also=(replace(fact, relation=said, by=()),))
    return d.reader.condition(said), entry


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
