"""Time to find and to replay softmax with cross-entropy, beside SymPy's own route in the same process.

derive's figures do not depend on N, which stays a symbol; SymPy's are for symbolic N and for explicit N. Milliseconds.
"""
from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable
from typing import Any

import sympy as sp

from derive.algebra.derivation import Derivation, derive
from derive.algebra.proposal import gradient
from derive.catalogue.discovery import load, own_names
from derive.engine.equality import Hints, Proved, prove
from derive.kernel.files import read
from derive.kernel.replay import Replay

LIMIT = 120.0                                                 # seconds for one row of a peer
EXPLICIT = (10, 20, 50)


def median(f: Callable[[], Any], runs: int = 9) -> float:
    """Median milliseconds of f, after one run that does not count."""
    f()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        f()
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


def _single(derivation: Derivation) -> tuple[Callable[[], Proved], Callable[[], Any]]:
    """Finding one proof of the theorem (with replay), and replaying it."""
    theorem = derivation.conclusion
    hints = Hints(given=tuple(sorted(theorem.hypotheses, key=repr)))

    def find() -> Proved:
        found = prove(derivation.record, *theorem.sides, hints)
        assert found is not None
        return found
    proof = find().proof
    return find, lambda: Replay(derivation.record).prove(theorem.conclusion, proof)


def _explicit(n: int) -> float:
    """SymPy, explicit N: the derivative of C by z_1, and that it is a_1 - y_1 when the labels sum to 1. Seconds."""
    start = time.perf_counter()
    z, y = sp.symbols(f"z1:{n + 1}", real=True), sp.symbols(f"y1:{n}", real=True)
    labels = (*y, 1 - sum(y))
    total = sum(sp.exp(v) for v in z)
    loss = -sum(label * sp.log(sp.exp(v) / total) for label, v in zip(labels, z, strict=True))
    assert sp.simplify(sp.diff(loss, z[0]) - (sp.exp(z[0]) / total - labels[0])) == 0
    return time.perf_counter() - start


def _timed(n: int, queue: Any) -> None:
    queue.put(_explicit(n))


def _explicit_row(n: int) -> tuple[str, float | None]:
    queue: Any = multiprocessing.Queue()
    process = multiprocessing.Process(target=_timed, args=(n, queue))
    process.start()
    process.join(LIMIT)
    if process.is_alive():
        process.terminate()
        return f"SymPy, explicit N = {n}", None
    return f"SymPy, explicit N = {n}", 1e3 * queue.get()


def _symbolic() -> None:
    """SymPy, symbolic N: differentiate and simplify (it ends in an unevaluated form, not in a_i - y_i)."""
    entry = load("softmax-cross-entropy")
    sp.simplify(gradient(*entry.derivative, entry.definitions))


def table() -> str:
    """The table as Markdown."""
    entry = load("softmax-cross-entropy")
    derivation = derive(entry)
    find, replay = _single(derivation)
    base = median(find)
    rows: list[tuple[str, float | None]] = [
        ("derive: find a proof of the theorem and replay it", base),
        ("derive: replay it alone", median(replay)),
        ("derive: all chains of the page, found, replayed, with witnesses", median(lambda: derive(entry), 5)),
        ("derive: replay of the whole proof file, decoding included", median(lambda: read(derivation.proof_file))),
        ("SymPy's proposal (derivative for symbolic N)", median(lambda: gradient(*entry.derivative, entry.definitions), 3)),
        ("the second opinion (SymPy at N = 1..4, balls)", median(derivation.cross_checked, 3)),
        ("SymPy, symbolic N, simplified", median(_symbolic, 3)),
        *[_explicit_row(n) for n in EXPLICIT]]
    lines = ["| softmax with cross-entropy | ms | ratio |", "|---|---:|---:|"]
    lines += [f"| {name} | {'over ' + str(int(1e3 * LIMIT)) if ms is None else f'{ms:.2f}'} | "
              f"{'' if ms is None else f'{ms / base:.2f}'} |" for name, ms in rows]
    for name in own_names():
        other = derive(load(name))
        lines.append(f"| derive: all chains of {name}, {_terms(other)} terms in its proof file | "
                     f"{median(lambda name=name: derive(load(name)), 5):.2f} | |")
    return "\n".join(lines)


def _terms(derivation: Derivation) -> int:
    return derivation.proof_file.split('"items"')[0].count("\n") - 1
