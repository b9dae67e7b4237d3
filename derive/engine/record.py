"""A development that keeps what was put into it, in order, and writes it as a proof file for `derive replay`."""
from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

from ..kernel.context import Sets
from ..kernel.errors import ProofError
from ..kernel.evaluate import Valuation, check_witness
from ..kernel.files import FORMAT, VERSION
from ..kernel.replay import Development, Proof, Replay, Theorem
from ..kernel.terms import Term, indices
from .sampling import witness


class Record(Development):
    """Items in order: ("declare", name, sets), ("define", ...), ("assume", ...), ("theorem", name, goal, proof, witness)."""

    def __init__(self) -> None:
        super().__init__()
        self.items: list[tuple[Any, ...]] = []

    def declare(self, name: str, sets: Sets = ()) -> None:
        super().declare(name, sets)
        self.items.append(("declare", name, sets))

    def define(self, name: str, sets: Sets, body: Term) -> None:
        super().define(name, sets, body)
        self.items.append(("define", name, sets, body))

    def assume(self, hypothesis: Term) -> None:
        super().assume(hypothesis)
        self.items.append(("assume", hypothesis))

    def prove(self, name: str, goal: Term, proof: Proof, witness: Valuation | None = None) -> Theorem:
        theorem = super().prove(name, goal, proof, witness)
        self.items.append(("theorem", name, goal, proof, witness))
        return theorem

    def conclude(self, name: str, goal: Term, proof: Proof) -> Theorem:
        """prove, with a witness that the hypotheses can be met if one is found. Replays once; the file is what counts."""
        if name in self.theorems:
            raise ProofError(f"theorem {name} is proved twice")
        theorem = Replay(self).prove(goal, proof)
        met = witness(self.context, goal, theorem.hypotheses)
        if met is not None:
            check_witness(self.context, theorem.hypotheses, indices(goal, *theorem.hypotheses), met)
        self.items.append(("theorem", name, goal, proof, met))
        self.theorems[name] = replace(theorem, witness=met)
        return self.theorems[name]

    def text(self) -> str:
        """The proof file: deterministic, one term a row."""
        return write(self.items)


class _Writer:
    def __init__(self) -> None:
        self.rows: list[list[Any]] = []
        self.row: dict[Term, int] = {}

    def number(self, t: Term) -> int:
        if t not in self.row:
            args = [self.number(a) for a in t.args]
            data = str(t.data) if t.op == "num" else list(t.data) if isinstance(t.data, tuple) else t.data
            self.row[t] = len(self.rows)
            self.rows.append([t.op, data, *args])
        return self.row[t]

    def encode(self, value: Any) -> Any:
        match value:
            case Term():
                return {"t": self.number(value)}
            case Valuation(sizes, indices, arrays):
                entries = [[name, [[[*map(_plain, at)], str(q)] for at, q in sorted(rows.items())]]
                           for name, rows in sorted(arrays.items())]
                return [sorted(sizes.items()), [[*name, n] for name, n in sorted(indices.items())], entries]
            case tuple() | list():
                return [self.encode(v) for v in value]
        return value


def _plain(n: int | Fraction) -> int | str:
    """An index as a number; the argument of a function, which may be a fraction, as text."""
    return n if isinstance(n, int) else str(n)


def write(items: list[tuple[Any, ...]]) -> str:
    writer = _Writer()
    encoded = [writer.encode(item) for item in items]
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in writer.rows)
    body = ",\n".join(json.dumps(item, ensure_ascii=False) for item in encoded)
    return f'{{"format": "{FORMAT}", "version": {VERSION}, "terms": [\n{rows}\n], "items": [\n{body}\n]}}\n'
