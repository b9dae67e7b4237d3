"""Gaussian negative log-likelihood: its derivative by the means."""
from sympy import Rational, Sum, log

from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
m, v, y = arrays("m v y", N)
(L,) = scalars("L")

ENTRY = Entry(
    name="gaussian-nll",
    title="Gaussian negative log-likelihood: the derivative by the mean",
    definitions={L: Rational(1, 2) * Sum(log(v[j]) + (y[j] - m[j]) ** 2 / v[j], (j, 1, N))},
    derivative=(L, m[i]),
    claims=(Claim((m[i] - y[i]) / v[i], (ForAll((j,), v[j] > 0),)),),
    meaning={"N": "number of observations", "m": "means", "v": "variances", "y": "observations",
             "L": "negative log-likelihood, without its constant term N log(2 pi) / 2"},
)
