"""Half the squared error behind any smooth activation: the error times the slope; beside it softmax, without the slope."""
from sympy import Derivative, Eq, Function, KroneckerDelta, Rational, Sum, exp, log

from derive.algebra.statement import Claim, Entry, Gradient, arrays, indices, scalars, size

N = size("N")
i, j, k = indices("i j k")
z, a, y, p = arrays("z a y p", N)
E, C = scalars("E C")
sigma = Function("sigma")
slope = Derivative(sigma(z[i]), z[i])

ENTRY = Entry(
    name="mse-activation",
    title="Squared error behind a smooth activation function, beside softmax with cross-entropy",
    definitions={a[i]: sigma(z[i]), E: Rational(1, 2) * Sum((a[j] - y[j]) ** 2, (j, 1, N)),
                 p[i]: exp(z[i]) / Sum(exp(z[k]), (k, 1, N)), C: -Sum(y[j] * log(p[j]), (j, 1, N))},
    derivative=(E, z[i]),
    through={a[j]: KroneckerDelta(i, j) * slope},
    claims=(Claim((a[i] - y[i]) * slope, about="regression: squared error behind any smooth activation function"),),
    also=(Gradient((C, z[i]), (Claim(p[i] - y[i], (Eq(Sum(y[j], (j, 1, N)), 1),),
                                     "classification: cross-entropy behind softmax"),), {p[j]: None}),),
    meaning={"N": "number of outputs", "z": "weighted inputs of the last layer", "sigma": "any smooth activation function",
             "a": "outputs", "y": "targets, or labels", "E": "half the squared error", "p": "outputs: the softmax of z",
             "C": "cross-entropy loss"},
    layers={"z": "L", "a": "L", "p": "L"},
    remarks=("Both gradients are the output minus what it should be. Behind a squared error the slope of the activation function "
             "stays as a factor, which is small where a unit saturates; softmax with cross-entropy has no such factor.",),
)
