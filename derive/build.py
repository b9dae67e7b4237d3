"""The golden copy: everything rendered from the entries, written whole or not at all, compared on demand."""
from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .atomic import write_text
from .catalogue.coverage import NOT_YET
from .catalogue.discovery import names
from .certify.errors import NotCertified
from .code.errors import CannotGenerate, CannotLower
from .kernel.errors import DeriveError
from .proving import Theorem, prove
from .rendering.render import Row, render_codes, render_index

KINDS = {"latex": "proof.tex", "markdown": "proof.md", "text": "proof.txt", "proof": "proof.json", "certificate": "certificate.v",
         "code": ""}
LIBRARY = "coq/Gradients.v"                                   # what every certificate rests on


class BuildError(DeriveError):
    """The output cannot be written, or the request makes no sense."""


@dataclass(frozen=True)
class Finding:
    """A file that is not what it should be: code D401 stale, D402 missing, D403 left over."""
    code: str
    path: Path
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.code} {self.message}"


def outputs(theorem: Theorem, kinds: Iterable[str], lang: str = "en") -> dict[str, str]:
    """Every file of one theorem: path below the output folder -> text. Pages in another language are proof.zh.md, ..."""
    name, files = theorem.entry.name, dict[str, str]()
    mark = "" if lang == "en" else f".{lang}"
    for kind in kinds:
        if kind == "code":
            files |= code_files(theorem)
        elif kind == "certificate":
            files |= certificate_files(theorem)
        else:
            stem, ending = KINDS[kind].split(".")
            proof = kind == "proof"
            files[f"{name}/{stem}{'' if proof else mark}.{ending}"] = \
                theorem.derivation.proof_file if proof else theorem.render(kind, lang)
    return files


def code_files(theorem: Theorem) -> dict[str, str]:
    """The NumPy module and its test; nothing where there is nothing to compute (the index says why)."""
    try:
        module = theorem.module
    except (CannotGenerate, CannotLower):
        return {}
    folder, stem = theorem.entry.name, theorem.module_name
    return {f"{folder}/{stem}.py": module.source, f"{folder}/test_{stem}.py": module.test}


def certificate_files(theorem: Theorem) -> dict[str, str]:
    """The certificate and its library; nothing where the theorem has no certificate (the index says why)."""
    try:
        certificate = theorem.certificate()
    except NotCertified:
        return {}
    return {f"{theorem.entry.name}/{KINDS['certificate']}": certificate.text, LIBRARY: certificate.library}


def rendered(selected: Sequence[str], kinds: Sequence[str] = (), lang: str = "en") -> dict[str, str]:
    """The files of the selected entries (all, if none is named). Raises what proving raises; nothing is written."""
    unknown = [k for k in kinds if k not in KINDS]
    if unknown:
        raise BuildError(f"no output kind {unknown[0]!r}; accepted: {', '.join(KINDS)}")
    files: dict[str, str] = {}
    rows: list[Row] = []
    for name in selected or names():
        theorem = prove(name).confirmed()
        files |= outputs(theorem, kinds or KINDS, lang)
        s = theorem.statement
        rows.append(Row(name, s.relation, s.hypotheses, theorem.verdict, theorem.uncertified or "", theorem.uncoded or ""))
    return files if selected or kinds else files | {"index.md": render_index(rows, NOT_YET), "codes.md": render_codes()}


def write(files: Mapping[str, str], out: Path) -> list[Path]:
    """Write what differs, each file under a temporary name and then in place. Returns what was written."""
    written = []
    try:
        for name, text in sorted(files.items()):
            path = out / name
            if _read(path) != text:
                write_text(path, text)
                written.append(path)
    except OSError as e:
        raise BuildError(f"{e.filename or out}: cannot write: {e.strerror}") from e
    return written


def _read(path: Path) -> str | None:
    return path.read_bytes().decode("utf-8", errors="replace") if path.is_file() else None


def check(files: Mapping[str, str], out: Path, whole: bool, every_kind: bool = True) -> list[Finding]:
    """What is missing or stale under `out`; also what is left over: beside the files, or with `whole` anywhere there."""
    findings = []
    for name, text in sorted(files.items()):
        found = _read(out / name)
        if found is None:
            findings.append(Finding("D402", out / name, "missing; run `derive build`"))
        elif found != text:
            findings.append(Finding("D401", out / name, "stale: it differs from what the entry gives; run `derive build`"))
    folders = {out / name.split("/")[0] for name in files if every_kind}
    present = sorted(p for p in out.rglob("*") if p.is_file() and "__pycache__" not in p.parts) if out.is_dir() else []
    for p in present:
        if str(p.relative_to(out).as_posix()) not in files and (whole or any(f in p.parents for f in folders)):
            findings.append(Finding("D403", p, "left over: no entry gives it"))
    return findings


def diff(files: Mapping[str, str], out: Path) -> str:
    """The changes that writing would make, as a unified diff."""
    chunks: list[str] = []
    for name, text in sorted(files.items()):
        old = (_read(out / name) or "").splitlines(keepends=True)
        chunks += difflib.unified_diff(old, text.splitlines(keepends=True), str(out / name), str(out / name))
    return "".join(chunks)
