"""The variance: its gradient is twice the deviation from the mean, over the number of values."""
from sympy import Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
n, k = indices("n k")
(x,) = arrays("x", N)
mu, v = scalars("mu v")

ENTRY = Entry(
    name="variance",
    title="The variance",
    definitions={mu: Sum(x[k], (k, 1, N)) / N, v: Sum((x[k] - mu) ** 2, (k, 1, N)) / N},
    derivative=(v, x[n]),
    claims=(Claim(2 / N * (x[n] - mu)),),
    meaning={"N": "number of values", "x": "values", "mu": "their mean", "v": "their variance"},
)
