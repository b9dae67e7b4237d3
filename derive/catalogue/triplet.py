"""The triplet loss, away from its kink: the anchor is pulled to the positive and pushed from the negative."""
from sympy import Heaviside, Ne, Sum

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

D = size("D")
d, k = indices("d k")
a, p, n = arrays("a p n", D)
u, alpha, L = scalars("u alpha L")

ENTRY = Entry(
    name="triplet",
    title="Triplet loss",
    definitions={u: Sum((a[k] - p[k]) ** 2, (k, 1, D)) - Sum((a[k] - n[k]) ** 2, (k, 1, D)) + alpha, L: u * Heaviside(u, 0)},
    derivative=(L, a[d]),
    claims=(Claim(2 * Heaviside(u, 0) * (n[d] - p[d]), (Ne(u, 0),), about="away from the kink"),),
    meaning={"D": "number of features", "a": "anchor", "p": "positive: an example of the same class",
             "n": "negative: an example of another class", "alpha": "margin", "u": "by how much the margin is violated",
             "L": "loss"},
)
