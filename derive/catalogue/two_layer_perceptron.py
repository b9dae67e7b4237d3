"""A perceptron with one hidden layer: the error times the activations, and the error carried back to the hidden weights."""
from sympy import Function, Rational, Subs, Sum

from derive.algebra.statement import Claim, Entry, Gradient, arrays, indices, scalars, size

N, H, D = size("N"), size("H"), size("D")
n, m, h, k, d, f = indices("n m h k d f")
(x,), (W,), (V,) = arrays("x", D), arrays("W", H, D), arrays("V", N, H)
(u, a), (y, t, r) = arrays("u a", H), arrays("y t r", N)
v, L = scalars("v L")
sigma = Function("sigma")
back = Sum(V[n, h] * r[n], (n, 1, N)) * Subs(sigma(v).diff(v), v, u[h])

ENTRY = Entry(
    name="two-layer-perceptron",
    title="A perceptron with one hidden layer",
    definitions={u[h]: Sum(W[h, f] * x[f], (f, 1, D)), a[h]: sigma(u[h]), y[n]: Sum(V[n, k] * a[k], (k, 1, H)),
                 r[n]: y[n] - t[n], L: Rational(1, 2) * Sum(r[m] ** 2, (m, 1, N))},
    derivative=(L, V[n, h]),
    claims=(Claim(r[n] * a[h], about="the gradient by the output weights"),),
    also=(Gradient((L, W[h, d]), (Claim(back * x[d], about="the gradient by the hidden weights"),)),
          Gradient((L, x[d]), (Claim(Sum(back * W[h, d], (h, 1, H)), about="the gradient by the input"),))),
    meaning={"D": "number of features", "H": "number of hidden units", "N": "number of outputs", "x": "input",
             "W": "hidden weights", "u": "weighted inputs of the hidden units", "sigma": "activation, any smooth function",
             "a": "hidden activations", "V": "output weights", "y": "outputs", "t": "targets", "r": "errors of the outputs",
             "L": "half the squared error"},
    layers={"W": "1", "u": "1", "a": "1", "V": "2", "y": "2"},
)
