"""Two classes: the general cross-entropy of a softmax becomes binary cross-entropy of a sigmoid of the difference."""
from sympy import Eq, Ne, Sum, exp, log

from derive.algebra.statement import Claim, Entry, Fact, arrays, indices, scalars, size

N = size("N")
i, j, k = indices("i j k")
z, a, y = arrays("z a y", N)
(C,) = scalars("C")
two, labels = (Eq(N, 2), Ne(i, j)), Eq(Sum(y[k], (k, 1, N)), 1)
sigmoid = 1 / (1 + exp(-(z[i] - z[j])))

ENTRY = Entry(
    name="binary-cross-entropy",
    title="Binary cross-entropy: two classes",
    definitions={a[i]: exp(z[i]) / Sum(exp(z[k]), (k, 1, N)), C: -Sum(y[k] * log(a[k]), (k, 1, N))},
    derivative=(C, z[i]),
    through={a[j]: None},
    claims=(Claim(a[i] - y[i], (labels,), "for labels that sum to 1"),),
    also=(
        Fact(Eq(a[j], 1 - a[i]), two, "with two classes the second output is 1 minus the first"),
        Fact(Eq(C, -(y[i] * log(a[i]) + (1 - y[i]) * log(1 - a[i]))), (*two, labels), "with two classes the loss is binary "
             "cross-entropy", by=(-(y[i] * log(a[i]) + y[j] * log(a[j])),)),
        Fact(Eq(a[i], sigmoid), two, "with two classes the output is a sigmoid of the difference of the logits"),
        Fact(Eq(a[i] - y[i], sigmoid - y[i]), two, "with two classes the gradient is the sigmoid minus the label"),
    ),
    meaning={"N": "number of classes", "z": "logits", "a": "outputs: the softmax of z", "y": "labels: a distribution",
             "C": "cross-entropy loss"},
)
