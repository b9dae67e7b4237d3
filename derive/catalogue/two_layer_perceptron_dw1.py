"""A perceptron with one hidden layer: the error, carried back through the output weights, times activation slope and input."""
from sympy import Function, Rational, Subs, Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N, H, D = size("N"), size("H"), size("D")
n, m, h, k, d, f = indices("n m h k d f")
(x,), (W,), (V,) = arrays("x", D), arrays("W", H, D), arrays("V", N, H)
(u, a), (y, t, r) = arrays("u a", H), arrays("y t r", N)
v, L = scalars("v L")
sigma = Function("sigma")

ENTRY = Entry(
    name="two-layer-perceptron-dw1",
    title="A perceptron with one hidden layer: the gradient by the hidden weights",
    definitions={u[h]: Sum(W[h, f] * x[f], (f, 1, D)), a[h]: sigma(u[h]), y[n]: Sum(V[n, k] * a[k], (k, 1, H)),
                 r[n]: y[n] - t[n], L: Rational(1, 2) * Sum(r[n] ** 2, (n, 1, N))},
    derivative=(L, W[h, d]),
    claims=(Claim(Sum(V[n, h] * r[n], (n, 1, N)) * Subs(sigma(v).diff(v), v, u[h]) * x[d]),),
    meaning={"D": "number of features", "H": "number of hidden units", "N": "number of outputs", "x": "input",
             "W": "hidden weights", "u": "weighted inputs of the hidden units", "sigma": "activation, any smooth function",
             "a": "hidden activations", "V": "output weights", "y": "outputs", "t": "targets", "r": "errors of the outputs",
             "L": "half the squared error"},
)
