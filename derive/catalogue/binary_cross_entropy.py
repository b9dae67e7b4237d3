"""One output, two classes: sigmoid with cross-entropy, by the chain rule."""
from sympy import exp, log

from derive.algebra.statement import Claim, Entry, scalars

z, a, y, C = scalars("z a y C")

ENTRY = Entry(
    name="binary-cross-entropy",
    title="Binary cross-entropy of one sigmoid output",
    definitions={a: 1 / (1 + exp(-z)), C: -(y * log(a) + (1 - y) * log(1 - a))},
    derivative=(C, z),
    through={a: a * (1 - a)},
    claims=(Claim(a - y),),
    meaning={"z": "logit", "a": "output: the probability of class 1", "y": "label: 0, 1 or a probability",
             "C": "binary cross-entropy loss"},
)
