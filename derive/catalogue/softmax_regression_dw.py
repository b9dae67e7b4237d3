"""Softmax regression: the gradient of the mean loss by the weights."""
from sympy import Eq, Sum, exp, log

from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size

B, N, D = size("B"), size("N"), size("D")
b, n, m, k, d, f = indices("b n m k d f")
(X,), (W,), (c,), (Z, A, Y) = arrays("X", B, D), arrays("W", N, D), arrays("c", N), arrays("Z A Y", B, N)
(L,) = scalars("L")

ENTRY = Entry(
    name="softmax-regression-dw",
    title="Softmax regression: the gradient by the weights",
    definitions={Z[b, n]: Sum(W[n, f] * X[b, f], (f, 1, D)) + c[n], A[b, n]: exp(Z[b, n]) / Sum(exp(Z[b, k]), (k, 1, N)),
                 L: -Sum(Y[b, m] * log(A[b, m]) / B, (m, 1, N), (b, 1, B))},
    derivative=(L, W[n, d]),
    claims=(Claim(Sum((A[b, n] * Sum(Y[b, m], (m, 1, N)) - Y[b, n]) * X[b, d] / B, (b, 1, B)), about="for any labels"),
            Claim(Sum((A[b, n] - Y[b, n]) * X[b, d] / B, (b, 1, B)), (ForAll((b,), Eq(Sum(Y[b, m], (m, 1, N)), 1)),),
                  about="for labels that sum to 1")),
    meaning={"B": "number of samples", "N": "number of classes", "D": "number of features",
             "X": "inputs, one row for each sample", "W": "weights", "c": "biases", "Z": "logits",
             "A": "outputs: the softmax of each row of logits", "Y": "labels: each row a distribution, or one-hot",
             "L": "cross-entropy loss, averaged over the batch"},
)
