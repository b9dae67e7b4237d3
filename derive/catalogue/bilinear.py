"""A bilinear form: the gradient by its matrix is the outer product of the vectors."""
from sympy import Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N, D = size("N"), size("D")
n, m, d, f = indices("n m d f")
(x,), (y,), (W,) = arrays("x", N), arrays("y", D), arrays("W", N, D)
(q,) = scalars("q")

ENTRY = Entry(
    name="bilinear",
    title="A bilinear form",
    definitions={q: Sum(x[m] * W[m, f] * y[f], (f, 1, D), (m, 1, N))},
    derivative=(q, W[n, d]),
    claims=(Claim(x[n] * y[d]),),
    meaning={"N": "size of x", "D": "size of y", "x": "a vector", "y": "a vector", "W": "a matrix", "q": "the value of the form"},
)
