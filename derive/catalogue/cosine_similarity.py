"""Cosine similarity of two vectors: its gradient is orthogonal to the vector by which it is taken."""
from sympy import Sum, sqrt

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

D = size("D")
d, k = indices("d k")
x, y = arrays("x y", D)
r, s, c = scalars("r s c")

ENTRY = Entry(
    name="cosine-similarity",
    title="Cosine similarity",
    definitions={r: sqrt(Sum(x[k] ** 2, (k, 1, D))), s: sqrt(Sum(y[k] ** 2, (k, 1, D))),
                 c: Sum(x[k] * y[k], (k, 1, D)) / (r * s)},
    derivative=(c, x[d]),
    claims=(Claim((y[d] / s - c * x[d] / r) / r, (Sum(x[k] ** 2, (k, 1, D)) > 0, Sum(y[k] ** 2, (k, 1, D)) > 0)),),
    meaning={"D": "number of features", "x": "a vector, not 0", "y": "a vector, not 0", "r": "length of x", "s": "length of y",
             "c": "cosine of the angle between them"},
)
