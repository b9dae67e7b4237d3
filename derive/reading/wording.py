"""Conditions of the kernel in the words of a message: 0 < C, y_i = delta_ik for all i. For people, not for programs to read."""
from __future__ import annotations

from ..kernel.terms import Term, ix, open_

LETTERS = "ijklmnpqrst"
RELATIONS = {"eq": "=", "ne": "≠", "lt": "<", "le": "≤"}


def said(t: Term) -> str:
    """A condition in one line."""
    taken = {n[0] for n in t.names if isinstance(n, tuple)}
    return _said(t, [x for x in LETTERS if x not in taken], [])


def _said(t: Term, letters: list[str], quantified: list[str]) -> str:
    if t.op == "all":
        letter, *rest = letters
        return _said(open_(t.args[0], [ix(letter, t.data)]), rest, [*quantified, letter])
    if t.op in ("when", "unless"):
        i, j = (x.data[0] for x in t.args[:2])
        sign = "=" if t.op == "when" else "≠"
        return f"{_said(t.args[2], letters, quantified)} where {i} {sign} {j}"
    ends = f" for all {', '.join(quantified)}" if quantified else ""
    if t.op == "apart":
        return f"{t.args[0].data[0]} ≠ {t.args[1].data[0]}{ends}"
    left, right = (shown(x, letters) for x in t.args)
    return f"{left} {RELATIONS[t.op]} {right}{ends}"


def shown(t: Term, letters: list[str], level: int = 0) -> str:
    """A term in one line: level 1 inside a product, 2 below a sign that binds tighter."""
    match t.op:
        case "num":
            return str(t.data)
        case "size":
            return str(t.data)
        case "arr":
            return str(t.data) + (f"_{''.join(i.data[0] for i in t.args)}" if t.args else "")
        case "delta":
            return f"δ_{''.join(i.data[0] for i in t.args)}"
        case "add":
            text = shown(t.args[0], letters)
            text += f" - {shown(t.args[1].args[0], letters, 1)}" if t.args[1].op == "neg" else f" + {shown(t.args[1], letters)}"
            return f"({text})" if level else text
        case "neg":
            return f"-{shown(t.args[0], letters, 2)}"
        case "mul":
            if t.args[1].op == "inv":
                return f"{shown(t.args[0], letters, 2)}/{shown(t.args[1].args[0], letters, 2)}"
            return f"{shown(t.args[0], letters, 2)} {shown(t.args[1], letters, 2)}"
        case "inv":
            return f"1/{shown(t.args[0], letters, 2)}"
        case "sum":
            letter, *rest = letters
            text = f"Σ_{letter} {shown(open_(t.args[0], [ix(letter, t.data)]), rest, 1)}"
            return f"({text})" if level > 1 else text
        case "fun":
            name, primes = t.data
            return f"{name}{chr(39) * primes}({shown(t.args[0], letters)})"
        case "D":
            return f"∂({shown(t.args[0], letters)})/∂{shown(t.args[1], letters)}"
    return f"{t.op}({', '.join(shown(a, letters) for a in t.args)})"
