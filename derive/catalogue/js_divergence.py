"""The Jensen-Shannon divergence: half the logarithm of p over the mean of p and q."""
from sympy import Rational, Sum, log

from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
p, q, m = arrays("p q m", N)
(J,) = scalars("J")

ENTRY = Entry(
    name="js-divergence",
    title="The Jensen-Shannon divergence and its gradient",
    definitions={m[i]: (p[i] + q[i]) / 2,
                 J: Rational(1, 2) * Sum(p[j] * log(p[j] / m[j]) + q[j] * log(q[j] / m[j]), (j, 1, N))},
    derivative=(J, p[i]),
    claims=(Claim(log(p[i] / m[i]) / 2, (ForAll((j,), p[j] > 0), ForAll((j,), q[j] > 0))),),
    meaning={"N": "number of outcomes", "p": "weights", "q": "weights to compare with, held fixed", "m": "the mean of p and q",
             "J": "Jensen-Shannon divergence"},
)
