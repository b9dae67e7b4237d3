"""The focal loss with exponent 2 behind softmax."""
from sympy import KroneckerDelta, Sum, exp, log

from derive.algebra.statement import Claim, Entry, arrays, indices, one_hot, scalars, size

N = size("N")
i, j, k = indices("i j k")
z, a, m, y = arrays("z a m y", N)
(L,) = scalars("L")

ENTRY = Entry(
    name="focal-loss-softmax",
    title="Softmax with focal loss",
    definitions={a[i]: exp(z[i]) / Sum(exp(z[k]), (k, 1, N)), m[i]: 1 - a[i], L: -Sum(y[j] * m[j] ** 2 * log(a[j]), (j, 1, N))},
    derivative=(L, z[i]),
    through={a[j]: a[i] * (KroneckerDelta(i, j) - a[j]), m[j]: -a[i] * (KroneckerDelta(i, j) - a[j])},
    claims=(Claim(y[i] * m[i] * (2 * a[i] * log(a[i]) - m[i])
                  - a[i] * Sum(y[j] * m[j] * (2 * a[j] * log(a[j]) - m[j]), (j, 1, N)), about="for any labels"),
            Claim(m[k] * (2 * a[k] * log(a[k]) - m[k]) * (KroneckerDelta(i, k) - a[i]), (one_hot(y, j, k),),
                  about="for one-hot labels")),
    meaning={"N": "number of classes", "z": "logits", "a": "outputs: the softmax of z", "m": "what is missing to 1",
             "y": "labels: a distribution, or one-hot", "L": "focal loss with exponent 2: cross-entropy, less where a is good"},
)
