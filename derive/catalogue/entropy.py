"""Entropy: its gradient."""
from sympy import Mul, Sum, log

from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
(p,) = arrays("p", N)
(H,) = scalars("H")

ENTRY = Entry(
    name="entropy",
    title="Entropy and its gradient",
    definitions={H: -Sum(p[j] * log(p[j]), (j, 1, N))},
    derivative=(H, p[i]),
    claims=(Claim(Mul(-1, 1 + log(p[i]), evaluate=False), (ForAll((j,), p[j] > 0),)),),
    meaning={"N": "number of outcomes", "p": "weights", "H": "entropy"},
)
