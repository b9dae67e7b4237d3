"""What every strategy shares: statements, chains of lines, and the proof of each line by `equality`."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ...kernel.errors import ProofError
from ...kernel.replay import Proof, Reason, Theorem
from ...kernel.terms import Term, bd, mk
from .. import forms
from ..counterexample import Counterexample, counterexample
from ..equality import Hints, normalizer, prove, replayed
from ..equality import Proved as Found
from ..record import Record

SIGNS = {"eq": "=", "ne": "!=", "lt": "<", "le": "<="}
COPY = "'"                                                    # a' is the intermediate a as an independent variable


class NotProved(ProofError):
    """The engine found no proof of left = right; with a counterexample if it is false."""

    def __init__(self, left: Term, right: Term, against: Counterexample | None = None, sign: str = "eq") -> None:
        said = f"{left} {SIGNS[sign]} {right}"
        super().__init__(f"{said} is false: {against}" if against else f"no proof found of {said}")
        self.left, self.right, self.counterexample, self.sign = left, right, against, sign


@dataclass(frozen=True)
class Claim:
    """What the derivative is said to be, under hypotheses."""
    value: Term
    given: tuple[Term, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Statement:
    """The derivative of `target` (a defined symbol) by `variable`; `through` maps an intermediate to its own derivative,
    written for the indices of `places` (intermediate, variable), or to None if the engine is to find it."""
    target: Term
    variable: Term
    claims: tuple[Claim, ...]
    through: tuple[tuple[Term, Term | None], ...] = ()
    given: tuple[Term, ...] = ()                              # for a statement without claims


@dataclass(frozen=True)
class Part:
    """One displayed chain: the theorem's name, a rule for each relation sign, what the heading speaks of, for a merged
    form the theorems of its cases (equal indices first), and the inequality that follows from the sign of its last term."""
    heading: str
    theorem: str
    rules: tuple[str, ...]
    about: tuple[Term, ...] = ()
    cases: tuple[str, ...] = ()
    closes: Term | None = None
    spent: tuple[Term, ...] = ()                              # the hypotheses behind that sign


class Chain:
    """A chain of lines under construction."""

    def __init__(self, start: Term) -> None:
        self.terms, self.rules, self.proofs = [start], list[str](), list[Proof | None]()

    @property
    def end(self) -> Term:
        return self.terms[-1]

    def line(self, rule: str, new: Term, proof: Proof | None = None) -> None:
        if new is not self.end:
            self.terms.append(new)
            self.rules.append(rule)
            self.proofs.append(proof)

    def cut(self, lines: int) -> None:
        """Keep the first lines only."""
        self.terms, self.rules, self.proofs = self.terms[:lines + 1], self.rules[:lines], self.proofs[:lines]


class Book:
    """A record and the displayed chains proved in it, in order."""

    def __init__(self, record: Record, hidden: frozenset[str] = frozenset(), parts: list[Part] | None = None) -> None:
        self.record, self.hidden = record, hidden             # hidden: symbols that a found result must not speak of
        self.parts: list[Part] = [] if parts is None else parts

    def prove_line(self, left: Term, right: Term, hints: Hints) -> Proof:
        """A proof of one line: first with all symbols folded, then unfolding what is needed."""
        ctx = self.record.context
        defined = tuple(ctx.definitions)
        used = [n for n in defined if n in left.names | right.names]
        for kept in dict.fromkeys([defined, *[tuple(n for n in defined if n != m) for m in used], ()]):
            found = prove(self.record, left, right, replace(hints, kept=kept))
            if found is not None and self._clean(found, hints):
                return found.proof
        raise NotProved(left, right, counterexample(ctx, left, right, hints.given))

    def _clean(self, found: Found, hints: Hints) -> bool:
        """No hypothesis but those given, indices known to differ, and the presuppositions of what is written."""
        return all(h in hints.given or h.op != "eq" for h in found.theorem.hypotheses)

    def finish(self, heading: str, name: str, chain: Chain, hints: Hints, about: Iterable[Term] = (),
               cases: tuple[str, ...] = ()) -> Theorem:
        proofs = tuple(replayed(self.record, a, b, p).proof if p else self.prove_line(a, b, hints)
                       for a, b, p in zip(chain.terms, chain.terms[1:], chain.proofs, strict=False))
        theorem = self.record.conclude(name, mk("eq", None, chain.terms[0], chain.end), ("lines", tuple(chain.terms), proofs))
        self.parts.append(Part(heading, name, tuple(chain.rules), tuple(about), cases))
        return theorem

    def presented(self, t: Term, hints: Hints) -> Term:
        """A form that people write: definitions folded back, cancelled, factored."""
        folded = t
        ctx = self.record.context
        for name, (sets, body) in reversed([d for d in ctx.definitions.items() if d[0] not in self.hidden]):
            folded = forms.Folding(name, sets, body)(folded)
        convert = normalizer(self.record, replace(hints, kept=tuple(ctx.definitions)))
        return forms.factored(convert(forms.tidy(folded))[0])


def bound(a: Term) -> list[Term]:
    return [bd(len(a.args) - 1 - n, i.data[1]) for n, i in enumerate(a.args)]


def copied(t: Term) -> Term:
    return mk("arr", t.data + COPY, *t.args)


def plain(t: Term) -> str:
    return str(t.data).rstrip(COPY)


def ratio(above: Term, below: Term) -> str:
    """The name of a theorem about a derivative."""
    return f"d{plain(above)}/d{plain(below)}"


def by(*reasons: Reason, at: tuple[int, ...] = ()) -> Proof:
    """A proof by reasons applied from left to right at one place."""
    return ("join", tuple((at, True, reason) for reason in reasons), ())
