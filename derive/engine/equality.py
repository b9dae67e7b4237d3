"""Is left = right? A proof that the kernel has replayed, a counterexample, or undecided with the residual."""
from __future__ import annotations

from dataclasses import dataclass, field

from ..kernel.errors import DeriveError, ProofError
from ..kernel.field import field_equal
from ..kernel.replay import Development, Proof, Replay, Step, Theorem
from ..kernel.terms import Term, mk, subst_index
from .counterexample import Counterexample, counterexample
from .normal import Normalizer, Rule, hypothesis_rule, lemma_rule
from .restate import restated

Pair = tuple[Term, Term]


@dataclass(frozen=True)
class Proved:
    proof: Proof
    theorem: Theorem


@dataclass(frozen=True)
class Refuted:
    counterexample: Counterexample


@dataclass(frozen=True)
class Undecided:
    """The residual is the normal form of left - right: not 0 as far as the engine can see, not refuted either."""
    residual: Term
    reason: str


@dataclass(frozen=True)
class Hints:
    """What a search may use: lemmas by name, given hypotheses, symbols that stay folded, indices known to differ."""
    lemmas: tuple[str, ...] = ()
    given: tuple[Term, ...] = ()
    kept: tuple[str, ...] = ()
    apart: tuple[Pair, ...] = ()
    depth: int = field(default=3)


def equal(dev: Development, left: Term, right: Term, hints: Hints = Hints()) -> Proved | Refuted | Undecided:
    """Decide left = right in a development under the hypotheses that the hints name."""
    try:
        found = prove(dev, left, right, hints)
        if found is not None:
            return found
        reason = "the normal forms of the sides differ"
    except DeriveError as e:
        reason = str(e)
    against = counterexample(dev.context, left, right, hints.given)
    if against is not None:
        return Refuted(against)
    return Undecided(normalizer(dev, hints)(mk("add", None, left, mk("neg", None, right)))[0], reason)


def prove(dev: Development, left: Term, right: Term, hints: Hints) -> Proved | None:
    """A proof that the kernel accepts, or None. Conditions left over are put into friendlier terms if that helps."""
    proof = search(dev, left, right, hints)
    if proof is None:
        return None
    return replayed(dev, left, right, proof)


def replayed(dev: Development, left: Term, right: Term, proof: Proof) -> Proved:
    """The theorem of a proof, with conditions that are left over put into friendlier terms. Raises ProofError."""
    goal = mk("eq", None, left, right)
    theorem = Replay(dev).prove(goal, proof)
    friendlier = restated(dev, theorem, left, right, lambda a, b: search(dev, a, b, Hints()))
    if friendlier:
        proof = ("restate", proof, tuple(friendlier))
        theorem = Replay(dev).prove(goal, proof)
    return Proved(proof, theorem)


def normalizer(dev: Development, hints: Hints) -> Normalizer:
    rules: list[Rule | None] = [lemma_rule(name, dev.theorems[name]) for name in hints.lemmas]
    rules += [hypothesis_rule(h) for h in hints.given]
    return Normalizer(dev, hints.kept, [r for r in rules if r is not None], hints.apart, hints.given)


def search(dev: Development, left: Term, right: Term, hints: Hints) -> Proof | None:
    """Both sides to normal form, a field step between them, and cases where a Kronecker delta is left."""
    if left is right:
        return ("join", (), ())
    convert = normalizer(dev, hints)
    (a, left_steps), (b, right_steps) = convert(left), convert(right)
    bridge: list[Step] = []
    if a is not b:
        try:
            field_equal(a, b)
            bridge = [((), True, ("field", b))]
        except ProofError:
            return _by_cases(dev, left, right, a, b, hints)
    return ("join", (*left_steps, *bridge), tuple(right_steps))


def _by_cases(dev: Development, left: Term, right: Term, a: Term, b: Term, hints: Hints) -> Proof | None:
    pair = _free_delta(a, hints) or _free_delta(b, hints)
    if pair is None or hints.depth == 0:
        return None
    i, j = pair
    if any(j.data in h.names for h in hints.given):
        i, j = j, i
    deeper = Hints(hints.lemmas, hints.given, hints.kept, hints.apart, hints.depth - 1)
    same = search(dev, subst_index(left, {j.data: i}), subst_index(right, {j.data: i}), deeper)
    other = same and search(dev, left, right, Hints(hints.lemmas, hints.given, hints.kept, (*hints.apart, pair), hints.depth - 1))
    return ("cases", i, j, same, other) if other else None


def _free_delta(t: Term, hints: Hints) -> Pair | None:
    if t.op == "delta" and all(i.op == "ix" for i in t.args):
        return t.args[0], t.args[1]
    return next((p for a in t.args if (p := _free_delta(a, hints))), None)

