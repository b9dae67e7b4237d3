"""A linear layer: its gradients by weights, biases and inputs, for any loss behind it."""
from sympy import Sum

from derive.algebra.statement import Claim, Entry, Gradient, arrays, indices, scalars, size

B, N, D = size("B"), size("N"), size("D")
a, b, n, m, d, k = indices("a b n m d k")
(X,), (W,), (c,), (Y, G) = arrays("X", B, D), arrays("W", N, D), arrays("c", N), arrays("Y G", B, N)
(L,) = scalars("L")

ENTRY = Entry(
    name="linear-layer",
    title="A linear layer: its gradients",
    definitions={Y[b, n]: Sum(W[n, k] * X[b, k], (k, 1, D)) + c[n], L: Sum(G[a, m] * Y[a, m], (m, 1, N), (a, 1, B))},
    derivative=(L, W[n, d]),
    claims=(Claim(Sum(G[b, n] * X[b, d], (b, 1, B)), about="the gradient by the weights"),),
    also=(Gradient((L, c[n]), (Claim(Sum(G[b, n], (b, 1, B)), about="the gradient by the biases"),)),
          Gradient((L, X[b, d]), (Claim(Sum(G[b, n] * W[n, d], (n, 1, N)), about="the gradient by the inputs"),))),
    meaning={"B": "number of samples", "N": "number of outputs", "D": "number of features",
             "X": "inputs, one row for each sample", "W": "weights", "c": "biases", "Y": "outputs",
             "G": "upstream gradient: the derivative of the loss by each output",
             "L": "the loss, as far as it is linear in the outputs"},
)
