"""Findings in the formats that programs read: one line each, ruff's objects, GitHub annotations, SARIF, JUnit.

A format knows nothing of where findings come from: a file, how many things were looked at in it, and what was found.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .reading.report import Finding
from .rendering.findings import CODES

URL = "output/codes.md#"                                      # in the project: written by `derive build`


@dataclass(frozen=True)
class File:
    """`looked_at`: how many steps or functions; `what`: what one of them is called."""
    name: str
    looked_at: int
    what: str
    findings: Sequence[Finding]


def concise(name: str, f: Finding) -> str:
    """file:line:column: code message."""
    return f"{name}:{f.row}:{f.column}: {f.code} {f.message}"


def ruff(name: str, f: Finding) -> dict[str, Any]:
    """The object that ruff prints for a finding."""
    return {"code": f.code, "name": CODES[f.code].name, "message": f.message, "severity": f.severity, "filename": name,
            "location": {"row": f.row, "column": f.column}, "end_location": {"row": f.end_row, "column": f.end_column},
            "help": f.help or None, "url": URL + f.code.lower()}


def github(files: Sequence[File]) -> str:
    """Annotations of GitHub Actions, a line each."""
    return "\n".join(_annotation(file.name, f) for file in files for f in file.findings)


def _annotation(name: str, f: Finding) -> str:
    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    kind = "error" if f.severity == "error" else "warning"
    where = f"file={data(name)},line={f.row},col={f.column},endLine={f.end_row},endColumn={f.end_column}"
    return f"::{kind} title=derive ({f.code}),{where}::{data(concise(name, f))}"


def sarif(files: Sequence[File]) -> dict[str, Any]:
    """The object of a SARIF 2.1.0 file."""
    used = sorted({f.code for file in files for f in file.findings})
    rules = [{"id": c, "name": CODES[c].name, "shortDescription": {"text": CODES[c].meaning}, "helpUri": URL + c.lower()}
             for c in used]
    results = [{"ruleId": f.code, "level": f.severity, "message": {"text": f.message}, "locations": [{"physicalLocation": {
        "artifactLocation": {"uri": file.name}, "region": {"startLine": f.row, "startColumn": f.column, "endLine": f.end_row,
                                                           "endColumn": f.end_column}}}]}
               for file in files for f in file.findings]
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
            "runs": [{"tool": {"driver": {"name": "derive", "rules": rules}}, "columnKind": "unicodeCodePoints",
                      "results": results}]}


def junit(files: Sequence[File]) -> str:
    """A JUnit report: a suite for each file, a failed case for each error."""
    from xml.sax.saxutils import escape, quoteattr  # it brings urllib along: 0.1 s that no other format needs
    rows = ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>"]
    for file in files:
        name, failed = quoteattr(file.name), [f for f in file.findings if f.severity == "error"]
        rows.append(f'  <testsuite name={name} tests="{max(1, file.looked_at)}" failures="{len(failed)}">')
        rows += [f'    <testcase name={quoteattr(f"{f.row}:{f.column} {f.code}")} classname={name}>'
                 f"<failure message={quoteattr(f.message)}>{escape(concise(file.name, f))}</failure></testcase>" for f in failed]
        rows += [] if failed else [f"    <testcase name={quoteattr(file.what)} classname={name}/>"]
        rows.append("  </testsuite>")
    return "\n".join([*rows, "</testsuites>"])
