"""The micro-steps of a theorem: every step that the kernel replays, with the term after it."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..kernel.replay import Development, Proof, Replay
from ..kernel.terms import Term, mk, subst_index
from .record import Record


@dataclass(frozen=True)
class MicroStep:
    """where: line or case; side: left or right of the equation; path: place in the term; result: the whole side after it."""
    where: str
    side: str
    path: tuple[int, ...]
    reason: str
    result: Term


def micro_steps(record: Record, name: str) -> Iterator[MicroStep]:
    """The steps of a recorded theorem, in the order in which they are replayed."""
    goal, proof = next((item[2], item[3]) for item in record.items if item[0] == "theorem" and item[1] == name)
    yield from _steps(record, goal, proof, "")


def _steps(dev: Development, goal: Term, proof: Proof, where: str) -> Iterator[MicroStep]:
    match proof:
        case ("join", *sides):
            for side, start, steps in zip(("left", "right"), goal.args, sides, strict=True):
                for (path, _, reason), result in zip(steps, Replay(dev).run(start, steps), strict=True):
                    name = str(reason[1]) if reason[0] in ("law", "lemma", "unfold") else ""
                    yield MicroStep(where, side, path, f"{reason[0]} {name}".strip(), result)
        case ("lines", terms, proofs):
            for n, inner in enumerate(proofs, 1):
                yield from _steps(dev, mk("eq", None, terms[n - 1], terms[n]), inner, f"{where}line {n} ")
        case ("cases", i, j, same, other):
            yield from _steps(dev, subst_index(goal, {j.data: i}), same, f"{where}{i} = {j} ")
            yield from _steps(dev, goal, other, f"{where}{i} != {j} ")
        case ("trichotomy", x, *proofs):
            for sign, inner in zip([">", "=", "<"], proofs, strict=True):
                yield from _steps(dev, goal, inner, f"{where}{x} {sign} 0 ")
        case ("restate", inner, *_):
            yield from _steps(dev, goal, inner, where)
