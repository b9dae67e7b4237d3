"""coqc: what is accepted, and what is refused with which words."""
from __future__ import annotations

import subprocess
from dataclasses import replace

import pytest

from derive.certify.certificate import Certificate
from derive.certify.errors import CoqMissing, CoqRefused
from derive.certify.names import Names
from derive.certify.running import Verdict, compiled, coq_version, printed_axioms, run

CERTIFICATE = Certificate("squares", "Lemma one : True. Proof. exact I. Qed. Print Assumptions one.\n", "(* library *)\n",
                          ("one",), Names(), {}, {})
VERDICT = Verdict("8.16.1", ("Classical_Prop.classic",), 1.5)
AXIOMS = """Axioms:
ClassicalDedekindReals.sig_not_dec : forall P : Prop, {~ ~ P} + {~ P}
FunctionalExtensionality.functional_extensionality_dep
  : forall (A : Type) (B : A -> Type) (f g : forall x : A, B x),
    (forall x : A, f x = g x) -> f = g
"""


# -------------------------------------------------------------------------------- coqc
def test_without_coqc_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CoqMissing, match="apt-get install coq libcoq-coquelicot"):
        coq_version()


def test_axioms_are_read_off():
    assert printed_axioms(AXIOMS) == ("ClassicalDedekindReals.sig_not_dec",
                                      "FunctionalExtensionality.functional_extensionality_dep")
    assert printed_axioms("Closed under the global context\n") == ()
    with pytest.raises(CoqRefused):
        printed_axioms("")


def test_a_certificate_without_axioms_is_accepted(coq):
    assert run(CERTIFICATE, coq).axioms == ()


@pytest.mark.parametrize(("text", "words"), [
    ("Axiom wrong : 0 = 1. Lemma one : 0 = 1. Proof. exact wrong. Qed. Print Assumptions one.", "rests on wrong"),
    ("Lemma one : 0 = 1. Proof. Admitted. Print Assumptions one.", "rests on one"),
    ("Lemma one : 0 = 1. Proof. reflexivity. Qed. Print Assumptions one.", "refuses"),
    ("Lemma one : 0 = 1. Proof. Admitted.", "no assumptions")])
def test_what_is_not_proved_is_refused(coq, text, words):
    with pytest.raises(CoqRefused, match=words):
        run(replace(CERTIFICATE, text=text), coq)


def test_a_certificate_that_runs_out_of_time_is_refused_and_its_process_ended(coq):
    (coq / "Endless.v").write_text("Goal True. do 100000000 (assert (1 = 1) as _ by reflexivity). exact I. Qed.\n")
    with pytest.raises(CoqRefused, match="did not end within 1 second"):
        compiled(coq, "Endless", 1.0)
    assert "Endless.v" not in subprocess.run(["ps", "ax"], capture_output=True, text=True, check=True).stdout
