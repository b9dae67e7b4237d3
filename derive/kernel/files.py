"""Proof files: JSON with one table of shared terms and a list of items, each declared, defined, assumed or proved.

`read` decodes and replays; nothing in a file is believed. A term is written {"t": row}; a proof is nested lists.
"""
import json
import re
from fractions import Fraction
from typing import Any

from .errors import DeriveError, ProofError, ProofFileError, require
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


def _witness(value: Any) -> Valuation | None:
    if value is None:
        return None
    sizes, indices, arrays = value
    return Valuation(dict(sizes), {(letter, s): n for letter, s, n in indices},
                     {name: {at: _number(q) for at, q in entries} for name, entries in arrays})


def _add(dev: Development, kind: str, *parts: Any) -> None:
    kinds: dict[str, Any] = {"declare": dev.declare, "define": dev.define, "assume": dev.assume, "theorem": dev.prove}
    require(kind in kinds, ProofFileError, "expected one of {}, found {!r}", list(kinds), kind)
    kinds[kind](*parts[:3], *map(_witness, parts[3:]))


def read(text: str) -> Development:
    """Replay a proof file. Returns the development; raises ProofFileError (damaged) or ProofError (does not follow)."""
    where = "the file"
    try:
        document = json.loads(text)
        known = (document["format"], document["version"]) == (FORMAT, VERSION)
        require(known, ProofFileError, "expected {} version {}", FORMAT, VERSION)
        terms, dev = _table(document["terms"]), Development()
        for number, item in enumerate(document["items"], 1):
            where = f"item {number} ({' '.join(x for x in item[:2] if isinstance(x, str))})"
            _add(dev, *_decode(item, terms))
        return dev
    except DeriveError as e:
        kind = ProofError if isinstance(e, ProofError) else ProofFileError
        raise kind(f"{where}: {e}") from e
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as e:
        raise ProofFileError(f"{where}: damaged ({type(e).__name__}: {e})") from e
