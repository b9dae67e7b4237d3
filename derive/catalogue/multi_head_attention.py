"""Attention weights of several heads and samples: the gradients by queries and keys, with four indices each."""
from sympy import Sum, exp, sqrt

from derive.algebra.statement import Claim, Entry, Gradient, arrays, indices, scalars, size

B, H, T, D = size("B"), size("H"), size("T"), size("D")
b, h, t, s, r, d, p, q, u, v = indices("b h t s r d p q u v")
(Q, K), (S, A, G, E) = arrays("Q K", B, H, T, D), arrays("S A G E", B, H, T, T)
(L,) = scalars("L")

ENTRY = Entry(
    name="multi-head-attention",
    title="The attention weights of several heads",
    definitions={S[b, h, t, s]: Sum(Q[b, h, t, d] * K[b, h, s, d], (d, 1, D)) / sqrt(D),
                 A[b, h, t, s]: exp(S[b, h, t, s]) / Sum(exp(S[b, h, t, r]), (r, 1, T)),
                 E[b, h, t, s]: A[b, h, t, s] * (G[b, h, t, s] - Sum(A[b, h, t, r] * G[b, h, t, r], (r, 1, T))),
                 L: Sum(G[p, q, u, v] * A[p, q, u, v], (v, 1, T), (u, 1, T), (q, 1, H), (p, 1, B))},
    derivative=(L, Q[b, h, t, d]),
    claims=(Claim(Sum(E[b, h, t, s] * K[b, h, s, d], (s, 1, T)) / sqrt(D), about="the gradient by the queries"),),
    also=(Gradient((L, K[b, h, s, d]), (Claim(Sum(E[b, h, t, s] * Q[b, h, t, d], (t, 1, T)) / sqrt(D),
                                              about="the gradient by the keys"),)),),
    meaning={"B": "number of samples", "H": "number of heads", "T": "number of positions", "D": "size of a key", "Q": "queries",
             "K": "keys", "S": "scores", "A": "attention weights: the softmax of each row of scores",
             "G": "upstream gradient: the derivative of the loss by each output", "E": "gradient of the loss by the scores",
             "L": "the loss, as far as it is linear in the outputs"},
)
