"""A gradient typed on the spot: LaTeX is read as `derive check` reads it, and proved as the catalogue's entries are."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .algebra.bridge import Writer
from .algebra.statement import ForAll
from .kernel.terms import Term, indices, mk
from .proving import Theorem
from .proving import gradient as prove_gradient
from .reading.elaborate import Elaborator
from .reading.environments import grouped
from .reading.lowering import Lowering
from .reading.parsing import parse, parse_condition
from .reading.relations import SIGNS, turned
from .reading.scope import Scope
from .reading.syntax import Related, Syntax, Unreadable
from .reading.table import Table
from .reading.tokens import tokens


def gradient(latex: str, wrt: str, given: Sequence[str] = ()) -> Theorem:
    """The theorem on the derivative of a formula by an entry such as z_i. Raises Unreadable, and as `prove`."""
    formula, variable = _read(latex), _read(wrt)
    conditions = [_condition(text) for text in given]
    table = Table()
    for t in (formula, variable, *[side for c in conditions for side in c.sides]):
        table = table.saw(t)
    e = Elaborator(table)
    nodes = [e.number(t, Scope()) for t in (formula, variable)]
    sides = [[e.number(side, Scope()) for side in c.sides] for c in conditions]
    low = Lowering(e)
    body, by = [low.term(n) for n in nodes]
    if by.op != "arr" or by.data not in low.dev.context.arrays:
        raise Unreadable(f"{wrt!r} is no variable or entry of an array", variable.start, variable.end)
    write = Writer(low.dev.context.arrays)
    hypotheses = [_hypothesis(write, c, [low.term(n) for n in pair]) for c, pair in zip(conditions, sides, strict=True)]
    return prove_gradient(write.expression(body), write.expression(by), hypotheses)


def _read(text: str) -> Syntax:
    try:
        return parse(grouped(tokens(text, 0, len(text))))
    except Unreadable as e:
        raise Unreadable(f"{text!r}, column {e.start + 1}: {e}", e.start, e.end) from e


def _condition(text: str) -> Related:
    t = parse_condition(grouped(tokens(text, 0, len(text))))
    if not isinstance(t, Related) or turned(t.sides, t.signs[0]) is None:
        raise Unreadable(f"{text!r} is not a relation: {', '.join(SIGNS)} are", 0, len(text))
    return t


def _hypothesis(write: Writer, c: Related, terms: list[Term]) -> Any:
    """A relation as SymPy, for all values of its index letters."""
    found = turned(terms, c.signs[0])
    assert found is not None                                  # see _condition
    op, left, right = found
    relation = write.expression(mk(op, None, left, right))
    letters = sorted({i for i in relation.free_symbols if str(i) in {letter for letter, _ in indices(*terms)}}, key=str)
    return ForAll(tuple(letters), relation) if letters else relation
