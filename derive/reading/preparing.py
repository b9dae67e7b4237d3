"""Tokens as the grammar knows them: bars in pairs are brackets, primes are primes, labels of braces are gone."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .syntax import Unreadable
from .tokens import Token

DEEPEST = 60                                                  # brackets inside brackets
_KNOWN = frozenset(["NUM", "NAME", "DOTS", "BIG", "ENV", "FRAC", "SQRT", "ACCENT", "WRAP", "BRACED", "LB", "RB", "LP", "RP",
    "SUB", "SUP", "PRIME", "PLUS", "MINUS", "TIMES", "SLASH", "COMMA", "REL", "BANG", "REF"])


def _uncrossed(side: Sequence[Token]) -> list[Token]:
    """})" where the bracket was opened inside the braces becomes ")}"; \\prime is a prime wherever it stands."""
    out, opened = list(side), list[str]()
    for n, t in enumerate(out):
        if t.kind == "RB" and opened and opened[-1] == "LP" and n + 1 < len(out) and out[n + 1].kind == "RP":
            out[n], out[n + 1] = out[n + 1], t
            t = out[n]
        if t.kind in ("LP", "LB"):
            opened.append(t.kind)
        elif t.kind in ("RP", "RB") and opened:
            opened.pop()
    return _primes(out)


def _primes(found: list[Token]) -> list[Token]:
    out: list[Token] = []
    n = 0
    while n < len(found):
        t = found[n]
        if t.kind == "SUP" and n + 1 < len(found) and found[n + 1].text == "′":
            n += 1
            t = replace(found[n], kind="PRIME")
        elif t.kind == "SUP" and [x.kind for x in found[n + 1:n + 2]] == ["LB"]:
            end = next((k for k in range(n + 2, len(found)) if found[k].text != "′"), len(found))
            if end > n + 2 and end < len(found) and found[end].kind == "RB":
                out += [replace(x, kind="PRIME") for x in found[n + 2:end]]
                n = end + 1
                continue
        elif t.text == "′":
            t = replace(t, kind="PRIME")
        out.append(t)
        n += 1
    return out


def prepare(side: Sequence[Token]) -> list[Token]:
    """Bars in pairs become brackets, a full stop between factors a multiplication, braced annotations go."""
    side = _uncrossed(side)
    out: list[Token] = []
    opened: list[list[int]] = [[]]                            # for each open bracket, the places of single bars
    n = 0
    while n < len(side):
        t = side[n]
        n += 1
        if t.kind in ("LP", "LB"):
            opened.append([])
        elif t.kind in ("RP", "RB") and len(opened) > 1:
            _pair(out, opened.pop())
        elif t.kind in ("BAR", "DBAR"):
            opened[-1].append(len(out))
        if len(opened) > DEEPEST:
            raise Unreadable(f"brackets more than {DEEPEST} deep", t.start, t.end)
        if t.kind in ("STOP", "COLON"):
            t = replace(t, kind="TIMES" if t.kind == "STOP" else "COMMA", text="·" if t.kind == "STOP" else ",")
        out.append(t)
    _pair(out, opened[0])
    out = [replace(t, kind="COMMA", text="|") if t.kind in ("BAR", "DBAR") else t for t in out if t.kind not in ("WIDE",
        "AMP", "TAG")]
    out = _without_annotations(out)
    for t in out:
        if t.kind not in _KNOWN:
            raise Unreadable(f"{t.text!r} is not read in a formula", t.start, t.end)
    return out


def _pair(out: list[Token], places: list[int]) -> None:
    if len(places) % 2 == 0:
        for k, n in enumerate(places):
            out[n] = replace(out[n], kind="RP" if k % 2 else "LP", text="‖" if out[n].kind == "DBAR" else "|")


def _without_annotations(found: list[Token]) -> list[Token]:
    """An under- or overbrace with its label: the label goes."""
    out: list[Token] = []
    n, braced = 0, list[int]()                                # for each brace whose argument is open: its depth
    depth = 0
    while n < len(found):
        t = found[n]
        n += 1
        if t.kind == "BRACED":
            braced.append(depth)
        depth += (t.kind == "LB") - (t.kind == "RB")
        out.append(t)
        if braced and t.kind == "RB" and depth == braced[-1]:
            braced.pop()
            if n < len(found) and found[n].kind in ("SUB", "SUP"):
                n = _after_argument(found, n + 1)
    return out


def _after_argument(found: list[Token], n: int) -> int:
    if n >= len(found) or found[n].kind != "LB":
        return n + 1
    depth = 0
    while n < len(found):
        depth += (found[n].kind == "LB") - (found[n].kind == "RB")
        n += 1
        if not depth:
            return n
    return n
