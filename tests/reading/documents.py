"""Checking of small texts, for the tests of reading, and the documents beside the project, where they are."""
from __future__ import annotations

from pathlib import Path

import pytest

from derive.checking import check_text
from derive.reading.report import Entry, Report

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def checked(text: str, name: str = "text.md", given: tuple[str, ...] = ()) -> Report:
    return check_text(name, text.encode(), given)


def steps(text: str, name: str = "text.md") -> list[Entry]:
    return list(checked(text, name).steps)


def outcomes(text: str, name: str = "text.md") -> list[str]:
    return [s.outcome for s in steps(text, name)]


def codes(report: Report, row: int | None = None) -> set[str]:
    return {f.code for f in report.findings if row is None or f.row <= row <= f.end_row}


def shared(*parts: str) -> bytes:
    """A document beside the project; the test is skipped, visibly, where it is not there."""
    path = SHARED.joinpath(*parts)
    if not path.is_file():
        pytest.skip(f"shared/{'/'.join(parts)} is not there")
    return path.read_bytes()
