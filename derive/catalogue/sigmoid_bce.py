"""Sigmoid outputs with binary cross-entropy, one label for each output: the gradient by the logits is a - y."""
from sympy import KroneckerDelta, Sum, exp, log

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
z, a, y = arrays("z a y", N)
(C,) = scalars("C")

ENTRY = Entry(
    name="sigmoid-bce",
    title="Sigmoid with binary cross-entropy loss",
    definitions={a[i]: 1 / (1 + exp(-z[i])), C: -Sum(y[j] * log(a[j]) + (1 - y[j]) * log(1 - a[j]), (j, 1, N))},
    derivative=(C, z[i]),
    through={a[j]: KroneckerDelta(i, j) * a[i] * (1 - a[i])},
    claims=(Claim(a[i] - y[i], about="for any labels"),),
    meaning={"N": "number of outputs", "z": "logits (weighted inputs of the last layer)", "a": "outputs: the sigmoid of z",
             "y": "labels, one for each output", "C": "binary cross-entropy, summed over the outputs"},
)
