"""Reports of `derive check` in the formats that people and programs read: full, concise, json, github, sarif, junit."""
from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from typing import Any

from .reading.report import Entry, Finding, Report, shown
from .rendering.findings import CODES

FORMATS = ("full", "concise", "json", "github", "sarif", "junit")
URL = "output/codes.md#"                                      # in the project: written by `derive build`


def rendered(reports: Sequence[Report], kept: Sequence[Sequence[Finding]], how: str) -> str:
    """Reports in one of the FORMATS; `kept` are the findings of each that are shown."""
    match how:
        case "json":
            return json.dumps(as_json(reports, kept), ensure_ascii=False, indent=2)
        case "sarif":
            return json.dumps(_sarif(reports, kept), ensure_ascii=False, indent=2)
        case "junit":
            return _junit(reports, kept)
    line = {"full": _full, "concise": _concise, "github": _github}[how]
    text = "\n".join(line(r, f) for r, findings in zip(reports, kept, strict=True) for f in findings)
    return text if how == "github" else f"{text}\n{summary(reports)}".lstrip("\n")


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


def _place(r: Report, f: Finding) -> str:
    return f"{r.source.name}:{f.row}:{f.column}"


def _concise(r: Report, f: Finding) -> str:
    return f"{_place(r, f)}: {f.code} {f.message}"


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


def _github(r: Report, f: Finding) -> str:
    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    kind = "error" if f.severity == "error" else "warning"
    where = f"file={data(r.source.name)},line={f.row},col={f.column},endLine={f.end_row},endColumn={f.end_column}"
    return f"::{kind} title=derive ({f.code}),{where}::{data(f'{_place(r, f)}: {f.code} {f.message}')}"


def as_json(reports: Sequence[Report], kept: Sequence[Sequence[Finding]]) -> dict[str, Any]:
    """The object of `derive check --output-format json`."""
    keys = reports[0].summary if reports else {}
    return {"schema": 1, "summary": {k: sum(r.summary[k] for r in reports) for k in keys},
            "steps": [_step(r, s) for r in reports for s in r.steps],
            "findings": [_finding(r, f) for r, findings in zip(reports, kept, strict=True) for f in findings]}


def _step(r: Report, s: Entry) -> dict[str, Any]:
    return {"filename": r.source.name, "row": s.row, "column": s.column, "end_row": s.end_row, "end_column": s.end_column,
            "latex": s.latex, "outcome": s.outcome, "code": s.code or None, "message": s.message,
            "hypotheses": list(s.hypotheses),
            "counterexample": shown(s.counterexample)}


def _finding(r: Report, f: Finding) -> dict[str, Any]:
    return {"code": f.code, "name": CODES[f.code].name, "message": f.message, "severity": f.severity, "filename": r.source.name,
            "location": {"row": f.row, "column": f.column}, "end_location": {"row": f.end_row, "column": f.end_column},
            "help": f.help or None, "url": URL + f.code.lower()}


def _sarif(reports: Sequence[Report], kept: Sequence[Sequence[Finding]]) -> dict[str, Any]:
    used = sorted({f.code for findings in kept for f in findings})
    rules = [{"id": c, "name": CODES[c].name, "shortDescription": {"text": CODES[c].meaning}, "helpUri": URL + c.lower()}
        for c in used]
    results = [{"ruleId": f.code, "level": f.severity, "message": {"text": f.message}, "locations": [{"physicalLocation": {
        "artifactLocation": {"uri": r.source.name}, "region": {"startLine": f.row, "startColumn": f.column, "endLine": f.end_row,
                                                               "endColumn": f.end_column}}}]}
               for r, findings in zip(reports, kept, strict=True) for f in findings]
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [{"tool": {"driver": {"name": "derive", "rules": rules}}, "columnKind": "unicodeCodePoints",
            "results": results}]}


def _junit(reports: Sequence[Report], kept: Sequence[Sequence[Finding]]) -> str:
    from xml.sax.saxutils import escape, quoteattr  # it brings urllib along: 0.1 s that no other format needs
    rows = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for r, findings in zip(reports, kept, strict=True):
        failed = [f for f in findings if f.severity == "error"]
        rows.append(f'  <testsuite name={quoteattr(r.source.name)} tests="{max(1, len(r.steps))}" failures="{len(failed)}">')
        rows += [f'    <testcase name={quoteattr(f"{f.row}:{f.column} {f.code}")} classname={quoteattr(r.source.name)}>'
                 f"<failure message={quoteattr(f.message)}>{escape(_concise(r, f))}</failure></testcase>" for f in failed]
        rows += [] if failed else [f'    <testcase name="derivation" classname={quoteattr(r.source.name)}/>']
        rows.append("  </testsuite>")
    return "\n".join([*rows, "</testsuites>"])
