"""The covariance of two samples: its gradient by one is the deviation of the other."""
from sympy import Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
n, k = indices("n k")
x, y = arrays("x y", N)
mu, nu, c = scalars("mu nu c")

ENTRY = Entry(
    name="covariance",
    title="The covariance",
    definitions={mu: Sum(x[k], (k, 1, N)) / N, nu: Sum(y[k], (k, 1, N)) / N, c: Sum((x[k] - mu) * (y[k] - nu), (k, 1, N)) / N},
    derivative=(c, x[n]),
    claims=(Claim((y[n] - nu) / N),),
    meaning={"N": "number of values", "x": "values of one quantity", "y": "values of another", "mu": "mean of x",
             "nu": "mean of y", "c": "their covariance"},
)
