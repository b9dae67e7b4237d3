"""RMS normalisation: its Jacobian."""
from sympy import KroneckerDelta, Sum, sqrt

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

D = size("D")
d, f, k = indices("d f k")
x, y = arrays("x y", D)
r, eps = scalars("r eps")

ENTRY = Entry(
    name="rmsnorm",
    title="RMS normalisation",
    definitions={r: sqrt(Sum(x[k] ** 2, (k, 1, D)) / D + eps), y[d]: x[d] / r},
    derivative=(y[d], x[f]),
    claims=(Claim((KroneckerDelta(d, f) - y[d] * y[f] / D) / r, (eps > 0,)),),
    meaning={"D": "number of features", "x": "inputs", "eps": "a small positive number", "r": "root mean square of the inputs",
             "y": "outputs"},
)
