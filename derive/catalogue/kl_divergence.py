"""The Kullback-Leibler divergence: its gradients by both arguments, and that it is cross-entropy minus entropy."""
from sympy import Eq, Sum, log

from derive.algebra.statement import Claim, Entry, Fact, ForAll, Gradient, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
p, q = arrays("p q", N)
(D,) = scalars("D")
positive = (ForAll((j,), p[j] > 0), ForAll((j,), q[j] > 0))

ENTRY = Entry(
    name="kl-divergence",
    title="The Kullback-Leibler divergence",
    definitions={D: Sum(p[j] * log(p[j] / q[j]), (j, 1, N))},
    derivative=(D, p[i]),
    claims=(Claim(log(p[i] / q[i]) + 1, positive, "the gradient by the first argument"),),
    also=(Gradient((D, q[i]), (Claim(-p[i] / q[i], positive, "the gradient by the second argument, as of cross-entropy"),)),
          Fact(Eq(D, -Sum(p[j] * log(q[j]), (j, 1, N)) + Sum(p[j] * log(p[j]), (j, 1, N))), positive,
               "it is cross-entropy minus entropy")),
    meaning={"N": "number of outcomes", "p": "weights", "q": "weights to compare with", "D": "divergence of p from q"},
)
