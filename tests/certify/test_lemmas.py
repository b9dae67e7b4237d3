"""The library: a lemma for every law, of the same name and with the statement that the row says; nothing left unproved."""
from __future__ import annotations

import re

import pytest

from derive.certify.errors import CoqRefused
from derive.certify.lemmas import obligations, statement
from derive.certify.operators import SPELLING
from derive.certify.running import compiled
from derive.kernel.laws.operators import OPERATORS
from derive.kernel.laws.rows import LAWS

HEAD = """From Coq Require Import Reals.
From Coquelicot Require Import Coquelicot.
From DeriveProofs Require Import Gradients.
Open Scope R_scope.
"""
WRONG = (("sum_const", "INR n0 * c", "INR n0 + c"), ("d_mul", "(f p) *", "(g p) *"), ("d_log", "(0 < (f p)) ->", ""),
         ("log_mul", "(0 < g) ->", ""), ("delta_apart", "(i <> j) ->", ""), ("sum_delta", "= f i", "= f 0%nat"))


def lemmas(library: str) -> set[str]:
    return set(re.findall(r"^ *Lemma (\w+)", library, re.MULTILINE))


def test_every_law_has_a_lemma_of_its_name(library):
    assert set(LAWS) - lemmas(library) == set()


def test_no_lemma_of_the_library_is_assumed(library):
    code = re.sub(r"\(\*.*?\*\)", "", library, flags=re.DOTALL)
    assert not re.findall(r"\b(Admitted|admit|Axioms?|Parameters?|Conjecture|Hypothes[ie]s)\b", code)
    assert not re.findall(r"^Variables?\b", code, re.MULTILINE)        # only in sections


def test_every_operator_has_a_spelling():
    assert set(SPELLING) == set(OPERATORS)


def test_every_operator_that_a_proof_may_enter_has_a_lemma_for_each_argument(library):
    entered = {name: row for name, row in OPERATORS.items() if row.sort == "r" and "r" in row.takes}
    for name, row in entered.items():
        expected = 1 if name == "D" else row.takes.count("r")
        assert len(SPELLING[name].lemmas) == expected, name
        assert {lemma.split()[0] for lemma in SPELLING[name].lemmas} <= lemmas(library)


def test_the_lemmas_say_what_the_rows_say(coq):
    """The statement is computed from the row; coqc accepts the lemma of that name as its proof."""
    text = HEAD + "".join(f"Definition law_{name} : {statement(row)} := {name}.\n" for name, row in LAWS.items())
    (coq / "Laws.v").write_text(text)
    compiled(coq, "Laws")


def test_a_lemma_does_not_prove_another_statement(coq):
    """`Fail` succeeds where coqc refuses, and fails where it accepts."""
    assert all(old in statement(LAWS[name]) for name, old, _ in WRONG)
    attempts = [f"Fail Definition wrong_{name} : {statement(LAWS[name]).replace(old, new, 1)} := {name}.\n"
                for name, old, new in WRONG]
    (coq / "Wrong.v").write_text(HEAD + "".join(attempts))
    compiled(coq, "Wrong")
    (coq / "Right.v").write_text(f"{HEAD}Fail Definition right : {statement(LAWS['sum_add'])} := sum_add.\n")
    with pytest.raises(CoqRefused):
        compiled(coq, "Right")


def test_side_conditions_of_the_rows_are_counted():
    """Conditions on what does not depend on the variable are none; those of an operator are its own and its arguments'."""
    expected = {"sum_add": 0, "d_const": 0, "d_mul": 2, "d_mul_left": 1, "d_quot": 3, "d_log": 2, "d_sum": 1}
    assert {name: obligations(LAWS[name]) for name in expected} == expected
