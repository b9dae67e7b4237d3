"""From an entry to a Derivation: its scope, its terms, the engine's chains, SymPy's proposal and second opinion.

Verdicts are never collapsed: proved, proved_under (hypotheses that nobody stated), refuted, undecided.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sympy as sp

from ..engine import textbook
from ..engine.equality import Hints, Refuted, equal
from ..engine.matrix import Expression, proved_form
from ..engine.record import Record
from ..engine.sampling import witness
from ..kernel.conditions import nonempty
from ..kernel.errors import DeriveError, WitnessError
from ..kernel.files import read
from ..kernel.replay import Theorem
from ..kernel.terms import Term
from .bridge import Reader, Writer
from .fresh import fresh
from .opening import check_layers, opened, sympified
from .opinion import Opinion, holds_in_balls
from .proposal import gradient
from .scope import Scope, StatementError
from .statement import Claim, Entry, Fact, Gradient

Stated = Claim | Fact


@dataclass
class Derivation:
    """A proved entry: `record` holds the replayed theorems, `parts` the displayed chains; `claims` and `facts` are what is
    stated, each with the name of its theorem."""
    entry: Entry
    scope: Scope
    reader: Reader
    record: Record
    parts: list[textbook.Part]
    claims: list[tuple[Claim, str]]
    facts: list[tuple[Fact, str]]
    derivatives: dict[str, tuple[Any, Any]]                   # of what by what each claim's theorem is
    forms: dict[str, Expression] = field(default_factory=dict)           # the matrix forms that were proved, by theorem

    def theorem(self, name: str) -> Theorem:
        return self.record.theorems[name]

    @property
    def conclusion(self) -> Theorem:
        """The theorem that the entry is about: the first claim with hypotheses, else the first."""
        return self.theorem(self.main[1])

    @property
    def statements(self) -> list[tuple[Stated, str]]:
        """Everything that is stated: claims of gradients, then facts."""
        return [*self.claims, *self.facts]

    @property
    def main(self) -> tuple[Stated, str]:
        first = max(1, len(self.entry.gradients[0].claims)) if self.claims else 0
        return next((c for c in self.claims[:first] if c[0].given), self.statements[0])

    @cached_property
    def proof_file(self) -> str:
        return self.record.text()

    @property
    def verdict(self) -> str:
        """proved when every statement holds under just the hypotheses that it states."""
        extra = [h for claim, name in self.statements for h in self.theorem(name).hypotheses - self.stated(claim)]
        return "proved_under" if extra else "proved"

    def stated(self, claim: Stated) -> frozenset[Term]:
        """The hypotheses of a statement, and that the sets it speaks of have elements, which a positive size says."""
        sizes = [nonempty(s) for s, symbol in self.scope.sizes.items() if symbol.is_positive]
        return frozenset([*sizes, *[self.reader.condition(h) for h in claim.given]])

    def replayed(self) -> bool:
        """Whether the proof file, read back, proves the same conclusions with the kernel alone."""
        again = read(self.proof_file)
        return all(repr(again.theorems[name]) == repr(self.theorem(name)) for _, name in self.statements)

    def has_witness(self) -> bool:
        """Whether the hypotheses of every claim were shown to be satisfiable."""
        return all(self.theorem(name).witness is not None for _, name in self.statements)

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
        """Whether SymPy's own derivatives for symbolic sizes agree: proved equal, or at least not refuted."""
        first = {derivative: name for _, name in reversed(self.claims) for derivative in [self.derivatives[name]]}
        return all(self._proposed(*derivative, name) for derivative, name in first.items())

    def _proposed(self, target: Any, variable: Any, name: str) -> bool:
        theorem = self.conclusion if self.main[1] in self.derivatives and self.derivatives[self.main[1]] == (target, variable) \
            else self.theorem(name)
        try:
            proposed = self.reader.term(gradient(target, variable, self.entry.definitions))
            return not isinstance(equal(self.record, theorem.sides[0], proposed, Hints()), Refuted)
        except DeriveError:
            return False

    def cross_checked(self) -> bool:
        """The second opinion on every claim and fact: explicit sizes, exactly, and random points in balls."""
        opinion = Opinion(self.entry.definitions, self.scope)
        for claim, name in self.claims:
            if not opinion.on_gradient(self.derivatives[name], claim.value, claim.given):
                return False
        return all(opinion.on_relation(fact.relation, fact.given) for fact, _ in self.facts) \
            and all(self._in_balls(self.theorem(name)) for _, name in self.statements)

    def _in_balls(self, theorem: Theorem) -> bool:
        return holds_in_balls(self.record.context, theorem.conclusion, given=sorted(theorem.hypotheses, key=repr))

    def expression(self, t: Term) -> Any:
        """A term as SymPy."""
        shapes = {**self.record.context.arrays, **{n: sets for n, (sets, _) in self.record.context.definitions.items()}}
        return Writer(shapes).expression(t)


def derive(entry: Entry) -> Derivation:
    """Prove every claim and fact of an entry. Raises NotProved (with a counterexample where one is false), StatementError,
    FragmentError, WitnessError (hypotheses that cannot be met)."""
    entry = sympified(entry)
    if not entry.gradients and not entry.facts:
        raise StatementError(f"{entry.name} states nothing: give it a derivative, or facts in also=(...)")
    scope, reader, record = opened(entry)
    check_layers(entry.layers, scope, record)
    found = Derivation(entry, scope, reader, record, [], [], [], {})
    _Proving(found).run()
    found.forms = {name: form for _, name in found.claims if (form := proved_form(record, name)) is not None}
    return found


class _Proving:
    """The statements of an entry, one after the other, into its derivation."""

    def __init__(self, found: Derivation) -> None:
        self.found, self.reader, self.record = found, found.reader, found.record
        self.sources: dict[Term, Any] = {}                    # hypotheses as the author wrote them

    def run(self) -> None:
        entry = self.found.entry
        gradients = [(g, self._statement(g, first)) for g, first in zip(entry.gradients, _numbers(entry), strict=True)]
        facts = [(f, self._relation(f, n)) for n, f in enumerate(entry.facts, 1)]
        for g, s in gradients:
            for given in dict.fromkeys([s.given, *(c.given for c in s.claims)]):
                self._check(given, s.target, s.variable)
            self._gradient(g, s)
        own: dict[str, list[textbook.Part]] = {}
        for _, r in sorted(facts, key=lambda pair: len(pair[1].given)):    # what is assumed later does not speak for these
            self._check(r.given, r.goal, None)
            own[r.name] = []
            textbook.Facts(textbook.Book(self.record, parts=own[r.name])).prove(r)
            self._together(r.given, r.name)
        self.found.facts = [(f, r.name) for f, r in facts]
        self.found.parts += [part for _, r in facts for part in own[r.name]]

    def _term(self, e: Any) -> Term:
        return self.reader.term(fresh(sp.sympify(e)))

    def _given(self, hypotheses: Iterable[Any]) -> tuple[Term, ...]:
        read = [(self.reader.condition(h), h) for h in hypotheses]
        self.sources |= dict(read)
        return tuple(h for h, _ in read)

    def _statement(self, g: Gradient, first: int) -> textbook.Statement:
        claims = tuple(textbook.Claim(self._term(c.value), self._given(c.given), f"claim {n}")
                       for n, c in enumerate(g.claims, first))
        through = tuple((self.reader.term(a), None if value is None else self._term(value)) for a, value in g.through.items())
        target, variable = map(self._term, g.derivative)
        return textbook.Statement(target, variable, claims, through, self._given(g.given))

    def _relation(self, fact: Fact, number: int) -> textbook.Relation:
        goal = self.reader.condition(fact.relation)
        if goal.op not in textbook.SIGNS:
            raise StatementError(f"the fact {fact.relation}: state it for free indices; a fact is a relation of numbers (=, !=, "
                                 "<, <=, >, >=)")
        if goal.op == "eq" and goal.args[0] is goal.args[1]:
            raise StatementError(f"the fact {fact.relation} has one side twice (SymPy simplifies what it is given): there is "
                                 "nothing to prove")
        return textbook.Relation(goal, self._given(fact.given), f"fact {number}", tuple(map(self._term, fact.by)))

    def _check(self, given: tuple[Term, ...], about: Term, variable: Term | None) -> None:
        """Hypotheses that a derivative may use, and that can be met."""
        for h in given:
            if variable is not None:
                _check_hypothesis(self.record, h, variable, self.sources[h])
            if h not in self.record.context.given:
                self.record.assume(h)
        _check_satisfiable(self.record, about, given, self.sources)

    def _together(self, given: tuple[Term, ...], name: str) -> None:
        """The hypotheses that were stated, and those that the theorem came to need, can be met at once."""
        theorem = self.record.theorems[name]
        needed = sorted(theorem.hypotheses.difference(given), key=repr)
        if given and needed and witness(self.record.context, theorem.conclusion, [*given, *needed]) is None:
            raise WitnessError(f"it holds under {', '.join(map(repr, needed))}, which cannot be met together with what is "
                               f"stated, {', '.join(str(self.sources[h]) for h in given)}, as far as a search can see")

    def _gradient(self, g: Gradient, s: textbook.Statement) -> None:
        if s.through:
            _check_through(self.record, s)
        book = textbook.Textbook(self.record, s, self.found.parts)
        book.run()
        stated = g.claims or (Claim(self.found.expression(self.record.theorems[book.claimed[0]].sides[1]), g.given),)
        for given, name in zip([c.given for c in s.claims] or [s.given], book.claimed, strict=True):
            self._together(given, name)
        self.found.claims += zip(stated, book.claimed, strict=True)
        self.found.derivatives |= dict.fromkeys(book.claimed, g.derivative)


def _numbers(entry: Entry) -> list[int]:
    """The number of the first claim of each gradient."""
    counts = [len(g.claims) for g in entry.gradients]
    return [1 + sum(counts[:n]) for n in range(len(counts))]


def _check_hypothesis(record: Record, h: Term, variable: Term, source: Any) -> None:
    core = h
    while core.op == "all":
        core = core.args[0]
    declared = core.op == "eq" and core.args[0].op == "fun"   # a law of a function: the kernel never uses it below a derivative
    if core.op in ("eq", "le") and not declared and record.context.depends(h, variable.data):
        raise StatementError(f"the hypothesis {source} mentions {variable.data}, by which is differentiated, and is not open: "
                             "only strict inequalities (<, >, !=) may; a derivative looks at neighbouring values of the variable")


def _check_through(record: Record, s: textbook.Statement) -> None:
    """The chain rule is shown for a scalar that depends on the variable through its intermediates alone."""
    names, todo = {a.data for a, _ in s.through}, [s.target.data]
    while todo:
        n = todo.pop()
        if s.target.args or n == s.variable.data:
            said = f"{s.target} has indices" if s.target.args else f"{s.target} also depends on {n} beside {', '.join(names)}"
            raise StatementError(f"through: {said}; leave `through` out, and the derivative is found from the definitions")
        if n in record.context.definitions:
            todo += [m for m in record.context.definitions[n][1].names if isinstance(m, str) and m not in names]


def _check_satisfiable(record: Record, target: Term, given: tuple[Term, ...], sources: Mapping[Term, Any]) -> None:
    if given and witness(record.context, target, given) is None:
        raise WitnessError(f"the hypotheses {', '.join(str(sources[h]) for h in given)} cannot be met at sizes 1 or 2, as far as "
                           "a search can see; a theorem under them would say nothing")
