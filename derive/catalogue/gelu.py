"""GELU: z times the normal distribution function of z, and its tanh approximation, which is z times a sigmoid."""
from sympy import erf, exp, pi, sqrt

from derive.algebra.statement import Claim, Entry, Gradient, arrays, indices, scalars, size

N = size("N")
(i,) = indices("i")
z, u, p, f, a, b = arrays("z u p f a b", N)
slope = 2 * sqrt(2 / pi)
(c,) = scalars("c")

ENTRY = Entry(
    name="gelu",
    title="GELU and its tanh approximation",
    definitions={f[i]: (1 + erf(z[i] / sqrt(2))) / 2, a[i]: z[i] * f[i],
                 u[i]: slope * (z[i] + c * z[i] ** 3), p[i]: 1 / (1 + exp(-u[i])), b[i]: z[i] * p[i]},
    derivative=(a[i], z[i]),
    claims=(Claim(f[i] + z[i] * exp(-z[i] ** 2 / 2) / sqrt(2 * pi), about="with the error function"),),
    also=(Gradient((b[i], z[i]), (Claim(p[i] + z[i] * p[i] * (1 - p[i]) * slope * (1 + 3 * c * z[i] ** 2),
                                        about="in the tanh approximation"),)),),
    meaning={"N": "number of units", "z": "weighted inputs", "c": "0.044715",
             "f": "the normal distribution function of z", "a": "activations",
             "u": "argument of the sigmoid; half of it is the argument of the tanh",
             "p": "the sigmoid of u, (1 + tanh(u/2)) / 2", "b": "activations in the tanh approximation"},
)
