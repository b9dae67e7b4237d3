"""Softmax with cross-entropy for smoothed labels."""
from sympy import Eq, KroneckerDelta, Sum, exp, log

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
i, j, k = indices("i j k")
z, a, y, t = arrays("z a y t", N)
C, epsilon = scalars("C epsilon")

ENTRY = Entry(
    name="label-smoothing",
    title="Softmax with cross-entropy loss and label smoothing",
    definitions={t[i]: (1 - epsilon) * y[i] + epsilon / N, a[i]: exp(z[i]) / Sum(exp(z[k]), (k, 1, N)),
                 C: -Sum(t[j] * log(a[j]), (j, 1, N))},
    derivative=(C, z[i]),
    through={a[j]: a[i] * (KroneckerDelta(i, j) - a[j])},
    claims=(Claim(a[i] * Sum(t[j], (j, 1, N)) - t[i], about="for any labels"),
            Claim(a[i] - t[i], (Eq(Sum(y[j], (j, 1, N)), 1),), about="for labels that sum to 1"),
            Claim(a[i] - (1 - epsilon) * y[i] - epsilon / N, (Eq(Sum(y[j], (j, 1, N)), 1),),
                  about="for labels that sum to 1, written with the labels")),
    meaning={"N": "number of classes", "z": "logits", "a": "outputs: the softmax of z", "y": "labels", "epsilon": "smoothing",
             "t": "smoothed labels", "C": "cross-entropy loss"},
)
