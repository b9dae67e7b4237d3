"""What a proof may speak of: arrays over index sets, abstract functions, definitions, given hypotheses.

A context never changes; `declare`, `define` and `assume` return an extension, in which its theorems still hold.
"""
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .errors import TermError, require
from .terms import Term, indices, mk, open_, sort

Sets = tuple[str, ...]
FUNCTION: Sets = ("a function",)


@dataclass(frozen=True, eq=False)
class Context:
    """arrays: name -> sets (FUNCTION for an abstract one); definitions: name -> (sets, body with loose indices)."""
    arrays: Mapping[str, Sets] = field(default_factory=dict)
    definitions: Mapping[str, tuple[Sets, Term]] = field(default_factory=dict)
    given: frozenset[Term] = frozenset()
    behind: Mapping[str, frozenset[str]] = field(default_factory=dict)           # the variables behind a definition
    formed: set[Term] = field(default_factory=set, init=False)                   # what has been found out in this context
    domains: dict[Term, frozenset[Term]] = field(default_factory=dict, init=False)
    signs: dict[Term, frozenset[Term]] = field(default_factory=dict, init=False)

    def _new(self, name: object, sets: Sets) -> None:
        fit = {*map(type, (name, *sets))} == {str} and name not in ("", *self.arrays, *self.definitions) and len(sets) <= 4
        require(fit, TermError, "{!r} is no new name over at most four named sets, found {}", name, sets)

    def declare(self, name: str, sets: Sets = ()) -> "Context":
        """An independent variable, scalar or array; with sets = FUNCTION an abstract smooth function of one real."""
        self._new(name, sets)
        return replace(self, arrays={**self.arrays, name: tuple(sets)})

    def define(self, name: str, sets: Sets, body: Term) -> "Context":
        """name[indices] := body, where the loose indices of body are those of the array (the last is level 0)."""
        self._new(name, sets)
        fit = sort(body) == "r" and not indices(body) and set(body.loose) <= set(enumerate(reversed(sets)))
        require(fit, TermError, "{}: {} is no real term in the indices {}", name, body, sets)
        self.well_formed(body, len(sets))
        behind = frozenset[str]().union(*[self.behind.get(n, {n}) for n in body.names])
        return replace(self, definitions={**self.definitions, name: (tuple(sets), body)}, behind={**self.behind, name: behind})

    def assume(self, hypothesis: Term) -> "Context":
        """A given hypothesis. A theorem lists those that it used."""
        self.well_formed(hypothesis)
        require(sort(hypothesis) == "c", TermError, "{} is not a condition", hypothesis)
        return replace(self, given=self.given | {hypothesis})

    def extends(self, other: "Context") -> bool:
        """Whether all that another context declares, defines and assumes stands here too."""
        same = other.arrays.items() <= self.arrays.items() and other.definitions.items() <= self.definitions.items()
        return same and other.given <= self.given

    def depends(self, t: Term, name: str) -> bool:
        """Whether the value of t may depend on the array `name`, through definitions too."""
        return any(name == n or name in self.behind.get(n, ()) for n in t.names)

    def unfold(self, t: Term) -> Term:
        require(t.op == "arr" and t.data in self.definitions, TermError, "{} is not defined", t)
        return open_(self.definitions[t.data][1], t.args)

    def substitute(self, t: Term, values: dict[str, Term]) -> Term:
        """Replace each variable name[...] by its value opened at the indices; refused where a definition hides a name."""
        if not any(self.depends(t, name) for name in values):
            return t
        if t.op == "arr" and t.data in values:
            return open_(values[t.data], t.args)
        by = t.args[1].data if t.op == "D" else ""            # a derivative by what a value depends on would mean another one
        fixed = not by or by not in values and not any(self.depends(u, by) for u in values.values())
        require(t.op != "arr" and fixed, TermError, "{} hides a variable among {}, or is a derivative by it", t, list(values))
        return mk(t.op, t.data, *[self.substitute(a, values) for a in t.args])

    def well_formed(self, t: Term, binders: int = 0) -> None:
        """Raise TermError unless every name is declared, every index of the declared set, and none loose below the binders."""
        require(t.depth <= binders, TermError, "{} has a loose index", t)
        if t not in self.formed:
            fit = t.op not in ("meta", "imeta", "smooth", "indep")
            if t.op == "arr":
                sets = self.definitions[t.data][0] if t.data in self.definitions else self.arrays.get(t.data, FUNCTION)
                fit = sets != FUNCTION and tuple(a.data[1] for a in t.args) == sets
            elif t.op in ("fun", "D"):
                fit = self.arrays.get(t.data[0]) == FUNCTION if t.op == "fun" else t.args[1].data in self.arrays
            require(fit, TermError, "{}: not declared so, not by an independent variable, or a part of the rows of laws", t)
            for arg in t.args:
                self.well_formed(arg, arg.depth)
            self.formed.add(t)
