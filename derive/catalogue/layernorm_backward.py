"""Layer normalisation, backwards: the gradient by the inputs from the gradient by the normalised inputs."""
from sympy import KroneckerDelta, Sum, sqrt

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

D = size("D")
d, f, k = indices("d f k")
x, y, g = arrays("x y g", D)
mu, v, r, eps, L = scalars("mu v r eps L")

ENTRY = Entry(
    name="layernorm-backward",
    title="Layer normalisation, backwards",
    definitions={mu: Sum(x[k], (k, 1, D)) / D, v: Sum((x[k] - mu) ** 2, (k, 1, D)) / D, r: sqrt(v + eps),
                 y[d]: (x[d] - mu) / r, L: Sum(g[d] * y[d], (d, 1, D))},
    derivative=(L, x[f]),
    through={y[d]: (KroneckerDelta(d, f) - (1 + y[d] * y[f]) / D) / r},
    claims=(Claim((g[f] - Sum(g[d], (d, 1, D)) / D - y[f] * Sum(g[d] * y[d], (d, 1, D)) / D) / r, (eps > 0,)),),
    meaning={"D": "number of features", "x": "inputs", "mu": "their mean", "v": "their variance",
             "eps": "a small positive number", "r": "their standard deviation, kept away from 0", "y": "normalised inputs",
             "g": "upstream gradient: the derivative of the loss by each normalised input",
             "L": "the loss, as far as it is linear in these"},
)
