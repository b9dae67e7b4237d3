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
class Gradient:
    """A derivative (target, variable), as (C, z[i]), and what it is said to equal; without claims it is found.
    `through`: intermediates of the chain rule with their own derivative, or None if it is to be found."""
    derivative: tuple[Any, Any]
    claims: tuple[Claim, ...] = ()
    through: Mapping[Any, Any] = field(default_factory=dict)
    given: tuple[Any, ...] = ()                               # hypotheses of a statement without claims


@dataclass(frozen=True)
class Fact:
    """A relation (Eq, Ne, <, <=, >, >=) between expressions, under hypotheses. `by`: expressions on the way, from the left
    side of an equation to its right, or from the difference of an inequality to a form whose sign can be seen."""
    relation: Any
    given: tuple[Any, ...] = ()
    about: str = ""
    by: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Entry:
    """A page: definitions {a[i]: expression, C: expression} and what is proved of them. The first gradient stands in
    `derivative`, `claims`, `through` and `given`; `also` are more gradients, and facts. `meaning`: what each name stands
    for; `layers`: superscripts of names in print; `remarks`: sentences below the theorems; `code`: {role: name} of the
    functions to generate."""
    name: str
    title: str
    definitions: Mapping[Any, Any]
    derivative: tuple[Any, Any] | None = None
    claims: tuple[Claim, ...] = ()
    through: Mapping[Any, Any] = field(default_factory=dict)
    meaning: Mapping[str, str] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)
    given: tuple[Any, ...] = ()                               # hypotheses of a first gradient without claims
    also: tuple[Gradient | Fact, ...] = ()
    layers: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    @property
    def gradients(self) -> tuple[Gradient, ...]:
        """All gradients, in order."""
        first = [Gradient(self.derivative, self.claims, self.through, self.given)] if self.derivative is not None else []
        return (*first, *[s for s in self.also if isinstance(s, Gradient)])

    @property
    def facts(self) -> tuple[Fact, ...]:
        return tuple(s for s in self.also if isinstance(s, Fact))


def different_indices(relation: Any) -> bool:
    """Whether a relation says that two index letters are different, as Ne(i, j)."""
    return isinstance(relation, sp.Ne) and all(isinstance(a, sp.Symbol) and a.is_integer and not a.is_positive
                                               for a in relation.args)


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

