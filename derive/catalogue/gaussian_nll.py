"""Gaussian negative log-likelihood: its derivatives by means and variances."""
from sympy import Rational, Sum, log, pi

from derive.algebra.statement import Claim, Entry, ForAll, Gradient, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
m, v, y = arrays("m v y", N)
(L,) = scalars("L")
positive = (ForAll((j,), v[j] > 0),)

ENTRY = Entry(
    name="gaussian-nll",
    title="Gaussian negative log-likelihood",
    definitions={L: Rational(1, 2) * Sum(log(2 * pi * v[j]) + (y[j] - m[j]) ** 2 / v[j], (j, 1, N))},
    derivative=(L, m[i]),
    claims=(Claim((m[i] - y[i]) / v[i], positive, "the derivative by a mean"),),
    also=(Gradient((L, v[i]), (Claim((v[i] - (y[i] - m[i]) ** 2) / v[i] ** 2 / 2, positive, "the derivative by a variance"),)),),
    meaning={"N": "number of observations", "m": "means", "v": "variances", "y": "observations", "L": "negative log-likelihood"},
)
