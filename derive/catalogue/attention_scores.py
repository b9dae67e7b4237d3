"""Attention: the gradient by the scores, back through the softmax of each row."""
from sympy import Sum, exp

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

T, D = size("T"), size("D")
t, s, r, q, d = indices("t s r q d")
(V, G, H), (S, A, P) = arrays("V G H", T, D), arrays("S A P", T, T)
(L,) = scalars("L")

ENTRY = Entry(
    name="attention-scores",
    title="Attention: the gradient by the scores",
    definitions={A[t, s]: exp(S[t, s]) / Sum(exp(S[t, r]), (r, 1, T)), H[t, d]: Sum(A[t, s] * V[s, d], (s, 1, T)),
                 P[t, s]: Sum(G[t, d] * V[s, d], (d, 1, D)), L: Sum(G[q, d] * H[q, d], (d, 1, D), (q, 1, T))},
    derivative=(L, S[t, s]),
    claims=(Claim(A[t, s] * (P[t, s] - Sum(A[t, r] * P[t, r], (r, 1, T))), about="by the gradient of the weights"),
            Claim(A[t, s] * (P[t, s] - Sum(G[t, d] * H[t, d], (d, 1, D))), about="by the outputs")),
    meaning={"T": "number of positions", "D": "size of a value", "S": "scores",
             "A": "attention weights: the softmax of each row of scores",
             "V": "values", "H": "outputs", "G": "upstream gradient: the derivative of the loss by each output",
             "P": "gradient of the loss by the attention weights", "L": "the loss, as far as it is linear in the outputs"},
)
