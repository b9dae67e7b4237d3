"""First-order matching of index variables: which free indices of a pattern make it equal to a term."""
from __future__ import annotations

from ..kernel.terms import BINDERS, IndexName, Term, shift


def match(pattern: Term, t: Term, variables: frozenset[IndexName]) -> dict[IndexName, Term] | None:
    """Values for the index variables so that the pattern becomes t, or None."""
    found: dict[IndexName, Term] = {}
    return found if _match(pattern, t, variables, found, 0) else None


def _match(p: Term, t: Term, variables: frozenset[IndexName], found: dict[IndexName, Term], under: int) -> bool:
    if p.op == "ix" and p.data in variables:
        if t.op not in ("ix", "bd") or t.data[1] != p.data[1] or t.op == "bd" and t.data[0] < under:
            return False
        value = shift(t, -under) if t.op == "bd" else t
        return found.setdefault(p.data, value) is value
    if not variables & p.names:
        return p is t
    if (p.op, p.data, len(p.args)) != (t.op, t.data, len(t.args)):
        return False
    inner = under + (p.op in BINDERS)
    return all(_match(a, b, variables, found, inner) for a, b in zip(p.args, t.args, strict=True))
