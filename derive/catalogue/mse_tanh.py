"""Half the squared error of tanh outputs."""
from sympy import KroneckerDelta, Rational, Sum, exp

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
z, a, t = arrays("z a t", N)
(E,) = scalars("E")

ENTRY = Entry(
    name="mse-tanh",
    title="Squared error of tanh outputs",
    definitions={a[i]: 1 - 2 / (1 + exp(2 * z[i])), E: Rational(1, 2) * Sum((a[j] - t[j]) ** 2, (j, 1, N))},
    derivative=(E, z[i]),
    through={a[j]: KroneckerDelta(i, j) * (1 - a[i] ** 2)},
    claims=(Claim((a[i] - t[i]) * (1 - a[i] ** 2)),),
    meaning={"N": "number of outputs", "z": "weighted inputs of the last layer",
             "a": "outputs: the hyperbolic tangent of z, with one exponential", "t": "targets", "E": "half the squared error"},
    layers={"z": "L", "a": "L"},
)
