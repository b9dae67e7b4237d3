"""What a catalogue entry or a user states, in plain SymPy: definitions, a derivative, claims under hypotheses."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp


@dataclass(frozen=True)
class ForAll:
    """A hypothesis for every value of its index letters: ForAll((j,), Eq(y[j], KroneckerDelta(j, k)))."""
    letters: tuple[Any, ...]
    relation: Any

    def __str__(self) -> str:
        return f"{self.relation} for all {', '.join(map(str, self.letters))}"


@dataclass(frozen=True)
class Claim:
    """What the derivative is said to equal, under hypotheses (relations, or ForAll)."""
    value: Any
    given: tuple[Any, ...] = ()
    about: str = ""


@dataclass(frozen=True)
class Entry:
    """A statement. `definitions`: {a[i]: expression, C: expression}; `derivative`: (target, variable), as (C, z[i]);
    `through`: intermediates of the chain rule with their own derivative, or None if it is to be found; `meaning`: what
    each name stands for; `code`: {role: name} of the functions to generate. Without claims the gradient is found."""
    name: str
    title: str
    definitions: Mapping[Any, Any]
    derivative: tuple[Any, Any]
    claims: tuple[Claim, ...] = ()
    through: Mapping[Any, Any] = field(default_factory=dict)
    meaning: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)
    given: tuple[Any, ...] = ()                               # hypotheses of a statement without claims


def arrays(names: str, *sizes: Any) -> tuple[Any, ...]:
    """Real arrays with one index for each size: arrays("z a y", N)."""
    return tuple(sp.IndexedBase(n, shape=sizes, real=True) for n in names.split())


def indices(names: str) -> tuple[Any, ...]:
    """Index letters: indices("i j k")."""
    return tuple(sp.Symbol(n, integer=True) for n in names.split())


def scalars(names: str) -> tuple[Any, ...]:
    """Real scalars: scalars("C")."""
    return tuple(sp.Symbol(n, real=True) for n in names.split())


def size(name: str) -> Any:
    """The symbol of a size: size("N")."""
    return sp.Symbol(name, integer=True, positive=True)


def one_hot(y: Any, j: Any, k: Any) -> ForAll:
    """y is 1 at index k and 0 elsewhere."""
    return ForAll((j,), sp.Eq(y[j], sp.KroneckerDelta(j, k), evaluate=False))

