"""Logistic regression: the gradients of the mean cross-entropy, and its Hessian, a weighted Gram matrix of the inputs."""
from sympy import Sum, exp, log

from derive.algebra.statement import Claim, Entry, Gradient, arrays, indices, scalars, size

B, D = size("B"), size("D")
b, d, f, k = indices("b d f k")
(X,), (w, g), (y, s, p) = arrays("X", B, D), arrays("w g", D), arrays("y s p", B)
c, L = scalars("c L")

ENTRY = Entry(
    name="logistic-regression",
    title="Logistic regression",
    definitions={s[b]: Sum(w[k] * X[b, k], (k, 1, D)) + c, p[b]: exp(s[b]) / (1 + exp(s[b])),
                 L: Sum((log(1 + exp(s[b])) - y[b] * s[b]) / B, (b, 1, B)), g[d]: Sum((p[b] - y[b]) * X[b, d] / B, (b, 1, B))},
    derivative=(L, w[d]),
    through={s[b]: X[b, d]},
    claims=(Claim(g[d], about="the gradient by the weights"),),
    also=(Gradient((L, c), (Claim(Sum((p[b] - y[b]) / B, (b, 1, B)), about="the derivative by the bias"),)),
          Gradient((g[d], w[f]), (Claim(Sum(p[b] * (1 - p[b]) * X[b, d] * X[b, f] / B, (b, 1, B)), about="the Hessian"),))),
    meaning={"B": "number of samples", "D": "number of features", "X": "inputs, one row for each sample", "w": "weights",
             "c": "bias", "s": "scores, the logarithms of the odds", "p": "probabilities of class 1: the sigmoid of the scores",
             "y": "labels, 0 or 1", "L": "cross-entropy loss, averaged over the samples: the negative log-likelihood",
             "g": "gradient of the loss by the weights"},
)
