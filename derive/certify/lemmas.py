"""The laws of the kernel as lemmas of the library: their parameters, their conditions, and their statements.

Everything here is computed from the rows; the proofs of the lemmas stand in templates/coq.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..kernel.conditions import relation
from ..kernel.context import Context
from ..kernel.laws.operators import OPERATORS
from ..kernel.laws.rows import Row
from ..kernel.terms import BINDERS, Term, bd, ix, mk
from .names import Names
from .spelling import ARROW, Scope

VARIABLE = "?t"                                               # the metavariable by which a law of derivatives differentiates


def parameters(row: Row) -> tuple[list[str], dict[str, int], list[str]]:
    """The index sets, the real metavariables (but the variable of a derivative) with their arities, and the indices of a
    law, in order."""
    sets: dict[str, None] = {}
    metas: dict[str, int] = {}
    places: dict[str, None] = {}

    def visit(t: Term) -> None:
        match t.op:
            case "sum" | "size":
                sets.setdefault(t.data)
            case "imeta":
                sets.setdefault(t.data[1])
                places.setdefault(t.data[0])
            case "meta" if t.data != VARIABLE:
                metas[t.data] = len(t.args)
        for a in t.args:
            visit(a)
    visit(row.lhs)
    visit(row.rhs)
    return list(sets), metas, list(places)


def independent(row: Row, meta: str) -> bool:
    """Whether a metavariable stands for what does not depend on the variable."""
    return any(c.op == "indep" and c.args[0].data == meta for c in row.when)


def obligations(row: Row) -> int:
    """How many conditions the lemma of a law has beside the ranges of its indices."""
    return sum(len(conditions(c, row)) for c in row.when)


def conditions(c: Term, row: Row) -> list[Term]:
    """A side condition of a row as the lemma has it: `smooth` of an operator is that of its arguments and its own domain."""
    if c.op == "indep":
        return []
    if c.op != "smooth" or c.args[0].op == "meta":
        return [] if c.op == "smooth" and independent(row, c.args[0].data) else [c]
    inner = c.args[0]
    parts = [p for a in inner.args for p in conditions(mk("smooth", None, a), row)]
    return [mk("all", inner.data, p) if inner.op in BINDERS else p for p in parts] + domain_of(inner)


def domain_of(t: Term) -> list[Term]:
    """The condition on the arguments of an operator where it is smooth."""
    smooth = OPERATORS[t.op].smooth
    return [mk("ne", None, *t.args)] if smooth == "ne2" else [relation(smooth, t.args[0])] if smooth else []


def inferable(row: Row) -> bool:
    """Whether the left side shows every metavariable, each as a function of bound indices alone."""
    return all(all(a.op == "bd" for a in t.args) for t in _metas(row.lhs))


def _metas(t: Term) -> Iterator[Term]:
    if t.op == "meta":
        yield t
    for a in t.args:
        yield from _metas(a)


# ---------------------------------------------------------------- statements
@dataclass(frozen=True)
class _LawScope(Scope):
    """Metavariables are variables of a lemma; in a law of derivatives, functions of a point, at the point p or where its
    coordinate v has moved."""
    functions: tuple[str, ...] = ()
    arities: tuple[int, ...] = ()

    def at(self, point: str) -> dict[str, str]:
        letters = [" ".join("kl"[:n]) for n in self.arities]
        return {name: f"(fun {k} => {name} {k} {point})" if k else f"({name} {point})"
                for name, k in zip(self.functions, letters, strict=True)}

    def moved(self, variable: Term) -> tuple[str, Scope]:
        return "t", replace(self, values={**self.values, **self.at("(put S p v t)")}, taken=self.taken | {"t"})


def statement(row: Row) -> str:
    """The statement of the lemma of a law, computed from its row."""
    sets, metas, places = parameters(row)
    moving = [m for m in metas if not independent(row, m)] if _differentiates(row.lhs) else []
    scope, named = _scope(row, moving)
    binders = ["(S : space) (p : point S) (v : place S)"] if _differentiates(row.lhs) else []
    binders += [f"({scope.names.sets[s]} : nat)" for s in sets]
    for m, n in metas.items():
        binders.append(f"({named[m]} : {' -> '.join([*['nat'] * n, *['point S'] * (m in moving), 'R'])})")
    binders += [f"({named[i]} : nat)" for i in places]
    ranges = [f"({named[i]} < {scope.names.sets[s]})%nat ->" for i, s in _places(row.lhs, row.rhs).items()]
    premises = [f"{_premise(_plain(c, named), scope)} ->" for c in row.when for c in conditions(c, row)]
    claim = scope.show(mk("eq", None, _plain(row.lhs, named), _plain(row.rhs, named)))
    return " ".join([f"forall {' '.join(binders)}," if binders else "", *ranges, *premises, claim]).strip()


def _premise(c: Term, scope: Scope) -> str:
    if c.op == "all":
        k = scope.fresh("k")
        return f"(forall {k}, ({k} < {scope.names.sets[c.data]})%nat -> {_premise(c.args[0], scope.bind(k))})"
    if c.op != "smooth":
        return f"({scope.show(c, ARROW)})"
    meta = c.args[0]
    return f"smooth S ({' '.join([meta.data, *map(scope.index, meta.args)])}) p"


def _scope(row: Row, moving: list[str]) -> tuple[_LawScope, dict[str, str]]:
    """A scope in which every parameter of a law is a variable of its own name."""
    sets, metas, places = parameters(row)
    names, ctx = Names(), Context()
    for name in ("S", "p", "v", "t"):
        names.add_array(f"reserved {name}", name)
    for s in sets:
        names.sets[s] = f"n{len(names.sets)}"
    named = {m: m.lstrip("?") for m in [*metas, *places, VARIABLE]}
    for m, n in metas.items():
        ctx = ctx.declare(named[m], ("?S", "?R")[:n] if n < 2 else ("?S", "?R"))
        names.add_array(named[m])
    for i, s in _places(row.lhs, row.rhs).items():
        names.indices[(named[i], s)] = named[i]
    names.arrays[named[VARIABLE]] = "(get S p v)"
    ctx = ctx.declare(named[VARIABLE])
    scope = _LawScope(ctx, names, functions=tuple(named[m] for m in moving), arities=tuple(metas[m] for m in moving))
    return replace(scope, values=scope.at("p")), named


def _plain(t: Term, named: dict[str, str]) -> Term:
    """A term of a row with its metavariables as arrays and indices."""
    match t.op:
        case "imeta":
            return ix(named[t.data[0]], t.data[1])
        case "bd":
            return bd(*t.data)
    args = [_plain(a, named) for a in t.args]
    return mk("arr", named[t.data], *args) if t.op == "meta" else mk(t.op, t.data, *args)


def _differentiates(t: Term) -> bool:
    return t.op == "D" or any(map(_differentiates, t.args))


def _places(*terms: Term) -> dict[str, str]:
    """The index metavariables of terms and their sets, in order."""
    found: dict[str, str] = {}
    for t in terms:
        own = dict([t.data]) if t.op == "imeta" else _places(*t.args)
        found = {**found, **{i: s for i, s in own.items() if i not in found}}
    return found
