"""derive measure: the rounding errors of the generated module of an entry, kept as evidence that pages and builds read."""
from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from .catalogue.discovery import names as every_name
from .code.accuracy import Error, Measured, formats, worst
from .code.errors import CannotGenerate, CannotLower
from .evidence_store import evidence
from .proving import Theorem, prove
from .verifying import executed, quantities_of

LEVEL = "accuracy"
Table = Mapping[str, Mapping[str, Error]]


@dataclass(frozen=True)
class Found:
    """What was measured of an entry: function -> format -> error, and the evidence file; or that it was known, or why not."""
    name: str
    table: Table
    evidence: Path | None = None
    error: str = ""

    def __str__(self) -> str:
        if self.error:
            return f"{self.name}: not measured: {self.error}"
        if not self.table:
            return f"{self.name}: measured before: {self.evidence}"
        rows = [f"    {f}, {form}: {e.normal:.2f} ulp ({e.where}); subnormal results within {e.subnormal:.2f} units"
                for f, row in self.table.items() for form, e in row.items()]
        return "\n".join([f"{self.name}: worst errors", *rows, f"    evidence: {self.evidence}"])


def measured(theorem: Theorem) -> Table:
    """The worst errors of the functions of rows of a generated module. Raises CannotGenerate where there is none."""
    namespace, roles = executed(theorem.to_code("numpy"), theorem.module_name), theorem.entry.code
    if "loss" not in roles:
        raise CannotGenerate(f"the functions of {theorem.entry.name} are no loss with labels; those are measured")
    ctx = theorem.derivation.record.context
    table: dict[str, dict[str, Error]] = {}
    for label, dtype, exact in formats():
        for m in functions(theorem, namespace, roles, exact):
            table.setdefault(m.name, {})[label] = worst(ctx, m, roles["logits"], roles["labels"], dtype)
    return table


def functions(theorem: Theorem, namespace: Mapping[str, Any], roles: Mapping[str, str], exact: bool) -> list[Measured]:
    """The functions, each beside the term that it computes."""
    quantities, loss = quantities_of(theorem), roles["loss"]
    values = {len(q.axes): q for q in quantities if q.is_value}
    (gradient, *_) = [q for q in quantities if not q.is_value]
    both = namespace[f"{loss}_value_and_grad"]

    def part(n: int, z: Any, y: Any) -> Any:
        return both(z, y, "none", exact=exact)[n]
    return [Measured(roles["activation"], lambda z, y: namespace[roles["activation"]](z, exact=exact),
                     values[1].claims[0][0], values[1].axes[0]),
            Measured(loss, partial(part, 0), values[0].claims[0][0], None),
            Measured(f"{loss}_grad", partial(part, 1), gradient.claims[0][0], gradient.axes[0])]


def measure(names: Sequence[str]) -> Iterator[Found]:
    """Measure the modules of entries and keep the evidence. If none is named, those of all losses that have code and no evidence
    yet. Raises what proving raises."""
    for name in names or every_name():
        theorem = prove(name)
        if not names and "loss" not in theorem.entry.code:
            continue
        try:
            module, known = theorem.module, evidence(name)
            if not names and known.holds(LEVEL, module.digest):
                yield Found(name, {}, known.file)
                continue
            table = measured(theorem)
        except (CannotGenerate, CannotLower) as e:
            yield Found(name, {}, error=str(e))
            continue
        yield Found(name, table, known.keep(LEVEL, module.digest, facts(table)))


def facts(table: Table) -> dict[str, Any]:
    """What is kept: errors rounded up to hundredths."""
    def up(x: float) -> float | str:
        return math.ceil(100 * x) / 100 if math.isfinite(x) else "inf"
    return {"ulp": {f: {form: up(e.normal) for form, e in row.items()} for f, row in table.items()},
            "subnormal": {f: {form: up(e.subnormal) for form, e in row.items()} for f, row in table.items()},
            "numpy": np.__version__}
