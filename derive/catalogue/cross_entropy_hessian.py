"""The Hessian of softmax with cross-entropy: the Jacobian of softmax, which does not depend on the labels."""
from sympy import KroneckerDelta, Sum, exp

from derive.algebra.statement import Claim, Entry, arrays, indices, size

N = size("N")
i, j, k = indices("i j k")
z, a, y, g = arrays("z a y g", N)

ENTRY = Entry(
    name="cross-entropy-hessian",
    title="The Hessian of softmax with cross-entropy loss",
    definitions={a[i]: exp(z[i]) / Sum(exp(z[k]), (k, 1, N)), g[i]: a[i] - y[i]},
    derivative=(g[j], z[i]),
    claims=(Claim(a[i] * (KroneckerDelta(i, j) - a[j])),),
    meaning={"N": "number of classes", "z": "logits", "a": "outputs: the softmax of z", "y": "labels that sum to 1",
             "g": "the gradient of the loss by the logits"},
)
