"""Equations proved by their parts: f(u) = f(v) from u = v, and equations between logarithms by way of exponentials."""
from __future__ import annotations

from ..kernel.errors import DeriveError
from ..kernel.replay import Development, Step
from ..kernel.terms import Term, mk
from .conversion import below
from .equality import Hints, Proved, replayed, search

SAME = frozenset(("add", "mul", "neg", "inv", "log", "exp", "sqrt", "abs", "step", "max"))
Join = tuple[list[Step], list[Step]]


def prove_by_parts(dev: Development, left: Term, right: Term, hints: Hints) -> Proved | None:
    """A proof that the kernel accepts, or None: argument by argument, or through exp(left) = exp(right)."""
    try:
        found = _by_arguments(dev, left, right, hints, 4) or _by_exponentials(dev, left, right, hints)
        return None if found is None else replayed(dev, left, right, ("join", tuple(found[0]), tuple(found[1])))
    except DeriveError:
        return None


def _joined(dev: Development, left: Term, right: Term, hints: Hints) -> Join | None:
    try:
        found = search(dev, left, right, hints)
    except DeriveError:
        return None
    return (list(found[1]), list(found[2])) if found is not None and found[0] == "join" else None


def _by_arguments(dev: Development, left: Term, right: Term, hints: Hints, depth: int) -> Join | None:
    """Steps below each argument of the same operator."""
    if depth == 0 or (left.op, left.data, len(left.args)) != (right.op, right.data, len(right.args)) or left.op not in SAME:
        return None
    first, second = list[Step](), list[Step]()
    for n, (a, b) in enumerate(zip(left.args, right.args, strict=True)):
        found = ([], []) if a is b else _joined(dev, a, b, hints) or _by_arguments(dev, a, b, hints, depth - 1) \
            or _by_exponentials(dev, a, b, hints)
        if found is None:
            return None
        first += below(n, found[0])
        second += below(n, found[1])
    return first, second


def _by_exponentials(dev: Development, left: Term, right: Term, hints: Hints) -> Join | None:
    """Where a logarithm stands on one side: sums of logarithms become products."""
    if not (_has_log(left) or _has_log(right)):
        return None
    found = _joined(dev, mk("exp", None, left), mk("exp", None, right), hints)
    if found is None:
        return None
    back: list[Step] = [((), False, ("law", "log_exp", (("?f", left),)))]
    other: list[Step] = [((), False, ("law", "log_exp", (("?f", right),)))]
    return back + below(0, found[0]), other + below(0, found[1])


def _has_log(t: Term) -> bool:
    return t.op == "log" or t.op not in ("sum", "D") and any(_has_log(a) for a in t.args)
