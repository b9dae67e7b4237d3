"""Steps by the computed rule as lemmas about real variables: the atoms of both sides are generalised, equal ones once."""
from __future__ import annotations

from dataclasses import dataclass, field

from ..kernel.conditions import Conditions, relation
from ..kernel.terms import Term
from .operators import SPELLING
from .spelling import APPLIED, PRODUCT, RELATION, TERM, UNARY, number

ARITHMETIC = ("num", "add", "mul", "neg", "inv")


@dataclass(frozen=True)
class Fraction:
    """A lemma: for all reals, conditions -> left = right."""
    name: str
    variables: tuple[str, ...]
    conditions: tuple[str, ...]
    left: str
    right: str


@dataclass
class Fractions:
    """The lemmas that a certificate needs, in order of their first use."""
    found: dict[tuple[str, ...], Fraction] = field(default_factory=dict)

    def lemma(self, left: Term, right: Term, conditions: Conditions) -> tuple[Fraction, list[Term], bool]:
        """The lemma for a step, its atoms here, and whether the left side shows them all."""
        atoms: dict[Term, str] = {}
        shown = _show(left, atoms), _show(right, atoms)
        own = len(_atoms(left))
        needed = tuple(sorted(f"{_show(c.args[0], atoms, TERM)} <> 0" for c in conditions if c is relation("ne", c.args[0])))
        key = (*shown, *needed)
        if key not in self.found:
            self.found[key] = Fraction(f"fraction_{len(self.found) + 1}", tuple(atoms.values()), needed, *shown)
        return self.found[key], list(atoms), own == len(atoms)


def _atoms(t: Term) -> set[Term]:
    return {t} if t.op not in ARITHMETIC else set[Term]().union(*map(_atoms, t.args))


def _show(t: Term, atoms: dict[Term, str], level: int = RELATION) -> str:
    match t.op:
        case "num":
            return number(t.data)[0]
        case "add" | "mul":
            own, (left, right) = SPELLING[t.op].level, t.args
            below = PRODUCT if own == TERM else UNARY
            text = f"{_show(left, atoms, own)} {SPELLING[t.op].spelled} {_show(right, atoms, below)}"
        case "neg" | "inv":
            own = UNARY
            text = f"{SPELLING[t.op].spelled} {_show(t.args[0], atoms, APPLIED)}"
        case _:
            return atoms.setdefault(t, f"x{len(atoms) + 1}")
    return text if own <= level else f"({text})"

