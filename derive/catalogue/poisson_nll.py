"""Poisson regression: the rate is an exponential, the gradient is rate minus count."""
from sympy import Sum, exp

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
z, y, r = arrays("z y r", N)
(L,) = scalars("L")

ENTRY = Entry(
    name="poisson-nll",
    title="Poisson negative log-likelihood",
    definitions={r[i]: exp(z[i]), L: Sum(r[j] - y[j] * z[j], (j, 1, N))},
    derivative=(L, z[i]),
    claims=(Claim(r[i] - y[i]),),
    meaning={"N": "number of observations", "z": "logarithms of the rates", "r": "rates", "y": "counts",
             "L": "negative log-likelihood, without the term log y! that does not depend on z"},
)
