"""`derive certify`: write certificates, have coqc check them, keep the evidence that later builds read."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .build import certificate_files, write
from .catalogue.discovery import evidence_folder
from .catalogue.discovery import names as every_name
from .certify.errors import CoqRefused, NotCertified
from .certify.evidence import write_evidence
from .certify.running import Verdict, run, workplace
from .proving import prove


@dataclass(frozen=True)
class Certified:
    """What came of one entry: the file of its certificate, coqc's verdict if it was asked, or what went wrong."""
    name: str
    file: Path | None
    theorems: tuple[str, ...] = ()
    verdict: Verdict | None = None
    evidence: Path | None = None
    error: str = ""

    def to_json(self) -> dict[str, Any]:
        v = self.verdict
        return {"name": self.name, "file": self.file and str(self.file), "theorems": list(self.theorems),
                "accepted": None if v is None and not self.error else v is not None, "coq": v and v.coq,
                "axioms": list(v.axioms) if v else [], "evidence": self.evidence and str(self.evidence), "error": self.error}

    def __str__(self) -> str:
        if self.error:
            return f"{self.name}: not certified: {self.error}"
        if self.verdict is None:
            return f"{self.file}: {', '.join(self.theorems)}"
        return (f"{self.file}: accepted by coqc {self.verdict.coq}: {', '.join(self.theorems)}\n"
                f"    axioms: {', '.join(self.verdict.axioms) or 'none'}\n    evidence: {self.evidence}")


def certify(names: Sequence[str], out: Path, check: bool) -> Iterator[Certified]:
    """Certificates of the entries (all, if none is named), written below a folder; with `check`, run through coqc.

    Raises CoqMissing before anything is proved if coqc is needed and not there; what proving and writing raise."""
    with ExitStack() as stack:
        folder: Path | None = None
        for name in names or every_name():
            theorem = prove(name)
            try:
                certificate = theorem.certificate
                write(certificate_files(theorem), out)
                file = out / name / "certificate.v"
                if not check:
                    yield Certified(name, file, certificate.claims)
                    continue
                folder = folder or stack.enter_context(workplace(certificate.library))
                verdict = run(certificate, folder)
                kept = write_evidence(certificate, verdict, evidence_folder(name))
                yield Certified(name, file, certificate.claims, verdict, kept)
            except (NotCertified, CoqRefused) as e:
                yield Certified(name, None, error=str(e))
