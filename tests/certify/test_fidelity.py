"""What a certificate prints is what was proved: random terms read back as themselves, altered texts do not pass."""
from __future__ import annotations

import re
from dataclasses import replace

import pytest
from engine.strategies import LETTERS, context, terms
from hypothesis import given, settings

import derive
from derive.certify.errors import NotCertified
from derive.certify.fidelity import check
from derive.certify.names import RESERVED, Names
from derive.certify.readback import parsed, reader
from derive.certify.running import compiled
from derive.certify.spelling import Scope
from derive.kernel.context import FUNCTION
from derive.kernel.terms import bd, ix, mk, num

CTX = context().declare("s", FUNCTION)


def names():
    found = Names()
    for name in CTX.arrays:
        found.add_array(name)
    found.add_terms([ix(*letter) for letter in LETTERS])
    return found


NAMES = names()
SCOPE, READER = Scope(CTX, NAMES), reader(CTX, NAMES)
i, j, z, y = ix("i", "N"), ix("j", "N"), mk("arr", "z", ix("i", "N")), mk("arr", "y", bd(0, "N"))
CONDITIONS = (
    mk("eq", None, mk("sum", "N", y), num(1)), mk("all", "N", mk("lt", None, num(0), y)), mk("ne", None, z, num(0)),
    mk("le", None, num(1), mk("size", "N")), mk("le", None, num(2), mk("size", "M")), mk("apart", None, i, j),
    mk("all", "N", mk("unless", None, bd(0, "N"), i, mk("ne", None, y, num(0)))),
    mk("all", "N", mk("when", None, bd(0, "N"), i, mk("lt", None, num(0), y))),
    mk("all", "N", mk("all", "M", mk("le", None, num(0), mk("arr", "w", bd(1, "N"), bd(0, "M"))))))
NUMBERS = ("2", "-2", "1/2", "-1/2")


# -------------------------------------------------------------------------------- terms
@settings(max_examples=200, deadline=None)
@given(terms(derivatives=True))
def test_random_terms_read_back_as_themselves(t):
    assert READER.real(parsed(SCOPE.show(t))) is t


@settings(max_examples=50, deadline=None)
@given(terms(depth=2), terms(depth=2, smooth=True))
def test_derivatives_within_derivatives(t, u):
    w = mk("arr", "w", i, ix("q", "M"))
    for v in (mk("arr", "x"), z, w):
        nested = mk("D", None, mk("mul", None, mk("D", None, u, v), mk("add", None, t, u)), w)
        assert READER.real(parsed(SCOPE.show(nested))) is nested


@pytest.mark.parametrize("c", CONDITIONS, ids=repr)
def test_conditions_read_back_as_themselves(c):
    assert READER.condition(parsed(SCOPE.show(c))) is c


def test_numbers_are_no_quotients_and_no_opposites():
    """The literal 1/2 is one number, 1 * / 2 a product; -2 is a number, - 2 an opposite."""
    two = num(2)
    for t in (*map(num, NUMBERS), mk("mul", None, num(1), mk("inv", None, two)), mk("neg", None, two),
              mk("fun", ("s", 2), mk("neg", None, num("-1/2")))):
        assert READER.real(parsed(SCOPE.show(t))) is t
    assert len({SCOPE.show(t) for t in (num("1/2"), mk("mul", None, num(1), mk("inv", None, two)))}) == 2


@pytest.mark.parametrize("text", [
    "Derive (fun t : R => z i) (z i)",                        # z at its old value below a derivative by z
    "Derive (fun t : R => upd z j t i) (z i)",                # another place than the one that moves
    "Derive (fun t : R => upd w i t i) (z i)", "z", "z q", "delta i q", "k + 1", "Sum N (fun k => delta k q)", "z i +", "foo i"])
def test_text_that_says_something_else_is_refused(text):
    with pytest.raises((NotCertified, derive.DeriveError, LookupError)):
        READER.real(parsed(text))


def bracketed(t, bound=()) -> str:
    """t with all brackets and no sugar, by code of its own."""
    args = [] if t.op in ("sum", "arr", "delta") else [bracketed(a, bound) for a in t.args]
    match t.op:
        case "num":
            return f"(IZR ({t.data.numerator}) * / IZR {t.data.denominator})"
        case "size":
            return f"(INR {t.data})"
        case "add" | "mul":
            return f"({args[0]} {'+' if t.op == 'add' else '*'} {args[1]})"
        case "neg" | "inv":
            return f"({'Ropp' if t.op == 'neg' else 'Rinv'} {args[0]})"
        case "arr" | "delta":
            places = [bound[-1 - a.data[0]] if a.op == "bd" else a.data[0] for a in t.args]
            return f"({' '.join([t.data or 'delta', *places])})"
        case "sum":
            letter = f"b{len(bound)}"
            return f"(Sum {t.data} (fun {letter} : nat => {bracketed(t.args[0], (*bound, letter))}))"
    names = {'exp': 'exp', 'log': 'ln', 'sqrt': 'sqrt', 'abs': 'Rabs', 'step': 'step', 'max': 'Rmax'}
    return f"({names[t.op]} {' '.join(args)})"


def test_coq_reads_terms_as_we_do(coq):
    """The brackets that are left out are those that Coq's own grammar puts in."""
    found: list[str] = []

    @settings(max_examples=80, deadline=None, derandomize=True, database=None)
    @given(terms())
    def collect(t):
        found.append(f"Goal {SCOPE.show(t)} = {bracketed(t)}. Proof. unfold Rdiv, Rminus. first [reflexivity|nums]. Qed.\n")
    collect()
    variables = "Variables (N M : nat) (x u : R) (z y : nat -> R) (w : nat -> nat -> R) (i j k q : nat).\n"
    numbers = "Ltac nums := rewrite ?Rinv_1, ?Rmult_1_r; reflexivity.\n"
    head = "From Coq Require Import Reals.\nFrom DeriveProofs Require Import Gradients.\nOpen Scope R_scope.\nSection Terms.\n"
    (coq / "Terms.v").write_text(f"{head}{variables}{numbers}{''.join(found)}End Terms.\n")
    compiled(coq, "Terms")


# -------------------------------------------------------------------------------- whole certificates
@pytest.fixture(scope="module")
def softmax():
    return derive.prove("softmax-cross-entropy")


def compared(theorem, text):
    check(replace(theorem.certificate(), text=text), theorem.derivation.record.context)


ALTERED = (
    ("- y i).\nProof", "+ y i).\nProof"), ("(a N z i - y i)", "(a N z i - y i / 2)"), ("- y i).\nProof", "- y i + 0).\nProof"),
    ("  Sum N (fun l => y l) = 1 ->\n  is_derive", "  is_derive"), ("(fun l => y l) = 1 ->\n  is", "(fun l => y l) = 2 ->\n  is"),
    ("y l = delta l k", "y l = delta k l"), ("(k < N)%nat ->\n  (forall", "(forall"),
    ("C N y (upd z i t)) (z i)", "C N y z) (z i)"),
    ("C N y (upd z i t)) (z i)", "C N (upd z i t) y) (z i)"), ("C N y (upd z i t)) (z i)", "C N y (upd z i t)) (y i)"),
    ("  exp (z l) / Sum N (fun m => exp (z m)).\nLemma", "  exp (z l) / Sum N (fun m => exp (z l)).\nLemma"),
    ("  - Sum N (fun l => y l * ln (a N z l)).\nLemma", "  Sum N (fun l => y l * ln (a N z l)).\nLemma"),
    ("Theorem dC_dz_certified : forall (N : nat)", "Theorem dC_dz_certified : forall (N : R)"))


def test_a_certificate_reads_back(softmax):
    compared(softmax, softmax.certificate().text)


@pytest.mark.parametrize(("old", "new"), ALTERED)
def test_an_altered_certificate_does_not(softmax, old, new):
    text = softmax.certificate().text
    start = text.index("(** * The theorems")                  # the chains are coqc's to judge
    definitions = text.index("(** * Definitions")
    place = text.find(old, start)
    place = place if place >= 0 else text.index(old, definitions)
    with pytest.raises(NotCertified):
        compared(softmax, text[:place] + text[place:].replace(old, new, 1))


# -------------------------------------------------------------------------------- names
def test_names_are_identifiers_of_their_own():
    found = Names()
    called = ["a", "a'", "Sum", "exp", "in", "2x", "σ", "dC/da at the outputs", "dC/da_at the outputs", "H", "Hk", "R", "fun", ""]
    for name in called:
        found.add_array(name)
    idents = list(found.arrays.values())
    assert len(set(idents)) == len(called)
    assert not RESERVED & set(idents)
    assert all(re.fullmatch(r"[A-Za-z][\w']*", ident, re.ASCII) and not re.match("H.", ident) for ident in idents)


def test_two_things_of_one_name_are_refused():
    same = replace(NAMES, arrays={**NAMES.arrays, "other": "z"})
    with pytest.raises(NotCertified, match="one name"):
        reader(CTX, same)
