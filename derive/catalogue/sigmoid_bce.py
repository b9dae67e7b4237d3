"""Sigmoid outputs with binary cross-entropy, one label for each output: the gradient by the logits is a - y."""
from sympy import KroneckerDelta, Sum, exp, log

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
i, j = indices("i j")
z, a, m, y = arrays("z a m y", N)
(C,) = scalars("C")

ENTRY = Entry(
    name="sigmoid-bce",
    title="Sigmoid with binary cross-entropy loss",
    definitions={a[i]: 1 / (1 + exp(-z[i])), m[i]: 1 - a[i],
                 C: -Sum(y[j] * log(a[j]) + (1 - y[j]) * log(m[j]), (j, 1, N))},
    derivative=(C, z[i]),
    through={a[j]: KroneckerDelta(i, j) * a[i] * m[i], m[j]: -KroneckerDelta(i, j) * a[i] * m[i]},
    claims=(Claim(a[i] - y[i], about="for any labels, 0 and 1 or between"),),
    meaning={"N": "number of outputs", "z": "logits (weighted inputs of the last layer)", "a": "outputs: the sigmoid of z",
             "m": "what is missing to 1: the probabilities of the other answers",
             "y": "labels, one for each output", "C": "binary cross-entropy, summed over the outputs"},
)
