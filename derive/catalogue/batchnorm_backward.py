"""Batch normalisation, backwards: the gradient by the inputs from the gradient by the normalised inputs."""
from sympy import Sum, sqrt

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

B, D = size("B"), size("D")
a, b, c, d, f = indices("a b c d f")
(X, Y, G), (mu, v, r) = arrays("X Y G", B, D), arrays("mu v r", D)
eps, L = scalars("eps L")

ENTRY = Entry(
    name="batchnorm-backward",
    title="Batch normalisation, backwards",
    definitions={mu[d]: Sum(X[a, d], (a, 1, B)) / B, v[d]: Sum((X[a, d] - mu[d]) ** 2, (a, 1, B)) / B, r[d]: sqrt(v[d] + eps),
                 Y[b, d]: (X[b, d] - mu[d]) / r[d], L: Sum(G[a, f] * Y[a, f], (f, 1, D), (a, 1, B))},
    derivative=(L, X[b, d]),
    claims=(Claim((G[b, d] - Sum(G[a, d], (a, 1, B)) / B - Y[b, d] * Sum(G[a, d] * Y[a, d], (a, 1, B)) / B) / r[d], (eps > 0,)),),
    meaning={"B": "number of samples", "D": "number of features", "X": "inputs, one row for each sample",
             "mu": "mean of each feature over the batch", "v": "variance of each feature", "eps": "a small positive number",
             "r": "standard deviation of each feature, kept away from 0", "Y": "normalised inputs",
             "G": "upstream gradient: the derivative of the loss by each normalised input",
             "L": "the loss, as far as it is linear in these"},
)
