"""The Jacobian of softmax."""
from sympy import KroneckerDelta, Sum, exp

from derive.algebra.statement import Claim, Entry, arrays, indices, size

N = size("N")
i, j, k = indices("i j k")
z, a = arrays("z a", N)

ENTRY = Entry(
    name="softmax-jacobian",
    title="The Jacobian of softmax",
    definitions={a[i]: exp(z[i]) / Sum(exp(z[k]), (k, 1, N))},
    derivative=(a[j], z[i]),
    claims=(Claim(a[i] * (KroneckerDelta(i, j) - a[j])),),
    meaning={"N": "number of classes", "z": "logits", "a": "the softmax of z"},
    code={"logits": "z", "value": "softmax", "derivative": "softmax_jacobian"},
)
