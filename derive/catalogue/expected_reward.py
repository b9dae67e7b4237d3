"""Expected reward of a softmax policy: each action gains what its reward exceeds the mean."""
from sympy import Sum, exp

from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size

N = size("N")
k, m, n = indices("k m n")
z, p, R = arrays("z p R", N)
(J,) = scalars("J")

ENTRY = Entry(
    name="expected-reward",
    title="Expected reward of a softmax policy",
    definitions={p[n]: exp(z[n]) / Sum(exp(z[m]), (m, 1, N)), J: Sum(p[k] * R[k], (k, 1, N))},
    derivative=(J, z[n]),
    claims=(Claim(p[n] * (R[n] - J)),),
    meaning={"N": "number of actions", "z": "preferences of the policy", "p": "probability of each action: the softmax of z",
             "R": "reward of each action", "J": "expected reward"},
)
