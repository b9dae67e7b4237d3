"""Division by the Euclidean norm: its Jacobian projects onto what is orthogonal to the unit vector."""
from sympy import KroneckerDelta, Sum, sqrt

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

D = size("D")
d, f, k = indices("d f k")
x, u = arrays("x u", D)
(r,) = scalars("r")

ENTRY = Entry(
    name="l2-normalize",
    title="Division by the Euclidean norm",
    definitions={r: sqrt(Sum(x[k] ** 2, (k, 1, D))), u[d]: x[d] / r},
    derivative=(u[d], x[f]),
    claims=(Claim((KroneckerDelta(d, f) - u[d] * u[f]) / r, (Sum(x[k] ** 2, (k, 1, D)) > 0,)),),
    meaning={"D": "number of features", "x": "a vector, not 0", "r": "its length", "u": "the unit vector in its direction"},
)
