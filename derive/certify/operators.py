"""How each operator of the kernel is written in Coq: one row each, for printing and for reading back.

shape: "function" (name and arguments), "infix", "prefix", "binder" (an index set and a function), "own" (a form of its own
in `spelling`), or "none" (of the rows of laws only, never printed).
"""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spelling:
    name: str
    shape: str
    spelled: str
    level: int = 10                                           # Coq's level of the notation; 10 is an application
    lemmas: tuple[str, ...] = ()                              # to rewrite argument 0, 1 of the operator


SPELLING = {row.name: row for row in (
    Spelling("num", "own", "IZR"),
    Spelling("size", "function", "INR"),
    Spelling("arr", "own", ""),
    Spelling("fun", "own", "", lemmas=("in_fun _ _",)),
    Spelling("add", "infix", "+", 50, ("in_add_l", "in_add_r")),
    Spelling("mul", "infix", "*", 40, ("in_mul_l", "in_mul_r")),
    Spelling("neg", "prefix", "-", 35, ("in_neg",)),
    Spelling("inv", "prefix", "/", 35, ("in_inv",)),
    Spelling("exp", "function", "exp", lemmas=("in_exp",)),
    Spelling("log", "function", "ln", lemmas=("in_log",)),
    Spelling("sqrt", "function", "sqrt", lemmas=("in_sqrt",)),
    Spelling("pi", "function", "PI"),
    Spelling("erf", "function", "erf", lemmas=("in_erf",)),
    Spelling("step", "function", "step", lemmas=("in_step",)),
    Spelling("abs", "function", "Rabs", lemmas=("in_abs",)),
    Spelling("max", "function", "Rmax", lemmas=("in_max_l", "in_max_r")),
    Spelling("delta", "function", "delta"),
    Spelling("sum", "binder", "Sum", lemmas=("in_sum",)),
    Spelling("D", "own", "Derive", lemmas=("in_D",)),
    Spelling("ix", "own", ""),
    Spelling("bd", "own", ""),
    Spelling("eq", "infix", "=", 70),
    Spelling("ne", "infix", "<>", 70),
    Spelling("lt", "infix", "<", 70),
    Spelling("le", "infix", "<=", 70),
    Spelling("apart", "infix", "<>", 70),
    Spelling("all", "own", "forall"),
    Spelling("when", "own", ""),
    Spelling("unless", "own", ""),
    Spelling("smooth", "none", "smooth"),
    Spelling("indep", "none", ""),
    Spelling("meta", "own", ""),
    Spelling("imeta", "own", ""),
)}
