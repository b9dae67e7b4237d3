"""Attention: the gradient by the keys from the gradient by the scores, which attention-ds gives."""
from sympy import Sum, sqrt

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

T, D = size("T"), size("D")
t, s, r, d, f = indices("t s r d f")
(Q, K), (S, E) = arrays("Q K", T, D), arrays("S E", T, T)
(L,) = scalars("L")

ENTRY = Entry(
    name="attention-dk",
    title="Attention: the gradient by the keys",
    definitions={S[t, s]: Sum(Q[t, f] * K[s, f], (f, 1, D)) / sqrt(D), L: Sum(E[t, r] * S[t, r], (r, 1, T), (t, 1, T))},
    derivative=(L, K[s, d]),
    claims=(Claim(Sum(E[t, s] * Q[t, d], (t, 1, T)) / sqrt(D)),),
    meaning={"T": "number of positions", "D": "size of a key", "Q": "queries", "K": "keys", "S": "scores",
             "E": "upstream gradient: the derivative of the loss by each score",
             "L": "the loss, as far as it is linear in the scores"},
)
