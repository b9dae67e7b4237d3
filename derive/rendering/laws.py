"""A law of the table as people read it: statement, condition, reason, computed from its row."""
from __future__ import annotations

from collections.abc import Iterable

from ..kernel.laws.rows import Row
from ..kernel.terms import Term
from .layout import Notation, layout
from .printer import Printer

COMPUTED = {
    "field": "two terms are equal as rational functions of what is not arithmetic in them; every divisor must differ from 0",
    "differentiate": "of an entry of the variable by another entry: a Kronecker delta; of f(u): f'(u) times that of u",
    "unfold": "a defined symbol stands for its definition",
    "use": "an equation among the hypotheses, at one value of its indices",
    "lemma": "an equation proved before, at one value of its indices, under its hypotheses",
    "chain": "the chain rule: a function of intermediate values is differentiated through every one of them",
    "cases": "what holds for equal and for different indices holds",
    "trichotomy": "what holds where a term is positive, where it is 0 and where it is negative holds",
}
NOTATION = Notation(preferred={"?S": "k", "?R": "j"})


def law_statement(row: Row, printer: Printer) -> str:
    """left = right, with set metavariables as sizes."""
    return f"{_show(row.lhs, printer)} = {_show(row.rhs, printer)}"


def law_conditions(row: Row, printer: Printer) -> list[str]:
    return [_condition(c, printer) for c in row.when]


def _show(t: Term, printer: Printer) -> str:
    return printer.show(layout(t, NOTATION, _letters([t])))


def _letters(terms: Iterable[Term]) -> set[str]:
    """Letters of index metavariables, which bound indices must not take."""
    return {t.data[0][1:] if t.op == "imeta" else "" for t in terms} | {c for t in terms for c in _letters(t.args)}


def _condition(c: Term, printer: Printer) -> str:
    match c.op:
        case "smooth":
            return f"{_show(c.args[0], printer)} is smooth near the point"
        case "indep":
            return f"{_show(c.args[0], printer)} does not depend on {_show(c.args[1], printer)}"
    return _show(c, printer)
