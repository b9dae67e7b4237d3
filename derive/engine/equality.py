"""Is left = right? A proof that the kernel has replayed, a counterexample, or undecided with the residual."""
from __future__ import annotations

from dataclasses import dataclass, field

from ..kernel.conditions import ONE, ZERO, discharge, domain, split
from ..kernel.errors import DeriveError, ProofError
from ..kernel.field import field_equal
from ..kernel.replay import Development, Proof, Replay, Step, Theorem
from ..kernel.terms import Term, ix, mk, open_, subst_index
from .counterexample import Counterexample, counterexample
from .normal import Normalizer, Rule, hypothesis_rule, lemma_rule

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
    goal = mk("eq", None, left, right)
    theorem = Replay(dev).prove(goal, proof)
    restated = _restated(dev, theorem, left, right)
    if restated:
        proof = ("restate", proof, tuple(restated))
        theorem = Replay(dev).prove(goal, proof)
    return Proved(proof, theorem)


def normalizer(dev: Development, hints: Hints) -> Normalizer:
    rules: list[Rule | None] = [lemma_rule(name, dev.theorems[name]) for name in hints.lemmas]
    rules += [hypothesis_rule(h) for h in hints.given]
    return Normalizer(dev, hints.kept, [r for r in rules if r is not None], hints.apart)


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


def _restated(dev: Development, theorem: Theorem, left: Term, right: Term) -> list[tuple[Term, tuple[Term, ...], Term, Proof]]:
    """Conditions left over whose term equals one from the domain of the sides that the sign table knows."""
    ctx, out = dev.context, []
    left_over = [c for c in theorem.hypotheses - ctx.given if split(c)[1].op in ("ne", "lt", "le") and c.args[0] is not ONE]
    for c in sorted(left_over, key=repr):
        frames, core = split(c)
        letters = tuple(ix(f"?{n}", f[1]) for n, f in enumerate(frames) if f[0] == "all")
        if len(letters) != len(frames) or ZERO not in core.args:
            continue
        for d in sorted(domain(ctx, left) | domain(ctx, right), key=repr):
            other = split(d)[1]
            if split(d)[0] != frames or other.op != core.op or d in discharge(ctx, d):
                continue
            side = 0 if core.op == "ne" else 1
            proof = search(dev, open_(core.args[side], letters), open_(other.args[side], letters), Hints())
            if proof is not None and proof[0] == "join":
                out.append((c, letters, open_(other.args[side], letters), proof))
                break
    return out

