"""A linear layer: the gradient by its weights is the upstream gradient, transposed, times the inputs."""
from sympy import Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

B, N, D = size("B"), size("N"), size("D")
b, n, m, d, k = indices("b n m d k")
(X,), (W,), (c,), (Y, G) = arrays("X", B, D), arrays("W", N, D), arrays("c", N), arrays("Y G", B, N)
(L,) = scalars("L")

ENTRY = Entry(
    name="linear-layer-dw",
    title="A linear layer: the gradient by its weights",
    definitions={Y[b, n]: Sum(W[n, k] * X[b, k], (k, 1, D)) + c[n], L: Sum(G[b, m] * Y[b, m], (m, 1, N), (b, 1, B))},
    derivative=(L, W[n, d]),
    claims=(Claim(Sum(G[b, n] * X[b, d], (b, 1, B))),),
    meaning={"B": "number of samples", "N": "number of outputs", "D": "number of features",
             "X": "inputs, one row for each sample", "W": "weights", "c": "biases", "Y": "outputs",
             "G": "upstream gradient: the derivative of the loss by each output",
             "L": "the loss, as far as it is linear in the outputs"},
)
