"""Cross-entropy of two distributions: its gradient by the second."""
from sympy import Sum, log

from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
p, q = arrays("p q", N)
(H,) = scalars("H")

ENTRY = Entry(
    name="cross-entropy",
    title="Cross-entropy and its gradient",
    definitions={H: -Sum(p[j] * log(q[j]), (j, 1, N))},
    derivative=(H, q[i]),
    claims=(Claim(-p[i] / q[i], (ForAll((j,), q[j] > 0),)),),
    meaning={"N": "number of outcomes", "p": "true weights", "q": "predicted weights", "H": "cross-entropy of q relative to p"},
)
