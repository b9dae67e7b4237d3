"""Declared laws of abstract functions: met at points where the function is given values, contradictions are not."""
from __future__ import annotations

import pytest
from sympy import Derivative, Eq, Function, Sum

import derive
from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size
from derive.kernel.errors import DeriveError
from derive.kernel.files import read

N = size("N")
i, j = indices("i j")
(z,) = arrays("z", N)
(C,) = scalars("C")
f = Function("f")
slope, value = Derivative(f(z[j]), z[j]), f(z[j])
DEFINED = {C: Sum(f(z[j]), (j, 1, N))}


def law(right):
    return ForAll((j,), Eq(slope, right))


def proved(claim, *laws):
    return derive.prove(Entry("law", "A law", DEFINED, (C, z[i]), (Claim(claim, laws),)))


def test_a_law_is_used_and_its_witness_replays():
    theorem = proved(f(z[i]) * (1 - f(z[i])), law(value * (1 - value))).confirmed()
    assert theorem.verdict == "proved" and theorem.derivation.has_witness()
    again = read(theorem.derivation.proof_file).theorems[theorem.derivation.main[1]]
    assert any(order == 1 for order, _ in again.witness.arrays["f"])


@pytest.mark.parametrize(("claim", "laws"), [
    (f(z[i]), (law(value * (1 - value)),)), (1 + f(z[i]), (law(value * (1 - value)),)), (f(z[i]) * (1 - f(z[i])), ()),
    (2 * f(z[i]), (law(value),)),
])
def test_a_wrong_claim_under_a_law_is_refuted(claim, laws):
    with pytest.raises(DeriveError) as e:
        proved(claim, *laws)
    assert e.value.counterexample is not None


def test_laws_that_contradict_each_other_at_every_point_prove_nothing():
    with pytest.raises(DeriveError, match="cannot be met"):
        proved(f(z[i]), law(value), law(value + 1))
