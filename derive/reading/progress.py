"""The state of reading one document, and how a verdict becomes an entry of the report with its findings."""
from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from .attempts import Stated
from .chains import Chain
from .decimals import Numbers
from .judge import Verdict
from .parsing import parse, parse_condition
from .regions import Document, Region
from .report import Entry, Finding
from .scope import Note
from .syntax import Related, Syntax, Unreadable
from .table import Table
from .tokens import Token


@dataclass
class Progress:
    """The state of reading one document."""
    document: Document
    stated: Stated
    timeout: float
    table: Table = field(default_factory=Table)
    pending: tuple[Related, ...] = ()
    said: Related | None = None                               # the last condition in words, for what is said otherwise
    active: tuple[Region, tuple[Related, ...]] | None = None
    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)
    labels: list[tuple[int, str]] = field(default_factory=list)
    numbers: dict[str, Numbers] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)      # where names were defined
    aliases: dict[str, str] = field(default_factory=dict)
    equations: dict[str, Syntax] = field(default_factory=dict)   # what was said to equal a derivative, for examples in numbers


@lru_cache(1 << 16)
def tree(side: tuple[Token, ...]) -> Syntax | Unreadable:
    try:
        return parse(side)
    except Unreadable as e:
        return e


def condition_tree(said: tuple[Token, ...]) -> Syntax | Unreadable:
    try:
        return parse_condition(said)
    except Unreadable as e:
        return e


def record(r: Progress, chain: Chain, n: int, sign: int, v: Verdict) -> None:
    side = chain.sides[n + 1]
    source = r.document.source
    start, end = (side[0].start, side[-1].end) if side else (sign, sign + 1)
    row, column = source.position(start)
    end_row, end_column = source.position(max(start, end - 1))
    left = chain.sides[n]
    latex = " ".join(source.text[(left[0].start if left else start):end].split())
    number = len(r.entries)
    r.entries.append(Entry(row, column, end_row, end_column + 1, latex, v.outcome, v.code, v.message, v.hypotheses,
        v.counterexample, v.help))
    place = (row, column, end_row, end_column + 1)
    if v.outcome in ("refuted", "undecided", "unread", "proved_under"):
        against = f": {v.counterexample}" if v.counterexample is not None else ""
        severity = "warning" if v.outcome == "proved_under" else "error"
        r.findings.append(Finding(v.code or "D202", v.message + against, severity, *place, v.help, number))
    for note in dict.fromkeys(v.notes):
        if (note.code, note.message) != (v.code, v.message):
            r.findings.append(noted(r, note, number))


def noted(r: Progress, note: Note, number: int) -> Finding:
    row, column = r.document.source.position(note.start)
    end_row, end_column = r.document.source.position(max(note.start, note.end - 1))
    return Finding(note.code, note.message, "warning", row, column, end_row, end_column + 1, "", number)
