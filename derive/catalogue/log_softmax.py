"""The logarithm of softmax: its Jacobian subtracts the softmax from the identity."""
from sympy import KroneckerDelta, Sum, exp, log

from derive.algebra.statement import Claim, Entry, arrays, indices, size

N = size("N")
i, j, k = indices("i j k")
z, a, s = arrays("z a s", N)

ENTRY = Entry(
    name="log-softmax",
    title="The Jacobian of log-softmax",
    definitions={a[i]: exp(z[i]) / Sum(exp(z[k]), (k, 1, N)), s[i]: log(a[i])},
    derivative=(s[j], z[i]),
    claims=(Claim(KroneckerDelta(i, j) - a[i]),),
    meaning={"N": "number of classes", "z": "logits", "a": "the softmax of z", "s": "its logarithm"},
)
