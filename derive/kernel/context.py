"""What a proof may speak of: arrays over index sets, abstract functions, definitions, given hypotheses.

A context never changes; `declare`, `define` and `assume` return an extension, in which its theorems still hold.
"""
from __future__ import annotations

from typing import Any

from .errors import TermError
from .terms import Term, mk, open_, sort

Sets = tuple[str, ...]
FUNCTION: Sets = ("a function",)


class Context:
    """arrays: name -> sets (FUNCTION for an abstract one); definitions: name -> (sets, body with loose indices)."""

    def __init__(self, parent: Context | None = None) -> None:
        self.parent = parent
        self.arrays: dict[str, Sets] = dict(parent.arrays) if parent else {}
        self.definitions: dict[str, tuple[Sets, Term]] = dict(parent.definitions) if parent else {}
        self.given: frozenset[Term] = parent.given if parent else frozenset()
        self._depends: dict[str, frozenset[str]] = dict(parent._depends) if parent else {}
        self._formed: set[Term] = set(parent._formed) if parent else set()
        self.domains: dict[Term, frozenset[Term]] = dict(parent.domains) if parent else {}
        self.signs: dict[Any, frozenset[Term] | None] = {}     # what the sign table answered; depends on `given`

    def _extended(self, name: Any, sets: Sets) -> Context:
        if type(name) is not str or not name or name in self.arrays or name in self.definitions:
            raise TermError(f"{name!r} is not a name, or is declared twice")
        if len(sets) > 4 or any(type(s) is not str for s in sets):
            raise TermError(f"{name} has the indices {sets}; at most four named sets are accepted")
        return Context(self)

    def declare(self, name: str, sets: Sets = ()) -> Context:
        """An independent variable, scalar or array; with sets = FUNCTION an abstract smooth function of one real."""
        new = self._extended(name, sets)
        new.arrays[name] = tuple(sets)
        return new

    def define(self, name: str, sets: Sets, body: Term) -> Context:
        """name[indices] := body, where the loose indices of body are those of the array (the last is level 0)."""
        new = self._extended(name, sets)
        if any(type(n) is tuple for n in body.names):
            raise TermError(f"{name}: a free index on the right of a definition")
        if any(level >= len(sets) or sets[len(sets) - 1 - level] != s for level, s in body.loose):
            raise TermError(f"{name}: an index on the right that is not on the left")
        if sort(body) != "r":
            raise TermError(f"{name}: {body} is not a real term")
        self.well_formed(body)
        new.definitions[name] = (tuple(sets), body)
        new._depends[name] = frozenset[str]().union(*[self._depends.get(n, frozenset({n})) for n in body.names])
        return new

    def assume(self, hypothesis: Term) -> Context:
        """A given hypothesis. A theorem lists those that it used."""
        self.well_formed(hypothesis, closed=True)
        if sort(hypothesis) != "c":
            raise TermError(f"{hypothesis} is not a condition")
        new = Context(self)
        new.given = self.given | {hypothesis}
        return new

    def extends(self, other: Context) -> bool:
        here: Context | None = self
        while here is not None and here is not other:
            here = here.parent
        return here is other

    def depends(self, t: Term, name: str) -> bool:
        """Whether the value of t may depend on the array `name`, through definitions too."""
        return any(name == n or name in self._depends.get(n, ()) for n in t.names)

    def unfold(self, t: Term) -> Term:
        if t.op != "arr" or t.data not in self.definitions:
            raise TermError(f"{t} is not defined")
        return open_(self.definitions[t.data][1], t.args)

    def substitute(self, t: Term, values: dict[str, Term]) -> Term:
        """Replace each variable name[...] by its value opened at the indices; refused where a definition hides a name."""
        if not any(self.depends(t, name) for name in values):
            return t
        if t.op == "arr" and t.data in values:
            return open_(values[t.data], t.args)
        if t.op == "arr" or t.op == "D" and any(t.args[1].data == p or self.depends(u, t.args[1].data) for p, u in values.items()):
            raise TermError(f"{t} hides {', '.join(values)}, or is a derivative by it or by what its value depends on")
        return mk(t.op, t.data, *[self.substitute(a, values) for a in t.args])

    def well_formed(self, t: Term, closed: bool = False) -> None:
        """Raise TermError unless every name is declared and every index is of the declared set."""
        if closed and t.depth:
            raise TermError(f"{t} has a loose index")
        if t in self._formed:
            return
        if t.op in ("meta", "imeta", "smooth", "indep"):
            raise TermError(f"{t}: {t.op} belongs to the rows of laws")
        if t.op == "fun" and self.arrays.get(t.data[0]) != FUNCTION or t.op == "D" and t.args[1].data not in self.arrays:
            raise TermError(f"{t}: not a declared function, or not a derivative by an independent variable")
        if t.op == "arr":
            sets = self.definitions[t.data][0] if t.data in self.definitions else self.arrays.get(t.data)
            if sets is None or sets == FUNCTION or tuple(a.data[1] for a in t.args) != sets:
                raise TermError(f"{t}: {t.data} is {'not declared' if sets is None else f'indexed by {sets}'}")
        for a in t.args:
            self.well_formed(a)
        self._formed.add(t)
