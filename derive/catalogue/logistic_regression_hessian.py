"""Logistic regression: the Hessian of the cross-entropy is a weighted Gram matrix of the inputs."""
from sympy import Sum, exp

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

B, D = size("B"), size("D")
b, d, f, k = indices("b d f k")
(X,), (w, g), (y, s, p, q) = arrays("X", B, D), arrays("w g", D), arrays("y s p q", B)
(c,) = scalars("c")

ENTRY = Entry(
    name="logistic-regression-hessian",
    title="Logistic regression: the Hessian",
    definitions={s[b]: Sum(w[k] * X[b, k], (k, 1, D)) + c, q[b]: 1 / (1 + exp(s[b])), p[b]: exp(s[b]) * q[b],
                 g[d]: Sum((p[b] - y[b]) * X[b, d], (b, 1, B))},
    derivative=(g[d], w[f]),
    claims=(Claim(Sum(p[b] * (1 - p[b]) * X[b, d] * X[b, f], (b, 1, B))),),
    meaning={"B": "number of samples", "D": "number of features", "X": "inputs, one row for each sample", "w": "weights",
             "c": "bias", "s": "scores: the logarithms of the odds p/q", "q": "probabilities of class 0",
             "p": "probabilities of class 1: the sigmoid of the scores", "y": "labels, 0 or 1",
             "g": "gradient of the cross-entropy loss by the weights"},
)
