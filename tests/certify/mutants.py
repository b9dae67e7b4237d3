"""Certificates of wrong statements: the claim altered in its lemma and in its theorem, the proof as it was.

What comes before the claim is compiled once; a mutant is the claim alone, on top of that.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.certify.certificate import Certificate
from derive.certify.statement import Statement
from derive.kernel.terms import mk, num


@dataclass(frozen=True)
class Parts:
    """A certificate cut before the claim with the most hypotheses, a derivative if there is one: `base` is compiled once,
    `claim` is its lemma and its theorem."""
    base: str
    head: str
    claim: str
    statement: Statement


def cut(certificate: Certificate, module: str) -> Parts:
    said = certificate.statements
    ident = max(certificate.claims, key=lambda c: (said[c].differentiates, len(said[c].hypotheses)))
    text = certificate.text
    lemma = certificate.equations[ident]
    start = text.index(f"Lemma {lemma} :")
    end = text.index("\nLemma ", start + 1) if "\nLemma " in text[start + 1:] else text.index("(** * The theorems")
    theorem = text.index(f"Theorem {ident} :")
    claim = text[start:end] + text[theorem:text.index("(** Its premises", theorem)]
    head = text[:text.index("(** * Definitions *)")]
    return Parts(text[:start], f"{head}From DeriveProofs Require Import {module}.\n", claim, certificate.statements[ident])


def mutants(parts: Parts) -> Iterator[tuple[str, str]]:
    """(kind, text of the altered claim): a wrong sign, a factor 2, a dropped term, each hypothesis dropped."""
    statement = parts.statement
    left, right = statement.conclusion.args
    values = {"sign": mk("neg", None, right), "factor 2": mk("mul", None, num(2), right), "dropped term": shortened(right)}
    for kind, value in values.items():
        other = replace(statement, conclusion=mk(statement.conclusion.op, None, left, value))
        yield kind, parts.claim.replace(f"  {statement.equation}.\nProof", f"  {other.equation}.\nProof") \
            .replace(f"  {statement.claimed}.\nProof", f"  {other.claimed}.\nProof")
    for h, premise in zip(statement.hypotheses, statement.premises[-len(statement.hypotheses):], strict=False):
        name = statement.hypothesis(h)
        yield f"without {premise}", parts.claim.replace(f"  {premise} ->\n", "").replace(f" {name}", "")


def shortened(t):
    """t without one of its terms, or factors, or nothing at all."""
    for op in ("add", "mul"):
        found = dropped(t, op)
        if found is not t:
            return found
    return num(0)


def dropped(t, op):
    if t.op == op:
        return t.args[0]
    for n, a in enumerate(t.args):
        if a.op not in ("ix", "bd") and (b := dropped(a, op)) is not a:
            return mk(t.op, t.data, *t.args[:n], b, *t.args[n + 1:])
    return t
