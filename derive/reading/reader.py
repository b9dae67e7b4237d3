"""A document, step by step in order of reading: what defines, what claims, what is said in passing.

`check_source` is the whole of `derive check` for one file; nothing in it imports SymPy or executes what it reads.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from ..kernel.errors import DeriveError
from . import hypotheses as hyp
from .chains import Chain, chains
from .decimals import Numbers, disagreement, numbers, written_out
from .derivatives import parts
from .diagnosis import diagnosed
from .elaborate import Elaborator, Note
from .hypotheses import Hypothesis
from .inequalities import judged as inequality
from .ir import Node
from .ir import walk as nodes
from .judge import Attempt, Stated, Step, Verdict, attempt, capped, decide, exponents
from .limits import OutOfTime, time_limit
from .operators import free_letters
from .readings import Reading, aliased, readings, renamed, renamed_name, rewritten, with_scores
from .regions import Document, Region, document
from .report import Entry, Finding, Report
from .source import Source
from .syntax import (
    Additive,
    Dots,
    Environment,
    Name,
    Number,
    Product,
    Quotient,
    Related,
    Script,
    Syntax,
    Unreadable,
    bare,
    parse,
    parse_condition,
    walk,
)
from .table import STANDARD, Definition, Table, head, is_letter, names, plain, subscript_letters, subscript_parts, written
from .tokens import Token, tokens

_CUE = re.compile(r"defin|given by|\blet\b|denote|\bwhere\b|in this case|becomes|written as|re-?writ|formulated|reduces to"
                  r"|定义|令|记|设|变为"
                  r"|\bmeans?\b|其中|损失函数|形式|为：|得到：|is computed|we (have|use)|assum", re.I)
_IF = re.compile(r"(\bif\b|\bwhen\b|\bfor\b|\bcase\b|当|若|如果|对于|情况)[\s*_(（,，:：]*$", re.I)
_ASSIGNS = re.compile(r"\b(initiali[sz]e|update|set|return|increment)\b[^.\n]{0,30}$", re.I)
_LET = re.compile(r"\b(let|define|where|put|with|choose)\b|令|设|记|其中", re.I)
_NOT_EQUATIONS = {"≠": "a condition", "≈": "an approximation", "∝": "a proportionality", "~": "a distribution",
    "←": "an assignment", "→": "an arrow",
                  "∈": "a membership", "∉": "a membership", "⊂": "an inclusion", "≻": "an order of matrices",
                  "≺": "an order of matrices"}
SECONDS = 3.0


@dataclass
class _Reading:
    """The state of reading one document."""
    document: Document
    stated: Stated
    timeout: float
    table: Table = field(default_factory=Table)
    pending: tuple[Related, ...] = ()
    active: tuple[Region, tuple[Related, ...]] | None = None
    entries: list[Entry] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    explained: list[str] = field(default_factory=list)
    labels: list[tuple[int, str]] = field(default_factory=list)
    numbers: dict[str, Numbers] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)      # where names were defined
    aliases: dict[str, str] = field(default_factory=dict)
    equations: dict[str, Syntax] = field(default_factory=dict)   # what was said to equal a derivative, for examples in numbers


def check_source(source: Source, given: tuple[str, ...] = (), timeout: float = SECONDS) -> Report:
    """The report on one source. `given` are relations in LaTeX, as in the document's own `derive: given` comments."""
    doc = document(source)
    found = chains(doc)
    reading = _Reading(doc, _stated(doc, found, given), timeout, labels=_labels(doc, found))
    for chain in found:
        _chain(reading, chain)
    return Report(source, tuple(reading.entries), tuple(reading.findings), tuple(reading.explained))


# ---------------------------------------------------------------- what a document states
def _stated(doc: Document, found: list[Chain], given: tuple[str, ...]) -> Stated:
    relations = [r for text in (*given, *_given(doc)) for r in _relation_of(text)]
    relations += [r for chain in found for r in _fixed_places(chain)]
    return Stated(tuple(dict.fromkeys(_from_prose(doc, found))), tuple(relations))


def _given(doc: Document) -> Iterator[str]:
    for d in doc.directives:
        for clause in d.text.split(";"):
            word, _, rest = clause.strip().partition(" ")
            if word == "given":
                yield rest


def _relation_of(text: str) -> Iterator[Related]:
    from .environments import grouped
    try:
        t = parse_condition(grouped(tokens(text, 0, len(text))))
    except Unreadable:
        return
    if isinstance(t, Related):
        yield t


def _fixed_places(chain: Chain) -> Iterator[Related]:
    """An inline relation such as y_1 = 1 - y_0: said of fixed places, it is a hypothesis and no claim."""
    if chain.region.display or [s.text for s in chain.signs] != ["="]:
        return
    left, right = [_tree(s) for s in chain.sides]
    if isinstance(right, Unreadable):
        return
    if isinstance(left, Script) and isinstance(left.base, Name) and left.sup is None and subscript_parts(left.sub) \
            and all(isinstance(bare(p), Number) for p in subscript_parts(left.sub)) and not isinstance(right, Number):
        yield Related(left.start, right.end, (left, right), ("=",))


def _from_prose(doc: Document, found: list[Chain]) -> Iterator[Hypothesis]:
    """Hypotheses in words, about the names that stand in the same line."""
    letters = list(_letters_said(found))
    correct = [m[1] for m in hyp.CORRECT_CLASS.finditer(doc.text)]
    for _, line, inside in _lines(doc, found):
        for h in hyp.stated(line, inside):
            yield h
            if h.kind == "one-hot":
                yield from (replace(h, letter=letter) for name, letter in letters if name == h.name)
                yield from (replace(h, letter=letter) for letter in correct)


def _lines(doc: Document, found: list[Chain]) -> Iterator[tuple[int, str, list[tuple[int, str]]]]:
    """The lines of prose with their offsets, and the names that stand alone in them with their places in the line."""
    single = [(c.region.start, n) for c in found if not c.signs and len(c.sides) == 1 or [s.text for s in c.signs] == ["∈"]
              for n in _single_name(c.sides[0])]
    offset = at = 0
    for line in doc.text.splitlines(keepends=True):
        inside: list[tuple[int, str]] = []
        while at < len(single) and single[at][0] < offset + len(line):
            inside.append((single[at][0] - offset, single[at][1]))
            at += 1
        yield offset, line, [(place, n) for place, n in inside if n not in ("one", "hot")]
        offset += len(line)


def _labels(doc: Document, found: list[Chain]) -> list[tuple[int, str]]:
    """Where a name is said to be a label: a definition that it had before no longer counts."""
    return [(offset, n) for offset, line, inside in _lines(doc, found) for n in hyp.relabelled(line, inside)]


def _single_name(side: tuple[Token, ...]) -> list[str]:
    found = _tree(side)
    if isinstance(found, Unreadable):
        return []
    t = bare(found)
    base = t.base if isinstance(t, Script) else t
    return [base.text] if isinstance(base, Name) and len(base.text) < 4 and not is_size(base.text) else []


def is_size(name: str) -> bool:
    return name in ("N", "K", "n", "m", "M", "i", "j", "k", "l")


def _letters_said(found: list[Chain]) -> Iterator[tuple[str, str]]:
    """y_k = 1, inline: the place of the 1, if y is one-hot."""
    for c in found:
        if not c.region.display and [s.text for s in c.signs] == ["="]:
            left, right = [_tree(s) for s in c.sides]
            if isinstance(left, Script) and isinstance(left.base, Name) and isinstance(right, Number) and right.value == 1 \
                    and len(subscript_letters(left.sub)) == 1:
                yield left.base.text, subscript_letters(left.sub)[0]


# ---------------------------------------------------------------- chains
def _chain(r: _Reading, chain: Chain) -> None:
    """Judge every relation of a chain, in order."""
    while r.labels and r.labels[0][0] < chain.region.start:
        r.table = r.table.forget(r.labels.pop(0)[1])
    trees = [_tree(s) for s in chain.sides]
    good = [t for t in trees if isinstance(t, Syntax)]
    r.table = replace(r.table, seen_before=r.table.seen)
    for t in good:
        r.table = r.table.saw(t)
    if not chain.signs:
        return
    conditions = _conditions(r, chain)
    first = trees[0]
    outer = _outer(first) if isinstance(first, Syntax) else frozenset()
    by = _variable(first) if isinstance(first, Syntax) else None
    siblings = frozenset(n for t in good for n in _differentiated(t))
    named = head(first) if isinstance(first, Syntax) else None
    for n, sign in enumerate(chain.signs):
        left, right = trees[n], trees[n + 1]
        _label(r, chain, n, left)
        verdict = _relation(r, chain, n, left, right, conditions, outer, by, siblings, good[:n])
        _record(r, chain, n, sign.start, verdict)
        if named is not None and named.name in r.table.definitions and isinstance(right, Syntax) \
                and (n == 0 or r.entries[-n - 1].outcome == "definition") \
                and named.name not in names(right) and verdict.outcome in ("refuted", "undecided", "unread"):
            r.table = r.table.also(Definition(named.name, named.letters, named.params, right, named.component))
    _label(r, chain, len(chain.signs), trees[-1])


@lru_cache(maxsize=1024)
def _tree(side: tuple[Token, ...]) -> Syntax | Unreadable:
    try:
        return parse(side)
    except Unreadable as e:
        return e


def _label(r: _Reading, chain: Chain, n: int, side: Syntax | Unreadable) -> None:
    for at, number in chain.labels:
        if at == n and isinstance(side, Syntax):
            if r.table.labels.get(number, side) != side:
                note = Note("D002", f"the number ({number}) stands at two equations; a reference to ({number}) means the first",
                            side.start, side.end, False)
                r.findings.append(_noted(r, note, max(0, len(r.entries) - 1)))
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


def _conditions(r: _Reading, chain: Chain) -> tuple[Related, ...]:
    """What holds for a chain: said beside it, or in the prose before its region."""
    between = r.document.prose(chain.region)
    if re.search(r"^[ \t]*#", between, re.M):
        r.pending = ()
    own: list[Related] = []
    for c in chain.conditions:
        try:
            t = parse_condition(c)
        except Unreadable:
            continue
        if isinstance(t, Related):
            own.append(t)
    own += _other_class(r, chain)
    if r.active is not None and (r.active[0] is chain.region):
        own += r.active[1]
    elif r.pending and not _is_condition(chain):
        r.active = (chain.region, r.pending)
        own += r.pending
        r.pending = ()
    return tuple(c for c in own if _usable(c))


_OTHER_CLASS = re.compile(r"\b(?:incorrect|wrong|other)\s+class(?:es)?\s+\$?([a-z])\b", re.I)


def _other_class(r: _Reading, chain: Chain) -> list[Related]:
    """"For an incorrect class j": j is not the class k that was said to be the correct one."""
    correct = hyp.CORRECT_CLASS.search(r.document.text)
    start = max(r.document.text.rfind("\n\n", 0, max(0, chain.region.start - 8)), 0)
    found = _OTHER_CLASS.search(r.document.text, start, chain.region.start)
    if correct is None or found is None or found[1] == correct[1]:
        return []
    at = chain.region.start
    return [Related(at, at, (Name(at, at, found[1]), Name(at, at, correct[1])), ("≠",))]


def _usable(c: Related) -> bool:
    """Conditions on indices or on values; i = 1, ..., n says nothing."""
    return len(c.sides) == 2 and c.signs[0] in ("=", "≠") and not any(isinstance(x, Dots) for x in c.sides)


def _is_condition(chain: Chain) -> bool:
    """i = j or i ≠ j, inline."""
    if chain.region.display or len(chain.signs) != 1 or chain.signs[0].text not in ("=", "≠"):
        return False
    sides = [_tree(s) for s in chain.sides]
    return all(isinstance(t, Syntax) and is_letter(bare(t)) for t in sides)


# ---------------------------------------------------------------- one relation
def _relation(r: _Reading, chain: Chain, n: int, left: Syntax | Unreadable, right: Syntax | Unreadable,
              conditions: tuple[Related, ...], outer: frozenset[str], by: Syntax | None, siblings: frozenset[str],
              before: list[Syntax]) -> Verdict:
    sign = chain.signs[n].text
    if _is_condition(chain):
        _remember(r, chain, left, right)
        return Verdict("not_an_equation", "a condition on indices")
    if sign in _NOT_EQUATIONS:
        if sign == "∈" and isinstance(left, Syntax) and isinstance(right, Syntax):
            r.table = _shaped(r.table, left, right)
        return Verdict("not_an_equation", _NOT_EQUATIONS[sign])
    if isinstance(left, Unreadable):
        return _unread(left)
    if isinstance(right, Unreadable):
        return _unread(right)
    said = _said(r, chain, n, sign, left, right)
    if said is not None:
        return said
    example = _example(r, left, right)
    if example is not None:
        return example
    r.equations[written(left)] = right
    step = Step(left, right, conditions, outer, by, siblings, tuple(before))
    if sign not in ("=", ":="):
        return _compared(r, chain, step, sign)
    found = _definition(r, chain, n, step, sign)
    return found if found is not None else _judged(r, chain, n, step)


def _compared(r: _Reading, chain: Chain, step: Step, sign: str) -> Verdict:
    """The verdict on an inequality; undecided for a sign that compares nothing, and where the sentence around it may say when
    it holds."""
    try:
        with time_limit(r.timeout):
            found = capped(inequality(r.table, step, r.stated, sign))
        unsure = found.outcome == "refuted" and not chain.region.display
        return Verdict("undecided", "it does not hold for all values", "D202", notes=found.notes) if unsure else found
    except Unreadable as e:
        return _unread(e)
    except OutOfTime:
        return Verdict("undecided", f"no answer within {r.timeout:g} s", "D202")
    except (DeriveError, RecursionError):
        return Verdict("undecided", "the sign of the difference is not known", "D202")


def _unread(e: Unreadable) -> Verdict:
    if e.code == "D202":
        return Verdict("undecided", str(e), "D202")
    return Verdict("unread", str(e), e.code)


def _remember(r: _Reading, chain: Chain, left: Syntax | Unreadable, right: Syntax | Unreadable) -> None:
    prose, after = r.document.prose(chain.region), r.document.after(chain.region, 8)
    if isinstance(left, Syntax) and isinstance(right, Syntax) and (_IF.search(prose[-40:]) or "时" in after[:4]):
        r.pending = (Related(left.start, right.end, (left, right), (chain.signs[0].text,)),)


def _said(r: _Reading, chain: Chain, n: int, sign: str, left: Syntax, right: Syntax) -> Verdict | None:
    """Relations that claim nothing: ranges of indices, values of entries, hypotheses about fixed places, places of extremes."""
    if isinstance(left, Dots) or isinstance(right, Dots) or is_letter(bare(left)) and any(isinstance(x, Dots)
        for x in walk(right)):
        return Verdict("not_an_equation", "the range of an index")
    extremes = {x.text for t in (left, right) for x in walk(t) if isinstance(x, Name)}
    if extremes & {"argmax", "argmin"}:
        return Verdict("not_an_equation", "the place of a largest or smallest value")
    if isinstance(left, Script) and isinstance(left.base, Name) and _text(left.sub) in ("max", "min") and extremes & {"max",
        "min"} \
            and len(walked := list(walk(right))) < 8 and walked:
        return Verdict("definition", "the largest entry")
    if n == 0 and len(chain.signs) == 1 and _place(left) and isinstance(right, Number):
        return Verdict("definition", "said of a fixed place")
    if chain.region.display:
        return None
    if sign in "<>≤≥" and (is_letter(bare(left)) or isinstance(bare(left), Name) and isinstance(right, Number)):
        return Verdict("not_an_equation", "a condition")
    if (names(left) | names(right)) & r.numbers.keys():
        return Verdict("not_an_equation", "about the numbers of an example")
    if plain(left) and (isinstance(right, Number) or _text(right) in ("𝟏", "𝟎")) and n:
        return Verdict("not_an_equation", "a value given to a name")
    if n == 0 and plain(left) and names(left) & r.table.seen_before and _ASSIGNS.search(r.document.prose(chain.region)):
        return Verdict("not_an_equation", "an assignment")
    if isinstance(bare(left), Name) and isinstance(right, Number):
        return Verdict("not_an_equation", "a value given to a name")
    if plain(left) and isinstance(left, Script) and isinstance(right, Number):
        return Verdict("not_an_equation", "a condition on an entry")
    if n == 0 and plain(left) and plain(right) and not _LET.search(r.document.prose(chain.region)[-30:]) \
        and not (names(left) | names(right)) & r.table.definitions.keys() \
            and (names(left) & r.table.seen_before or isinstance(left, Script) and isinstance(right, Script)):
        return Verdict("not_an_equation", "a condition")
    if next(_fixed_places(chain), None) is not None:
        return Verdict("definition", "said of fixed places: taken as a hypothesis")
    return None


def _example(r: _Reading, left: Syntax, right: Syntax) -> Verdict | None:
    """An example in numbers: agreement to the printed precision, or what differs."""
    if not (written_out(left) or written_out(right)):
        return None
    value = numbers(right, r.numbers)
    known = numbers(left, r.numbers)
    if known is None and written(left) in r.equations:
        known = numbers(r.equations[written(left)], r.numbers)
    if known is None or value is None or plain(left) and written(left) not in r.numbers:
        if value is not None and plain(left):
            r.numbers[written(left)] = value
        return Verdict("not_an_equation", "numbers of an example")
    differs = disagreement(known, value)
    if differs is None:
        return Verdict("not_an_equation", "numbers that agree to the printed precision")
    return Verdict("refuted", f"the numbers differ: {differs}", "D101")


def _place(t: Syntax) -> bool:
    return isinstance(t, Script) and isinstance(t.base, Name) and not t.base.bold and t.sup is None \
        and bool(subscript_parts(t.sub)) \
        and all(isinstance(bare(p), Number) for p in subscript_parts(t.sub))


def _shaped(table: Table, left: Syntax, right: Syntax) -> Table:
    """x ∈ R^{a × b} declares a shape."""
    right, left = bare(right), bare(left)
    if isinstance(right, Name) and right.text == "R" and isinstance(left, Name):
        return replace(table, shapes={**table.shapes, left.text: ("1", "1")})
    if not (isinstance(right, Script) and isinstance(right.base, Name) and right.base.text == "R" and plain(left)):
        return table
    sup = bare(right.sup) if right.sup is not None else None
    sizes = [written(x) for x in map(bare, sup.factors)] if isinstance(sup, Product) and set(sup.signs) <= {"", "×"} else \
        [written(sup)] if isinstance(sup, Name | Number) else []
    if not sizes or len(sizes) > 2 or not isinstance(left, Name):
        return table
    rows, cols = (*sizes, "1")[:2]
    return replace(table, shapes={**table.shapes, left.text: (rows, cols)})


def _text(t: Syntax | None) -> str:
    t = bare(t) if t is not None else None
    return t.text if isinstance(t, Name) else ""


# ---------------------------------------------------------------- definitions
def _definition(r: _Reading, chain: Chain, n: int, step: Step, sign: str) -> Verdict | None:
    """A definition, if the left side is a name that nothing has defined; None for a claim."""
    h = head(step.left)
    if h is not None and n == 0 and isinstance(bare(step.left), Name) and h.name in names(step.right) and _updates(step.right,
        h.name):
        return Verdict("not_an_equation", "an update")
    if h is not None and _place(step.left) and isinstance(step.left, Script) and names(step.left) & r.table.indexed:
        h = None
    if h is None or n and not h.params:
        return Verdict("not_an_equation", "an assignment") if sign == ":=" and h is None else None
    if isinstance(step.right, Environment) and step.right.kind == "matrix" and h.name in names(step.right):
        r.table = replace(r.table, bold=r.table.bold | {h.name}, indexed=r.table.indexed | {h.name})
        return Verdict("definition", "its entries")
    circular = h.name in names(step.right) or any(h.name in r.table.behind(x) for x in names(step.right))
    if sign == ":=" and (h.name in r.table.definitions or circular):
        return Verdict("not_an_equation", "an assignment") if circular else _defined(r, h, step)
    if circular or h.name in r.table.definitions:
        return None
    return _defined(r, h, step)


def _updates(t: Syntax, name: str) -> bool:
    """x + ..., as the new value of x."""
    return isinstance(t, Additive) and any(_text(x) == name for x in t.terms)


def _defined(r: _Reading, h: object, step: Step, note: Note | None = None) -> Verdict:
    from .table import Head
    assert isinstance(h, Head)
    body, notes = step.right, list[Note]()
    d = Definition(h.name, h.letters, h.params, body, h.component)
    try:
        trial, scalar = _trial(r.table, d)
    except Unreadable as e:
        d = replace(d, body=with_scores(body, h.letters))
        try:
            trial, scalar = _trial(r.table, d)
        except (DeriveError, RecursionError):
            return _unread(e)
        notes.append(Note("D005", "an index stands in the place of a number; read as the entry of a vector of scores",
            body.start, body.end))
        r.table = r.table.saw(d.body)
    except (DeriveError, RecursionError) as e:
        return Verdict("unread", f"not understood as a definition: {e}", "D001")
    extra = sorted(x for x in trial.free.keys() & free_letters_of(trial.defined[h.name][1]) if len(x) == 1)
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


def _lost_accent(r: _Reading, d: Definition, step: Step) -> Iterator[tuple[str, Note]]:
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
    e = Elaborator(table.define(d), exponents=exponents(d.body))
    e.stored(d)
    return e, not e.defined[d.name][0]


def free_letters_of(t: Node) -> frozenset[str]:
    return frozenset(x.data[0] for x in indices_of(t) if "." not in x.data[0])


def indices_of(t: Node) -> list[Node]:
    return [x for x in nodes(t) if x.op == "ix"]


# ---------------------------------------------------------------- claims
def _judged(r: _Reading, chain: Chain, n: int, step: Step) -> Verdict:
    try:
        with time_limit(r.timeout):
            return _verdict(r, chain, n, step)
    except OutOfTime:
        return Verdict("undecided", f"no answer within {r.timeout:g} s", "D202")
    except (TypeError, AttributeError, LookupError, ValueError, AssertionError, ArithmeticError, RecursionError) as e:
        return Verdict("undecided", f"a fault of derive, please report it with this line: {type(e).__name__}: {e}", "D901")


def _verdict(r: _Reading, chain: Chain, n: int, step: Step) -> Verdict:
    first: Attempt | Unreadable
    if r.aliases.keys() & (names(step.left) | names(step.right)) and not r.aliases.keys() & r.table.definitions.keys():
        step = aliased(step, r.aliases)
        said = ", ".join(f"{a} for {b}" for a, b in sorted(r.aliases.items()))
        note = Note("D005", f"{said} as before", step.right.start, step.right.end)
    else:
        note = None
    try:
        first = attempt(r.table, step, r.stated)
        found = decide(first, unstated=False)
        if found is not None:
            return capped(found, note)
    except Unreadable as e:
        first = e
    except (DeriveError, RecursionError) as e:
        first = Unreadable(f"not understood: {e}", step.right.start, step.right.end)
    again = _redefined(r, chain, n, step, new=True)
    if again is None and isinstance(first, Attempt):
        found = decide(first)
        if found is not None:
            return capped(found, note)
    again = again or _redefined(r, chain, n, step)
    if again is not None:
        return again
    for reading in (*_squared(r, chain, step), *readings(r.table, step, _numerals(chain))):
        try:
            found = decide(attempt(reading.table, reading.step, r.stated), unstated=True)
        except (DeriveError, RecursionError):
            continue
        if found is not None:
            if reading.alias is not None:
                _keep_alias(r, *reading.alias)
            return capped(found, reading.note)
    if isinstance(first, Unreadable):
        return _unread(first)
    return diagnosed(r.table, step, r.stated, first, r.document.source.text)


def _keep_alias(r: _Reading, name: str, base: str) -> None:
    """A name that was taken for another stays so; a vector without a name gets the name."""
    if base != "score":
        r.aliases[name] = base
        return
    definitions = {k: replace(d, body=renamed_name(d.body, "score", name)) for k, d in r.table.definitions.items()}
    r.table = replace(r.table, definitions=definitions, indexed=r.table.indexed | {name})


_SQUARED = re.compile(r"\bMSE\b|mean[ -]squared|squared error|均方|quadratic (loss|cost)", re.I)


def _squared(r: _Reading, chain: Chain, step: Step) -> Iterator[Reading]:
    """(a - y) f'(z) where the prose speaks of squared errors: the loss is half their sum, and a = f(z)."""
    start = max(r.document.text.rfind("\n\n", 0, chain.region.start), 0)
    found = parts(step.left) if isinstance(step.left, Quotient) else None
    loss = head(found[0]) if found is not None and found[0] is not None else None
    outer = next((x for x in walk(step.right) if isinstance(x, Script) and x.primes and isinstance(x.base, Name)), None)
    errors = [[bare(y) for y in x.terms] for x in walk(step.right) if isinstance(x, Additive) and x.signs == (1, -1)]
    if not _SQUARED.search(r.document.text, start, chain.region.start) or loss is None or outer is None or not errors \
        or found is None:
        return
    names_of = [y.base if isinstance(y, Script) else y for y in (*errors[0], bare(found[1][0]))]
    output, target, variable = [y.text if isinstance(y, Name) else "" for y in names_of]
    assert isinstance(outer.base, Name)
    if not all((output, target, variable)):
        return
    text = rf"\frac{{1}}{{2}} \sum_k ({output}_k - {target}_k)^2"
    table = r.table.forget(outer.base.text)
    for name, letters, body in ((loss.name, (), _formula(text)), (output, ("k",), _formula(rf"{outer.base.text}({variable}_k)"))):
        table = table.forget(name).define(Definition(name, letters, (), body)) if body is not None else table
    table = replace(table, indexed=table.indexed | {output, target, variable})
    at = step.right
    yield Reading(step, Note("D105",
        f"holds if {loss.name} is half the sum of squared errors: without the factor 1/2 it is twice this",
                             at.start, at.end), table)


def _formula(text: str) -> Syntax | None:
    found = _tree(tuple(tokens(text, 0, len(text))))
    return found if isinstance(found, Syntax) else None


def _numerals(chain: Chain) -> tuple[str, ...]:
    return tuple(sorted({t.text for s in chain.sides for a, t in pairwise(s) if a.kind == "SUB"
        and t.kind == "NUM"}))


def _redefined(r: _Reading, chain: Chain, n: int, step: Step, new: bool = False) -> Verdict | None:
    """A name that is given another meaning: the new one speaks of other things than the old, words say so, or a new section
    has begun. With `new` only the first of these counts."""
    h = head(step.left)
    if n or h is None or h.name not in r.table.definitions or step.conditions:
        return None
    said = {x for s in chain.sides[1:] for t in [_tree(s)] if isinstance(t, Syntax) for x in names(t)}
    if h.name in said:
        return None
    old = r.table.behind(h.name) | {"e", "𝟏", "𝟎", "T", "⊤"} | STANDARD
    section = re.search(r"^[ \t]*(#|\*\*|\\(sub)*section)", r.document.text[r.places.get(h.name, 0):chain.region.start], re.M)
    cued = _CUE.search(r.document.prose(chain.region)[-80:]) or re.search(r"\bor\b|或", chain.lead)
    if not (said - old) and (new or not cued and not section):
        return None
    note = Note("D006", f"{h.name} has another definition before; this one counts from here on", step.left.start,
        step.left.end, False)
    before = r.table
    r.table = r.table.forget(h.name)
    found = _defined(r, h, step, note)
    if found.outcome != "definition":
        r.table = before
    elif not chain.region.display and not cued and not _LET.search(r.document.prose(chain.region)[-30:]):
        r.table = before.also(r.table.definitions[h.name])    # said in passing: the definition before still counts
    return found


# ---------------------------------------------------------------- entries and findings
def _record(r: _Reading, chain: Chain, n: int, sign: int, v: Verdict) -> None:
    side = chain.sides[n + 1]
    source = r.document.source
    start, end = (side[0].start, side[-1].end) if side else (sign, sign + 1)
    row, column = source.position(start)
    end_row, end_column = source.position(max(start, end - 1))
    left = chain.sides[n]
    latex = " ".join(source.text[(left[0].start if left else start):end].split())
    number = len(r.entries)
    r.entries.append(Entry(row, column, end_row, end_column + 1, latex, v.outcome, v.code, v.message, v.hypotheses,
        v.counterexample, v.help))
    place = (row, column, end_row, end_column + 1)
    if v.outcome in ("refuted", "undecided", "unread", "proved_under"):
        against = f": {v.counterexample}" if v.counterexample is not None else ""
        severity = "warning" if v.outcome == "proved_under" else "error"
        r.findings.append(Finding(v.code or "D202", v.message + against, severity, *place, v.help, number))
    for note in dict.fromkeys(v.notes):
        if (note.code, note.message) != (v.code, v.message):
            r.findings.append(_noted(r, note, number))


def _noted(r: _Reading, note: Note, number: int) -> Finding:
    row, column = r.document.source.position(note.start)
    end_row, end_column = r.document.source.position(max(note.start, note.end - 1))
    return Finding(note.code, note.message, "warning", row, column, end_row, end_column + 1, "", number)
