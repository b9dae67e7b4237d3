"""Half the squared error of rectified outputs: the error where the unit is active."""
from sympy import Heaviside, KroneckerDelta, Max, Ne, Rational, Sum

from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
z, a, t = arrays("z a t", N)
(E,) = scalars("E")

ENTRY = Entry(
    name="mse-relu",
    title="Squared error of rectified outputs",
    definitions={a[i]: Max(z[i], 0), E: Rational(1, 2) * Sum((a[j] - t[j]) ** 2, (j, 1, N))},
    derivative=(E, z[i]),
    through={a[j]: KroneckerDelta(i, j) * Heaviside(z[i], 0)},
    claims=(Claim((a[i] - t[i]) * Heaviside(z[i], 0), (ForAll((j,), Ne(z[j], 0)),), about="away from the kinks"),),
    meaning={"N": "number of outputs", "z": "weighted inputs of the last layer", "a": "outputs: the positive part of z",
             "t": "targets", "E": "half the squared error"},
    layers={"z": "L", "a": "L"},
)
