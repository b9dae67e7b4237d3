"""Facts beside derivatives: equations as one chain; inequalities by a chain from the difference to a form with a known sign.

The sign table of the kernel decides the sign; where a Kronecker delta hides it, the cases of its indices are taken apart.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ...kernel.conditions import ONE, ZERO, discharge, nonempty, relation
from ...kernel.replay import Proof, Step
from ...kernel.terms import Term, indices, mk, subst_index
from .. import forms
from ..conversion import Result, below, everywhere, keep, law, then
from ..counterexample import violation
from ..equality import Hints, normalizer
from .book import Book, Chain, NotProved, Part
from .direct import delta_pair


@dataclass(frozen=True)
class Relation:
    """goal: an equation or an inequality; `ways`: terms on the way from its left side, or from its difference."""
    goal: Term
    given: tuple[Term, ...]
    name: str
    ways: tuple[Term, ...] = ()


class Facts:
    """Proves relations in a book, each as a theorem with its chains."""

    def __init__(self, book: Book) -> None:
        self.book, self.ctx = book, book.record.context

    def prove(self, fact: Relation) -> str:
        """The name of the theorem. Raises NotProved, with a counterexample where the relation is false."""
        hints = Hints(given=fact.given)
        try:
            if fact.goal.op == "eq":
                self._equation(fact, hints)
                return fact.name
            proof = self._signed(fact.goal, fact, hints, Part("fact", f"{fact.name}, the difference", (), fact.given))
        except NotProved as e:
            raise self._refused(fact) from e
        if proof is None or not self._held(self.book.record.conclude(fact.name, fact.goal, proof).hypotheses, hints):
            raise self._refused(fact)
        return fact.name

    def _held(self, conditions: Iterable[Term], hints: Hints) -> bool:
        """Whether conditions are hypotheses of the fact, or bounds of sizes."""
        return all(h in hints.given or h.op == "le" and h.args[1].op == "size" for h in conditions)

    def _refused(self, fact: Relation) -> NotProved:
        left, right = fact.goal.args
        return NotProved(left, right, violation(self.ctx, fact.goal, fact.given), fact.goal.op)

    # ---------------------------------------------------------------- equations
    def _equation(self, fact: Relation, hints: Hints) -> None:
        chain = self._chain(fact.goal.args[0], (*fact.ways, fact.goal.args[1]), hints)
        self.book.finish("fact", fact.name, chain, hints, fact.given)

    def _chain(self, start: Term, ways: tuple[Term, ...], hints: Hints) -> Chain:
        """Definitions put in, then the ways; a line that needs a hypothesis says so."""
        chain = Chain(start)
        opened = forms.replace(start, lambda u: self.ctx.unfold(u) if u.op == "arr" and u.data in self.ctx.definitions else None)
        if start is not ways[0] and opened is not start:
            chain.line("definition", opened, self.book.prove_line(start, opened, Hints()))
        for term in ways:
            plain = Hints(apart=hints.apart)
            try:
                proof = self.book.prove_line(chain.end, term, plain) if hints.given else None
                chain.line("algebra", term, proof)
            except NotProved:
                chain.line("hypothesis", term)
        return chain

    # ---------------------------------------------------------------- inequalities
    def _signed(self, goal: Term, fact: Relation, hints: Hints, part: Part) -> Proof | None:
        """A proof of an inequality by the sign of a form of its difference, or by cases; `part` says where it is shown."""
        start = _difference(goal)
        ways = fact.ways or (self.book.presented(self._carried_out(start), hints),)
        chain = self._chain(start, ways, hints)
        found = next(self._known(goal.op, chain, hints, bool(fact.ways)), None)
        if found is None:
            return self._by_cases(goal, fact, hints, part)
        chain.cut(found.line)
        return self._closed(goal, chain, found, hints, part)

    def _carried_out(self, t: Term) -> Term:
        """t with its derivatives carried out."""
        convert = normalizer(self.book.record, Hints(kept=tuple(self.ctx.definitions)))
        return forms.replace(t, lambda u: convert(u)[0] if u.op == "D" else None)

    def _known(self, want: str, chain: Chain, hints: Hints, stated: bool) -> Iterator[_Form]:
        """Lines of the chain with a known sign, the last first if they were stated; then simple forms of the last line."""
        lines = range(len(chain.terms) - 1, -1, -1) if stated else [*range(1, len(chain.terms)), 0]
        candidates = [_Form(n, *keep(chain.terms[n])) for n in lines]
        for kept in (tuple(self.ctx.definitions), ()):
            convert = normalizer(self.book.record, replace(hints, kept=kept))
            normal = convert(chain.end)[0]
            fraction = convert.fraction(normal, every=True)
            candidates += [_Form(len(chain.terms) - 1, t, None) for t in (normal, fraction, forms.over_the_others(fraction))]
        for form in candidates:
            above = then((form.term, form.steps or []), _above)
            other = _Form(form.line, above[0], above[1] if form.steps is not None else None)
            yield from (f for f in (form, other) if self._sign(want, f.term, hints))

    def _sign(self, want: str, t: Term, hints: Hints) -> bool:
        """Whether the sign follows from the hypotheses of the fact, and from sizes."""
        return self._held(discharge(self.ctx, relation(want, t)), hints)

    def _closed(self, goal: Term, chain: Chain, form: _Form, hints: Hints, part: Part) -> Proof:
        """The chain as a theorem of its own, and the inequality from it by the sign of the form."""
        before = mk("add", None, goal.args[1], mk("neg", None, goal.args[0]))
        whole = _Lines(self.book, before, hints, goal.op == "ne")
        whole.line(chain.terms[0])
        if len(chain.terms) > 1:
            self.book.finish(part.heading, part.theorem, chain, hints, part.about)
            spent = discharge(self.ctx, relation(goal.op, form.term)) - {nonempty(s) for _, s in indices(goal)}
            self.book.parts[-1] = replace(self.book.parts[-1], closes=goal, spent=tuple(sorted(spent, key=repr)))
            whole.line(chain.end, [((), True, ("lemma", part.theorem, ()))])
        whole.line(form.term, form.steps)
        return ("sign", whole.terms[-1], whole.proof())

    def _by_cases(self, goal: Term, fact: Relation, hints: Hints, part: Part) -> Proof | None:
        """The inequality for equal and for different indices of a Kronecker delta in its difference."""
        pair = delta_pair(self._carried_out(_difference(goal)))
        if pair is None or pair in hints.apart:
            return None
        (i, j), to_i = pair, {pair[1].data: pair[0]}
        equal = replace(fact, ways=tuple(forms.tidy(forms.reflexive(subst_index(w, to_i))) for w in fact.ways))
        other = replace(fact, ways=tuple(forms.tidy(forms.with_delta(w, i, j, ZERO)) for w in fact.ways))
        same_part = Part("fact_equal", f"{part.theorem}, {i} = {j}", (), pair)
        other_part = Part("fact_apart", f"{part.theorem}, {i} != {j}", (), pair)
        same = self._signed(subst_index(goal, to_i), equal, hints, same_part)
        different = same and self._signed(goal, other, replace(hints, apart=(*hints.apart, pair)), other_part)
        return ("cases", i, j, same, different) if different else None


class _Lines:
    """The equations from right - left to a term with a known sign; where the goal is !=, of the negative of each term."""

    def __init__(self, book: Book, start: Term, hints: Hints, negative: bool) -> None:
        self.book, self.hints, self.negative = book, hints, negative
        self.terms, self.proofs = [start], list[Proof]()

    def line(self, new: Term, steps: list[Step] | None = None) -> None:
        """One more term; `steps` lead there from the one before."""
        new = mk("neg", None, new) if self.negative else new
        if new is not self.terms[-1]:
            moved = below(0, steps or []) if self.negative else steps or []
            proof: Proof = ("join", tuple(moved), ()) if moved else self.book.prove_line(self.terms[-1], new, self.hints)
            self.terms.append(new)
            self.proofs.append(proof)

    def proof(self) -> Proof:
        return ("lines", tuple(self.terms), tuple(self.proofs)) if self.proofs else ("join", (), ())


@dataclass(frozen=True)
class _Form:
    """A term that equals a line of a chain, with the steps that lead there (None: to be found)."""
    line: int
    term: Term
    steps: list[Step] | None


def _difference(goal: Term) -> Term:
    """The term whose sign the inequality is about: its right side minus its left, or the side that is not 0."""
    return forms.difference(*(goal.args[::-1] if goal.op == "ne" else goal.args))


def _above(t: Term) -> Result:
    """e^u - 1 as |e^u - 1| and log(1 + u) as |log(1 + u)|: equal where u is not negative, which the kernel checks."""
    return then(everywhere(t, _exp_above), lambda u: everywhere(u, _log_above))


def _log_above(t: Term) -> Result:
    fit = t.op == "log" and t.args[0].op == "add" and t.args[0].args[0] is ONE
    return law("log_above", f=t.args[0].args[1]) if fit else keep(t)


def _exp_above(t: Term) -> Result:
    fit = t.op == "add" and t.args[0].op == "exp" and t.args[1] is mk("neg", None, ONE)
    return law("exp_above", f=t.args[0].args[0]) if fit else keep(t)
