"""Policy gradient: the score of a softmax policy, times the reward."""
from sympy import KroneckerDelta, Sum, exp, log

from derive.algebra.statement import Claim, Entry, arrays, indices, size

N = size("N")
k, m, n = indices("k m n")
z, p, R, J = arrays("z p R J", N)

ENTRY = Entry(
    name="policy-gradient",
    title="Policy gradient of a softmax policy",
    definitions={p[n]: exp(z[n]) / Sum(exp(z[m]), (m, 1, N)), J[k]: R[k] * log(p[k])},
    derivative=(J[k], z[n]),
    claims=(Claim(R[k] * (KroneckerDelta(k, n) - p[n])),),
    meaning={"N": "number of actions", "z": "preferences of the policy", "p": "probability of each action: the softmax of z",
             "R": "reward, or advantage, of each action", "J": "objective of REINFORCE for the action that was taken"},
)
