"""Softmax with cross-entropy, each class with a weight of its own."""
from sympy import KroneckerDelta, Sum, exp, log

from derive.algebra.statement import Claim, Entry, arrays, indices, one_hot, scalars, size

N = size("N")
i, j, k = indices("i j k")
z, a, y, w = arrays("z a y w", N)
(C,) = scalars("C")

ENTRY = Entry(
    name="class-weighted-cross-entropy",
    title="Softmax with class-weighted cross-entropy loss",
    definitions={a[i]: exp(z[i]) / Sum(exp(z[k]), (k, 1, N)), C: -Sum(w[j] * y[j] * log(a[j]), (j, 1, N))},
    derivative=(C, z[i]),
    through={a[j]: a[i] * (KroneckerDelta(i, j) - a[j])},
    claims=(Claim(a[i] * Sum(w[j] * y[j], (j, 1, N)) - w[i] * y[i], about="for any labels"),
            Claim(w[k] * (a[i] - KroneckerDelta(i, k)), (one_hot(y, j, k),),
                  about="for one-hot labels: the weight of the true class")),
    meaning={"N": "number of classes", "z": "logits", "a": "outputs: the softmax of z", "y": "labels: a distribution, or one-hot",
             "w": "weights of the classes", "C": "weighted cross-entropy loss"},
)
