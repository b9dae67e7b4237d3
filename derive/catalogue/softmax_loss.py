"""Any loss that is a weighted sum of a smooth function of the softmax outputs."""
from sympy import Derivative, Dummy, Function, KroneckerDelta, Subs, Sum, exp

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
i, j, k = indices("i j k")
z, a, y = arrays("z a y", N)
(L,) = scalars("L")
f, u = Function("f"), Dummy("u")
slope = Derivative(f(u), u)

ENTRY = Entry(
    name="softmax-loss",
    title="Softmax with any smooth loss of its outputs",
    definitions={a[i]: exp(z[i]) / Sum(exp(z[k]), (k, 1, N)), L: Sum(y[j] * f(a[j]), (j, 1, N))},
    derivative=(L, z[i]),
    through={a[j]: a[i] * (KroneckerDelta(i, j) - a[j])},
    claims=(Claim(a[i] * (y[i] * Subs(slope, u, a[i]) - Sum(a[j] * y[j] * Subs(slope, u, a[j]), (j, 1, N)))),),
    meaning={"N": "number of classes", "z": "logits", "a": "outputs: the softmax of z", "y": "labels",
             "f": "any smooth function, the loss of one output", "L": "loss"},
)
