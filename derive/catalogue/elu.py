"""The exponential linear unit: z above 0, alpha (e^z - 1) below."""
from sympy import Heaviside, Ne, exp

from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size

N = size("N")
(i,) = indices("i")
z, a = arrays("z a", N)
(alpha,) = scalars("alpha")
above = Heaviside(z[i], 0)

ENTRY = Entry(
    name="elu",
    title="The exponential linear unit and its derivative",
    definitions={a[i]: z[i] * above + alpha * (exp(z[i]) - 1) * (1 - above)},
    derivative=(a[i], z[i]),
    claims=(Claim(above + alpha * exp(z[i]) * (1 - above), (ForAll((i,), Ne(z[i], 0)),),
                  about="away from the kink: 1 above it, alpha e^z below"),),
    meaning={"N": "number of units", "z": "weighted inputs", "alpha": "what the activation tends to below 0, without its sign",
             "a": "activations: z above 0, alpha (e^z - 1) below"},
)
