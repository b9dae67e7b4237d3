"""Proof files: JSON with one table of shared terms and a list of items, each declared, defined, assumed or proved.

`read` decodes and replays; nothing in a file is believed. A term is written {"t": row}; a proof is nested lists.
"""
import json
import re
from fractions import Fraction
from typing import Any

from .errors import ProofFileError, located, require
from .evaluate import Valuation
from .replay import Development
from .terms import Term, mk

FORMAT, VERSION = "derive-proof", 1


def _number(text: Any) -> Fraction:
    """A number is an integer or "p/q"; 1e999999999 would take for ever."""
    require(re.fullmatch(r"-?\d+(/\d+)?", str(text)), ProofFileError, "{!r} is not a number", text)
    return Fraction(text)


def _table(rows: list[Any]) -> list[Term]:
    terms: list[Term] = []
    for op, data, *args in rows:
        exact = _number(data) if op == "num" else tuple(data) if isinstance(data, list) else data
        terms.append(mk(op, exact, *[terms[n] for n in args]))
    return terms


def _decode(value: Any, terms: list[Term]) -> Any:
    if isinstance(value, list):
        return tuple(_decode(v, terms) for v in value)
    return terms[value["t"]] if isinstance(value, dict) else value


def _witness(value: Any) -> Valuation:
    sizes, indices, arrays = value
    return Valuation(dict(sizes), {(letter, s): n for letter, s, n in indices},
                     {name: {tuple(map(_number, at)): _number(q) for at, q in entries} for name, entries in arrays})


KINDS: dict[str, Any] = {
    "declare": Development.declare, "define": Development.define, "assume": Development.assume, "theorem": Development.prove}


def read(text: str) -> Development:
    """Replay a proof file. Returns the development; raises ProofFileError (damaged) or ProofError (does not follow)."""
    with located("the file", ProofFileError):
        document, dev = json.loads(text), Development()
        require((document["format"], document["version"]) == (FORMAT, VERSION), ProofFileError, "expected {} {}", FORMAT, VERSION)
        terms, items = _table(document["terms"]), [*map(list, document["items"])]
    for number, item in enumerate(items, 1):
        with located(f"item {number} ({' '.join(x for x in item[:2] if isinstance(x, str))})", ProofFileError):
            kind, *parts = _decode(item, terms)
            KINDS[kind](dev, *parts[:3], *[part and _witness(part) for part in parts[3:]])
    return dev
