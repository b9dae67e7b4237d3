"""Half the squared error behind an activation of which only a law is known: its slope is a (1 - a)."""
from sympy import Derivative, Eq, Function, Rational, Sum

from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
z, a, t = arrays("z a t", N)
(E,) = scalars("E")
sigma = Function("sigma")
law = ForAll((j,), Eq(Derivative(sigma(z[j]), z[j]), sigma(z[j]) * (1 - sigma(z[j]))))

ENTRY = Entry(
    name="mse-logistic-law",
    title="Squared error behind an activation function with a declared law",
    definitions={a[i]: sigma(z[i]), E: Rational(1, 2) * Sum((a[j] - t[j]) ** 2, (j, 1, N))},
    derivative=(E, z[i]),
    claims=(Claim((a[i] - t[i]) * a[i] * (1 - a[i]), (law,), "for an activation function with the law of the sigmoid"),),
    meaning={"N": "number of outputs", "z": "weighted inputs of the last layer", "sigma": "activation function, known by its law",
             "a": "outputs", "t": "targets", "E": "half the squared error"},
)
