"""The squared Euclidean distance."""
from sympy import Mul, Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

D = size("D")
d, k = indices("d k")
x, y = arrays("x y", D)
(q,) = scalars("q")

ENTRY = Entry(
    name="squared-distance",
    title="The squared Euclidean distance",
    definitions={q: Sum((x[k] - y[k]) ** 2, (k, 1, D))},
    derivative=(q, x[d]),
    claims=(Claim(Mul(2, x[d] - y[d], evaluate=False)),),
    meaning={"D": "dimension", "x": "a point", "y": "a point", "q": "the square of their distance"},
)
