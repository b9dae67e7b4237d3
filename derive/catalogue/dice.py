"""The soft Dice loss of segmentation."""
from sympy import Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
n, k = indices("n k")
p, y = arrays("p y", N)
u, v, eps, L = scalars("u v eps L")

ENTRY = Entry(
    name="dice",
    title="Soft Dice loss",
    definitions={u: 2 * Sum(p[k] * y[k], (k, 1, N)) + eps, v: Sum(p[k], (k, 1, N)) + Sum(y[k], (k, 1, N)) + eps, L: 1 - u / v},
    derivative=(L, p[n]),
    claims=(Claim((1 - L - 2 * y[n]) / v, (v > 0,)),),
    meaning={"N": "number of pixels", "p": "predicted probabilities", "y": "labels, 0 or 1", "eps": "a small positive number",
             "u": "twice the overlap", "v": "total size of both", "L": "loss"},
)
