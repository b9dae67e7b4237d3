"""One output, two classes: sigmoid with cross-entropy, by the chain rule."""
from sympy import exp, log

from derive.algebra.statement import Claim, Entry, scalars

z, a, m, y, C = scalars("z a m y C")

ENTRY = Entry(
    name="binary-cross-entropy",
    title="Binary cross-entropy of one sigmoid output",
    definitions={a: 1 / (1 + exp(-z)), m: 1 - a, C: -(y * log(a) + (1 - y) * log(m))},
    derivative=(C, z),
    through={a: a * m, m: -a * m},
    claims=(Claim(a - y),),
    meaning={"z": "logit", "a": "output: the probability of class 1", "m": "the probability of class 0",
             "y": "label: 0, 1 or a probability", "C": "binary cross-entropy loss"},
)
