"""The textbook strategy: from definitions and claims to chains of lines, each proved and recorded as one theorem.

It proposes the lines with `forms`, proves every relation sign with `equality`, and knows no particular loss.
"""
from __future__ import annotations

from dataclasses import replace

from ...kernel.conditions import split
from ...kernel.terms import mk
from .. import forms
from ..counterexample import counterexample
from ..equality import Hints, normalizer
from ..record import Record
from .book import COPY, SIGNS, Book, Chain, Claim, NotProved, Part, Statement, by, ratio
from .direct import Direct
from .facts import Facts, Relation
from .through import AT_OUTPUTS, Through

__all__ = ["AT_OUTPUTS", "COPY", "Book", "Claim", "Facts", "NotProved", "Part", "SIGNS", "Relation", "Statement", "Textbook"]


class Textbook(Book):
    """Derives a statement in a record."""

    def __init__(self, record: Record, statement: Statement, parts: list[Part] | None = None) -> None:
        super().__init__(record, frozenset() if statement.claims else frozenset({str(statement.target.data)}), parts)
        self.statement = statement
        self.claimed: list[str] = []                          # the theorem of each claim, in order

    def run(self) -> None:
        """Prove every claim. Raises NotProved with the first that has no proof."""
        s = self.statement
        alone = [c for c in s.claims if len(s.claims) == 1 and not _equations(c)]
        first = next((c for c in (*s.claims, *alone) if not c.given or c in alone), None)
        start = mk("D", None, s.target, s.variable)
        try:
            value, given = (first.value, first.given) if first else (None, ())
            base = Through(self, s).derive(first) if s.through else \
                Direct(self).derive(ratio(s.target, s.variable), s.target, s.variable, value, given)
            self.claimed = [self._claim(claim, base) for claim in s.claims] or [self._simplified(base)]
        except NotProved as e:
            for claim in s.claims:
                against = counterexample(self.record.context, start, claim.value, claim.given)
                if against is not None:
                    raise NotProved(start, claim.value, against) from e
            raise

    def _simplified(self, base: str) -> str:
        """Without a claim: what the derivative comes to under the hypotheses of the statement."""
        if not self.statement.given:
            return base
        hints = Hints(given=self.statement.given)
        return self._claim(Claim(self.presented(self.record.theorems[base].sides[1], hints), hints.given, "simplified"), base)

    def _claim(self, claim: Claim, base: str) -> str:
        """The theorem under its hypotheses, from the one without; its name."""
        theorem = self.record.theorems[base]
        start, known = theorem.sides
        if known is claim.value and theorem.hypotheses <= {*claim.given}:
            return base
        chain = Chain(start)
        chain.line("theorem", known, by(("lemma", base, ())))
        hints = Hints(given=claim.given)
        used = normalizer(self.record, replace(hints, kept=tuple(self.record.context.definitions)))(known)[0]
        chain.line("hypothesis", used if sorted(forms.addends(used), key=repr) != sorted(forms.addends(claim.value), key=repr)
                   else claim.value)
        chain.line("rewrite", claim.value)
        self.finish("theorem", claim.name, chain, hints, claim.given)
        return claim.name


def _equations(claim: Claim) -> bool:
    """Whether a hypothesis of the claim is an equation: the derivation from the definition does not use those."""
    cores = [split(h)[1] for h in claim.given]
    return any(core.op == "eq" for core in cores)
