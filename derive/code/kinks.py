"""Kinks of a traced term at one place: |x|, max(x, y) and step(x) where x is positive, and where it is not.

Between them the two cases are all cases, so a result that is proved in both holds. Below a binder a kink is left as it is.
"""
from __future__ import annotations

from ..kernel.conditions import ONE, ZERO
from ..kernel.terms import Term, mk
from .tracing.entries import neg, sub

KINKS = ("abs", "max", "step")


def sign_of(t: Term) -> Term | None:
    """What decides the first kink of a term that stands below no binder, a jump before the others; None if there is none."""
    return _first(t, ("step",)) or _first(t, KINKS)


def _first(t: Term, ops: tuple[str, ...]) -> Term | None:
    if t.op in ops and not t.depth:
        return _argument(t)
    return next((found for a in t.args if (found := _first(a, ops)) is not None), None)


def cases(t: Term, sign: Term) -> tuple[Term, Term] | None:
    """The term where sign > 0 and where sign <= 0; None where a jump at sign = 0 is in neither."""
    found = _resolved(t, sign, True), _resolved(t, sign, False)
    return (found[0], found[1]) if found[0] is not None and found[1] is not None else None


def _argument(t: Term) -> Term:
    return sub(*t.args) if t.op == "max" else t.args[0]


def _resolved(t: Term, sign: Term, above: bool) -> Term | None:
    args = [_resolved(a, sign, above) for a in t.args]
    if None in args:
        return None
    if t.op in KINKS and (_argument(t) is sign or neg(_argument(t)) is sign):
        turned = _argument(t) is not sign
        if t.op == "step" and turned:                         # step(-x) is 1 for x < 0 and 0 at 0
            return None
        positive = above is not turned
        match t.op:
            case "step":
                return ONE if positive else ZERO
            case "max":
                return args[0] if positive else args[1]
        return args[0] if positive else neg(t.args[0])
    return mk(t.op, t.data, *[a for a in args if a is not None])
