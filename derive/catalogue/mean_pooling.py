"""Mean pooling: each position gets an equal share of the upstream gradient."""
from sympy import Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

T, D = size("T"), size("D")
t, s, d, f = indices("t s d f")
(X,), (m, g) = arrays("X", T, D), arrays("m g", D)
(L,) = scalars("L")

ENTRY = Entry(
    name="mean-pooling",
    title="Mean pooling",
    definitions={m[d]: Sum(X[s, d], (s, 1, T)) / T, L: Sum(g[f] * m[f], (f, 1, D))},
    derivative=(L, X[t, d]),
    claims=(Claim(g[d] / T),),
    meaning={"T": "number of positions", "D": "number of features", "X": "features at each position", "m": "their mean",
             "g": "upstream gradient: the derivative of the loss by each mean",
             "L": "the loss, as far as it is linear in the means"},
)
