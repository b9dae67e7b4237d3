"""Knowledge distillation: the divergence of the student's softmax from the teacher's, both at a temperature."""
from sympy import KroneckerDelta, Sum, exp, log

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
i, j, k = indices("i j k")
z, v, p, q = arrays("z v p q", N)
D, T = scalars("D T")

ENTRY = Entry(
    name="distillation-kl",
    title="Knowledge distillation: the divergence of the student from the teacher",
    definitions={p[i]: exp(v[i] / T) / Sum(exp(v[k] / T), (k, 1, N)), q[i]: exp(z[i] / T) / Sum(exp(z[k] / T), (k, 1, N)),
                 D: Sum(p[j] * log(p[j] / q[j]), (j, 1, N))},
    derivative=(D, z[i]),
    through={q[j]: q[i] * (KroneckerDelta(i, j) - q[j]) / T},
    claims=(Claim((q[i] - p[i]) / T, (T > 0,), about="for any temperature above 0"),),
    meaning={"N": "number of classes", "z": "the student's logits", "v": "the teacher's logits", "T": "temperature",
             "p": "the teacher's distribution", "q": "the student's distribution",
             "D": "divergence of the student from the teacher"},
)
