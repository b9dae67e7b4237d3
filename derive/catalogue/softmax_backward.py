"""Softmax, backwards: the gradient by the logits from the gradient by the outputs."""
from sympy import KroneckerDelta, Sum, exp

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
n, m, k = indices("n m k")
z, a, g = arrays("z a g", N)
(L,) = scalars("L")

ENTRY = Entry(
    name="softmax-backward",
    title="Softmax, backwards",
    definitions={a[n]: exp(z[n]) / Sum(exp(z[k]), (k, 1, N)), L: Sum(g[m] * a[m], (m, 1, N))},
    derivative=(L, z[n]),
    through={a[m]: a[n] * (KroneckerDelta(m, n) - a[m])},
    claims=(Claim(a[n] * (g[n] - Sum(g[m] * a[m], (m, 1, N)))),),
    meaning={"N": "number of classes", "z": "logits", "a": "outputs: the softmax of z",
             "g": "upstream gradient: the derivative of the loss by each output",
             "L": "the loss, as far as it is linear in the outputs"},
)
