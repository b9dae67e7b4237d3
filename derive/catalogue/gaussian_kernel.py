"""The Gaussian kernel: its gradient points to the other point."""
from sympy import Ne, Sum, exp

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

D = size("D")
d, f = indices("d f")
x, y = arrays("x y", D)
sigma, q, K = scalars("sigma q K")

ENTRY = Entry(
    name="gaussian-kernel",
    title="The Gaussian kernel",
    definitions={q: Sum((x[f] - y[f]) ** 2, (f, 1, D)), K: exp(-q / (2 * sigma**2))},
    derivative=(K, x[d]),
    claims=(Claim(K * (y[d] - x[d]) / sigma**2, (Ne(sigma, 0),)),),
    meaning={"D": "dimension", "x": "a point", "y": "a point", "sigma": "width",
             "q": "the square of their distance", "K": "their similarity"},
)
