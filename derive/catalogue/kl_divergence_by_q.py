"""The Kullback-Leibler divergence: its gradient by the second distribution is that of cross-entropy."""
from sympy import Sum, log

from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
p, q = arrays("p q", N)
(D,) = scalars("D")

ENTRY = Entry(
    name="kl-divergence-by-q",
    title="The Kullback-Leibler divergence by its second argument",
    definitions={D: Sum(p[j] * log(p[j] / q[j]), (j, 1, N))},
    derivative=(D, q[i]),
    claims=(Claim(-p[i] / q[i], (ForAll((j,), p[j] > 0), ForAll((j,), q[j] > 0))),),
    meaning={"N": "number of outcomes", "p": "weights, held fixed", "q": "weights to compare with",
             "D": "divergence of p from q"},
)
