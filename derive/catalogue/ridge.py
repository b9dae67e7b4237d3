"""Ridge regression: the penalty adds a multiple of the weights to the gradient."""
from sympy import Rational, Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

B, D = size("B"), size("D")
b, d, f = indices("b d f")
(X,), (w,), (y, r) = arrays("X", B, D), arrays("w", D), arrays("y r", B)
L, alpha = scalars("L alpha")

ENTRY = Entry(
    name="ridge",
    title="Ridge regression",
    definitions={r[b]: Sum(X[b, f] * w[f], (f, 1, D)) - y[b],
                 L: Rational(1, 2) * Sum(r[b] ** 2, (b, 1, B)) + alpha / 2 * Sum(w[f] ** 2, (f, 1, D))},
    derivative=(L, w[d]),
    claims=(Claim(Sum(X[b, d] * r[b], (b, 1, B)) + alpha * w[d]),),
    meaning={"B": "number of samples", "D": "number of features", "X": "inputs, one row for each sample", "w": "weights",
             "y": "targets", "r": "residuals", "alpha": "strength of the penalty", "L": "penalised squared error"},
)
