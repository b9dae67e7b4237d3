"""From an entry to a Derivation: its scope, its terms, the engine's chains, SymPy's proposal and second opinion.

Verdicts are never collapsed: proved, proved_under (hypotheses that nobody stated), refuted, undecided.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Any

import sympy as sp

from ..engine import textbook
from ..engine.equality import Hints, Refuted, equal
from ..engine.matrix import Expression, proved_form
from ..engine.record import Record
from ..engine.sampling import witness
from ..kernel.context import FUNCTION
from ..kernel.errors import DeriveError, WitnessError
from ..kernel.files import read
from ..kernel.replay import Theorem
from ..kernel.terms import Term
from .bridge import Reader, Writer
from .fresh import fresh
from .opinion import agrees_exactly, agrees_in_balls
from .proposal import gradient
from .scope import Scope, StatementError, infer
from .statement import Claim, Entry, ForAll


@dataclass
class Derivation:
    """A proved entry: `record` holds the replayed theorems, `parts` the displayed chains, `claims` the theorem names."""
    entry: Entry
    scope: Scope
    reader: Reader
    record: Record
    parts: list[textbook.Part]
    claims: list[tuple[Claim, str]]
    forms: dict[str, Expression] = field(default_factory=dict)           # the matrix forms that were proved, by theorem

    def theorem(self, name: str) -> Theorem:
        return self.record.theorems[name]

    @property
    def conclusion(self) -> Theorem:
        """The theorem that the entry is about: the first claim with hypotheses, else the first."""
        return self.theorem(self.main[1])

    @property
    def main(self) -> tuple[Claim, str]:
        return next((c for c in self.claims if c[0].given), self.claims[0])

    @cached_property
    def proof_file(self) -> str:
        return self.record.text()

    @property
    def verdict(self) -> str:
        """proved when every claim holds under just the hypotheses that it states."""
        extra = [h for claim, name in self.claims for h in self.theorem(name).hypotheses if h not in self._stated(claim)]
        return "proved_under" if extra else "proved"

    def _stated(self, claim: Claim) -> list[Term]:
        return [self.reader.condition(h) for h in claim.given]

    def replayed(self) -> bool:
        """Whether the proof file, read back, proves the same conclusions with the kernel alone."""
        again = read(self.proof_file)
        return all(repr(again.theorems[name]) == repr(self.theorem(name)) for _, name in self.claims)

    def has_witness(self) -> bool:
        """Whether the hypotheses of every claim were shown to be satisfiable."""
        return all(self.theorem(name).witness is not None for _, name in self.claims)

    @property
    def alphabet(self) -> dict[str, list[str]]:
        """The author's letters for the indices of each set."""
        named = [(str(i).lstrip("_"), s) for i, s in self.scope.letters.items()]
        return {s: list(dict.fromkeys(letter for letter, own in named if own == s)) for s in sorted({s for _, s in named})}

    @property
    def places(self) -> dict[str, list[str]]:
        """The letters at which the author defined each symbol."""
        return {str(getattr(s, "base", s)): [str(i) for i in getattr(s, "indices", ())] for s in self.entry.definitions}

    def proposal_agrees(self) -> bool:
        """Whether SymPy's own derivative for symbolic sizes agrees: proved equal, or at least not refuted."""
        target, variable = self.entry.derivative
        try:
            proposed = self.reader.term(gradient(target, variable, self.entry.definitions))
            start = self.conclusion.sides[0]
            return not isinstance(equal(self.record, start, proposed, Hints()), Refuted)
        except DeriveError:
            return False

    def cross_checked(self) -> bool:
        """The second opinion on every claim: explicit sizes, exactly, and random points in balls."""
        for claim, name in self.claims:
            theorem = self.theorem(name)
            if not agrees_exactly(self.entry.definitions, self.entry.derivative, claim.value, claim.given, self.scope):
                return False
            if not agrees_in_balls(self.record.context, *theorem.sides, given=sorted(theorem.hypotheses, key=repr)):
                return False
        return True

    def expression(self, t: Term) -> Any:
        """A term as SymPy."""
        shapes = {**self.record.context.arrays, **{n: sets for n, (sets, _) in self.record.context.definitions.items()}}
        return Writer(shapes).expression(t)


def _expressions(entry: Entry) -> Iterable[Any]:
    for symbol, body in entry.definitions.items():
        yield from (symbol, body)
    yield from entry.derivative
    for h in entry.given:
        yield from (h.relation.args if isinstance(h, ForAll) else h.args)
    for symbol, value in entry.through.items():
        yield from (symbol, value) if value is not None else (symbol,)
    for claim in entry.claims:
        yield claim.value
        for h in claim.given:
            yield from (h.relation.args if isinstance(h, ForAll) else h.args)


def _sympified(entry: Entry) -> Entry:
    """The entry with plain numbers as SymPy; text is refused, since SymPy would run it."""
    def read(e: Any) -> Any:
        if isinstance(e, str) or not isinstance(e, sp.Basic | int | Fraction):
            raise StatementError(f"{e!r} is not a SymPy expression; make one of symbols, indexed arrays and numbers")
        return sp.sympify(e)
    target, variable = entry.derivative
    return replace(entry, definitions={read(s): read(e) for s, e in entry.definitions.items()},
                   derivative=(read(target), read(variable)),
                   through={read(s): None if e is None else read(e) for s, e in entry.through.items()},
                   claims=tuple(replace(c, value=read(c.value)) for c in entry.claims))


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


def derive(entry: Entry) -> Derivation:
    """Prove every claim of an entry. Raises NotProved (with a counterexample where a claim is false), StatementError,
    FragmentError, WitnessError (hypotheses that cannot be met)."""
    entry = _sympified(entry)
    scope, reader, record = opened(entry)
    claims = [textbook.Claim(reader.term(fresh(sp.sympify(c.value))), tuple(reader.condition(h) for h in c.given),
                             f"claim {n}") for n, c in enumerate(entry.claims, 1)]
    target, variable = (reader.term(fresh(e)) for e in entry.derivative)
    own = tuple(reader.condition(h) for h in entry.given)
    sources = {reader.condition(h): h for together in (entry.given, *(c.given for c in entry.claims)) for h in together}
    for h, source in sources.items():
        _check_hypothesis(record, h, variable, source)
        record.assume(h)
    for together in (own, *(c.given for c in claims)):
        _check_satisfiable(record, target, together, sources)
    through = tuple((reader.term(a), None if value is None else reader.term(fresh(value))) for a, value in entry.through.items())
    book = textbook.Textbook(record, textbook.Statement(target, variable, tuple(claims), through, own))
    book.run()
    found = Derivation(entry, scope, reader, record, book.parts, [])
    stated = entry.claims or (Claim(found.expression(record.theorems[book.claimed[0]].sides[1]), entry.given),)
    found.claims = list(zip(stated, book.claimed, strict=True))
    found.forms = {name: form for name in book.claimed if (form := proved_form(record, name)) is not None}
    return found


def _check_hypothesis(record: Record, h: Term, variable: Term, source: Any) -> None:
    core = h
    while core.op == "all":
        core = core.args[0]
    if core.op in ("eq", "le") and record.context.depends(h, variable.data):
        raise StatementError(f"the hypothesis {source} mentions {variable.data}, by which is differentiated, and is not open: "
                             "only strict inequalities (<, >, !=) may; a derivative looks at neighbouring values of the variable")


def _check_satisfiable(record: Record, target: Term, given: tuple[Term, ...], sources: Mapping[Term, Any]) -> None:
    if given and witness(record.context, target, given) is None:
        raise WitnessError(f"the hypotheses {', '.join(str(sources[h]) for h in given)} cannot be met at sizes 1 or 2, as far as "
                           "a search can see; a theorem under them would say nothing")
