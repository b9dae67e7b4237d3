"""Definitions: which relations are, how they are read, and names that are given another meaning."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..kernel.errors import DeriveError
from .attempts import Step, exponents
from .chains import Chain
from .cues import CUE, LET
from .elaborate import Elaborator
from .ir import Node
from .ir import walk as nodes
from .judge import Verdict, unread
from .progress import Progress, tree
from .readings import renamed, renamed_name, rewritten, with_scores
from .remarks import is_fixed_place, name_of
from .scope import Note
from .shapes import shaped
from .syntax import Additive, Environment, Name, Product, Quotient, Script, Syntax, Unreadable, bare
from .table import STANDARD, Definition, Head, Table, head, names


def definition(r: Progress, chain: Chain, n: int, step: Step, sign: str) -> Verdict | None:
    """A definition, if the left side is a name that nothing has defined; None for a claim."""
    h = _by_arity(r.table, head(step.left))
    if h is not None and n == 0 and isinstance(bare(step.left), Name) and h.name in names(step.right) and _updates(step.right,
        h.name):
        return Verdict("not_an_equation", "an update")
    if h is not None and is_fixed_place(step.left) and isinstance(step.left, Script) and names(step.left) & r.table.indexed:
        h = None
    if h is None or n and not h.params:
        return Verdict("not_an_equation", "an assignment") if sign == ":=" and h is None else None
    if isinstance(step.right, Environment) and step.right.kind == "matrix" and h.name in names(step.right):
        r.table = replace(r.table, bold=r.table.bold | {h.name}, indexed=r.table.indexed | {h.name})
        return Verdict("definition", "its entries")
    circular = h.name in names(step.right) or any(h.name in r.table.behind(x) for x in names(step.right))
    if sign == ":=" and (h.name in r.table.definitions or circular):
        return Verdict("not_an_equation", "an assignment") if circular else _defined(r, h, step, _again(h, step))
    if circular or h.name in r.table.definitions:
        return None
    return _defined(r, h, step)


def _by_arity(table: Table, h: Head | None) -> Head | None:
    """A function with another number of arguments than the one of this name is another function."""
    d = table.definitions.get(h.name) if h is not None else None
    if h is None or d is None or not d.params or not h.params or len(d.params) == len(h.params):
        return h
    return replace(h, name=f"{h.name}/{len(h.params)}")


def _again(h: Head, step: Step) -> Note:
    message = f"{h.name} has another definition before; this one counts from here on"
    return Note("D006", message, step.left.start, step.left.end, False)


def _updates(t: Syntax, name: str) -> bool:
    """x + ..., as the new value of x."""
    return isinstance(t, Additive) and any(name_of(x) == name for x in t.terms)


def _defined(r: Progress, h: Head, step: Step, note: Note | None = None) -> Verdict:
    body, notes = step.right, list[Note]()
    d = Definition(h.name, h.letters, h.params, body, h.component)
    try:
        trial, scalar = _trial(r.table, d)
    except Unreadable as e:
        d = replace(d, body=with_scores(body, h.letters))
        try:
            trial, scalar = _trial(r.table, d)
        except (DeriveError, RecursionError):
            return unread(e)
        notes.append(Note("D005", "an index stands in the place of a number; read as the entry of a vector of scores",
            body.start, body.end))
        r.table = r.table.saw(d.body)
    except (DeriveError, RecursionError) as e:
        return Verdict("unread", f"not understood as a definition: {e}", "D001")
    extra = sorted(x for x in trial.free.keys() & free_letters_of(trial.defined[h.name][1])
                   if len(x) == 1 and x not in r.table.fixed)
    if h.letters and extra:
        missing = sorted(x for x in h.letters if not any(i in trial.defined[h.name][0]
            for i in indices_of(trial.defined[h.name][1])))
        meant = missing[0] if len(missing) == 1 and len(extra) == 1 else ""
        said = f"; {meant} is meant" if meant else ""
        notes.append(Note("D003", f"the index {', '.join(extra)} is neither bound nor on the left side{said}", body.start,
            body.end))
        d = replace(d, body=renamed(d.body, extra[0], meant)) if meant else d
    for accented, note_ in _lost_accent(r, d, step):
        notes.append(note_)
        r.table = r.table.define(d)
        d = replace(d, body=renamed_name(d.body, accented[:-1], accented))
    r.table, r.places[d.name] = _named_parts(r.table, d).define(d), body.end
    if not d.letters and not d.params and scalar:
        r.table = replace(r.table, scalars=r.table.scalars | {h.name} | _scalars(trial))
    r.explained.append(f"{h.name} is defined")
    return Verdict("definition", notes=(*notes, *trial.notes, *([note] if note else [])))


def _named_parts(table: Table, d: Definition) -> Table:
    """With a new name put for its value wherever that stands in an earlier definition: derivatives by it then go through it."""
    if d.letters or d.params or not isinstance(d.body, Quotient | Product | Additive):
        return table
    at = d.body

    def change(t: Syntax) -> Syntax | None:
        return Name(t.start, t.end, d.name, d.name in table.bold) if t == at else None
    found = {n: other if other.body == at else replace(other, body=rewritten(other.body, change))
             for n, other in table.definitions.items()}
    return replace(table, definitions=found)


def _lost_accent(r: Progress, d: Definition, step: Step) -> Iterator[tuple[str, Note]]:
    """x where x-hat was defined just before and nothing has used it yet: x-hat is meant."""
    used = frozenset[str]().union(*[other.mentioned() for other in r.table.definitions.values()])
    for name, at in r.places.items():
        plain_name = name.rstrip("\u0302\u0303\u0304")
        if plain_name != name and plain_name in names(d.body) and name not in used | names(d.body) | {d.name} \
                and "$" not in r.document.text[at:step.left.start]:
            yield name, Note("D104", f"{name} was defined just before and is not used; here stands {plain_name}, read as {name}",
                             d.body.start, d.body.end, False)


def _scalars(e: Elaborator) -> frozenset[str]:
    """Names that were taken as numbers."""
    return frozenset(n for n, dims in e.arrays.items() if not dims)


def _trial(table: Table, d: Definition) -> tuple[Elaborator, bool]:
    """A definition as it would be read, and whether it is a number. Raises Unreadable."""
    e = Elaborator(shaped(table.define(d), d.body), exponents=exponents(d.body))
    e.stored(d)
    return e, not e.defined[d.name][0]


def free_letters_of(t: Node) -> frozenset[str]:
    return frozenset(x.data[0] for x in indices_of(t) if "." not in x.data[0])


def indices_of(t: Node) -> list[Node]:
    return [x for x in nodes(t) if x.op == "ix"]


def redefined(r: Progress, chain: Chain, n: int, step: Step, new: bool = False,
              misfit: bool = False) -> Verdict | None:
    """A name that is given another meaning: the new one speaks of other things than the old, words say so, or a new section
    has begun, or the old one makes no sense here (`misfit`). With `new` only the first of these counts."""
    h = _by_arity(r.table, head(step.left))
    if n or h is None or h.name not in r.table.definitions or step.conditions:
        return None
    said = {x for s in chain.sides[1:] for t in [tree(s)] if isinstance(t, Syntax) for x in names(t)}
    if h.name.partition("/")[0] in said:
        return None
    old = r.table.behind(h.name) | {"e", "𝟏", "𝟎", "T", "⊤"} | STANDARD
    section = re.search(r"^[ \t]*(#|\*\*|\\(sub)*section)", r.document.text[r.places.get(h.name, 0):chain.region.start], re.M)
    cued = CUE.search(r.document.prose(chain.region)[-80:]) or re.search(r"\bor\b|或", chain.lead)
    at = r.places.get(h.name, 0)
    moved = any(r.places.get(n, 0) > at for n in r.table.behind(h.name))     # it rests on names that mean something else by now
    if not (said - old) and (new or not (cued or section or moved or misfit)):
        return None
    note = _again(h, step)
    before = r.table
    r.table = r.table.forget(h.name)
    found = _defined(r, h, step, note)
    if found.outcome != "definition":
        r.table = before
    elif not chain.region.display and not cued and not LET.search(r.document.prose(chain.region)[-30:]):
        r.table = before.also(r.table.definitions[h.name])    # said in passing: the definition before still counts
    return found
