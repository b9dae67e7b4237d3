"""Certificates of what the catalogue does not have: arrays of three indices, kinks, functions within functions, odd names."""
from __future__ import annotations

import pytest
from sympy import Abs, Function, Rational, Sum, exp, log, sqrt

import derive
from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size
from derive.certify.errors import NotCertified
from derive.certify.running import run

N, M, B = size("N"), size("M"), size("B")
i, j, k, m, b = indices("i j k m b")
E, x = scalars("E x")
z, Sum_ = arrays("z Sum", N)
(T,) = arrays("T", B, N, M)
s = Function("s", real=True)

ENTRIES = {
    "three-indices": Entry("three-indices", "Cubes", {E: Sum(T[b, i, m] ** 2, (b, 1, B), (i, 1, N), (m, 1, M))}, (E, T[b, i, m]),
                           (Claim(2 * T[b, i, m]),)),
    "absolute": Entry("absolute", "Absolute values", {E: Sum(Abs(z[j]), (j, 1, N))}, (E, z[i]), (),
                      given=(ForAll((j,), z[j] > 0),)),
    "composed": Entry("composed", "A function of a sum", {E: s(Sum(exp(z[j]), (j, 1, N)))}, (E, z[i])),
    "scalar": Entry("scalar", "No array at all", {E: log(1 + exp(x)) + Rational(1, 2) * sqrt(1 + x ** 2)}, (E, x)),
    "names": Entry("names", 'A title with "quotes" (* and *) comments', {E: Sum(Sum_[j] ** 2, (j, 1, N))}, (E, Sum_[i]),
                   (Claim(2 * Sum_[i]),)),
}


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_coqc_accepts(name, coq):
    run(derive.prove(ENTRIES[name]).certificate(), coq)


def test_what_has_no_form_is_named():
    theorem = derive.prove(ENTRIES["names"])
    record = theorem.derivation.record
    item = record.items[-1]
    record.items[-1] = (*item[:3], ("oracle", "it is so"), item[4])
    with pytest.raises(NotCertified, match="a proof by oracle"):
        _ = theorem.certificate()
