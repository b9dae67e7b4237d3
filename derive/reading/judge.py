"""The verdict on one step: a proof that the kernel replays, a hypothesis of the table, another reading, a counterexample.

Nothing is proved here but by engine.equality.prove; nothing is refuted but by engine.counterexample.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ..engine.congruence import prove_by_parts
from ..engine.counterexample import Counterexample, counterexample, unequal
from ..engine.equality import Hints, Proved, prove
from ..engine.sampling import witness
from ..kernel.conditions import split
from ..kernel.errors import DeriveError
from ..kernel.replay import Development
from ..kernel.terms import Term, mk
from . import hypotheses as hyp
from .attempts import Attempt
from .hypotheses import Hypothesis
from .presuppositions import needed
from .scope import Note
from .syntax import Unreadable
from .wording import said


@dataclass(frozen=True)
class Verdict:
    """outcome, what was needed for it, and what was noticed on the way."""
    outcome: str
    message: str = ""
    code: str = ""
    hypotheses: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    notes: tuple[Note, ...] = ()
    help: str = ""
    tried: tuple[Hypothesis, ...] = field(default=())


# ---------------------------------------------------------------- proving
def proof(a: Attempt, extra: Iterable[Term] = ()) -> Proved | None:
    """A proof under what is given, the conditions of the step and extra hypotheses."""
    extra = tuple(extra)
    dev = Development()
    dev.context = a.context
    equations = [c for c in a.fixed if c.op != "apart"]
    for h in (*a.fixed, *a.given, *extra):
        dev.assume(h)
    hints = Hints(given=(*equations, *a.given, *extra), apart=a.apart)
    try:
        found = prove(dev, a.left, a.right, hints)
    except (DeriveError, RecursionError):
        found = None
    return found if found is not None else prove_by_parts(dev, a.left, a.right, hints)


def has_witness(a: Attempt, p: Proved) -> bool:
    """Whether the hypotheses of a theorem can be met, at sizes 1 or 2."""
    conclusion = mk("eq", None, a.left, a.right)
    hypotheses = {h for h in p.theorem.hypotheses if not _abstract(h)}
    return not hypotheses or witness(p.theorem.context, conclusion, hypotheses) is not None


def _abstract(h: Term) -> bool:
    """A presupposition about an abstract function: it has no value to try."""
    return h.op == "fun" or any(_abstract(x) for x in h.args)


def differs(a: Attempt, extra: Iterable[Term] = ()) -> bool | None:
    """Whether a few small points already show that no proof can be found: a search saved. None where no point is allowed."""
    return unequal(a.context, a.left, a.right, [*a.fixed, *a.given, *extra])


def decide(a: Attempt, unstated: bool = True) -> Verdict | None:
    """proved, or proved_under a hypothesis of the table; None where no proof was found."""
    plain = None if differs(a) else proof(a)
    if plain is not None and has_witness(a, plain):
        return _proved(a, plain, ())
    if not unstated:
        return None
    agree = differs(a) is False                               # then no equation can be missing, at most a sign
    for combination in hyp.candidates(a.context, a.left, a.right, a.weights):
        if agree and any(h.kind in ("normalised", "one-hot") for h in combination):
            continue
        terms = [t for h in combination if (t := hyp.term(a.context, h, a.left, a.right)) is not None]
        if len(terms) < len(combination) or all(t in a.given for t in terms) or _said_by_itself(a, terms):
            continue
        found = None if differs(a, terms) else proof(a, terms)
        if found is not None and has_witness(a, found):
            return _proved(a, found, combination, terms)
    return None


def _said_by_itself(a: Attempt, terms: list[Term]) -> bool:
    """Whether a hypothesis is the very step that it should explain."""
    return any(t.op == "eq" and t.args in ((a.left, a.right), (a.right, a.left)) for t in terms)


def _proved(a: Attempt, p: Proved, tried: tuple[Hypothesis, ...], extra: Iterable[Term] = ()) -> Verdict:
    rest = needed(a, p, extra)
    used = tuple(h for h in tried if (t := hyp.term(a.context, h, a.left, a.right)) is None or t in p.theorem.hypotheses)
    stated = tuple(said(h) for h in (*a.given, *a.fixed) if h in p.theorem.hypotheses)
    unstated = (*map(str, used), *map(said, rest))
    if not unstated:
        return Verdict("proved", hypotheses=stated, notes=a.notes)
    kinked = bool(rest) and not used and all(split(h)[1].op == "ne" for h in rest)
    message = f"holds if {' and '.join(unstated)}, which the text does not state"
    return Verdict("proved_under", message, "D301" if kinked else "D201", (*stated, *unstated), notes=a.notes, tried=tried)


# ---------------------------------------------------------------- refuting
def refute(a: Attempt) -> Counterexample | None:
    """A counterexample under what is stated; none where something stands in the step that was not understood."""
    if a.elaborator.opaque:
        return None
    given = [*a.fixed, *a.given]
    found = counterexample(a.context, a.left, a.right, given)
    if found is not None and found.at.sizes and set(found.at.sizes.values()) == {1}:
        larger = counterexample(a.context, a.left, a.right, given, (2, 3))
        return found if larger is not None else None
    return found


def capped(v: Verdict, note: Note | None = None) -> Verdict:
    """A proof that rests on a reading is proved_under at most."""
    notes = (*v.notes, *([note] if note is not None else []))
    caps = [n for n in notes if n.caps]
    if v.outcome == "proved" and caps:
        return replace(v, outcome="proved_under", code=caps[0].code, message=caps[0].message, notes=notes)
    if v.outcome == "proved_under" and caps:
        return replace(v, code=caps[0].code, message=f"{caps[0].message}; then it {v.message}", notes=notes)
    return replace(v, notes=notes)


def unread(e: Unreadable) -> Verdict:
    if e.code == "D202":
        return Verdict("undecided", str(e), "D202")
    return Verdict("unread", str(e), e.code)
