"""Softmax with cross-entropy over a batch: the mean of the losses, as every training loop has it."""
from sympy import Eq, KroneckerDelta, Sum, exp, log

from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size

B, N = size("B"), size("N")
b, c, n, m, k = indices("b c n m k")
Z, A, Y = arrays("Z A Y", B, N)
(L,) = scalars("L")

ENTRY = Entry(
    name="softmax-cross-entropy-batch",
    title="Softmax with cross-entropy loss over a batch",
    definitions={A[b, n]: exp(Z[b, n]) / Sum(exp(Z[b, k]), (k, 1, N)),
                 L: -Sum(Y[c, m] * log(A[c, m]), (m, 1, N), (c, 1, B)) / B},
    derivative=(L, Z[b, n]),
    through={A[c, m]: KroneckerDelta(b, c) * A[c, m] * (KroneckerDelta(m, n) - A[c, n])},
    claims=(Claim((A[b, n] * Sum(Y[b, m], (m, 1, N)) - Y[b, n]) / B, about="for any labels"),
            Claim((A[b, n] - Y[b, n]) / B, (ForAll((b,), Eq(Sum(Y[b, m], (m, 1, N)), 1)),), about="for labels that sum to 1")),
    meaning={"B": "number of samples", "N": "number of classes", "Z": "logits, one row for each sample",
             "A": "outputs: the softmax of each row", "Y": "labels: each row a distribution, or one-hot",
             "L": "cross-entropy loss, averaged over the batch"},
)
