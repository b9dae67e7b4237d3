"""Half the squared error behind any smooth activation: the error times the slope."""
from sympy import Derivative, Function, KroneckerDelta, Rational, Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
z, a, t = arrays("z a t", N)
(E,) = scalars("E")
sigma = Function("sigma")
slope = Derivative(sigma(z[i]), z[i])

ENTRY = Entry(
    name="mse-activation",
    title="Squared error behind a smooth activation function",
    definitions={a[i]: sigma(z[i]), E: Rational(1, 2) * Sum((a[j] - t[j]) ** 2, (j, 1, N))},
    derivative=(E, z[i]),
    through={a[j]: KroneckerDelta(i, j) * slope},
    claims=(Claim((a[i] - t[i]) * slope),),
    meaning={"N": "number of outputs", "z": "weighted inputs of the last layer", "sigma": "any smooth activation function",
             "a": "outputs", "t": "targets", "E": "half the squared error"},
)
