"""Logistic regression: the gradient of the mean cross-entropy by the weights is the mean of residual times input."""
from sympy import Sum, exp, log

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

B, D = size("B"), size("D")
b, d, f = indices("b d f")
(X,), (w,), (y, s, p) = arrays("X", B, D), arrays("w", D), arrays("y s p", B)
c, L = scalars("c L")

ENTRY = Entry(
    name="logistic-regression",
    title="Logistic regression",
    definitions={s[b]: Sum(w[f] * X[b, f], (f, 1, D)) + c, p[b]: exp(s[b]) / (1 + exp(s[b])),
                 L: Sum((log(1 + exp(s[b])) - y[b] * s[b]) / B, (b, 1, B))},
    derivative=(L, w[d]),
    through={s[b]: X[b, d]},
    claims=(Claim(Sum((p[b] - y[b]) * X[b, d] / B, (b, 1, B))),),
    meaning={"B": "number of samples", "D": "number of features", "X": "inputs, one row for each sample", "w": "weights",
             "c": "bias", "s": "scores, the logarithms of the odds", "p": "probabilities of class 1: the sigmoid of the scores",
             "y": "labels, 0 or 1", "L": "cross-entropy loss, averaged over the samples: the negative log-likelihood"},
)
