"""Finding codes: a name for programs, what each means, and an example."""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """name for programs, meaning, and an example with what is wrong in it."""
    name: str
    meaning: str
    example: str = ""


CODES = {
    "D001": Code("unreadable", "mathematics that is not read: the message says what was found and what is read instead",
                 r"\oint f  (an integral is not read)"),
    "D002": Code("ambiguous", "an ambiguous spelling, read in the way that makes sense: write brackets",
                 r"\sum_i x_i + y_i  (does the sum reach over the plus sign?)"),
    "D003": Code("unbound-index", "an index that is neither bound nor on the left side",
                 r"p_j = e^{z_i} / \sum_k e^{z_k}  (i is meant to be j)"),
    "D004": Code("rebound-index", "a sum that binds a letter which is free in the equation, or bound around it",
                 r"a_i = e^{z_i} / \sum_i e^{z_i}  (the second i is another one)"),
    "D005": Code("slip", "a slip of notation, read as it was meant", r"e^z_k  (for e^{z_k})"),
    "D006": Code("redefined", "a name with several definitions",
    r"C = ... and later C = ...  (the message says which one counts)"),
    "D007": Code("unused-noqa", "a noqa that silences nothing"),
    "D101": Code("wrong-step", "the sides differ: a counterexample shows where", r"(a + b)^2 = a^2 + b^2  (a = b = 1: 4 and 2)"),
    "D102": Code("sign", "a wrong sign", r"-(y_i - o_i) = -(o_i - y_i)  (the right side is the negative of the left)"),
    "D103": Code("missing-sum", "a chain rule without its sum over the intermediate values",
                 r"\frac{\partial C}{\partial z_i} = \frac{\partial C}{\partial a_j} \frac{\partial a_j}{\partial z_i}"
                 r"  (every a_j depends on z_i: sum over j)"),
    "D104": Code("index", "a wrong index", r"\sum_{k \neq 1} y_k where k \neq i is meant"),
    "D105": Code("factor", "a wrong or missing factor",
    r"\frac{\partial}{\partial x} \frac{1}{N} \sum_i (x - t_i)^2 without 1/N"),
    "D106": Code("cases", "a wrong condition in a case distinction",
                 r"a_i (1 - a_j) if x_i = x_j  (what matters is whether i = j)"),
    "D107": Code("shape", "factors or sides whose shapes do not fit",
                 r"dx = dz W^T for z = W x  (W^T dz has the shape of x)"),
    "D201": Code("unstated-hypothesis", "holds only under a hypothesis that the text does not state",
                 r"a_i \sum_j y_j - y_i = a_i - y_i  (if \sum_j y_j = 1)"),
    "D202": Code("undecided", "neither proved nor refuted: the message says what is missing"),
    "D301": Code("domain", "holds only where something is not 0: a division, a kink",
                 r"|x|' = x / |x|  (where x is not 0)"),
    "D401": Code("stale", "a generated file is stale: it differs from what its entry gives"),
    "D402": Code("missing-file", "a generated file is missing"),
    "D403": Code("left-over-file", "a file under the output folder is left over: no entry gives it"),
    "D411": Code("code-differs", "a function does not compute what the entry states: sizes, arguments and both values are shown",
                 "return softmax(z) + y  (against softmax-cross-entropy: a - y)"),
    "D412": Code("code-undecided", "a function is neither proved nor refuted, or not followed: the reason and the line are shown",
                 "for n in range(len(z)): ...  (a loop over an axis is not followed)"),
    "D413": Code("code-hypothesis", "a function computes what the entry states under hypotheses that the entry does not state"),
    "D901": Code("internal", "a fault of derive: please report it with the document"),
}
FINDING_CODES = {code: row.meaning for code, row in CODES.items()}
