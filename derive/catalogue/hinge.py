"""The hinge loss: a margin that is violated pulls with its label."""
from sympy import Heaviside, Max, Ne, Sum

from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
s, y, m = arrays("s y m", N)
(L,) = scalars("L")

ENTRY = Entry(
    name="hinge",
    title="The hinge loss and its gradient",
    definitions={m[i]: 1 - y[i] * s[i], L: Sum(Max(m[j], 0), (j, 1, N))},
    derivative=(L, s[i]),
    claims=(Claim(-y[i] * Heaviside(m[i], 0), (ForAll((j,), Ne(m[j], 0)),),
                  about="away from the kinks: only what misses the margin pulls"),),
    meaning={"N": "number of observations", "s": "scores", "y": "labels, 1 or -1", "m": "what is missing to a margin of 1",
             "L": "hinge loss"},
)
