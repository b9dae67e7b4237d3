"""What is wrong with a step that has a counterexample: each guess is proved before it is said."""
from __future__ import annotations

from .judge import Attempt, Stated, Step, Verdict, refute
from .table import Table


def diagnosed(table: Table, step: Step, stated: Stated, a: Attempt, text: str) -> Verdict:
    """refuted with a counterexample and a code, or undecided."""
    against = refute(a)
    if against is None:
        return Verdict("undecided", "no proof and no counterexample was found", "D202", notes=a.notes)
    return Verdict("refuted", "the sides differ", "D101", counterexample=against, notes=a.notes)
