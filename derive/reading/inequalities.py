"""The verdict on an inequality of a document: by the sign of its difference, as facts of the catalogue are proved."""
from __future__ import annotations

from ..engine.forms import signed
from ..engine.record import Record
from ..engine.textbook import Book, Facts, NotProved, Relation
from ..kernel.replay import Theorem
from ..kernel.terms import Term, indices, mk, num
from .attempts import Attempt, Stated, Step, attempt
from .judge import Verdict
from .presuppositions import needed_by
from .relations import turned
from .table import Table
from .wording import said


def judged(table: Table, step: Step, stated: Stated, sign: str) -> Verdict:
    """proved, proved_under a bound of a size, refuted, or undecided. Raises Unreadable."""
    a = attempt(table, step, stated)
    found = turned((a.left, a.right), sign)
    if found is None:
        return Verdict("undecided", f"the relation {sign} is not judged", "D202")
    goal = signed(*found)
    try:
        theorem = _theorem(a, goal)
    except NotProved as e:
        return _not_proved(a, e)
    if theorem.witness is None:
        return Verdict("undecided", "no values were found that meet the hypotheses", "D202", notes=a.notes)
    unstated = tuple(said(h) for h in needed_by(a, theorem))
    if unstated:
        message = f"holds if {' and '.join(unstated)}, which the text does not state"
        return Verdict("proved_under", message, "D201", unstated, notes=a.notes)
    return Verdict("proved", hypotheses=tuple(said(h) for h in (*a.fixed, *a.given) if h in theorem.hypotheses), notes=a.notes)


def _theorem(a: Attempt, goal: Term) -> Theorem:
    """The replayed theorem, under what the step states, or else for sets of two elements or more. Raises NotProved."""
    given = (*a.fixed, *a.given)
    sizes = [mk("le", None, num(2), mk("size", s)) for s in sorted({s for _, s in indices(goal)})]
    refused: NotProved | None = None
    for further in ([], sizes):
        record = Record()
        record.context = a.context
        for h in (*given, *further):
            record.assume(h)
        try:
            return record.theorems[Facts(Book(record)).prove(Relation(goal, (*given, *further), "step"))]
        except NotProved as e:
            refused = refused or e
    assert refused is not None
    raise refused


def _not_proved(a: Attempt, e: NotProved) -> Verdict:
    if e.counterexample is None or a.elaborator.opaque:
        return Verdict("undecided", "the sign of the difference is not known", "D202", notes=a.notes)
    return Verdict("refuted", "the inequality does not hold", "D101", counterexample=e.counterexample, notes=a.notes)
