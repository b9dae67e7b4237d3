"""InfoNCE: the gradient by the similarities of a batch of pairs, softmax minus identity."""
from sympy import KroneckerDelta, Sum, exp, log

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

B = size("B")
a, b, c = indices("a b c")
S, P = arrays("S P", B, B)
tau, L = scalars("tau L")

ENTRY = Entry(
    name="info-nce",
    title="The InfoNCE loss",
    definitions={P[b, c]: exp(S[b, c] / tau) / Sum(exp(S[b, a] / tau), (a, 1, B)), L: -Sum(log(P[a, a]), (a, 1, B)) / B},
    derivative=(L, S[b, c]),
    claims=(Claim((P[b, c] - KroneckerDelta(b, c)) / (B * tau), (tau > 0,)),),
    meaning={"B": "number of pairs in the batch", "S": "similarities of firsts (rows) and seconds (columns)",
             "tau": "temperature", "P": "softmax of each row", "L": "loss: each first must find its own second"},
)
