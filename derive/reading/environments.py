"""Environments: cases and matrices become one token with rows of cells, alignments dissolve into rows of the formula."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from . import spelling as sp
from .tokens import Token

SEPARATORS = ("COMMA", "TEXT", "WIDE", "COLON")


def grouped(found: Sequence[Token]) -> list[Token]:
    """The tokens with each case distinction and matrix as one ENV token; alignment environments leave their rows."""
    out: list[Token] = []
    n = 0
    while n < len(found):
        t = found[n]
        braced = t.kind == "LP" and t.text == "{" and n + 1 < len(found) and found[n + 1].kind == "BEGIN"
        if t.kind == "BEGIN" or braced:
            n, made = _environment(found, n + braced, braced)
            out += made
        else:
            n += 1
            if t.kind != "END":
                out.append(t)
    return out


def _environment(found: Sequence[Token], n: int, braced: bool) -> tuple[int, list[Token]]:
    """The environment that begins at n, and the place after it (and after its closing bracket)."""
    begin, name = found[n], found[n].text
    end = _end(found, n)
    inner, after = list(found[n + 1:end]), end + 1
    if name in ("array", "alignedat", "alignat") and inner and inner[0].kind == "LB":
        inner = inner[_closing(inner, 0) + 1:]
    last = found[min(end, len(found) - 1)].end
    if braced and name not in sp.MATRICES or name in ("cases", "dcases", "rcases") or braced and name == "array":
        if braced and after < len(found) and found[after].kind == "STOP":
            after += 1                                        # \right.
        return after, [Token("ENV", "cases", begin.start, last, rows=rows(grouped(inner)))]
    if name in sp.MATRICES and not (name == "array" and any(t.kind == "REL" for t in inner)):
        return after, [Token("ENV", "matrix", begin.start, last, rows=rows(grouped(inner)))]
    return after, grouped(inner)


def _end(found: Sequence[Token], n: int) -> int:
    depth = 0
    for k in range(n, len(found)):
        depth += (found[k].kind == "BEGIN") - (found[k].kind == "END")
        if not depth:
            return k
    return len(found)


def _closing(found: Sequence[Token], n: int) -> int:
    """The place of the bracket that closes the one at n."""
    depth = 0
    for k in range(n, len(found)):
        depth += (found[k].kind in ("LB", "LP")) - (found[k].kind in ("RB", "RP"))
        if depth <= 0:
            return k
    return len(found) - 1


def rows(found: Sequence[Token]) -> tuple[tuple[tuple[Token, ...], ...], ...]:
    """Rows of cells."""
    out: list[list[list[Token]]] = [[[]]]
    depth = 0
    for t in found:
        depth += (t.kind in ("LB", "LP")) - (t.kind in ("RB", "RP"))
        if t.kind == "ROW" and depth <= 0:
            out.append([[]])
        elif t.kind == "AMP" and depth <= 0:
            out[-1].append([])
        else:
            out[-1][-1].append(t)
    return tuple(tuple(tuple(cell) for cell in row) for row in out if any(row))


def split_case(row: Sequence[Sequence[Token]]) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """Value and condition of a row of cases: they stand in cells of their own, or after a space, a comma or a word."""
    flat = [t for n, cell in enumerate(row) for t in ([replace(cell[0], kind="WIDE")] if n and cell else []) + list(cell)]
    depth = 0
    for n, t in enumerate(flat):
        depth += (t.kind in ("LB", "LP")) - (t.kind in ("RB", "RP"))
        if not depth and n and t.kind in SEPARATORS:
            return tuple(flat[:n]), condition_tokens(flat[n:])
    return tuple(flat), ()


def condition_tokens(found: Sequence[Token]) -> tuple[Token, ...]:
    """A condition without words, spaces and the brackets around it."""
    out = [t for t in found if t.kind not in (*SEPARATORS, "STOP", "AMP")]
    while len(out) > 2 and out[0].kind in ("LP", "LB") and _closing(out, 0) == len(out) - 1:
        out = out[1:-1]
    return tuple(out)


def flattened(found: list[Token]) -> list[Token]:
    """Braces and boxes around whole equations or around words go."""
    n = 0
    while n < len(found):
        t = found[n]
        if t.kind == "WRAP" and n + 1 < len(found) and found[n + 1].kind == "LB":
            end = _closing(found, n + 1)
            if _holds_relation(found[n + 2:end]):
                found = [*found[:n], *found[n + 2:end], *found[end + 1:]]
                continue
        if t.kind == "LB" and n + 1 < len(found) and found[n + 1].kind == "RB" and not (n and found[n - 1].kind in ("SUB",
            "SUP", "FRAC")):
            found = [*found[:n], *found[n + 2:]]
            continue
        if t.kind == "LB" and not (n and found[n - 1].kind in ("SUB", "SUP", "FRAC", "ACCENT", "SQRT", "WRAP", "BRACED")):
            end = _closing(found, n)
            inner = found[n + 1:end]
            if _holds_relation(inner) or inner and all(x.kind == "TEXT" for x in inner):
                found = [*found[:n], *inner, *found[end + 1:]]
                continue
        n = _closing(found, n) + 1 if t.kind in ("LB", "LP") else n + 1
    return found


def _holds_relation(found: Sequence[Token]) -> bool:
    depth = 0
    for t in found:
        depth += (t.kind in ("LB", "LP")) - (t.kind in ("RB", "RP"))
        if t.kind == "REL" and depth <= 0:
            return True
    return False


def referenced(found: Sequence[Token]) -> list[Token]:
    """"(1)式" and "式(1)" in the place of a term become one token; so does \\eqref."""
    out: list[Token] = []
    n = 0
    while n < len(found):
        kinds = [t.kind for t in found[n:n + 4]]
        if kinds[:3] == ["LP", "NUM", "RP"] and (n + 3 < len(found) and found[n + 3].text == "式" or out
            and out[-1].text == "式"):
            last = found[n + 3] if n + 3 < len(found) and found[n + 3].text == "式" else found[n + 2]
            if out and out[-1].text == "式":
                out.pop()
            out.append(Token("REF", found[n + 1].text, found[n].start, last.end))
            n += 4 if last.text == "式" else 3
        else:
            out.append(found[n])
            n += 1
    return out
