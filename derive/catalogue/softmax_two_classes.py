"""Softmax of two logits with cross-entropy: the output is a sigmoid of the difference, the gradient is a - y."""
from sympy import exp, log

from derive.algebra.statement import Claim, Entry, scalars

u, v, a, b, y, C = scalars("u v a b y C")

ENTRY = Entry(
    name="softmax-two-classes",
    title="Softmax of two logits with cross-entropy loss",
    definitions={a: exp(u) / (exp(u) + exp(v)), b: exp(v) / (exp(u) + exp(v)), C: -(y * log(a) + (1 - y) * log(b))},
    derivative=(C, u),
    through={a: a * b, b: -a * b},
    claims=(Claim(a - y), Claim(1 / (1 + exp(v - u)) - y, about="with the output as a sigmoid of the difference of the logits")),
    meaning={"u": "logit of the first class", "v": "logit of the second class", "a": "output: the probability of the first class",
             "b": "output: the probability of the second class",
             "y": "label: 1 for the first class, 0 for the second", "C": "cross-entropy loss"},
)
