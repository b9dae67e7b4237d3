"""A perceptron with one hidden layer: the gradient by the output weights is error times hidden activation."""
from sympy import Function, Rational, Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N, H, D = size("N"), size("H"), size("D")
n, m, h, k, d = indices("n m h k d")
(x,), (W,), (V,) = arrays("x", D), arrays("W", H, D), arrays("V", N, H)
(u, a), (y, t, r) = arrays("u a", H), arrays("y t r", N)
(L,) = scalars("L")
sigma = Function("sigma")

ENTRY = Entry(
    name="two-layer-perceptron-dw2",
    title="A perceptron with one hidden layer: the gradient by the output weights",
    definitions={u[h]: Sum(W[h, d] * x[d], (d, 1, D)), a[h]: sigma(u[h]), y[n]: Sum(V[n, k] * a[k], (k, 1, H)),
                 r[n]: y[n] - t[n], L: Rational(1, 2) * Sum(r[m] ** 2, (m, 1, N))},
    derivative=(L, V[n, h]),
    claims=(Claim(r[n] * a[h]),),
    meaning={"D": "number of features", "H": "number of hidden units", "N": "number of outputs", "x": "input",
             "W": "hidden weights", "u": "weighted inputs of the hidden units", "sigma": "activation, any smooth function",
             "a": "hidden activations", "V": "output weights", "y": "outputs", "t": "targets", "r": "errors of the outputs",
             "L": "half the squared error"},
)
