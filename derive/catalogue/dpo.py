"""Direct preference optimisation: the gradient by the log-probability of the preferred answer."""
from sympy import exp, log

from derive.algebra.statement import Claim, Entry, scalars

u, v, s, t, beta, h, p, L = scalars("u v s t beta h p L")

ENTRY = Entry(
    name="dpo",
    title="Direct preference optimisation",
    definitions={h: beta * ((u - s) - (v - t)), p: 1 / (1 + exp(-h)), L: -log(p)},
    derivative=(L, u),
    claims=(Claim(-beta * (1 - p)),),
    meaning={"u": "log-probability of the preferred answer", "v": "log-probability of the rejected answer",
             "s": "log-probability of the preferred answer under the reference model",
             "t": "log-probability of the rejected answer under the reference model", "beta": "strength of the reference model",
             "h": "difference of the implicit rewards", "p": "probability of the preference: the sigmoid of h", "L": "loss"},
)
