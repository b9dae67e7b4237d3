"""Evidence files: that coqc accepted a certificate, keyed by its hash. Written by an explicit command, only read by others."""
from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from ..kernel.errors import DeriveError
from .certificate import Certificate
from .running import Verdict


class EvidenceError(DeriveError):
    """An evidence file that cannot be read or written."""


def evidence_file(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"


def write_evidence(certificate: Certificate, verdict: Verdict, folder: Path) -> Path:
    """The evidence file of an accepted certificate. Raises EvidenceError where it cannot be written."""
    found = {"certificate": certificate.digest, "coq": verdict.coq, "theorems": list(certificate.claims),
             "axioms": list(verdict.axioms)}
    path = evidence_file(folder, certificate.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as f:
            f.write(json.dumps(found, indent=1, sort_keys=True) + "\n")
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as e:
        raise EvidenceError(f"{path}: cannot write: {e.strerror}") from e
    return path


def read_evidence(name: str, folder: Path) -> dict[str, Any] | None:
    """The evidence on file for an entry, None without one. Raises EvidenceError for a damaged file."""
    path = evidence_file(folder, name)
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as e:
        raise EvidenceError(f"{path}: not an evidence file: {e}; run `derive certify {name} --run`") from e
    if not isinstance(found, dict) or not isinstance(found.get("certificate"), str):
        raise EvidenceError(f"{path}: not an evidence file: no hash of a certificate; run `derive certify {name} --run`")
    return found


def certified(certificate: Certificate, folder: Path) -> bool:
    """Whether coqc has accepted this very certificate with this very library."""
    found = read_evidence(certificate.name, folder)
    return found is not None and found["certificate"] == certificate.digest
