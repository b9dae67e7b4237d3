"""The Kullback-Leibler divergence: its gradient by the first distribution."""
from sympy import Sum, log

from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
p, q = arrays("p q", N)
(D,) = scalars("D")

ENTRY = Entry(
    name="kl-divergence",
    title="The Kullback-Leibler divergence by its first argument",
    definitions={D: Sum(p[j] * log(p[j] / q[j]), (j, 1, N))},
    derivative=(D, p[i]),
    claims=(Claim(log(p[i] / q[i]) + 1, (ForAll((j,), p[j] > 0), ForAll((j,), q[j] > 0))),),
    meaning={"N": "number of outcomes", "p": "weights", "q": "weights to compare with, held fixed",
             "D": "divergence of p from q"},
)
