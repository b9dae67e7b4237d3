"""Half the squared error of sigmoid outputs."""
from sympy import KroneckerDelta, Rational, Sum, exp

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
z, a, t = arrays("z a t", N)
(E,) = scalars("E")

ENTRY = Entry(
    name="mse-sigmoid",
    title="Squared error of sigmoid outputs",
    definitions={a[i]: 1 / (1 + exp(-z[i])), E: Rational(1, 2) * Sum((a[j] - t[j]) ** 2, (j, 1, N))},
    derivative=(E, z[i]),
    through={a[j]: KroneckerDelta(i, j) * a[i] * (1 - a[i])},
    claims=(Claim((a[i] - t[i]) * a[i] * (1 - a[i])),),
    meaning={"N": "number of outputs", "z": "weighted inputs of the last layer", "a": "outputs: the sigmoid of z",
             "t": "targets", "E": "half the squared error"},
    layers={"z": "L", "a": "L"},
)
