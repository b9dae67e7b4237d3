"""What a reader has in mind at one place of a formula, and what it assumed on the way."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .ir import Node, Value
from .syntax import (
    Syntax,
)


@dataclass(frozen=True)
class Note:
    """Something assumed while reading. `caps`: the step is at most proved_under, since it could be meant otherwise."""
    code: str
    message: str
    start: int
    end: int
    caps: bool = True


@dataclass(frozen=True)
class Scope:
    """letters: indices in scope; params: values of parameters; held: defined names held fixed; outer: letters of the left
    side; by: the variable that primes mean."""
    letters: Mapping[str, Node] = field(default_factory=dict)
    params: Mapping[str, Value] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    outer: frozenset[str] = frozenset()
    by: Syntax | None = None
    size: str = ""                                            # n in 1/n in front of a sum that does not say how far it runs

    def bind(self, letter: str, index: Node) -> Scope:
        return replace(self, letters={**self.letters, letter: index})
