"""From an entry to its scope and a record in which its variables and definitions stand."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

import sympy as sp

from ..engine.record import Record
from ..kernel.context import FUNCTION
from .bridge import Reader
from .fresh import fresh
from .scope import Scope, StatementError, infer
from .statement import Claim, Entry, Fact, ForAll, Gradient, different_indices


def _expressions(entry: Entry) -> Iterable[Any]:
    for symbol, body in entry.definitions.items():
        yield from (symbol, body)
    for gradient_ in entry.gradients:
        yield from gradient_.derivative
        yield from _sides(gradient_.given)
        for symbol, value in gradient_.through.items():
            yield from (symbol, value) if value is not None else (symbol,)
        for claim in gradient_.claims:
            yield from (claim.value, *_sides(claim.given))
    for fact in entry.facts:
        yield from (*_sides((fact.relation, *fact.given)), *fact.by)


def _sides(hypotheses: Iterable[Any]) -> Iterable[Any]:
    """The sides of relations; that two letters are different indices is no relation of numbers, but they are of one set."""
    relations = [sp.sympify(h.relation if isinstance(h, ForAll) else h) for h in hypotheses]
    return [side for r in relations for side in ([sp.KroneckerDelta(*r.args)] if different_indices(r) else r.args)]


def sympified(entry: Entry) -> Entry:
    """The entry with plain numbers as SymPy; text is refused, since SymPy would run it."""
    _shaped(entry)
    gradients = [_sympified_gradient(g) for g in entry.gradients]
    facts = tuple(replace(f, by=tuple(map(_read, f.by))) for f in entry.facts)
    plain = replace(entry, definitions={_read(s): _read(e) for s, e in entry.definitions.items()})
    if entry.derivative is None:
        return replace(plain, also=(*gradients, *facts))
    first, *others = gradients
    return replace(plain, derivative=first.derivative, claims=first.claims, through=first.through, also=(*others, *facts))


def _shaped(entry: Entry) -> None:
    """Raise StatementError unless each part is of its kind: what is of no kind would be passed over."""
    for part in entry.also:
        _of_kind(part, Gradient | Fact, "in also", "Gradient and Fact")
    for g in entry.gradients:
        if not (isinstance(g.derivative, tuple) and len(g.derivative) == 2):
            raise StatementError(f"{g.derivative!r} is no derivative; accepted is a pair, as (C, z[i])")
        for claim in g.claims:
            _of_kind(claim, Claim, "among claims", "Claim")
    derivatives = [g.derivative for g in entry.gradients]
    for d in derivatives:
        if derivatives.count(d) > 1:
            raise StatementError(f"the derivative of {d[0]} by {d[1]} is stated twice; put its claims together")
    claims = [claim for g in entry.gradients for claim in g.claims]
    stated: tuple[Gradient | Claim | Fact, ...] = (*entry.gradients, *claims, *entry.facts)
    for s in stated:
        _of_kind(s.given, tuple | list, "as given", "a tuple of hypotheses")
        for h in (*s.given, *([s.relation] if isinstance(s, Fact) else ())):
            _of_kind(h, sp.Basic | bool | ForAll, "as a relation", "SymPy's Eq, Ne, <, <=, >, >=, and ForAll")
            if isinstance(h, ForAll):
                _of_kind(h.letters, tuple | list, "in ForAll", "a tuple of letters")


def _of_kind(found: Any, kind: Any, where: str, accepted: str) -> None:
    if not isinstance(found, kind):
        raise StatementError(f"found {found!r} {where}; accepted: {accepted}")


def _sympified_gradient(g: Gradient) -> Gradient:
    target, variable = g.derivative
    claims = tuple(replace(c, value=_read(c.value)) for c in g.claims)
    return replace(g, derivative=(_read(target), _read(variable)), claims=claims,
                   through={_read(s): None if e is None else _read(e) for s, e in g.through.items()})


def _read(e: Any) -> Any:
    if isinstance(e, str) or not isinstance(e, sp.Basic | int | Fraction):
        raise StatementError(f"{e!r} is not a SymPy expression; make one of symbols, indexed arrays and numbers")
    return sp.sympify(e)


def opened(entry: Entry) -> tuple[Scope, Reader, Record]:
    """The scope of an entry, and a record in which its variables, definitions and hypotheses stand."""
    scope = infer([fresh(sp.sympify(e)) for e in _expressions(entry)])
    reader, record = Reader(scope), Record()
    defined = {str(s.base.label) if isinstance(s, sp.Indexed) else str(s) for s in entry.definitions}
    scalars = {str(s) for e in _expressions(entry) for s in sp.sympify(e).free_symbols
               if s not in scope.letters and str(s) not in scope.sizes and not isinstance(s, sp.Indexed)}
    for name in sorted(scope.shapes):
        if name not in defined:
            record.declare(name, scope.shape(name))
    for name in sorted(scalars - defined - set(scope.shapes)):
        record.declare(name)
    for name in sorted(scope.functions):
        record.declare(name, FUNCTION)
    for symbol, body in entry.definitions.items():
        letters = symbol.indices if isinstance(symbol, sp.Indexed) else ()
        if len({*letters}) < len(letters):
            raise StatementError(f"the definition of {symbol} repeats an index: it would say nothing about unequal indices")
        name = str(symbol.base.label) if isinstance(symbol, sp.Indexed) else str(symbol)
        record.define(name, tuple(scope.set_of(i) for i in letters), reader.term(fresh(sp.sympify(body)), letters))
    return scope, reader, record


def check_layers(layers: Mapping[str, str], scope: Scope, record: Record) -> None:
    """Raise StatementError where a layer is no superscript, could be read as something else, or is that of no name."""
    letters = {str(i) for i in scope.letters}
    for name, layer in layers.items():
        if name not in record.context.definitions and record.context.arrays.get(name, FUNCTION) == FUNCTION:
            raise StatementError(f"layers: the statement has no array or scalar {name}")
        if not isinstance(layer, str) or not (layer.isascii() and layer.isalnum()) or layer == "T" or layer in letters:
            raise StatementError(f"layers: {layer!r} for {name}: accepted are letters and digits that are no index of the "
                                 "statement, nor T, which would be a transpose")
