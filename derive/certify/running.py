"""coqc on certificates: in a folder of its own, within a time limit, with the axioms that it prints."""
from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .certificate import LIBRARY, Certificate
from .errors import CoqMissing, CoqRefused

ROOT = "DeriveProofs"                                         # the logical name of the folder
LIMIT = 300.0                                                 # seconds for one certificate
ALLOWED = frozenset({"ClassicalDedekindReals.sig_forall_dec", "ClassicalDedekindReals.sig_not_dec",
                     "FunctionalExtensionality.functional_extensionality_dep", "Classical_Prop.classic"})
INSTALL = "install Coq and Coquelicot (Debian: apt-get install coq libcoq-coquelicot; opam: coq coq-coquelicot)"


@dataclass(frozen=True)
class Verdict:
    """coqc accepted a certificate: its version, the axioms that its theorems rest on, the seconds it took."""
    coq: str
    axioms: tuple[str, ...]
    seconds: float


def coq_version() -> str:
    """The version of coqc. Raises CoqMissing, which says what to install."""
    if shutil.which("coqc") is None:
        raise CoqMissing(f"coqc is not installed; {INSTALL}")
    words = subprocess.run(["coqc", "--print-version"], capture_output=True, text=True, check=False).stdout.split()
    return words[0] if words else "unknown"


@contextmanager
def workplace(library: str) -> Iterator[Path]:
    """A folder with the compiled library, in which certificates can be checked. Raises CoqMissing, CoqRefused."""
    coq_version()
    with tempfile.TemporaryDirectory(prefix="derive-coq-") as name:
        folder = Path(name)
        (folder / f"{LIBRARY}.v").write_text(library, encoding="utf-8")
        try:
            compiled(folder, LIBRARY)
        except CoqRefused as e:
            if "Coquelicot" in str(e):
                raise CoqMissing(f"Coquelicot is not installed; {INSTALL}") from e
            raise
        yield folder


def compiled(folder: Path, module: str, limit: float = LIMIT) -> str:
    """What coqc prints for a file of the folder. Raises CoqRefused with its complaint, or that time ran out."""
    command = ["coqc", "-q", "-w", "none", "-Q", ".", ROOT, f"{module}.v"]
    process = subprocess.Popen(command, cwd=folder, text=True, encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               start_new_session=True)
    try:
        out, err = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired as e:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        raise CoqRefused(f"coqc did not end within {limit:g} seconds on {module}.v") from e
    if process.returncode != 0:
        raise CoqRefused(f"coqc refuses {module}.v: {' '.join(err.split())[:600]}")
    return out


def run(certificate: Certificate, folder: Path, limit: float = LIMIT) -> Verdict:
    """Have coqc check a certificate in a workplace. Raises CoqRefused, also for an axiom that is not allowed."""
    module = module_name(certificate.name)
    (folder / f"{module}.v").write_text(certificate.text, encoding="utf-8")
    begun = time.monotonic()
    axioms = printed_axioms(compiled(folder, module, limit))
    foreign = sorted({a for a in axioms if ".".join(a.split(".")[-2:]) not in ALLOWED})
    if foreign:
        raise CoqRefused(f"the certificate of {certificate.name} rests on {', '.join(foreign)}; "
                         f"allowed: {', '.join(sorted(ALLOWED))}")
    return Verdict(coq_version(), axioms, time.monotonic() - begun)


def module_name(name: str) -> str:
    return f"Certificate_{name.replace('-', '_')}"


def printed_axioms(output: str) -> tuple[str, ...]:
    """The axioms in the answer to Print Assumptions. Raises CoqRefused if there is no answer."""
    if "Closed under the global context" in output and "Axioms:" not in output:
        return ()
    if "Axioms:" not in output:
        raise CoqRefused("coqc printed no assumptions")
    names = re.findall(r"^([A-Za-z_][\w.']*)(?= :|$)", output.split("Axioms:", 1)[1], re.MULTILINE)
    return tuple(sorted(set(names)))
