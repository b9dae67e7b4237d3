"""What the catalogue should have and the kernel cannot state or prove yet, each with the reason. Printed in the index."""
from __future__ import annotations

NOT_YET = (
    ("convolution and pooling layers", "shifted indices, as in x[i + k], are outside the language of statements"),
    ("masked attention", "a logit of minus infinity is no real number"),
    ("the maximum over a whole set: max pooling, sparsemax", "the operators have the maximum of two numbers only"),
    ("CTC, CRF and recurrent losses", "sums over paths are defined by recursion, which the language does not have"),
    ("focal loss with any exponent", "exponents are numbers; the entries have exponent 2"),
)
