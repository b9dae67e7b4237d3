"""SiLU (swish): a weighted input times its own sigmoid."""
from sympy import exp

from derive.algebra.statement import Claim, Entry, arrays, indices, size

N = size("N")
(i,) = indices("i")
z, a, p = arrays("z a p", N)

ENTRY = Entry(
    name="silu",
    title="SiLU (swish) and its derivative",
    definitions={p[i]: 1 / (1 + exp(-z[i])), a[i]: z[i] * p[i]},
    derivative=(a[i], z[i]),
    claims=(Claim(a[i] + p[i] * (1 - a[i]), about="by its own value"),
            Claim(p[i] * (1 + z[i] * (1 - p[i])), about="by the sigmoid")),
    meaning={"N": "number of units", "z": "weighted inputs", "a": "activations: the SiLU of z", "p": "the sigmoid of z"},
)
