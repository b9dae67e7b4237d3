"""A quadratic form: its gradient takes the matrix and its transpose."""
from sympy import Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

D = size("D")
d, f, k = indices("d f k")
(x,), (A,) = arrays("x", D), arrays("A", D, D)
(q,) = scalars("q")

ENTRY = Entry(
    name="quadratic-form",
    title="A quadratic form",
    definitions={q: Sum(x[f] * A[f, k] * x[k], (k, 1, D), (f, 1, D))},
    derivative=(q, x[d]),
    claims=(Claim(Sum((A[d, k] + A[k, d]) * x[k], (k, 1, D))),),
    meaning={"D": "dimension", "x": "a vector", "A": "a matrix", "q": "the value of the form"},
)
