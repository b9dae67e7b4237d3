"""The hyperbolic tangent: its derivative by its own value."""
from sympy import exp

from derive.algebra.statement import Claim, Entry, scalars

z, s, c, a = scalars("z s c a")

ENTRY = Entry(
    name="tanh",
    title="The hyperbolic tangent and its derivative",
    definitions={s: (exp(z) - exp(-z)) / 2, c: (exp(z) + exp(-z)) / 2, a: s / c},
    derivative=(a, z),
    through={s: c, c: s},
    claims=(Claim(1 - a ** 2, about="by its own value"),),
    meaning={"z": "weighted input", "s": "hyperbolic sine of z", "c": "hyperbolic cosine of z",
             "a": "activation: the hyperbolic tangent of z"},
)
