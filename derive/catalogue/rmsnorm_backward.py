"""RMS normalisation, backwards: the gradient by the inputs from the gradient by the outputs."""
from sympy import Sum, sqrt

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

D = size("D")
d, f, k = indices("d f k")
x, y, g = arrays("x y g", D)
r, eps, L = scalars("r eps L")

ENTRY = Entry(
    name="rmsnorm-backward",
    title="RMS normalisation, backwards",
    definitions={r: sqrt(Sum(x[k] ** 2, (k, 1, D)) / D + eps), y[d]: x[d] / r, L: Sum(g[d] * y[d], (d, 1, D))},
    derivative=(L, x[f]),
    claims=(Claim((g[f] - y[f] * Sum(g[d] * y[d], (d, 1, D)) / D) / r, (eps > 0,)),),
    meaning={"D": "number of features", "x": "inputs", "eps": "a small positive number", "r": "root mean square of the inputs",
             "y": "outputs", "g": "upstream gradient: the derivative of the loss by each output",
             "L": "the loss, as far as it is linear in the outputs"},
)
