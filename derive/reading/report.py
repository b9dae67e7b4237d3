"""What checking a document yields: one entry for each relation, and findings in ruff's shape."""
from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ..engine.counterexample import Counterexample
from .source import Source

OUTCOMES = ("proved", "proved_under", "refuted", "undecided", "unread", "definition", "not_an_equation")
ERRORS = ("refuted", "undecided", "unread")


@dataclass(frozen=True)
class Finding:
    """severity: "error" or "warning". Rows and columns are in the source file, from 1; the end is exclusive."""
    code: str
    message: str
    severity: str
    row: int
    column: int
    end_row: int
    end_column: int
    help: str = ""
    about: int = -1                                           # the number of the step, or -1


@dataclass(frozen=True)
class Entry:
    """One relation: where its right side stands, what it says, and the verdict."""
    row: int
    column: int
    end_row: int
    end_column: int
    latex: str
    outcome: str
    code: str = ""
    message: str = ""
    hypotheses: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    help: str = ""


@dataclass(frozen=True)
class Report:
    source: Source
    steps: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    readings: tuple[str, ...] = field(default=())             # what was read as a definition, for --explain

    @property
    def summary(self) -> dict[str, int]:
        """Counts that add up to `steps`."""
        count = {o: sum(s.outcome == o for s in self.steps) for o in OUTCOMES}
        names = {"definition": "definitions", "not_an_equation": "not_equations"}
        return {"steps": len(self.steps), **{names.get(o, o): n for o, n in count.items()}}


def number(q: Fraction | float) -> str:
    return str(q) if isinstance(q, Fraction) else f"{q:.6g}"


def shown(c: Counterexample | None) -> dict[str, Any] | None:
    """A counterexample as JSON: sizes, indices from 1, values as exact text, both sides."""
    if c is None:
        return None
    return {"sizes": dict(sorted(c.at.sizes.items())),
            "indices": {letter: n + 1 for (letter, _), n in sorted(c.at.indices.items())},
            "values": {name + "".join(f"_{p + 1}" for p in place): str(q)
                       for name, entries in sorted(c.at.arrays.items()) for place, q in sorted(entries.items())},
            "left": number(c.left), "right": number(c.right)}
