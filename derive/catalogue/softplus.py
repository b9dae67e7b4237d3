"""Softplus: its derivative is the sigmoid."""
from sympy import exp, log

from derive.algebra.statement import Claim, Entry, arrays, indices, size

N = size("N")
(i,) = indices("i")
z, a, p = arrays("z a p", N)

ENTRY = Entry(
    name="softplus",
    title="Softplus and its derivative",
    definitions={p[i]: 1 / (1 + exp(-z[i])), a[i]: log(1 + exp(z[i]))},
    derivative=(a[i], z[i]),
    claims=(Claim(p[i], about="by the sigmoid"),),
    meaning={"N": "number of units", "z": "weighted inputs", "a": "activations: the softplus of z, a smooth ramp",
             "p": "the sigmoid of z"},
)
