"""The mean squared error: its gradient is twice the mean error."""
from sympy import Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
a, t = arrays("a t", N)
(E,) = scalars("E")

ENTRY = Entry(
    name="mse",
    title="The mean squared error and its gradient",
    definitions={E: Sum((a[j] - t[j]) ** 2, (j, 1, N)) / N},
    derivative=(E, a[i]),
    claims=(Claim((a[i] - t[i]) / N * 2),),
    meaning={"N": "number of outputs", "a": "outputs", "t": "targets", "E": "mean squared error"},
)
