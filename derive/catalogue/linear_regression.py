"""Linear regression: the gradient of the squared error by the weights; where it is 0, the normal equations hold."""
from sympy import Rational, Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

B, D = size("B"), size("D")
b, d, f = indices("b d f")
(X,), (w,), (y, r) = arrays("X", B, D), arrays("w", D), arrays("y r", B)
(L,) = scalars("L")

ENTRY = Entry(
    name="linear-regression",
    title="Linear regression",
    definitions={r[b]: Sum(X[b, f] * w[f], (f, 1, D)) - y[b], L: Rational(1, 2) * Sum(r[b] ** 2, (b, 1, B))},
    derivative=(L, w[d]),
    claims=(Claim(Sum(X[b, d] * r[b], (b, 1, B)), about="by the residuals"),
            Claim(Sum(X[b, d] * X[b, f] * w[f], (b, 1, B), (f, 1, D)) - Sum(X[b, d] * y[b], (b, 1, B)),
                  about="by the Gram matrix of the inputs")),
    meaning={"B": "number of samples", "D": "number of features", "X": "inputs, one row for each sample", "w": "weights",
             "y": "targets", "r": "residuals", "L": "half the squared error"},
)
