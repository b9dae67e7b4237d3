"""Sums and products as lists and back: the kernel has operators of two arguments, nested to the right."""
from __future__ import annotations

from ..kernel.terms import Term, mk


def nested(op: str, terms: list[Term]) -> Term:
    """t1 op (t2 op (t3 ...)); at least one term."""
    out = terms[-1]
    for t in reversed(terms[:-1]):
        out = mk(op, None, t, out)
    return out


def factors_of(t: Term) -> list[Term]:
    """The factors of a product, in order, numbers that are 1 included."""
    return factors_of(t.args[0]) + factors_of(t.args[1]) if t.op == "mul" else [t]
