"""The Huber loss as half a square less what exceeds c: r^2/2 inside, c (|r| - c/2) outside."""
from sympy import Max, Ne, Rational, Sum

from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
r, u, v = arrays("r u v", N)
c, L = scalars("c L")

ENTRY = Entry(
    name="huber",
    title="The Huber loss and its gradient",
    definitions={u[i]: r[i] - c, v[i]: -r[i] - c,
                 L: Rational(1, 2) * Sum(r[j] ** 2 - u[j] * Max(u[j], 0) - v[j] * Max(v[j], 0), (j, 1, N))},
    derivative=(L, r[i]),
    claims=(Claim(r[i] - Max(u[i], 0) + Max(v[i], 0), (ForAll((j,), Ne(u[j], 0)), ForAll((j,), Ne(v[j], 0))),
                  about="away from the kinks: the residual, cut off at c and -c"),),
    meaning={"N": "number of observations", "r": "residuals", "c": "where the square turns into a line",
             "u": "excess above c", "v": "excess below -c", "L": "Huber loss"},
)
