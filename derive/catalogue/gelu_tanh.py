"""GELU in its tanh approximation, z (1 + tanh(u/2)) / 2, which is z times the sigmoid of u."""
from sympy import exp

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
(i,) = indices("i")
z, u, p, a = arrays("z u p a", N)
b, c = scalars("b c")

ENTRY = Entry(
    name="gelu-tanh",
    title="GELU in its tanh approximation, and its derivative",
    definitions={u[i]: b * (z[i] + c * z[i] ** 3), p[i]: 1 / (1 + exp(-u[i])), a[i]: z[i] * p[i]},
    derivative=(a[i], z[i]),
    claims=(Claim(p[i] + z[i] * p[i] * (1 - p[i]) * b * (1 + 3 * c * z[i] ** 2)),),
    meaning={"N": "number of units", "z": "weighted inputs", "b": "2 sqrt(2 / pi)", "c": "0.044715",
             "u": "argument of the sigmoid; half of it is the argument of the tanh", "p": "the sigmoid of u, (1 + tanh(u/2)) / 2",
             "a": "activations"},
)
