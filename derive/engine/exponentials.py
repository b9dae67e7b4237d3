"""Equations between logarithms: left = right follows from exp(left) = exp(right), where sums become products."""
from __future__ import annotations

from ..kernel.errors import DeriveError
from ..kernel.replay import Development
from ..kernel.terms import Term, mk
from .conversion import below
from .equality import Hints, Proved, replayed, search


def prove_by_exponentials(dev: Development, left: Term, right: Term, hints: Hints) -> Proved | None:
    """A proof that the kernel accepts, or None; tried only where a logarithm stands on one side."""
    if not (_has_log(left) or _has_log(right)):
        return None
    sides = [mk("exp", None, side) for side in (left, right)]
    try:
        found = search(dev, *sides, hints)
        if found is None or found[0] != "join":
            return None
        first, second = [((), False, ("law", "log_exp", (("?f", left),))), *below(0, list(found[1]))], \
            [((), False, ("law", "log_exp", (("?f", right),))), *below(0, list(found[2]))]
        return replayed(dev, left, right, ("join", tuple(first), tuple(second)))
    except DeriveError:
        return None


def _has_log(t: Term) -> bool:
    return t.op == "log" or t.op not in ("sum", "D") and any(_has_log(a) for a in t.args)
