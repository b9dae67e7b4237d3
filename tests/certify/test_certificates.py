"""Certificates of entries: accepted by coqc, refused when the statement is wrong. `pytest -m coq` goes through them all."""
from __future__ import annotations

import re

import pytest

import derive
from certify.mutants import cut, mutants
from derive.catalogue.discovery import evidence_folder, own_names
from derive.certify.errors import CoqRefused
from derive.certify.running import ALLOWED, compiled, run

SAMPLE = ("softmax-cross-entropy", "hinge")               # a chain rule and cases; a kink
MUTATED = ("relu",)
# What is true without its hypothesis, functions being total: sigma = 0 makes the kernel constant, and the gradient 0.
NEEDLESS = {"gaussian-kernel": ["without sigma <> 0"]}
LIMIT = 120.0                                                 # seconds; a mutant that takes longer is no acceptance either


def accepted(name, coq):
    verdict = run(derive.prove(name).certificate(), coq)
    assert {".".join(a.split(".")[-2:]) for a in verdict.axioms} <= ALLOWED
    return verdict


def refused(name, coq):
    """Every mutant of an entry is refused, and the claim as it stands is not."""
    certificate = derive.prove(name).certificate()
    module = f"Base_{name.replace('-', '_')}"
    parts = cut(certificate, module)
    (coq / f"{module}.v").write_text(parts.base)
    compiled(coq, module)

    def verdict(text):
        (coq / "Mutant.v").write_text(parts.head + text)
        try:
            compiled(coq, "Mutant", LIMIT)
        except CoqRefused as e:
            return str(e)
        return None
    assert verdict(parts.claim) is None
    judged = {kind: verdict(text) for kind, text in mutants(parts)}
    assert [kind for kind, found in judged.items() if found is None] == NEEDLESS.get(name, [])
    assert len(judged) == 3 + len(parts.statement.hypotheses)


@pytest.mark.parametrize("name", SAMPLE)
def test_coqc_accepts(name, coq):
    accepted(name, coq)


@pytest.mark.parametrize("name", MUTATED)
def test_coqc_refuses_wrong_statements(name, coq):
    refused(name, coq)


@pytest.mark.coq
@pytest.mark.parametrize("name", own_names())
def test_coqc_accepts_the_catalogue(name, coq):
    assert accepted(name, coq).seconds < 60


@pytest.mark.coq
@pytest.mark.parametrize("name", own_names())
def test_coqc_refuses_wrong_statements_of_the_catalogue(name, coq):
    refused(name, coq)


def test_evidence_is_about_entries_of_the_catalogue():
    """Whether it is about the certificates as they are now is for `derive build --check` to say."""
    kept = {p.stem for p in evidence_folder("softmax-cross-entropy").iterdir()}
    assert kept and kept <= set(own_names())


def test_a_certificate_follows_the_chain_line_by_line():
    """Each line of the displayed chain is a transitivity, and each law that the kernel used stands in the proof."""
    theorem = derive.prove("softmax-cross-entropy")
    text = theorem.certificate().text
    d = theorem.derivation
    lines = sum(len(d.theorem(p.theorem).parts) - 1 for p in d.parts)
    assert len(re.findall(r"^  transitivity ", text, re.MULTILINE)) >= lines > 15
    for p in d.parts:
        for rule in p.rules:
            assert f"(* {rule} *)" in text
    for law in theorem.page.laws:
        assert law in ("field", "differentiate", "unfold", "use", "lemma", "chain", "cases") or law in text


def test_a_certificate_speaks_like_a_mathematician():
    text = derive.prove("softmax-cross-entropy").certificate().text
    assert "  Sum N (fun l => y l) = 1 ->\n  is_derive (fun t : R => C N y (upd z i t)) (z i) (a N z i - y i).\n" in text
    assert "Admitted" not in text and "Axiom" not in text
