"""Evidence: what a command found on some machine about a text, keyed by the text's hash.

One file an entry, one record a level of the ladder. Written by explicit commands only; pages and builds read it, and a
record about another text counts for nothing.
"""
from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .atomic import write_text
from .catalogue.discovery import evidence_folder
from .kernel.errors import DeriveError

ABOUT = "about"
COMMANDS = {"certified": "derive certify {} --run", "code_verified": "derive code {} --verify",
            "accuracy": "derive measure {}"}


class EvidenceError(DeriveError):
    """An evidence file that cannot be read or written."""


@dataclass(frozen=True)
class Evidence:
    """The evidence about the entry `name`, in a folder."""
    name: str
    folder: Path

    @property
    def file(self) -> Path:
        return self.folder / f"{self.name}.json"

    def record(self, level: str) -> Mapping[str, Any] | None:
        """What was found for a level, None if nothing was. Raises EvidenceError for a damaged file."""
        found = self._records(level).get(level)
        if found is not None and not (isinstance(found, dict) and isinstance(found.get(ABOUT), str)):
            raise self._damaged(level, f"{level} names no hash")
        return found

    def holds(self, level: str, digest: str) -> bool:
        """Whether the record of a level is about the text with this hash. Raises EvidenceError for a damaged file."""
        found = self.record(level)
        return found is not None and found[ABOUT] == digest

    def keep(self, level: str, digest: str, facts: Mapping[str, Any]) -> Path:
        """Write the record of a level; those of other levels stay. Raises EvidenceError where it cannot be written."""
        records = self._records(level) | {level: {ABOUT: digest, **facts}}
        try:
            write_text(self.file, json.dumps(records, indent=1, sort_keys=True) + "\n")
        except OSError as e:
            raise EvidenceError(f"{self.file}: cannot write: {e.strerror}") from e
        return self.file

    def _records(self, level: str) -> dict[str, Any]:
        if not self.file.is_file():
            return {}
        try:
            found = json.loads(self.file.read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError) as e:
            raise self._damaged(level, str(e)) from e
        if not isinstance(found, dict):
            raise self._damaged(level, f"found {type(found).__name__}, accepted is an object with a record for each level")
        return found

    def _damaged(self, level: str, why: str) -> EvidenceError:
        again = COMMANDS[level].format(self.name)
        return EvidenceError(f"{self.file}: not an evidence file: {why}; remove it, then run `{again}`")


def evidence(name: str) -> Evidence:
    """Where the evidence about an entry of the catalogue or of the project around the current folder is kept."""
    return Evidence(name, evidence_folder(name))
