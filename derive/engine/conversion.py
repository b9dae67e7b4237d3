"""Conversions: functions from a term to an equal term with the steps that lead there, and their combinators."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..kernel.laws.rows import LAWS
from ..kernel.replay import Reason, Step
from ..kernel.terms import Term, instantiate, mk, sort

Result = tuple[Term, list[Step]]
Conversion = Callable[[Term], Result]


def keep(t: Term) -> Result:
    """The conversion that changes nothing."""
    return t, []


def step(new: Term, *reason: Any, forward: bool = True) -> Result:
    """One step at the root: the reason is given, and the term that it leads to."""
    return new, [((), forward, reason)]


def law(name: str, **values: Any) -> Result:
    """One law at the root; values of metavariables by their letter (f=..., S="N")."""
    row, sub = LAWS[name], {"?" + k: v for k, v in values.items()}
    reason: Reason = ("law", name, tuple(sorted(sub.items())))
    return instantiate(row.rhs, sub), [((), True, reason)]


def then(result: Result, conversion: Conversion) -> Result:
    """Go on with another conversion where a result ended."""
    new, steps = result
    last, more = conversion(new)
    return last, steps + more


def at(t: Term, n: int, conversion: Conversion) -> Result:
    """Convert argument n."""
    new, steps = conversion(t.args[n])
    if not steps:
        return t, []
    return mk(t.op, t.data, *t.args[:n], new, *t.args[n + 1:]), below(n, steps)


def below(n: int, steps: list[Step]) -> list[Step]:
    return [((n, *path), forward, reason) for path, forward, reason in steps]


def at_all(t: Term, conversion: Conversion) -> Result:
    """Convert every real argument (of a derivative, its body only)."""
    steps: list[Step] = []
    for n in range(1 if t.op == "D" else len(t.args)):
        if sort(t.args[n]) == "r":
            t, more = at(t, n, conversion)
            steps += more
    return t, steps


def everywhere(t: Term, conversion: Conversion) -> Result:
    """Convert at the outermost subterms where the conversion does something."""
    new, steps = conversion(t)
    return (new, steps) if steps else at_all(t, lambda a: everywhere(a, conversion))
