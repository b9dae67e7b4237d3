"""What the catalogue should have and the kernel cannot state or prove yet, each with the reason. Printed in the index."""
from __future__ import annotations

NOT_YET = (
    ("softmax-properties", "statements that are inequalities (0 < a_i < 1 for two classes or more) have no entry form yet"),
    ("logsumexp bounds", "z_j <= LSE(z) and LSE(z) <= m + log N need laws of monotonicity"),
    ("gelu (erf form)", "the error function is not among the operators"),
    ("index sets of a fixed size", "a set with two elements, as in the two-class case of softmax, is written with scalars"),
)
