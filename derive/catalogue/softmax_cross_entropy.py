"""Softmax followed by cross-entropy: the gradient by the logits is a - y."""
from sympy import Eq, KroneckerDelta, Sum, exp, log

from derive.algebra.statement import Claim, Entry, arrays, indices, one_hot, scalars, size

N = size("N")
i, j, k = indices("i j k")
z, a, y = arrays("z a y", N)
(C,) = scalars("C")

ENTRY = Entry(
    name="softmax-cross-entropy",
    title="Softmax with cross-entropy loss",
    definitions={a[i]: exp(z[i]) / Sum(exp(z[k]), (k, 1, N)), C: -Sum(y[j] * log(a[j]), (j, 1, N))},
    derivative=(C, z[i]),
    through={a[j]: a[i] * (KroneckerDelta(i, j) - a[j])},
    claims=(Claim(a[i] * Sum(y[j], (j, 1, N)) - y[i], about="for any labels"),
            Claim(a[i] - y[i], (Eq(Sum(y[j], (j, 1, N)), 1),), about="for labels that sum to 1"),
            Claim(a[i] - KroneckerDelta(i, k), (one_hot(y, j, k),), about="for one-hot labels: subtract 1 at the true class")),
    meaning={"N": "number of classes", "z": "logits (weighted inputs of the last layer)", "a": "outputs: the softmax of z",
             "y": "labels: a distribution, or one-hot", "C": "cross-entropy loss"},
    code={"logits": "z", "labels": "y", "activation": "softmax", "loss": "cross_entropy"},
)
