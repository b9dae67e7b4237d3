"""Random SymPy statements of the fragment, over arrays z, y (set N), a matrix w (N x M), a scalar x and letters i, j, q."""
from __future__ import annotations

from functools import reduce
from operator import add, mul

import sympy as sp
from hypothesis import strategies as st

from derive.algebra.statement import arrays, indices, scalars, size

N, M = size("N"), size("M")
i, j, k, q, m = indices("i j k q m")
z, y = arrays("z y", N)
(w,) = arrays("w", N, M)
(x,) = scalars("x")
FREE = {N: (i, j), M: (q,)}


def leaves(bound):
    """Entries with free letters and with letters bound around; k and i may be both, which is a clash on purpose."""
    n, at_m = (*FREE[N], *[b for b, s in bound if s is N]), (*FREE[M], *[b for b, s in bound if s is M])
    return st.one_of(
        st.sampled_from([sp.Integer(1), sp.Integer(-2), sp.Rational(2, 3), x, N]), st.sampled_from([z[p] for p in n]),
        st.sampled_from([y[p] for p in n]), st.sampled_from([w[p, q] for p in n for q in at_m]),
        st.sampled_from([sp.KroneckerDelta(p, q) for p in n for q in n]))


@st.composite
def expressions(draw, depth=3, bound=()):
    kind = draw(st.sampled_from(("leaf", "add", "mul", "sum", "sum", "exp", "power", "inverse", "sqrt", "abs",
        "max"))) if depth else "leaf"
    if kind == "leaf":
        return draw(leaves(bound))
    if kind == "sum":
        letter, s = draw(st.sampled_from(((k, N), (i, N), (m, M), (q, M))))
        return sp.Sum(draw(expressions(depth - 1, (*bound, (letter, s)))), (letter, 1, s))
    parts = [draw(expressions(depth - 1, bound)) for _ in range(2 if kind in ("add", "mul", "max") else 1)]
    a = parts[0]
    return {"add": lambda: reduce(add, parts), "mul": lambda: reduce(mul, parts), "exp": lambda: sp.exp(a),
        "power": lambda: a ** 2,
            "inverse": lambda: 1 / (a ** 2 + 1), "sqrt": lambda: sp.sqrt(a ** 2 + 1), "abs": lambda: sp.Abs(a),
            "max": lambda: sp.Max(*parts)}[kind]()
