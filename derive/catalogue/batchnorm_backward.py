"""Batch normalisation of one feature, backwards: the gradient by the inputs from the gradient by the normalised inputs."""
from sympy import KroneckerDelta, Sum, sqrt

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

B = size("B")
a, b, c = indices("a b c")
x, y, g = arrays("x y g", B)
mu, v, r, eps, L = scalars("mu v r eps L")

ENTRY = Entry(
    name="batchnorm-backward",
    title="Batch normalisation, backwards",
    definitions={mu: Sum(x[a], (a, 1, B)) / B, v: Sum((x[a] - mu) ** 2, (a, 1, B)) / B, r: sqrt(v + eps),
                 y[b]: (x[b] - mu) / r, L: Sum(g[a] * y[a], (a, 1, B))},
    derivative=(L, x[b]),
    through={y[a]: (KroneckerDelta(a, b) - (1 + y[a] * y[b]) / B) / r},
    claims=(Claim((g[b] - Sum(g[a], (a, 1, B)) / B - y[b] * Sum(g[a] * y[a], (a, 1, B)) / B) / r, (eps > 0,)),),
    meaning={"B": "number of samples", "x": "one feature of all samples", "mu": "its mean over the batch", "v": "its variance",
             "eps": "a small positive number", "r": "standard deviation, kept away from 0", "y": "normalised inputs",
             "g": "upstream gradient: the derivative of the loss by each normalised input",
             "L": "the loss, as far as it is linear in these"},
)
