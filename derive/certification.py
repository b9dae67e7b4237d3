"""`derive certify`: write certificates, have coqc check them, keep the evidence that later builds read."""
from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .build import certificate_files, write
from .catalogue.discovery import names as every_name
from .certify.errors import CoqRefused, NotCertified
from .certify.running import Verdict, coq_version, run, workplace
from .evidence_store import evidence
from .proving import Theorem, prove


@dataclass(frozen=True)
class Certified:
    """What came of one entry: the file of its certificate, coqc's verdict if it was asked, or what went wrong."""
    name: str
    file: Path | None
    theorems: tuple[str, ...] = ()
    verdict: Verdict | None = None
    evidence: Path | None = None                              # written now, or on file if coqc was asked and not run
    error: str = ""

    def to_json(self) -> dict[str, Any]:
        v = self.verdict
        accepted = False if self.error else True if self.evidence else None
        return {"name": self.name, "file": self.file and str(self.file), "theorems": list(self.theorems),
                "accepted": accepted, "coq": v and v.coq,
                "axioms": list(v.axioms) if v else [], "evidence": self.evidence and str(self.evidence), "error": self.error}

    def __str__(self) -> str:
        if self.error:
            return f"{self.name}: not certified: {self.error}"
        if self.verdict is None and self.evidence:
            return f"{self.file}: accepted before: {self.evidence}"
        if self.verdict is None:
            return f"{self.file}: {', '.join(self.theorems)}"
        return (f"{self.file}: accepted by coqc {self.verdict.coq}: {', '.join(self.theorems)}\n"
                f"    axioms: {', '.join(self.verdict.axioms) or 'none'}\n    evidence: {self.evidence}")


def certify(names: Sequence[str], out: Path, check: bool) -> Iterator[Certified]:
    """Certificates of the entries, written below a folder; with `check`, run through coqc. If none is named, all are
    written, and those that have no evidence yet are run.

    Raises CoqMissing before anything is proved if coqc is needed and not there; what proving and writing raise."""
    if check:
        coq_version()
    with ExitStack() as stack:
        work = _Work(out, check, bool(names), stack)
        for name in names or every_name():
            try:
                yield work.certified(prove(name))
            except (NotCertified, CoqRefused) as e:
                yield Certified(name, None, error=str(e))


@dataclass
class _Work:
    """One run of the command. The library is compiled when the first certificate needs it."""
    out: Path
    check: bool
    again: bool
    stack: ExitStack
    folder: Path | None = None

    def certified(self, theorem: Theorem) -> Certified:
        name, certificate, known = theorem.entry.name, theorem.certificate(), evidence(theorem.entry.name)
        write(certificate_files(theorem), self.out)
        file = self.out / name / "certificate.v"
        if not self.check:
            return Certified(name, file, certificate.claims)
        if not self.again and known.holds("certified", certificate.digest):
            return Certified(name, file, certificate.claims, evidence=known.file)
        self.folder = self.folder or self.stack.enter_context(workplace(certificate.library))
        verdict = run(certificate, self.folder)
        facts = {"coq": verdict.coq, "theorems": list(certificate.claims), "axioms": list(verdict.axioms)}
        return Certified(name, file, certificate.claims, verdict, known.keep("certified", certificate.digest, facts))
