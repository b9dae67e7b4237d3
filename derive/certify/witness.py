"""The witness of a theorem in Coq: sizes, arrays and indices at which its premises hold, so that it speaks of something."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from ..engine.record import Record
from ..kernel.context import FUNCTION
from ..kernel.errors import require
from ..kernel.evaluate import Valuation
from .errors import NotCertified
from .spelling import number
from .statement import Statement

Entries = Mapping[tuple[int, ...], Fraction]


@dataclass(frozen=True)
class Witness:
    """binders of the existential statement, and a value for each."""
    binders: tuple[str, ...]
    values: tuple[str, ...]


def witness_of(record: Record, statement: Statement, name: str) -> Witness:
    """The kernel's witness of a theorem. Raises NotCertified where it has none."""
    found = record.theorems[name].witness
    require(found is not None, NotCertified, "{} has no witness that its hypotheses can be met", name)
    assert found is not None
    ctx = statement.ctx
    sizes = {s: found.sizes.get(s, 2) for s in statement.sizes}
    values = [*[str(n) for n in sizes.values()], *[_array(found, v, ctx.arrays[v], sizes) for v in statement.variables],
              *[str(found.indices.get(i, 0)) for i in statement.indices]]
    return Witness(tuple(statement.binders), tuple(f"{v}%nat" if v.isdigit() else v for v in values))


def _array(found: Valuation, name: str, sets: tuple[str, ...], sizes: Mapping[str, int]) -> str:
    """An array with the values of the witness; what the hypotheses do not speak of is 0."""
    if sets == FUNCTION:
        return "(fun _ _ => 0)"
    entries = found.arrays.get(name, {})
    whole = {at: entries.get(at, Fraction(0)) for at in product(*[range(sizes[s]) for s in sets])}
    text = _entries(whole, [])
    return text if sets else f"({text}%R)" if text.isdigit() else text


def _entries(entries: Entries, at: list[str]) -> str:
    """fun i => match i with 0 => ... end, for each index in turn; one value for all if they are equal."""
    if {*map(len, entries)} == {0}:
        return number(entries[()])[0]
    first = sorted({key[0] for key in entries})
    rows = [_entries({key[1:]: q for key, q in entries.items() if key[0] == n}, at) for n in first]
    if len(set(rows)) == 1:
        return f"(fun _ => {rows[0]})"
    cases = "".join(f" | {n}%nat => {row}" for n, row in zip(first[:-1], rows[:-1], strict=True))
    return f"(fun n => match n with{cases} | _ => {rows[-1]} end)"
