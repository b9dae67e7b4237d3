"""The leaky ramp: slope 1 above 0, slope alpha below."""
from sympy import Heaviside, Max, Ne

from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size

N = size("N")
(i,) = indices("i")
z, a = arrays("z a", N)
(alpha,) = scalars("alpha")

ENTRY = Entry(
    name="leaky-relu",
    title="The leaky rectified linear unit and its derivative",
    definitions={a[i]: alpha * z[i] + (1 - alpha) * Max(z[i], 0)},
    derivative=(a[i], z[i]),
    claims=(Claim(alpha + (1 - alpha) * Heaviside(z[i], 0), (ForAll((i,), Ne(z[i], 0)),),
                  about="away from the kink: 1 above it, alpha below"),),
    meaning={"N": "number of units", "z": "weighted inputs", "alpha": "the slope below 0",
             "a": "activations: z above 0 and alpha z below"},
)
