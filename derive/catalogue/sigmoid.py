"""The sigmoid: its derivative by its own value."""
from sympy import exp

from derive.algebra.statement import Claim, Entry, arrays, indices, size

N = size("N")
(i,) = indices("i")
z, a = arrays("z a", N)

ENTRY = Entry(
    name="sigmoid",
    title="The sigmoid and its derivative",
    definitions={a[i]: 1 / (1 + exp(-z[i]))},
    derivative=(a[i], z[i]),
    claims=(Claim(a[i] * (1 - a[i]), about="by its own value"),),
    meaning={"N": "number of units", "z": "weighted inputs", "a": "activations: the sigmoid of z, one by one"},
)
