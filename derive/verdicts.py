"""What `derive verify` prints: a report as text, or its findings in one of the formats."""
from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from .code.sampled import Difference
from .code.verification import Outcome
from .formats import File, concise, github, junit, ruff, sarif
from .reading.report import Finding
from .verifying import CODES, Report

SCHEMA = 1
WORDS = {"refuted": "does not compute", "undecided": "is not verified as computing",
         "not_accepted": "raises where it should compute"}


def full(report: Report) -> str:
    """Each way to call the function: what is proved, under which hypotheses, or the counterexample."""
    proved = [o for o in report.outcomes if o.is_proved]
    others = [o for o in report.outcomes if not o.is_proved and (not proved or o.verdict != "not_accepted")]
    blocks = [_proved(report, o) for o in proved] + [_other(report, o, bool(proved)) for o in others]
    return "\n".join(blocks) + "\n"


def _proved(report: Report, o: Outcome) -> str:
    mark, more = ("✓", "") if o.verdict == "proved" else ("~", ", under hypotheses that the entry does not state")
    lines = [f"{mark} {report.function} computes {o.reading} of {report.entry}, for every size{more}", f"    for {o.arguments}"]
    lines += [f"    if {report.show(h)}" for h in o.hypotheses]
    lines += [f"    where {report.show(c)}" for c in o.defined_where]
    lines += [f"    unless {guard}" for guard in o.guards]
    lines += [f"    it changes its argument {name}" for name in o.changes]
    laws = sorted(frozenset[str]().union(*[t.laws for p in o.proofs for t in p.theorems]))
    count = sum(len(p.theorems) for p in o.proofs)
    lines.append(f"    by {count} theorem{'s' if count != 1 else ''} of the kernel ({', '.join(laws)}), over the reals "
                 "(finite float64 arguments, rounding aside)")
    return "\n".join(lines)


def _other(report: Report, o: Outcome, beside: bool) -> str:
    mark = "-" if beside else "✗" if o.verdict == "refuted" else "?"
    where = f"{report.filename}:{o.line}: " if o.line else ""
    return f"{mark} {where}{message(report, o)}"


def message(report: Report, o: Outcome) -> str:
    """One sentence about an outcome that is no proof."""
    of = f"{o.reading} of {report.entry}" if o.reading else report.entry
    said = str(o.difference) if o.difference else o.reason
    return f"{report.function} {WORDS[o.verdict]} {of} for {o.arguments}: {said}"


def rendered(report: Report, how: str, kept: Sequence[Finding]) -> str:
    """A report in one of the formats; `kept` are the findings that are shown where a format is a list of them."""
    file = File(report.filename, 1, report.function, kept)
    match how:
        case "full":
            return full(report).rstrip("\n")
        case "json":
            return json.dumps(to_json(report, kept), ensure_ascii=False, indent=2)
        case "sarif":
            return json.dumps(sarif([file]), ensure_ascii=False, indent=2)
        case "junit":
            return junit([file])
        case "github":
            return github([file])
    return "\n".join(_concise(report, kept))


def findings(report: Report) -> list[Finding]:
    """None for a function that is proved, else one for each way to call it that it accepts."""
    if report.verdict == "proved":
        return []
    return [_finding(report, o) for o in report.outcomes if o.verdict == report.verdict]


def _finding(report: Report, o: Outcome) -> Finding:
    said, line = _under(report, o) if o.is_proved else message(report, o), o.line or report.first_line
    return Finding(CODES.get(o.verdict, "D412"), said, "warning" if o.is_proved else "error", line, 1, line, 1)


def _under(report: Report, o: Outcome) -> str:
    return f"{report.function} computes {o.reading} only under {' and '.join(map(report.show, o.hypotheses))}"


def _concise(report: Report, kept: Sequence[Finding]) -> list[str]:
    """One line for each finding, or for what is proved."""
    here = f"{report.filename}:{report.first_line}:1: {report.function}"
    return [concise(report.filename, f) for f in kept] or [
        f"{here} computes {o.reading} of {report.entry} for {o.arguments}" for o in report.outcomes if o.verdict == "proved"]


def to_json(report: Report, kept: Sequence[Finding]) -> dict[str, Any]:
    """The object of `--output-format json`."""
    return {"function": report.function, "entry": report.entry, "filename": report.filename, "verdict": report.verdict,
            "outcomes": [_outcome(report, o) for o in report.outcomes], "schema": SCHEMA,
            "findings": [ruff(report.filename, f) for f in kept]}


def _outcome(report: Report, o: Outcome) -> dict[str, Any]:
    return {"verdict": o.verdict, "arguments": o.arguments, "computes": str(o.reading) if o.reading else None,
            "hypotheses": [report.show(h) for h in o.hypotheses], "defined_where": [report.show(c) for c in o.defined_where],
            "guards": list(o.guards), "changes": list(o.changes), "reason": o.reason or None, "line": o.line or None,
            "theorems": [repr(t) for p in o.proofs for t in p.theorems],
            "counterexample": _counterexample(o.difference) if o.difference else None}


def _counterexample(d: Difference) -> dict[str, Any]:
    inputs = {name: value if isinstance(value, int) else value.tolist() for name, value in d.point.inputs.items()}
    return {"sizes": dict(d.point.sizes), "inputs": inputs, "place": list(d.place), "function": d.got, "theorem": d.expected}
