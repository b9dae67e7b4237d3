"""Finding codes, what they mean, an example of each, and reports in the formats that people and programs read."""
from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ..reading.report import Entry, Finding, Report, shown


@dataclass(frozen=True)
class Code:
    """name for programs, meaning, and an example with what is wrong in it."""
    name: str
    meaning: str
    example: str = ""


CODES = {
    "D001": Code("unreadable", "mathematics that is not read: the message says what was found and what is read instead",
                 r"\oint f  (an integral is not read)"),
    "D002": Code("ambiguous", "an ambiguous spelling, read in the way that makes sense: write brackets",
                 r"\sum_i x_i + y_i  (does the sum reach over the plus sign?)"),
    "D003": Code("unbound-index", "an index that is neither bound nor on the left side",
                 r"p_j = e^{z_i} / \sum_k e^{z_k}  (i is meant to be j)"),
    "D004": Code("rebound-index", "a sum that binds a letter which is free in the equation, or bound around it",
                 r"a_i = e^{z_i} / \sum_i e^{z_i}  (the second i is another one)"),
    "D005": Code("slip", "a slip of notation, read as it was meant", r"e^z_k  (for e^{z_k})"),
    "D006": Code("redefined", "a name with several definitions",
    r"C = ... and later C = ...  (the message says which one counts)"),
    "D007": Code("unused-noqa", "a noqa that silences nothing"),
    "D101": Code("wrong-step", "the sides differ: a counterexample shows where", r"(a + b)^2 = a^2 + b^2  (a = b = 1: 4 and 2)"),
    "D102": Code("sign", "a wrong sign", r"-(y_i - o_i) = -(o_i - y_i)  (the right side is the negative of the left)"),
    "D103": Code("missing-sum", "a chain rule without its sum over the intermediate values",
                 r"\frac{\partial C}{\partial z_i} = \frac{\partial C}{\partial a_j} \frac{\partial a_j}{\partial z_i}"
                 r"  (every a_j depends on z_i: sum over j)"),
    "D104": Code("index", "a wrong index", r"\sum_{k \neq 1} y_k where k \neq i is meant"),
    "D105": Code("factor", "a wrong or missing factor",
    r"\frac{\partial}{\partial x} \frac{1}{N} \sum_i (x - t_i)^2 without 1/N"),
    "D106": Code("cases", "a wrong condition in a case distinction",
                 r"a_i (1 - a_j) if x_i = x_j  (what matters is whether i = j)"),
    "D107": Code("shape", "factors or sides whose shapes do not fit",
                 r"dx = dz W^T for z = W x  (W^T dz has the shape of x)"),
    "D201": Code("unstated-hypothesis", "holds only under a hypothesis that the text does not state",
                 r"a_i \sum_j y_j - y_i = a_i - y_i  (if \sum_j y_j = 1)"),
    "D202": Code("undecided", "neither proved nor refuted: the message says what is missing"),
    "D301": Code("domain", "holds only where something is not 0: a division, a kink",
                 r"|x|' = x / |x|  (where x is not 0)"),
    "D401": Code("stale", "a generated file is stale: it differs from what its entry gives"),
    "D402": Code("missing-file", "a generated file is missing"),
    "D403": Code("left-over-file", "a file under the output folder is left over: no entry gives it"),
    "D901": Code("internal", "a fault of derive: please report it with the document"),
}
FINDING_CODES = {code: row.meaning for code, row in CODES.items()}
FORMATS = ("full", "concise", "json", "github", "sarif", "junit")
URL = "https://github.com/derive-proofs/derive/blob/main/docs/codes.md#"
_COLOURS = {"error": "red", "warning": "yellow"}


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
    rows = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for r, findings in zip(reports, kept, strict=True):
        failed = [f for f in findings if f.severity == "error"]
        rows.append(f'  <testsuite name={quoteattr(r.source.name)} tests="{max(1, len(r.steps))}" failures="{len(failed)}">')
        rows += [f'    <testcase name={quoteattr(f"{f.row}:{f.column} {f.code}")} classname={quoteattr(r.source.name)}>'
                 f"<failure message={quoteattr(f.message)}>{escape(_concise(r, f))}</failure></testcase>" for f in failed]
        rows += [] if failed else [f'    <testcase name="derivation" classname={quoteattr(r.source.name)}/>']
        rows.append("  </testsuite>")
    return "\n".join([*rows, "</testsuites>"])
