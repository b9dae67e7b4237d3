"""Index clashes on purpose, through the whole road from SymPy to a replayed theorem: the right answers, and only those."""
from __future__ import annotations

import pytest
import sympy as sp
from sympy import KroneckerDelta, Sum, exp, log

import derive
from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size
from derive.kernel.errors import DeriveError

N, M, B = size("N"), size("M"), size("B")
i, j, k, b = indices("i j k b")
z, y, a, g = arrays("z y a g", N)
(C,) = scalars("C")
W, X, G = (*arrays("W", N, M), *arrays("X", B, M), *arrays("G", B, N))
Z, Y, Q = arrays("Z Y Q", B, N)


def entry(definitions, derivative, value):
    return Entry("clash", "Clash", definitions, derivative, (Claim(value),))


def softmax(letter, bound):
    return exp(z[letter]) / Sum(exp(z[bound]), (bound, 1, N))


# what, definitions, derivative, the right answer, an answer of somebody who captures an index
CLASHES = [
    ("z_k where the sum binds k", {C: Sum(z[k] ** 2, (k, 1, N))}, (C, z[k]), 2 * z[k], Sum(2 * z[k], (k, 1, N))),
    ("log-sum-exp by z_k", {C: log(Sum(exp(z[k]), (k, 1, N)))}, (C, z[k]), softmax(k, j), sp.Integer(1)),
    ("nested sums over one letter", {C: Sum(z[i] * Sum(z[i], (i, 1, N)), (i, 1, N))}, (C, z[i]),
     2 * Sum(z[i], (i, 1, N)), 2 * z[i]),
    ("SymPy's own fault", {C: Sum(Sum(z[i] * z[j], (j, 1, N)), (i, 1, N))}, (C, z[i]), 2 * Sum(z[j], (j, 1, N)),
     Sum(z[i] + Sum(z[j], (j, 1, N)), (i, 1, N))),
    ("a definition that reuses k", {a[k]: softmax(k, j), C: Sum(y[k] * a[k], (k, 1, N))}, (C, z[k]),
     a[k] * (y[k] - Sum(y[j] * a[j], (j, 1, N))), a[k] * (y[k] - y[k] * a[k])),
    ("a definition that binds the letter it is used at", {a[i]: z[i] * Sum(z[j], (j, 1, N)), C: Sum(a[j], (j, 1, N))}, (C, z[j]),
     2 * Sum(z[i], (i, 1, N)), 2 * z[j]),
    ("definitions of definitions",
     {a[i]: Sum(z[i] * z[j], (j, 1, N)), g[j]: a[j] * Sum(a[i], (i, 1, N)), C: Sum(g[i], (i, 1, N))},
     (C, z[i]), 4 * Sum(z[j], (j, 1, N)) ** 3, 4 * z[i] ** 3),
    ("the other index of an entry", {g[i]: z[i] * Sum(z[i] * y[i], (i, 1, N))}, (g[j], z[i]),
     KroneckerDelta(i, j) * Sum(z[k] * y[k], (k, 1, N)) + z[j] * y[i], z[j] * y[j]),
    ("the diagonal", {g[i]: z[i] * Sum(z[j], (j, 1, N))}, (g[i], z[i]), z[i] + Sum(z[j], (j, 1, N)), 2 * z[i]),
    ("the trace of a Jacobian", {C: Sum(sp.Derivative(z[k] * Sum(z[j] ** 2, (j, 1, N)), z[k]), (k, 1, N))}, (C, z[i]),
     2 * (N + 2) * z[i], 6 * z[i]),
    ("a Hessian", {g[i]: sp.Derivative(log(Sum(exp(z[k]), (k, 1, N))), z[i])}, (g[i], z[j]),
     softmax(i, k) * (KroneckerDelta(i, j) - softmax(j, k)), softmax(i, k) * (1 - softmax(j, k))),
    ("three sets", {C: Sum(G[b, i] * W[i, j] * X[b, j], (b, 1, B), (i, 1, N), (j, 1, M))},
     (C, W[i, j]), Sum(G[b, i] * X[b, j], (b, 1, B)), B * G[b, i] * X[b, j]),
    ("batch times class",
     {Q[b, i]: exp(Z[b, i]) / Sum(exp(Z[b, k]), (k, 1, N)), C: Sum(Y[b, i] * log(Q[b, i]), (i, 1, N), (b, 1, B))},
     (C, Z[b, i]), Y[b, i] - Q[b, i] * Sum(Y[b, j], (j, 1, N)), Y[b, i] - Q[b, i] * Sum(Y[b, j], (j, 1, N), (b, 1, B))),
]


@pytest.mark.parametrize(("what", "definitions", "derivative", "right", "captured"), CLASHES, ids=[c[0] for c in CLASHES])
def test_a_clash_gives_the_right_answer_and_no_other(what, definitions, derivative, right, captured):
    theorem = derive.prove(entry(definitions, derivative, right))
    assert theorem.verdict == "proved" and theorem.ladder["checked"] and theorem.derivation.cross_checked()
    with pytest.raises(DeriveError, match="is false") as refused:
        derive.prove(entry(definitions, derivative, captured))
    assert refused.value.counterexample is not None
    assert derive.prove(Entry("found", "Found", definitions, derivative)).derivation.cross_checked()
