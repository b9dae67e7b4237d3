"""Generated softmax cross-entropy, value and gradient, beside torch, jax, SciPy and hand-written NumPy: one thread, one run.

Every candidate is called in turn, many times; a cell is the least time of one call. `ours` has out=. The table gives ratios
ours / other, so less than 1 is faster than the other; exp and copy are one pass over the array.
"""
from __future__ import annotations

import importlib.util
import os
import time
import tracemalloc
import types
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from derive.proving import prove

ENTRY = "softmax-cross-entropy"
SHAPES = [(b, n) for b in (1, 32, 1024) for n in (10, 1000, 50257)]
SECONDS, ROUNDS = 1.5, 60                                     # of a cell: about, and at most
Calls = dict[str, Callable[[], Any]]


def module(source: str) -> Any:
    new = types.ModuleType("generated")
    exec(compile(source, "generated", "exec"), new.__dict__)
    return new


def naive(z: Any, y: Any) -> Any:
    """What is written first."""
    e = np.exp(z)
    p = e / e.sum(axis=1, keepdims=True)
    rows = np.arange(len(z))
    loss = -np.log(p[rows, y]).mean()
    p[rows, y] -= 1
    p /= len(z)
    return loss, p


def textbook(z: Any, y: Any) -> Any:
    """With the usual shift."""
    m = z.max(axis=1, keepdims=True)
    e = np.exp(z - m)
    s = e.sum(axis=1, keepdims=True)
    rows = np.arange(len(z))
    loss = (np.log(s[:, 0]) + m[:, 0] - z[rows, y]).mean()
    p = e / s
    p[rows, y] -= 1
    p /= len(z)
    return loss, p


def peers(z: Any, y: Any) -> Calls:
    """The others that are installed."""
    found: Calls = {}
    if importlib.util.find_spec("torch"):
        found["torch"] = _torch(z, y)
    if importlib.util.find_spec("scipy"):
        found["scipy"] = _scipy(z, y)
    if importlib.util.find_spec("jax"):
        found["jax"] = _jax(z, y)
    return found


def _torch(z: Any, y: Any) -> Callable[[], Any]:
    import torch
    torch.set_num_threads(1)
    logits, labels = torch.from_numpy(z.copy()).requires_grad_(), torch.from_numpy(y)

    def call() -> Any:
        logits.grad = None
        torch.nn.functional.cross_entropy(logits, labels).backward()
        return logits.grad
    return call


def _scipy(z: Any, y: Any) -> Callable[[], Any]:
    from scipy.special import log_softmax
    rows = np.arange(len(z))

    def call() -> Any:
        logs = log_softmax(z, axis=1)
        loss = -logs[rows, y].mean()
        np.exp(logs, out=logs)
        logs[rows, y] -= 1
        logs /= len(z)
        return loss, logs
    return call


def _jax(z: Any, y: Any) -> Callable[[], Any]:
    import jax
    jax.config.update("jax_enable_x64", True)
    both = jax.jit(jax.value_and_grad(lambda z, y: -jax.numpy.take_along_axis(jax.nn.log_softmax(z), y[:, None], 1).mean()))
    logits, labels = jax.numpy.asarray(z), jax.numpy.asarray(y)
    return lambda: jax.block_until_ready(both(logits, labels))


def candidates(ours: Any, z: Any, y: Any) -> Calls:
    out = np.empty_like(z)
    return {"ours": lambda: ours.cross_entropy_value_and_grad(z, y, out=out), **peers(z, y), "naive": lambda: naive(z, y),
            "textbook": lambda: textbook(z, y), "exp": lambda: np.exp(z, out=out), "copy": lambda: np.copyto(out, z)}


def least(calls: Mapping[str, Callable[[], Any]]) -> dict[str, float]:
    """The least seconds of one call of each, called in turn."""
    best, repeats = dict.fromkeys(calls, float("inf")), {}
    for name, f in calls.items():
        f()
        repeats[name] = max(1, int(5e-4 / max(_once(f, 1), 1e-7)))
    begun = time.perf_counter()
    for _ in range(ROUNDS):
        for name, f in calls.items():
            best[name] = min(best[name], _once(f, repeats[name]))
        if time.perf_counter() - begun > SECONDS:
            break
    return best


def _once(f: Callable[[], Any], repeats: int) -> float:
    begun = time.perf_counter()
    for _ in range(repeats):
        f()
    return (time.perf_counter() - begun) / repeats


def memory(f: Callable[[], Any], z: Any) -> float:
    """The most memory that a call takes beside its arguments, as a part of the logits."""
    f()
    tracemalloc.start()
    f()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return float(most / z.nbytes)


def logits(shape: tuple[int, int], dtype: Any) -> tuple[Any, Any]:
    r = np.random.default_rng(0)
    return r.normal(size=shape).astype(dtype), r.integers(0, shape[1], shape[0])


def table() -> str:
    """The tables as Markdown: times with ratios, memory, and rows that need the shift."""
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        if os.environ.get(name) != "1":
            return f"code: not measured: set {name}=1, so that every library has one thread"
    if "XLA_FLAGS" not in os.environ:
        return "code: not measured: set XLA_FLAGS=--xla_cpu_multi_thread_eigen=false, so that jax has one thread"
    ours = module(prove(ENTRY).to_code("numpy"))
    missing = [n for n in ("torch", "scipy", "jax") if not importlib.util.find_spec(n)]
    parts = [_times(ours), _memory(ours), _shifted(ours)]
    return "\n\n".join([*parts, f"Not installed: {', '.join(missing) or 'none of the peers'}."])


def _times(ours: Any) -> str:
    lines: list[str] = []
    for dtype in (np.float32, np.float64):
        for shape in SHAPES:
            best = least(candidates(ours, *logits(shape, dtype)))
            others = [n for n in best if n != "ours"]
            if not lines:
                lines = [f"| B x N | ours, µs | {' | '.join(others)} |", f"|---|---:|{'---:|' * len(others)}"]
            ratios = " | ".join(f"{best['ours'] / best[n]:.2f}" for n in others)
            lines.append(f"| {shape[0]} x {shape[1]} {np.dtype(dtype)} | {1e6 * best['ours']:.1f} | {ratios} |")
    return "\n".join(lines)


def _memory(ours: Any) -> str:
    lines = ["| extra memory, part of the input | with out= | without | softmax, out= |", "|---|---:|---:|---:|"]
    for dtype in (np.float32, np.float64):
        for shape in ((1024, 1000), (32, 50257), (1024, 50257)):
            z, y = logits(shape, dtype)
            out = np.empty_like(z)
            parts = [memory(f, z) for f in (lambda: ours.cross_entropy_value_and_grad(z, y, out=out),      # noqa: B023
                                            lambda: ours.cross_entropy_value_and_grad(z, y),               # noqa: B023
                                            lambda: ours.softmax(z, out=out))]                             # noqa: B023
            lines.append(f"| {shape[0]} x {shape[1]} {np.dtype(dtype)} | {' | '.join(f'{p:.3f}' for p in parts)} |")
    return "\n".join(lines)


def _shifted(ours: Any) -> str:
    lines = ["| rows around -1000 | ours, µs | SciPy | textbook |", "|---|---:|---:|---:|"]
    for dtype in (np.float32, np.float64):
        for shape in ((32, 1000), (1024, 1000), (32, 50257)):
            z, y = logits(shape, dtype)
            z -= 1000
            calls = {n: f for n, f in candidates(ours, z, y).items() if n in ("ours", "scipy", "textbook")}
            best = least(calls)
            ratios = [f"{best['ours'] / best[n]:.2f}" if n in best else "" for n in ("scipy", "textbook")]
            lines.append(f"| {shape[0]} x {shape[1]} {np.dtype(dtype)} | {1e6 * best['ours']:.1f} | {' | '.join(ratios)} |")
    return "\n".join(lines)
