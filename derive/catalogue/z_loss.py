"""The z-loss: a penalty on the logarithm of the normalising sum of softmax."""
from sympy import Sum, exp, log

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
i, k = indices("i k")
z, a = arrays("z a", N)
L, Z = scalars("L Z")

ENTRY = Entry(
    name="z-loss",
    title="The z-loss and its gradient",
    definitions={a[i]: exp(z[i]) / Sum(exp(z[k]), (k, 1, N)), Z: Sum(exp(z[k]), (k, 1, N)), L: log(Z) ** 2},
    derivative=(L, z[i]),
    claims=(Claim(2 * log(Z) * a[i]),),
    meaning={"N": "number of classes", "z": "logits", "a": "the softmax of z", "Z": "what softmax divides by",
             "L": "penalty that keeps log Z near 0"},
)
