"""A term as one line of text that a programmer reads: dC/dz[i] = a[i]*sum_j(y[j]) - y[i]."""
from __future__ import annotations

from ..kernel.terms import IndexName, Term, indices, ix, open_

LETTERS = "jklnpqrst"
SUM, PRODUCT, PREFIX, ATOM = 1, 2, 3, 9
RELATIONS = {"eq": "=", "ne": "!=", "lt": "<", "le": "<="}
_LEVEL = {"add": SUM, "mul": PRODUCT, "neg": PREFIX, "D": PRODUCT}


def text(t: Term, taken: frozenset[str] = frozenset()) -> str:
    """Linear text of a term or condition; bound indices get letters that are not taken."""
    taken |= {letter for letter, _ in indices(t)}
    match t.op:
        case "num" | "size":
            return str(t.data)
        case "ix":
            return str(t.data[0])
        case "arr":
            return str(t.data) + (f"[{','.join(text(i) for i in t.args)}]" if t.args else "")
        case "D":
            return f"d{_at(t.args[0], ATOM, taken)}/d{text(t.args[1])}"
        case "sum" | "all":
            letter, body = _opened(t, taken)
            inner = text(body, taken | {letter})
            return f"sum_{letter}({inner})" if t.op == "sum" else f"{inner} for all {letter}"
        case "add":
            return _addition(t, taken)
        case "mul":
            return _product(t, taken)
        case "neg":
            return f"-{_at(t.args[0], PREFIX, taken)}"
        case "inv":
            return f"1/{_at(t.args[0], ATOM, taken)}"
        case op if op in RELATIONS:
            return f"{text(t.args[0], taken)} {RELATIONS[op]} {text(t.args[1], taken)}"
    return f"{t.op}({','.join(text(a, taken) for a in t.args)})"


def _opened(t: Term, taken: frozenset[str]) -> tuple[str, Term]:
    inside: set[IndexName] = indices(t)
    letter = next(c for c in LETTERS if c not in taken and (c, t.data) not in inside)
    return letter, open_(t.args[0], [ix(letter, t.data)])


def _at(t: Term, level: int, taken: frozenset[str]) -> str:
    shown = text(t, taken)
    return f"({shown})" if _LEVEL.get(t.op, PRODUCT if t.op == "inv" else ATOM) < level else shown


def _addition(t: Term, taken: frozenset[str]) -> str:
    x, y = t.args
    if x.op == "neg" and y.op != "neg":
        x, y = y, x
    if y.op == "neg":
        return f"{_at(x, SUM, taken)} - {_at(y.args[0], PRODUCT, taken)}"
    return f"{_at(x, SUM, taken)} + {_at(y, SUM, taken)}"


def _product(t: Term, taken: frozenset[str]) -> str:
    x, y = t.args
    if y.op == "inv":
        return f"{_at(x, PRODUCT, taken)}/{_at(y.args[0], ATOM, taken)}"
    return f"{_at(x, PRODUCT, taken)}*{_at(y, PREFIX, taken)}"
