"""The Python API: prove an entry, or a gradient typed on the spot, and look at the theorem.

A theorem counts as proved when its proof file was replayed by the kernel alone, in a process of its own.
"""
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import sympy as sp

from . import code
from .algebra.derivation import Derivation, derive
from .algebra.statement import Claim, Entry, Fact
from .catalogue.discovery import load
from .certify.certificate import Certificate, certificate
from .certify.errors import NotCertified
from .code.axes.module import EntryModule, Source, generate
from .engine.forms import compared
from .engine.textbook import SIGNS, NotProved
from .evidence_store import evidence
from .kernel.errors import DeriveError, ProofError
from .kernel.terms import mk
from .rendering.environment import template_root
from .rendering.latex import Latex
from .rendering.layout import Layout, Notation, layout
from .rendering.page import Computation, Page, Statement, Subject, page
from .rendering.render import render
from .rendering.text import Text

_REPLAY = ("import sys, json; from derive.kernel.files import read; "
           "dev = read(sys.stdin.read()); print(json.dumps({n: repr(t) for n, t in dev.theorems.items()}))")
SCHEMA = 1


class NotReplayed(ProofError):
    """The kernel, alone and from the proof file, does not confirm the theorem."""


class ClaimNotProved(ProofError):
    """A claim of an entry that has no proof: false, with a counterexample, or undecided."""

    def __init__(self, name: str, cause: NotProved) -> None:
        said = Text().show(layout(mk(cause.sign, None, cause.left, cause.right), Notation()))
        against = cause.counterexample
        super().__init__(f"{name}: {said} is " + (f"false: {against}" if against else "undecided: no proof was found"))
        self.counterexample = against


class LadderFailed(ProofError):
    """A level of the ladder was tried and failed: the statement is not shown as a theorem."""


class Theorem:
    """A proved statement: sides and hypotheses as SymPy, the chain, its pages and its code."""

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.entry = derivation.entry

    # ---------------------------------------------------------------- what was proved
    @property
    def lhs(self) -> Any:
        """The derivative, unevaluated; of an entry without derivatives, the left side of its first fact as it is printed."""
        return self._sides[0]

    @property
    def rhs(self) -> Any:
        """The gradient, in a form that a person would write."""
        return self._sides[1]

    @property
    def _sides(self) -> tuple[Any, Any]:
        """Both sides as SymPy. An inequality has them in the order of its sign, which is < or <= however it was stated."""
        d, stated = self.derivation, self.derivation.main[0]
        left, right = d.conclusion.conclusion.args
        if not isinstance(stated, Fact):
            return d.expression(left), stated.value
        if d.conclusion.conclusion.op in ("lt", "le"):
            smaller, larger = compared(left, right)
            return d.expression(smaller), d.expression(larger)
        return stated.relation.lhs, stated.relation.rhs

    @property
    def given(self) -> tuple[Any, ...]:
        return tuple(self.derivation.main[0].given)

    @property
    def hypotheses_used(self) -> list[str]:
        """Hypotheses of the theorem, as LaTeX."""
        return [Latex().show(h) for h in self.statement.hypotheses]

    @property
    def verdict(self) -> str:
        return self.derivation.verdict

    @property
    def statement(self) -> Statement:
        """The main claim as it stands on the page."""
        return self.page.statements[self._main_number]

    @property
    def _main_number(self) -> int:
        return self.derivation.statements.index(self.derivation.main)

    # ---------------------------------------------------------------- how far it was checked
    @cached_property
    def ladder(self) -> dict[str, bool | None]:
        """Levels reached: True, False (tried and failed), None (not tried)."""
        d = self.derivation
        assert d.proof_file                                   # written before the second opinion looks at the record
        with ThreadPoolExecutor(1) as aside:                  # the other process replays while SymPy is at work here
            alone = aside.submit(self.replayed_alone)
            crossed = d.proposal_agrees() and d.cross_checked()
            checked = alone.result() and d.has_witness()
        return {"derived": True, "checked": checked, "cross_checked": crossed,
                "certified": True if self.uncertified is None else None, "code_verified": self.code_verified,
                "accuracy": True if self.accuracy else None}

    def certificate(self) -> Certificate:
        """The Rocq/Coq certificate, read back and compared: its text is str() of it. Raises NotCertified with what has no form
        in one."""
        from .certify.fidelity import check  # its grammar is not needed to look at a theorem
        check(self._certificate, self.derivation.record.context)
        return self._certificate

    @cached_property
    def _certificate(self) -> Certificate:
        d = self.derivation
        return certificate(self.entry.name, self.entry.title, d.record, [name for _, name in d.statements],
                           {p.theorem: p.rules for p in d.parts}, template_root())

    @cached_property
    def uncertified(self) -> str | None:
        """Why it does not count as certified; None if there is evidence that coqc accepted this very certificate."""
        known = evidence(self.entry.name)
        if known.record("certified") is None:
            return "coqc has not been run on its certificate"
        try:
            return None if known.holds("certified", self._certificate.digest) else "the evidence is about another certificate"
        except NotCertified as e:
            return str(e)

    @property
    def code_verified(self) -> bool | None:
        """True if there is evidence that every function of this very module was traced and proved; None without."""
        known = evidence(self.entry.name)
        if known.record("code_verified") is None:
            return None
        try:
            return known.holds("code_verified", self.module.digest) or None
        except DeriveError:                                   # no code for it: said when the module is asked for
            return None

    @property
    def accuracy(self) -> Mapping[str, Mapping[str, float | str]]:
        """Worst errors in ulp, function -> format -> error, if there is evidence about this very module; else nothing."""
        known = evidence(self.entry.name)
        found = known.record("accuracy")
        try:
            return found["ulp"] if found is not None and known.holds("accuracy", self.module.digest) else {}
        except DeriveError:                                   # no code for it: said when the module is asked for
            return {}

    @property
    def uncoded(self) -> str | None:
        """Why its code does not count as verified, or has functions missing; None if all of it was generated and proved."""
        try:
            module = self.module
        except DeriveError as e:
            return str(e)
        missing = module.missing if isinstance(module, EntryModule) else {}
        reasons = [f"{', '.join(n for n, r in missing.items() if r == why)}: {why}" for why in dict.fromkeys(missing.values())]
        if not self.code_verified:
            reasons.append("derive code --verify has not been run on its module")
        return "; ".join(reasons) or None

    def confirmed(self) -> Theorem:
        """The theorem itself. Raises LadderFailed if a level of the ladder failed."""
        failed = [level for level, reached in self.ladder.items() if reached is False]
        if failed:
            raise LadderFailed(f"{self.entry.name}: {', '.join(failed)} failed; it is not shown as a theorem")
        return self

    def replayed_alone(self) -> bool:
        """Replay the proof file in a process that imports the kernel alone. Raises NotReplayed."""
        folder = str(Path(__file__).resolve().parent.parent)
        script = f"import sys; sys.path.insert(0, {folder!r}); {_REPLAY}"
        done = subprocess.run([sys.executable, "-I", "-c", script], input=self.derivation.proof_file, text=True,
                              capture_output=True, check=False, encoding="utf-8")
        if done.returncode != 0:
            raise NotReplayed(f"{self.entry.name}: the proof file was refused: {done.stderr.strip().splitlines()[-1]}")
        shown = json.loads(done.stdout)
        return all(shown.get(name) == repr(self.derivation.theorem(name)) for _, name in self.derivation.statements)

    # ---------------------------------------------------------------- pages
    @cached_property
    def page(self) -> Page:
        """The page of the theorem; asking for it climbs the ladder."""
        d = self.derivation
        return page(Subject(self.entry.name, self.entry.title, d.record, d.parts, [(name, c.about) for c, name in d.statements],
                            d.reader.letters, d.alphabet, d.places, self.entry.meaning, self.ladder, self.entry.layers,
                            self.entry.remarks, self.accuracy, self._computed()))

    def _computed(self) -> Computation | None:
        """The spellings that the generated code computes."""
        try:
            record = self.module.record
        except DeriveError:
            return None
        return Computation(record, tuple(n for n in record.theorems if n not in self.derivation.record.theorems))

    def render(self, kind: str, lang: str = "en") -> str:
        """The page as "latex", "markdown" or "text", in English or Chinese ("zh")."""
        return render(kind, self.page, lang)

    def to_latex(self) -> str:
        return self.render("latex")

    def to_code(self, target: str = "numpy") -> str:
        """A generated module that computes the theorem, for "numpy", "torch" or "jax". Raises DeriveError if there is nothing to
        compute."""
        return self._module(target).source

    @cached_property
    def module(self) -> code.Module:
        """The generated NumPy module. Raises DeriveError if there is nothing to compute."""
        return self._module("numpy")

    @property
    def module_name(self) -> str:
        """The name of the generated module."""
        return self.entry.name.replace("-", "_")

    def code_test(self, target: str = "numpy") -> str:
        """The generated module's own test file, for a module of the name `module_name` beside it."""
        return self._module(target).test

    def _module(self, target: str) -> code.Module:
        d = self.derivation
        claims = [name for _, name in d.claims]
        if not self.entry.code or target != "numpy":
            return generate(Source(d.record, claims, self.entry.title, self.entry.meaning, template_root(), self.module_name),
                            target)
        return code.generate(d.record, claims, self.entry.code, self.entry.title, template_root(), module_name=self.module_name)

    def _repr_markdown_(self) -> str:
        return self.render("markdown")

    # ---------------------------------------------------------------- the chain as data
    @property
    def steps(self) -> list[dict[str, Any]]:
        """The lines of the main chain: number, latex, text, rule, reason, laws, hypotheses."""
        names = [p.theorem.split(",")[0] if p.heading == "fact" else p.theorem for p in self.derivation.parts]
        name = self.derivation.main[1]
        chain = [*self._lines(names.index(name))] if name in names else []
        if chain and chain[0]["rule"] == "theorem above":
            chain = [*self._lines(names.index(self.base)), *chain[1:]]
        return [{**line, "number": n} for n, line in enumerate(chain, 1)]

    @property
    def base(self) -> str:
        """The name of the theorem without hypotheses, which the claims start from."""
        d = self.derivation
        if d.conclusion.conclusion.op != "eq":
            return d.main[1]
        left = d.conclusion.sides[0]
        return next((p.theorem for p in reversed(d.parts) if p.heading in ("chain_rule", "merged", "derivative")
                     and d.theorem(p.theorem).sides[0] is left), d.main[1])

    def _lines(self, n: int) -> list[dict[str, Any]]:
        section = self.page.sections[n]
        return [{"number": k, "latex": Latex().show(line.value), "text": Text().show(line.value), "rule": line.title,
                 "reason": line.reason, "laws": list(line.laws), "hypotheses": [Latex().show(h) for h in line.hypotheses]}
                for k, line in enumerate(section.lines, 1)]

    def to_json(self) -> dict[str, Any]:
        """The object that `derive prove --output-format json` prints."""
        d, statement = self.derivation, self.statement
        stated = [layout(d.reader.condition(h), self.page.notation) for h in self.given]

        def both(shown: Layout, sympy: Any) -> dict[str, str]:
            return {"latex": Latex().show(shown), "sympy": sp.sstr(sympy)}
        lemmas = [self._lemma(n) for n, p in enumerate(d.parts) if p.theorem not in (self.base, d.main[1])]
        sign = {} if statement.relation.sign == "eq" else {"relation": SIGNS[statement.relation.sign]}
        return {"name": self.entry.name, **sign,
                "statement": both(statement.left, self.lhs), "claim": both(statement.right, self.rhs),
                "given": [Latex().show(h) for h in stated], "hypotheses_used": self.hypotheses_used,
                "verdict": self.verdict, "steps": self.steps, "lemmas": lemmas,
                "presuppositions": [Latex().show(c) for c in self.page.presuppositions],
                "schema": SCHEMA, "ladder": self.ladder}

    def _lemma(self, n: int) -> dict[str, Any]:
        """An intermediate theorem, in the shape of the whole."""
        d, section = self.derivation, self.page.sections[n]
        theorem, notation = d.theorem(section.theorem), self.page.notation
        left, right = theorem.sides
        spent = [Latex().show(layout(h, notation)) for h in sorted(theorem.hypotheses, key=repr)]    # a heading may say i != j
        return {"name": section.theorem,
                "statement": {"latex": Latex().show(section.start), "sympy": sp.sstr(d.expression(left))},
                "claim": {"latex": Latex().show(section.lines[-1].value), "sympy": sp.sstr(d.expression(right))},
                "given": [], "hypotheses_used": spent, "verdict": "proved_under" if spent else "proved", "steps": self._lines(n)}

    def __repr__(self) -> str:
        statement = self.statement
        given = " and ".join(Text().show(h) for h in statement.hypotheses)
        claim = f"{Text().show(statement.relation)}{' if ' + given if given else ''}"
        return f"<Theorem {claim}: {self.verdict}>"


def prove(entry: str | Entry) -> Theorem:
    """Prove an entry of the catalogue or of the project by name, or one made on the spot.

    Raises UnknownEntry, FragmentError, StatementError, NotProved (with a counterexample where a claim is false).
    """
    stated = load(entry) if isinstance(entry, str) else entry
    try:
        return Theorem(derive(stated))
    except NotProved as e:
        raise ClaimNotProved(stated.name, e) from e


def gradient(expression: Any, variable: Any, given: Sequence[Any] = (), claim: Any = None) -> Theorem:
    """The gradient of a SymPy expression by an entry such as z[i], found, simplified and proved for every size.

    Hypotheses are relations or ForAll; with `claim`, that form is proved. Raises as `prove` does.
    """
    free = {i for e in sp.sympify(expression).atoms(sp.Indexed, sp.KroneckerDelta) for i in getattr(e, "indices", e.args)}
    letters = sorted(free & sp.sympify(expression).free_symbols, key=str)
    name = sp.IndexedBase("f", real=True)[tuple(letters)] if letters else sp.Symbol("f", real=True)
    claims = () if claim is None else (Claim(claim, tuple(given)),)
    return prove(Entry("expression", "A gradient", {name: expression}, (name, variable), claims, given=tuple(given)))
