"""The ramp max(z, 0): its derivative away from the kink."""
from sympy import Heaviside, Max, Ne

from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, size

N = size("N")
(i,) = indices("i")
z, a = arrays("z a", N)

ENTRY = Entry(
    name="relu",
    title="The rectified linear unit and its derivative",
    definitions={a[i]: Max(z[i], 0)},
    derivative=(a[i], z[i]),
    claims=(Claim(Heaviside(z[i], 0), (ForAll((i,), Ne(z[i], 0)),), about="away from the kink: 1 for an active unit, else 0"),),
    meaning={"N": "number of units", "z": "weighted inputs", "a": "activations: the positive part of z"},
)
