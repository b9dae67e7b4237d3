"""Softmax at a temperature: its Jacobian is divided by the temperature."""
from sympy import KroneckerDelta, Sum, exp

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
i, j, k = indices("i j k")
z, a = arrays("z a", N)
(T,) = scalars("T")

ENTRY = Entry(
    name="softmax-temperature",
    title="The Jacobian of softmax with temperature",
    definitions={a[i]: exp(z[i] / T) / Sum(exp(z[k] / T), (k, 1, N))},
    derivative=(a[j], z[i]),
    claims=(Claim(a[i] * (KroneckerDelta(i, j) - a[j]) / T, (T > 0,)),),
    meaning={"N": "number of classes", "z": "logits", "T": "temperature", "a": "the softmax of z / T"},
)
