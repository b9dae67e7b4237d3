"""The Euclidean distance: its gradient is the unit vector from the other point."""
from sympy import Sum, sqrt

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

D = size("D")
d, k = indices("d k")
x, y = arrays("x y", D)
(q,) = scalars("q")

ENTRY = Entry(
    name="distance",
    title="The Euclidean distance",
    definitions={q: sqrt(Sum((x[k] - y[k]) ** 2, (k, 1, D)))},
    derivative=(q, x[d]),
    claims=(Claim((x[d] - y[d]) / q, (Sum((x[k] - y[k]) ** 2, (k, 1, D)) > 0,)),),
    meaning={"D": "dimension", "x": "a point", "y": "a point", "q": "their distance, not 0"},
)
