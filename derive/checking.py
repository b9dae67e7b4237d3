"""Checking documents: paths to reports, what is silenced, and the exit code. Nothing here imports SymPy or runs what it reads."""
from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .kernel.errors import DeriveError
from .reading.reader import SECONDS, check_source
from .reading.report import Finding, Report
from .reading.source import source

SUFFIXES = (".md", ".markdown", ".tex", ".rst", ".ipynb", ".qmd")
_NOQA = re.compile(r"noqa\b[:\s]*([A-Z0-9,\s]*)")


class CheckError(DeriveError):
    """A path that cannot be checked: what was found, and what is accepted."""


@dataclass(frozen=True)
class Selection:
    """Which findings count: prefixes of codes, and whether warnings are errors."""
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False

    def keeps(self, f: Finding) -> bool:
        chosen = not self.select or f.code.startswith(self.select)
        return chosen and not (self.ignore and f.code.startswith(self.ignore))

    def counts(self, f: Finding) -> bool:
        """Whether a finding that is kept makes the command fail."""
        return f.severity == "error" or self.strict


def check(path: str | os.PathLike[str], given: Sequence[str] = (), timeout: float = SECONDS) -> Report:
    """The report on one document. `given` are relations in LaTeX. Raises CheckError, SourceError."""
    return check_text(os.fspath(path), _bytes(os.fspath(path)), given, timeout)


def check_text(name: str, data: bytes, given: Sequence[str] = (), timeout: float = SECONDS) -> Report:
    """The report on bytes that have the name of a file, which says how they are read."""
    return silenced(check_source(source(name, data), tuple(given), timeout))


def _bytes(path: str) -> bytes:
    if path == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as e:
        raise CheckError(f"{path}: {e.strerror}") from e


def documents(paths: Sequence[str]) -> Iterator[str]:
    """The documents that paths name: files as they are, folders searched for the kinds that are read."""
    for path in paths:
        if path == "-" or not Path(path).is_dir():
            yield path
            continue
        found = sorted(str(p) for p in Path(path).rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file()
                       and not any(part.startswith(".") for part in p.relative_to(path).parts))
        if not found:
            raise CheckError(f"{path}: no document; {', '.join(SUFFIXES)} are read")
        yield from found


def silenced(report: Report) -> Report:
    """Without the findings that a `derive: noqa` on their line, or on the line before, names; an unused one is a finding."""
    noqa = {row: codes for row, line in _lines(report) if "derive:" in line and (codes := _codes(line)) is not None}
    if not noqa:
        return report
    kept, used = [], set[int]()
    for f in report.findings:
        row = next((r for r in (f.row, f.end_row, f.row - 1) if r in noqa and (not noqa[r] or f.code in noqa[r])), None)
        used |= {row} if row is not None else set()
        kept += [f] if row is None else []
    unused = [Finding("D007", "this noqa silences nothing", "warning", row, 1, row, 2) for row in noqa if row not in used]
    return replace(report, findings=tuple(kept + unused))


def _lines(report: Report) -> Iterator[tuple[int, str]]:
    return enumerate(report.source.file.splitlines(), 1)


def _codes(line: str) -> tuple[str, ...] | None:
    found = _NOQA.search(line.split("derive:", 1)[1])
    return None if found is None else tuple(re.findall(r"D\d{3}", found[1]))


def exit_code(reports: Sequence[Report], selection: Selection) -> int:
    """1 when a finding that counts is an error, or a warning under --strict."""
    counted = [f for r in reports for f in r.findings if selection.keeps(f)]
    return int(any(map(selection.counts, counted)))
