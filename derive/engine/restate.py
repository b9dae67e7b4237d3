"""Friendlier terms for side conditions: one that the sign table knows and that is equal to the term as it stands.

Candidates: the normal form, also as a single fraction, terms from the domain of the sides, multiples of what is given to be
positive.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator

from ..kernel.conditions import ONE, ZERO, discharge, domain, forall, relation, split
from ..kernel.errors import DeriveError
from ..kernel.replay import Development, Proof, Theorem
from ..kernel.terms import Term, bd, ix, open_, shift, subst_index
from .normal import Normalizer

Restated = tuple[Term, tuple[Term, ...], Term, Proof]
Search = Callable[[Term, Term], Proof | None]


def restated(dev: Development, theorem: Theorem, left: Term, right: Term, convert: Normalizer, search: Search) -> list[Restated]:
    """For conditions left over by a theorem: (condition, fresh indices, friendlier term, proof that it is equal)."""
    out = []
    for c in sorted(theorem.hypotheses - dev.context.given, key=repr):
        found = _restate(dev, c, domain(dev.context, left) | domain(dev.context, right), convert, search)
        out += [found] if found else []
    return out


def _restate(dev: Development, c: Term, known: frozenset[Term], convert: Normalizer, search: Search) -> Restated | None:
    frames, core = split(c)
    if any(f[0] != "all" for f in frames) or core.op not in ("ne", "lt", "le") or core.args[0] is ONE or ZERO not in core.args:
        return None
    letters = tuple(ix(f"?{n}", f[1]) for n, f in enumerate(frames))
    term = open_(core.args[0 if core.op == "ne" else 1], letters)
    for candidate in _candidates(dev, term, letters, frames, core.op, known, convert):
        goal = _closed(relation(core.op, candidate), letters)
        if candidate is not term and (goal in dev.context.given or goal not in discharge(dev.context, goal)):
            proof = _found(search, term, candidate)
            if proof is not None:
                return c, letters, candidate, proof
    return None


def _found(search: Search, term: Term, candidate: Term) -> Proof | None:
    try:
        proof = search(term, candidate)
    except DeriveError:
        return None
    return proof if proof is not None and proof[0] == "join" else None


def _candidates(dev: Development, term: Term, letters: tuple[Term, ...], frames: tuple[object, ...], op: str,
                known: frozenset[Term], convert: Normalizer) -> Iterator[Term]:
    normal = convert(term)[0]
    yield normal
    yield convert.fraction(normal)
    positive = [h for h in dev.context.given if h.op == "lt" and h.args[0] is ZERO] if op in ("lt", "le") and not frames else []
    for d in sorted(known, key=repr):
        other_frames, other = split(d)
        if other_frames == frames and other.op == op:
            yield open_(other.args[0 if op == "ne" else 1], letters)
    yield from [u for h in sorted(positive, key=repr) if (u := convert.multiple(normal, h.args[1])) is not None]


def _closed(condition: Term, letters: tuple[Term, ...]) -> Term:
    """The condition for all values of the letters."""
    for i in reversed(letters):
        condition = next(iter(forall(i.data[1], [subst_index(shift(condition, 1), {i.data: bd(0, i.data[1])})])))
    return condition
