"""The focal loss with exponent 2 of one sigmoid output, for the true class 1."""
from sympy import exp, log

from derive.algebra.statement import Claim, Entry, scalars

z, a, m, L = scalars("z a m L")

ENTRY = Entry(
    name="focal-loss",
    title="The focal loss of one sigmoid output",
    definitions={a: 1 / (1 + exp(-z)), m: 1 - a, L: -m ** 2 * log(a)},
    derivative=(L, z),
    through={a: a * m, m: -a * m},
    claims=(Claim(m ** 2 * (2 * a * log(a) - m)),),
    meaning={"z": "logit of the true class", "a": "output: the probability of the true class", "m": "what is missing to 1",
             "L": "focal loss with exponent 2: cross-entropy, weighted down where the output is already good"},
)
