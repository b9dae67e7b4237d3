"""Softmax regression: the gradients of the mean loss of a batch by weights and biases."""
from sympy import Eq, Sum, exp, log

from derive.algebra.statement import Claim, Entry, ForAll, Gradient, arrays, indices, scalars, size

B, N, D = size("B"), size("N"), size("D")
b, n, m, k, d, f = indices("b n m k d f")
(X,), (W,), (c,), (Z, A, Y) = arrays("X", B, D), arrays("W", N, D), arrays("c", N), arrays("Z A Y", B, N)
(L,) = scalars("L")
labels = ForAll((b,), Eq(Sum(Y[b, m], (m, 1, N)), 1))
error = A[b, n] * Sum(Y[b, m], (m, 1, N)) - Y[b, n]

ENTRY = Entry(
    name="softmax-regression",
    title="Softmax regression",
    definitions={Z[b, n]: Sum(W[n, f] * X[b, f], (f, 1, D)) + c[n], A[b, n]: exp(Z[b, n]) / Sum(exp(Z[b, k]), (k, 1, N)),
                 L: -Sum(Y[b, m] * log(A[b, m]) / B, (m, 1, N), (b, 1, B))},
    derivative=(L, W[n, d]),
    claims=(Claim(Sum(error * X[b, d] / B, (b, 1, B)), about="the gradient by the weights, for any labels"),
            Claim(Sum((A[b, n] - Y[b, n]) * X[b, d] / B, (b, 1, B)), (labels,),
                  "the gradient by the weights, for labels that sum to 1")),
    also=(Gradient((L, c[n]), (Claim(Sum(error / B, (b, 1, B)), about="the gradient by the biases, for any labels"),
                               Claim(Sum((A[b, n] - Y[b, n]) / B, (b, 1, B)), (labels,),
                                     "the gradient by the biases, for labels that sum to 1"))),),
    meaning={"B": "number of samples", "N": "number of classes", "D": "number of features",
             "X": "inputs, one row for each sample", "W": "weights", "c": "biases", "Z": "logits",
             "A": "outputs: the softmax of each row of logits", "Y": "labels: each row a distribution, or one-hot",
             "L": "cross-entropy loss, averaged over the batch"},
)
