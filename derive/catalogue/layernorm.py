"""Layer normalisation: its Jacobian. It removes what changes the mean and what changes the scale."""
from sympy import KroneckerDelta, Sum, sqrt

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

D = size("D")
d, f, k = indices("d f k")
x, y = arrays("x y", D)
mu, v, r, eps = scalars("mu v r eps")

ENTRY = Entry(
    name="layernorm",
    title="Layer normalisation",
    definitions={mu: Sum(x[k], (k, 1, D)) / D, v: Sum((x[k] - mu) ** 2, (k, 1, D)) / D, r: sqrt(v + eps),
                 y[d]: (x[d] - mu) / r},
    derivative=(y[d], x[f]),
    claims=(Claim((KroneckerDelta(d, f) - (1 + y[d] * y[f]) / D) / r, (eps > 0,)),),
    meaning={"D": "number of features", "x": "inputs", "mu": "their mean", "v": "their variance",
             "eps": "a small positive number", "r": "their standard deviation, kept away from 0", "y": "normalised inputs"},
)
