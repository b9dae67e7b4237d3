"""Tokens of LaTeX mathematics with their places in the text. Whatever stands there becomes a token: nothing raises.

Fonts, accents' names, sizes of brackets and spaces are settled here; environments, rows and meaning are not.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from . import spelling as sp

_RAW = re.compile(
    r"(?P<env>\\(?:begin|end)[ ]*\{[a-zA-Z*]+\})|(?P<row>\\\\\*?(?:\[-?[\d.]+[a-z]{2}\])?)|(?P<command>\\[a-zA-Z]+\*?|\\.)"
    r"|(?P<comment>%[^\n]*)"
    r"|(?P<number>\d+(?:\.\d+)?|\.\d+)|(?P<space>\s+)|(?P<dots>\.\.\.+|…|⋯)|(?P<assign>:\s?=)|(?P<letter>[A-Za-z])"
    r"|(?P<other>.)", re.S)
_CJK = re.compile(r"[\u2e80-\u30ff\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uac00-\ud7af\u2014\u201c\u201d]")
_PUNCTUATION = {",": "COMMA", ";": "COMMA", "，": "COMMA", "；": "COMMA", "、": "COMMA", "。": "STOP", ":": "COLON",
    "：": "COLON",
                ".": "STOP", "&": "AMP", "_": "SUB", "^": "SUP", "'": "PRIME", "+": "PLUS", "-": "MINUS", "−": "MINUS",
                "–": "MINUS",
                "/": "SLASH", "{": "LB", "}": "RB", "|": "BAR", "!": "BANG"}


@dataclass(frozen=True, slots=True)
class Token:
    """kind, canonical text, and the span in the text; `rows` of an environment hold cells, which hold tokens."""
    kind: str
    text: str
    start: int
    end: int
    bold: bool = False
    rows: tuple[tuple[tuple[Token, ...], ...], ...] = ()


def tokens(text: str, start: int, end: int) -> list[Token]:
    """The tokens of text[start:end]."""
    raw = [Token(m.lastgroup or "", m[0], m.start(), m.end()) for m in _RAW.finditer(text, start, end)]
    return _names(list(_commands(raw)))


def _commands(raw: list[Token]) -> Iterator[Token]:
    """Commands, numbers and signs by their meaning; spaces stay (a word ends there) and go in `_names`."""
    n = 0
    while n < len(raw):
        t = raw[n]
        n += 1
        match t.kind:
            case "comment":
                continue
            case "env":
                yield replace(t, kind="BEGIN" if t.text[1] == "b" else "END", text=t.text.split("{")[1].rstrip("}").rstrip("*"))
            case "row" | "dots" | "space" | "letter":
                yield replace(t, kind={"row": "ROW", "dots": "DOTS", "space": "SPACE", "letter": "NAME"}[t.kind])
            case "assign":
                yield replace(t, kind="REL", text=":=")
            case "number":
                yield replace(t, kind="NUM")
            case _:
                n, found = _command(raw, n, t)
                yield from found


def _command(raw: list[Token], n: int, t: Token) -> tuple[int, list[Token]]:
    """What a command or sign stands for; n is the place after it, and may move past its arguments."""
    c = t.text
    if c == r"\not":
        n, arg = _argument(raw, n)
        rel = next((sp.RELATIONS[a.text] for a in arg if a.text in sp.RELATIONS), "=")
        return n, [Token("REL", sp.NEGATED.get(rel, rel), t.start, arg[-1].end if arg else t.end)]
    if c in (r"\stackrel", r"\overset", r"\underset"):
        return _stacked(raw, n, t)
    if c in sp.FONTS:
        return _font(raw, n, t)
    if c in _SIDES and n < len(raw) and raw[n].text in _BARS:
        return n + 1, [Token(_SIDES[c], _BARS[raw[n].text], t.start, raw[n].end)]
    if c in sp.DROPPED:
        n, _ = _argument(raw, n)
        return n, []
    if c in (r"\tag", r"\tag*", r"\eqref", r"\ref"):
        n, arg = _argument(raw, n)
        return n, [Token("TAG" if c[1] == "t" else "REF", "".join(a.text for a in arg).strip("() "), t.start, arg[-1].end
            if arg else t.end)]
    return n, [replace(t, kind=kind, text=text) for kind, text in _simple(c)]


_SIDES = {"\\left": "LP", "\\bigl": "LP", "\\Bigl": "LP", "\\biggl": "LP", "\\Biggl": "LP",
          "\\right": "RP", "\\bigr": "RP", "\\Bigr": "RP", "\\biggr": "RP", "\\Biggr": "RP"}
_BARS = {"|": "|", "\\vert": "|", "\\|": "‖", "\\Vert": "‖"}
_TABLES: tuple[tuple[str, dict[str, str]], ...] = (
    ("REL", sp.RELATIONS), ("LP", sp.OPENING), ("RP", sp.CLOSING), ("TIMES", sp.TIMES), ("BIG", sp.BIG), ("ACCENT", sp.ACCENTS),
    ("NAME", sp.SIGNS))


def _simple(c: str) -> Iterable[tuple[str, str]]:
    """Kinds and texts of a command without arguments."""
    for kind, table in _TABLES:
        if c in table:
            return [(kind, table[c])]
    if c in sp.SPACES or c in sp.WIDE:
        return [("WIDE" if c in sp.WIDE else "SPACE" if c in ("~", r"\ ") else "THIN", c)]
    if c in sp.DOTS:
        return [("DOTS", "…")]
    if c in (r"\mid", r"\vert", "|"):
        return [("BAR", "|")]
    if c in (r"\|", r"\Vert", r"\parallel"):
        return [("DBAR", "‖")]
    if c in sp.CONNECTIVES:
        return [("TEXT", c[1:])]
    if c in (r"\frac", r"\dfrac", r"\tfrac", r"\cfrac"):
        return [("FRAC", "frac")]
    if c in sp.BRACES or c in sp.WRAPPERS:
        return [("BRACED" if c in sp.BRACES else "WRAP", c)]
    if c == r"\sqrt":
        return [("SQRT", "sqrt")]
    if c in _PUNCTUATION:
        return [(_PUNCTUATION[c], c)]
    if _CJK.match(c):
        return [("TEXT", c)]
    if c[0] == "\\" and c[1:2].isalpha():
        name = c[1:].rstrip("*")
        return [("NAME", sp.WORDS.get(name, name))]
    return [("NAME", c)] if c.isalpha() else [("OTHER", c)]


def _argument(raw: list[Token], n: int) -> tuple[int, list[Token]]:
    """The raw tokens of the next argument (braces taken off) and the place after it."""
    while n < len(raw) and raw[n].kind in ("space", "comment"):
        n += 1
    if n >= len(raw):
        return n, []
    if raw[n].text != "{":
        return n + 1, [raw[n]]
    depth, first = 0, n
    while n < len(raw):
        depth += {"{": 1, "}": -1}.get(raw[n].text, 0)
        n += 1
        if not depth:
            return n, raw[first + 1:n - 1]
    return n, raw[first + 1:]


def _stacked(raw: list[Token], n: int, t: Token) -> tuple[int, list[Token]]:
    """A relation with something above it keeps its sign; "def" above it makes a definition of it."""
    n, above = _argument(raw, n)
    n, base = _argument(raw, n)
    end = base[-1].end if base else t.end
    inner = list(_commands(base))
    relation = next((x for x in inner if x.kind == "REL"), None)
    if relation is None:
        return n, inner
    said = "".join(a.text for a in above).lower()
    return n, [Token("REL", ":=" if re.search(r"def|\\triangle|∆|△", said) else relation.text, t.start, end)]


def _font(raw: list[Token], n: int, t: Token) -> tuple[int, list[Token]]:
    """A word in a font is one name, or prose; other content keeps its tokens. \\rm and its like reach to the brace."""
    if t.text in (r"\rm", r"\bf", r"\it"):
        arg = raw[n:next((k for k in range(n, len(raw)) if raw[k].text in ("{", "}", "~", r"\quad", ",")), len(raw))]
        n += len(arg)
    else:
        n, arg = _argument(raw, n)
    if not arg:
        return n, []
    plain, bold = "".join(a.text for a in arg), sp.FONTS[t.text]
    start, end = t.start, arg[-1].end + (raw[n - 1].text == "}" and raw[n - 1].start >= arg[-1].end)
    word = re.sub(r"\s+", "", plain).replace(r"\_", "_")
    blackboard = t.text in (r"\mathbb", r"\mathds", r"\mathbbm")
    if word in ("0", "1", "I", "𝟙") and (bold or blackboard) and not (bold and word == "I"):
        return n, [Token("NAME", "𝟎" if word == "0" else "𝟏", start, end, True)]
    if t.text in sp.TEXTS and (not re.fullmatch(r"[A-Za-z][A-Za-z_-]*", plain.strip()) or plain.strip().lower() in sp.PROSE):
        mathematics = "$" in plain or "_" in plain or "^" in plain or re.fullmatch(r"[\d.]+", plain.strip())
        return n, list(_commands([a for a in arg if a.text != "$"])) if mathematics else [Token("TEXT", plain, start, end)]
    if re.fullmatch(r"[A-Za-z][A-Za-z_-]*", word) and not (len(word) > 1 and "-" in word and t.text not in sp.TEXTS):
        if word.lower() in sp.PROSE and not bold:
            return n, [Token("TEXT", word, start, end)]
        return n, [Token("NAME", sp.WORDS.get(word, word), start, end, bold)]
    inner = [replace(x, bold=x.bold or bold and x.kind == "NAME") for x in _commands(arg)]
    return n, [Token("LB", "{", start, start), *inner, Token("RB", "}", end, end)]


def _names(found: list[Token]) -> list[Token]:
    """Runs of letters that touch are words or products of letters; after _ and ^ TeX takes one character."""
    out: list[Token] = []
    depth: list[bool] = []                                    # for each open brace: is it a script?
    n = 0
    while n < len(found):
        t = found[n]
        n += 1
        script = bool(out) and out[-1].kind in ("SUB", "SUP")
        if t.kind in ("SPACE", "THIN"):
            continue
        if t.kind == "NAME" and t.text == "d" and t.bold and (m := next((k for k in range(n, len(found)) if found[k].kind not in
                                                                     ("SPACE", "THIN")), None)) is not None \
                                                                         and found[m].kind == "NAME":
            t, n = replace(found[m], text="d" + found[m].text, start=t.start, bold=True), m + 1      # \\mathbf{d}q is dq
        if t.kind == "NUM" and len(t.text) > 1 and out and out[-1].kind in ("SUB", "SUP", "FRAC") and "." not in t.text:
            out += [replace(t, text=t.text[0], end=t.start + 1), replace(t, text=t.text[1:], start=t.start + 1)]
            continue
        if t.kind in ("LB", "RB"):
            depth = [*depth, script or bool(depth) and depth[-1]] if t.kind == "LB" else depth[:-1]
        if t.kind != "NAME" or script or t.end - t.start != 1 or not t.text.isascii():
            out.append(t)
            continue
        run = [t]
        while n < len(found) and _joins(run[-1], found[n]):
            run.append(found[n])
            n += 1
        following = next((x for x in found[n:] if x.kind not in ("SPACE", "THIN")), None)
        out += _word(run, following, bool(depth) and depth[-1])
    return out


def _joins(a: Token, b: Token) -> bool:
    if b.kind != "NAME" or b.start != a.end or a.bold != b.bold:
        return False
    return b.text == "_" or b.end - b.start == 1 and b.text.isascii() and b.text.isalpha()


def _word(run: list[Token], following: Token | None, script: bool) -> list[Token]:
    """One name, or a function and the rest, or letters that stand for themselves."""
    text = "".join(t.text for t in run)
    whole = Token("NAME", sp.WORDS.get(text, text), run[0].start, run[-1].end, run[0].bold)
    known = text in sp.WORDS or text in sp.FUNCTIONS
    called = following is not None and following.kind == "LP" and following.text == "("
    if len(text) == 1:
        return run
    if text in sp.PROSE and not script and len(text) > 1 and text not in ("in", "as", "is", "by", "of", "so", "we", "or", "to"):
        return [replace(whole, kind="TEXT", text=text)]
    if known or "_" in text:
        return [whole]
    for length in range(len(text) - 1, 1, -1):
        head = text[:length]
        if head in ("log", "ln", "exp", "max", "min") and not (called and len(text) - length > 3):
            first = Token("NAME", sp.WORDS.get(head, head), run[0].start, run[length - 1].end, run[0].bold)
            return [first, *_word(run[length:], following, script)]
    if script:
        return [whole] if len(text) > 2 and re.search("[aeou]", text) else run
    return [whole] if len(text) > 2 else run
