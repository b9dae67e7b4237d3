"""A linear layer: the gradient by its biases is the upstream gradient, summed over the batch."""
from sympy import Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

B, N, D = size("B"), size("N"), size("D")
b, n, m, k = indices("b n m k")
(X,), (W,), (c,), (Y, G) = arrays("X", B, D), arrays("W", N, D), arrays("c", N), arrays("Y G", B, N)
(L,) = scalars("L")

ENTRY = Entry(
    name="linear-layer-db",
    title="A linear layer: the gradient by its biases",
    definitions={Y[b, n]: Sum(W[n, k] * X[b, k], (k, 1, D)) + c[n], L: Sum(G[b, m] * Y[b, m], (m, 1, N), (b, 1, B))},
    derivative=(L, c[n]),
    claims=(Claim(Sum(G[b, n], (b, 1, B))),),
    meaning={"B": "number of samples", "N": "number of outputs", "D": "number of features",
             "X": "inputs, one row for each sample", "W": "weights", "c": "biases", "Y": "outputs",
             "G": "upstream gradient: the derivative of the loss by each output",
             "L": "the loss, as far as it is linear in the outputs"},
)
