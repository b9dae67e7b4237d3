"""The Euclidean norm: its gradient is the unit vector."""
from sympy import Sum, sqrt

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

D = size("D")
d, k = indices("d k")
(x,) = arrays("x", D)
(r,) = scalars("r")

ENTRY = Entry(
    name="l2-norm",
    title="The Euclidean norm",
    definitions={r: sqrt(Sum(x[k] ** 2, (k, 1, D)))},
    derivative=(r, x[d]),
    claims=(Claim(x[d] / r, (Sum(x[k] ** 2, (k, 1, D)) > 0,)),),
    meaning={"D": "number of features", "x": "a vector, not 0", "r": "its length"},
)
