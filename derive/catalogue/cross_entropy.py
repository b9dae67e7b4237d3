"""Cross-entropy of two distributions: its gradient by the second; for a one-hot first one it is one logarithm."""
from sympy import Eq, Sum, log

from derive.algebra.statement import Claim, Entry, Fact, ForAll, arrays, indices, one_hot, scalars, size

N = size("N")
i, j, k = indices("i j k")
p, q = arrays("p q", N)
(H,) = scalars("H")

ENTRY = Entry(
    name="cross-entropy",
    title="Cross-entropy and its gradient",
    definitions={H: -Sum(p[j] * log(q[j]), (j, 1, N))},
    derivative=(H, q[i]),
    claims=(Claim(-p[i] / q[i], (ForAll((j,), q[j] > 0),)),),
    also=(Fact(Eq(H, -log(q[k])), (one_hot(p, j, k),), "for a one-hot first distribution"),),
    meaning={"N": "number of outcomes", "p": "true weights", "q": "predicted weights", "H": "cross-entropy of q relative to p"},
)
