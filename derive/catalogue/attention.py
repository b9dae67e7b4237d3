"""Attention: the gradients by scores, queries, keys and values, back through the softmax of each row."""
from sympy import Sum, exp, sqrt

from derive.algebra.statement import Claim, Entry, Gradient, arrays, indices, scalars, size

T, D, M = size("T"), size("D"), size("M")
t, s, r, q, d, f, m = indices("t s r q d f m")
(Q, K), (V, G, H), (S, A, E) = arrays("Q K", T, D), arrays("V G H", T, M), arrays("S A E", T, T)
(L,) = scalars("L")

ENTRY = Entry(
    name="attention",
    title="Attention: its gradients",
    definitions={S[t, s]: Sum(Q[t, f] * K[s, f], (f, 1, D)) / sqrt(D), A[t, s]: exp(S[t, s]) / Sum(exp(S[t, r]), (r, 1, T)),
                 H[t, m]: Sum(A[t, s] * V[s, m], (s, 1, T)), E[t, s]: A[t, s] * Sum(G[t, m] * (V[s, m] - H[t, m]), (m, 1, M)),
                 L: Sum(G[q, m] * H[q, m], (m, 1, M), (q, 1, T))},
    derivative=(L, Q[t, d]),
    claims=(Claim(Sum(E[t, s] * K[s, d], (s, 1, T)) / sqrt(D), about="the gradient by the queries"),),
    also=(Gradient((L, K[s, d]), (Claim(Sum(E[t, s] * Q[t, d], (t, 1, T)) / sqrt(D), about="the gradient by the keys"),)),
          Gradient((L, V[s, m]), (Claim(Sum(A[t, s] * G[t, m], (t, 1, T)), about="the gradient by the values"),))),
    meaning={"T": "number of positions", "D": "size of a key", "M": "size of a value", "Q": "queries", "K": "keys", "V": "values",
             "S": "scores", "A": "attention weights: the softmax of each row of scores", "H": "outputs",
             "E": "gradient of the loss by the scores", "G": "upstream gradient: the derivative of the loss by each output",
             "L": "the loss, as far as it is linear in the outputs"},
)
