"""Reports of `derive check` in the formats that people and programs read."""
from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from typing import Any

from .formats import File, concise, github, junit, ruff, sarif
from .reading.report import Entry, Finding, Report, shown


def rendered(reports: Sequence[Report], kept: Sequence[Sequence[Finding]], how: str) -> str:
    """Reports in one of the formats; `kept` are the findings of each that are shown."""
    files = [File(r.source.name, len(r.steps), "derivation", f) for r, f in zip(reports, kept, strict=True)]
    match how:
        case "json":
            return json.dumps(as_json(reports, kept), ensure_ascii=False, indent=2)
        case "sarif":
            return json.dumps(sarif(files), ensure_ascii=False, indent=2)
        case "junit":
            return junit(files)
        case "github":
            return github(files)
    line = _full if how == "full" else _concise
    text = "\n".join(line(r, f) for r, findings in zip(reports, kept, strict=True) for f in findings)
    return f"{text}\n{summary(reports)}".lstrip("\n")


def summary(reports: Sequence[Report]) -> str:
    """One line of counts over all documents."""
    total = {k: sum(r.summary[k] for r in reports) for k in (reports[0].summary if reports else {"steps": 0})}
    parts = [f"{n} {k.replace('_', ' ')}" for k, n in total.items() if n and k != "steps"]
    return f"{total['steps']} steps: {', '.join(parts)}" if parts else "no steps"


def explained(reports: Sequence[Report]) -> str:
    """Every step with its verdict, in order, and what was read as a definition."""
    rows = []
    for r in reports:
        rows += [f"{r.source.name}:{s.row}:{s.column}: {_verdict(s)}\n    {s.latex}" for s in r.steps]
        rows += [f"{r.source.name}: {text}" for text in r.readings]
    return "\n".join(rows)


def _verdict(s: Entry) -> str:
    return ": ".join(filter(None, (s.outcome.replace("_", " "), s.message)))


def _concise(r: Report, f: Finding) -> str:
    return concise(r.source.name, f)


def _width(text: str) -> int:
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _full(r: Report, f: Finding) -> str:
    """The line of the source with what is meant underlined, and a proposal."""
    line = r.source.line(f.row)
    last = f.end_column - 1 if f.end_row == f.row else len(line)
    before, marked = line[:f.column - 1], line[f.column - 1:last] or " "
    start = max(0, len(before) - 60)
    shown_line = ("…" if start else "") + line[start:last + 60]
    pad = " " * _width(("…" if start else "") + before[start:])
    text = f"{_concise(r, f)}\n   |  {shown_line.strip(chr(13))}\n   |  {pad}{'^' * max(1, _width(marked))}"
    return text + (f"\n   = help: {f.help}" if f.help else "")


def as_json(reports: Sequence[Report], kept: Sequence[Sequence[Finding]]) -> dict[str, Any]:
    """The object of `derive check --output-format json`."""
    keys = reports[0].summary if reports else {}
    return {"schema": 1, "summary": {k: sum(r.summary[k] for r in reports) for k in keys},
            "steps": [_step(r, s) for r in reports for s in r.steps],
            "findings": [ruff(r.source.name, f) for r, findings in zip(reports, kept, strict=True) for f in findings]}


def _step(r: Report, s: Entry) -> dict[str, Any]:
    return {"filename": r.source.name, "row": s.row, "column": s.column, "end_row": s.end_row, "end_column": s.end_column,
            "latex": s.latex, "outcome": s.outcome, "code": s.code or None, "message": s.message,
            "hypotheses": list(s.hypotheses),
            "counterexample": shown(s.counterexample)}
