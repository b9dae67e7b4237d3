"""Attention: the gradient by the values is the attention weights, transposed, times the upstream gradient."""
from sympy import Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

T, D = size("T"), size("D")
t, s, r, d, f = indices("t s r d f")
(V, G, H), (A,) = arrays("V G H", T, D), arrays("A", T, T)
(L,) = scalars("L")

ENTRY = Entry(
    name="attention-dv",
    title="Attention: the gradient by the values",
    definitions={H[t, d]: Sum(A[t, r] * V[r, d], (r, 1, T)), L: Sum(G[t, f] * H[t, f], (f, 1, D), (t, 1, T))},
    derivative=(L, V[s, d]),
    claims=(Claim(Sum(A[t, s] * G[t, d], (t, 1, T))),),
    meaning={"T": "number of positions", "D": "size of a value", "A": "attention weights, which do not depend on the values",
             "V": "values", "H": "outputs", "G": "upstream gradient: the derivative of the loss by each output",
             "L": "the loss, as far as it is linear in the outputs"},
)
