"""Batch normalisation of one feature: the Jacobian over the samples."""
from sympy import KroneckerDelta, Sum, sqrt

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

B, D = size("B"), size("D")
b, c, a, d = indices("b c a d")
(X, Y), (mu, v, r) = arrays("X Y", B, D), arrays("mu v r", D)
(eps,) = scalars("eps")

ENTRY = Entry(
    name="batchnorm",
    title="Batch normalisation",
    definitions={mu[d]: Sum(X[a, d], (a, 1, B)) / B, v[d]: Sum((X[a, d] - mu[d]) ** 2, (a, 1, B)) / B, r[d]: sqrt(v[d] + eps),
                 Y[b, d]: (X[b, d] - mu[d]) / r[d]},
    derivative=(Y[b, d], X[c, d]),
    claims=(Claim((KroneckerDelta(b, c) - (1 + Y[b, d] * Y[c, d]) / B) / r[d], (eps > 0,)),),
    meaning={"B": "number of samples", "D": "number of features", "X": "inputs, one row for each sample",
             "mu": "mean of each feature over the batch", "v": "variance of each feature", "eps": "a small positive number",
             "r": "standard deviation of each feature, kept away from 0", "Y": "normalised inputs"},
)
