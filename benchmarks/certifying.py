"""Seconds that coqc takes on each certificate, with its size and the time to write it. Needs coqc and Coquelicot."""
from __future__ import annotations

import time

from derive.catalogue.discovery import own_names
from derive.certify.errors import CoqMissing
from derive.certify.running import run, workplace
from derive.proving import prove


def table() -> str:
    """The table as Markdown, the slowest first; without coqc, a line that says so."""
    rows: list[tuple[float, str, int, float]] = []
    certificate = prove(own_names()[0]).certificate()
    try:
        with workplace(certificate.library) as folder:
            for name in own_names():
                theorem = prove(name)
                begun = time.perf_counter()
                certificate = theorem.certificate()
                written = time.perf_counter() - begun
                rows.append((run(certificate, folder).seconds, name, len(certificate.text), written))
    except CoqMissing as e:
        return f"certifying: not measured: {e}"
    lines = ["| certificate | coqc, s | kB | written in, s |", "|---|---:|---:|---:|"]
    rows.sort(reverse=True)
    lines += [f"| {name} | {seconds:.1f} | {size / 1000:.0f} | {written:.2f} |" for seconds, name, size, written in rows]
    lines.append(f"| median of {len(rows)} | {rows[len(rows) // 2][0]:.1f} | | |")
    return "\n".join(lines)
