"""Chains of sides joined by relation signs, over rows and consecutive displays. Every top-level sign is in exactly one chain.

What stands beside the mathematics (tags, labels, words, conditions) is kept apart as hints and conditions.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from .environments import SEPARATORS, condition_tokens, flattened, grouped, referenced, split_case
from .regions import Document, Region
from .tokens import Token, tokens

Tokens = tuple[Token, ...]
_CONDITIONAL = re.compile(r"^(if|when|for|for all|for any|for each|for every|forall|iff|当|若|如果|对于|假设|设"
                          r"|otherwise|where)$", re.I)
_JOINING = ("PLUS", "MINUS", "TIMES", "SLASH")


@dataclass(frozen=True)
class Chain:
    """sides[n] signs[n] sides[n+1]; `conditions` hold for the whole chain, `labels` number sides; hints are words beside it."""
    region: Region
    sides: tuple[Tokens, ...]
    signs: Tokens
    conditions: tuple[Tokens, ...] = ()
    labels: tuple[tuple[int, str], ...] = ()
    hints: tuple[str, ...] = ()
    lead: str = ""


@dataclass(frozen=True)
class _Segment:
    """Tokens between separators: what stood before, and whether a row begins here with an empty first cell."""
    tokens: Tokens
    before: str
    word: str = ""
    empty_cell: bool = False


@dataclass
class _Building:
    region: Region
    sides: list[Tokens]
    signs: list[Token] = field(default_factory=list)
    conditions: list[Tokens] = field(default_factory=list)
    labels: list[tuple[int, str]] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    lead: str = ""

    def chain(self) -> Chain:
        sides = tuple(_trimmed(s) for s in self.sides)
        return Chain(self.region, sides, tuple(self.signs), tuple(self.conditions), tuple(self.labels), tuple(self.hints),
            self.lead)


def chains(document: Document) -> list[Chain]:
    """All chains of a document, in order. A region without a relation gives a chain with one side, for what it declares."""
    out: list[_Building] = []
    for region in document.regions:
        found = flattened(grouped(referenced(tokens(document.text, region.start, region.end))))
        follows = bool(out) and region.display and not re.search(r"\w", document.prose(region))
        built = _build(region, list(_segments(found)), out[-1] if follows else None)
        inner = [b for t in found if t.kind == "ENV" for b in _inside(region, t)]
        out += [*built, *inner]
    return [b.chain() for b in out]


def _inside(region: Region, environment: Token) -> Iterator[_Building]:
    """Chains in the cells of cases."""
    for row in environment.rows if environment.text == "cases" else ():
        value, condition = split_case(row)
        if any(t.kind == "REL" for t in _top(value)):
            for b in _build(region, list(_segments(flattened(list(value)))), None):
                b.conditions += [condition] if condition else []
                yield b


def _top(found: Sequence[Token]) -> Iterator[Token]:
    """Tokens outside of brackets."""
    depth = 0
    for t in found:
        depth = max(0, depth - (t.kind in ("RB", "RP")))
        if not depth:
            yield t
        depth += t.kind in ("LB", "LP")


def _segments(found: Sequence[Token]) -> Iterator[_Segment]:
    depth, current, before, word, empty = 0, list[Token](), "ROW", "", False
    for t in found:
        depth = max(0, depth + (t.kind in ("LB", "LP")) - (t.kind in ("RB", "RP")))
        label = t.kind == "TEXT" and bool(current) and current[-1].kind in ("SUB", "SUP")
        if depth and t.kind != "ROW" or label or t.kind not in (*SEPARATORS, "ROW", "AMP", "TAG"):
            current.append(t)
            continue
        if t.kind == "AMP":
            empty = empty or not current and before == "ROW"
            continue
        if current or t.kind == "ROW":
            yield _Segment(tuple(current), before, word, empty)
            current, before, word, empty, depth = [], "", "", False, 0
        if t.kind == "TAG":
            yield _Segment((t,), "TAG")
        before = "ROW" if t.kind == "ROW" or before == "ROW" and t.kind in ("TEXT", "WIDE") else t.kind
        word = (word + " " + t.text).strip() if t.kind == "TEXT" else word
    yield _Segment(tuple(current), before, word, empty)


def _build(region: Region, segments: list[_Segment], previous: _Building | None) -> list[_Building]:
    """The chains of a region; a region that begins with a relation continues the chain of the one before."""
    out: list[_Building] = []
    pending: list[Tokens] = []
    current, carried = previous, ""
    for s in segments:
        signs = [t for t in _top(s.tokens) if t.kind == "REL"]
        if not s.tokens:
            carried = f"{carried} {s.word}".strip()
            continue
        s, carried = replace(s, word=f"{carried} {s.word}".strip()), ""
        if s.before == "TAG":
            if current is not None:
                current.labels.append((len(current.sides) - 1, s.tokens[0].text))
        elif signs and _is_condition(s, signs):
            (pending if current is None or current is previous else current.conditions).append(condition_tokens(s.tokens))
        elif signs:
            current = _with_relations(region, s, current, out)
            current.conditions += pending
            pending = []
        else:
            current = _without_relation(region, s, current, out)
    if carried and current is not None:
        current.hints.append(carried)
    return out


def _is_condition(s: _Segment, signs: list[Token]) -> bool:
    return bool(_CONDITIONAL.match(s.word)) and s.word.lower() != "where" and len(signs) == 1 and len(s.tokens) < 12 \
        and not any(t.kind in ("FRAC", "BIG", "ENV") for t in s.tokens)


def _with_relations(region: Region, s: _Segment, current: _Building | None, out: list[_Building]) -> _Building:
    parts, signs = _split(s.tokens)
    joins = s.empty_cell and bool(parts[0]) and parts[0][0].kind in _JOINING
    if current is not None and (not parts[0] or joins):
        if joins:
            current.sides[-1] += parts[0]
    elif current is not None and not current.signs and current.region is region and s.before != "ROW" and not parts[0]:
        pass
    else:
        current = _Building(region, [parts[0]], lead=s.word)
        out.append(current)
    current.sides += parts[1:]
    current.signs += signs
    return current


def _split(found: Tokens) -> tuple[list[Tokens], list[Token]]:
    """Sides and signs of a segment."""
    parts: list[list[Token]] = [[]]
    signs, top = [], {id(t) for t in _top(found)}
    for t in found:
        if t.kind == "REL" and id(t) in top:
            signs.append(t)
            parts.append([])
        else:
            parts[-1].append(t)
    return [tuple(p) for p in parts], signs


def _without_relation(region: Region, s: _Segment, current: _Building | None, out: list[_Building]) -> _Building | None:
    """A row that goes on with the side before, an annotation, or something said without a relation."""
    here = current is not None and current.region is region
    if current is not None and here and s.before == "ROW" and (s.empty_cell or s.tokens[0].kind in _JOINING
        or _open_ended(current)):
        current.sides[-1] += s.tokens
        return current
    if current is not None and here and current.signs and s.before != "ROW":
        return _annotated(s, current)
    new = _Building(region, [s.tokens], lead=s.word)
    out.append(new)
    return new


def _open_ended(current: _Building) -> bool:
    return not current.sides[-1] or current.sides[-1][-1].kind in _JOINING


def _annotated(s: _Segment, current: _Building) -> _Building:
    inner = condition_tokens(s.tokens)
    if len(inner) == 1 and inner[0].kind == "NUM" and s.tokens[0].kind == "LP":
        current.labels.append((len(current.sides) - 1, inner[0].text))
    elif s.tokens[0].kind == "LP" and sum(t.kind == "REL" for t in inner) == 1:
        current.conditions.append(inner)
    else:
        current.hints.append(f"{s.word} {' '.join(t.text for t in s.tokens)}".strip())
    return current


def _trimmed(side: Tokens) -> Tokens:
    """Without punctuation at the end."""
    n = len(side)
    while n and side[n - 1].kind in ("STOP", "COMMA", "COLON", "WIDE", "AMP", "TEXT"):
        n -= 1
    first = 0
    while first < n and side[first].kind in ("WIDE", "AMP", "TEXT"):
        first += 1
    return side[first:n]
