"""A document, step by step in order of reading: what defines, what claims, what is said in passing.

`check_source` is the whole of `derive check` for one file; nothing in it imports SymPy or executes what it reads.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .attempts import Step
from .chains import Chain, chains
from .claims import compared, judged
from .conditions import conditions_of, is_condition, remember
from .defining import definition
from .derivatives import parts
from .judge import Verdict, unread
from .progress import Progress, noted, record, tree
from .regions import Document, document
from .remarks import NOT_EQUATIONS, declared, example, remark
from .report import Report
from .scope import Note
from .shapes import arrays, with_differentials
from .source import Source
from .stated import defined, fixed_letters, labels, misunderstood, sizes, stated, usual
from .sums import free_letters
from .syntax import Quotient, Related, Syntax, Unreadable, bare, walk
from .table import Definition, Table, head, names, written

SECONDS, MOST = 3.0, 50_000                                   # for one step; formulas of one file


def check_source(source: Source, given: tuple[str, ...] = (), timeout: float = SECONDS) -> Report:
    """The report on one source. `given` are relations in LaTeX, as in the document's own `derive: given` comments."""
    doc = document(source)
    doc, left_over = _first(doc)
    found = chains(doc)
    known = arrays(t for c in found for t in map(tree, c.sides) if isinstance(t, Syntax))
    found = with_differentials(found, known)
    table = Table(arrays=known, sizes=sizes(doc), fixed=fixed_letters(doc.text), later=tuple(defined(found)), usual=usual())
    reading = Progress(doc, stated(doc, found, given), timeout, table, labels=labels(doc, found))
    reading.findings += [noted(reading, n, -1) for n in (*misunderstood(doc), *left_over)]
    for chain in found:
        _chain(reading, chain)
    return Report(source, tuple(reading.entries), tuple(reading.findings), tuple(reading.explained))


def _first(doc: Document) -> tuple[Document, tuple[Note, ...]]:
    """As many formulas as are read, and the finding that there are more: the time for one file is bounded."""
    if len(doc.regions) <= MOST:
        return doc, ()
    rest = doc.regions[MOST]
    message = f"{len(doc.regions)} formulas; the first {MOST} are read, those from here on are not"
    return replace(doc, regions=doc.regions[:MOST]), (Note("D001", message, rest.start, rest.end, False),)


# ---------------------------------------------------------------- chains
def _chain(r: Progress, chain: Chain) -> None:
    """Judge every relation of a chain, in order."""
    while r.labels and r.labels[0][0] < chain.region.start:
        r.table = r.table.forget(r.labels.pop(0)[1])
    trees = [tree(s) for s in chain.sides]
    good = [t for t in trees if isinstance(t, Syntax)]
    r.table = replace(r.table, seen_before=r.table.seen)
    for t in good:
        r.table = r.table.saw(t)
    if not chain.signs:
        return
    conditions = conditions_of(r, chain)
    first = trees[0]
    outer = _outer(first) if isinstance(first, Syntax) else frozenset()
    by = _variable(first) if isinstance(first, Syntax) else None
    siblings = frozenset(n for t in good for n in _differentiated(t))
    named = head(first) if isinstance(first, Syntax) else None
    for n, sign in enumerate(chain.signs):
        left, right = trees[n], trees[n + 1]
        _label(r, chain, n, left)
        verdict = _relation(r, chain, n, left, right, conditions, outer, by, siblings, good[:n])
        record(r, chain, n, sign.start, verdict)
        if named is not None and named.name in r.table.definitions and isinstance(right, Syntax) \
                and (n == 0 or r.entries[-n - 1].outcome == "definition") \
                and named.name not in names(right) and verdict.outcome in ("refuted", "undecided", "unread"):
            r.table = r.table.also(Definition(named.name, named.letters, named.params, right, named.component))
    _label(r, chain, len(chain.signs), trees[-1])


def _label(r: Progress, chain: Chain, n: int, side: Syntax | Unreadable) -> None:
    for at, number in chain.labels:
        if at == n and isinstance(side, Syntax):
            if r.table.labels.get(number, side) != side:
                note = Note("D002", f"the number ({number}) stands at two equations; a reference to ({number}) means the first",
                            side.start, side.end, False)
                r.findings.append(noted(r, note, max(0, len(r.entries) - 1)))
            r.table = r.table.label(number, side)


def _outer(first: Syntax) -> frozenset[str]:
    return free_letters(first)


def _variable(first: Syntax) -> Syntax | None:
    found = parts(first) if isinstance(first, Quotient) else None
    return found[1][0] if found is not None else None


def _differentiated(t: Syntax) -> Iterator[str]:
    for x in walk(t):
        if isinstance(x, Quotient) and (found := parts(x)) is not None:
            yield from (h.name for v in found[1] if (h := head(bare(v))) is not None)


# ---------------------------------------------------------------- one relation
def _relation(r: Progress, chain: Chain, n: int, left: Syntax | Unreadable, right: Syntax | Unreadable,
              conditions: tuple[Related, ...], outer: frozenset[str], by: Syntax | None, siblings: frozenset[str],
              before: list[Syntax]) -> Verdict:
    sign = chain.signs[n].text
    if is_condition(chain):
        remember(r, chain, left, right)
        return Verdict("not_an_equation", "a condition on indices")
    if sign in NOT_EQUATIONS:
        if sign == "∈" and isinstance(left, Syntax) and isinstance(right, Syntax):
            r.table = declared(r.table, left, right)
        return Verdict("not_an_equation", NOT_EQUATIONS[sign])
    if isinstance(left, Unreadable):
        return unread(left)
    if isinstance(right, Unreadable):
        return unread(right)
    said = remark(r, chain, n, sign, left, right)
    if said is not None:
        return said
    shown = example(r, left, right)
    if shown is not None:
        return shown
    r.equations[written(left)] = right
    step = Step(left, right, conditions, outer, by, siblings, tuple(before))
    if sign not in ("=", ":="):
        return compared(r, chain, step, sign)
    found = definition(r, chain, n, step, sign)
    return found if found is not None else judged(r, chain, n, step)
