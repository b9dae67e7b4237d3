"""What a document states: hypotheses in words, relations in comments for the checker, values at fixed places."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from . import hypotheses as hyp
from .attempts import Stated
from .chains import Chain
from .environments import grouped
from .hypotheses import Hypothesis
from .parsing import parse, parse_condition
from .progress import tree
from .regions import Directive, Document
from .scope import Note
from .sums import bound_letters
from .syntax import Additive, Big, Group, Name, Number, Product, Related, Script, Syntax, Unreadable, bare, walk
from .table import STANDARD, Definition, head, names, subscript_letters, subscript_parts
from .tokens import Token, tokens


def stated(doc: Document, found: list[Chain], given: tuple[str, ...]) -> Stated:
    """What a document and its reader state. Raises Unreadable for a `given` of the reader that is no relation."""
    relations = [relation_of(text) for text in given]
    relations += [r for c in clauses(doc) if c.word == "given" for r in _relation_in(c)]
    relations += [r for chain in found for r in fixed_places(chain)]
    told = tuple(dict.fromkeys([*_from_prose(doc, found), *_sums_to_one(found)]))
    weights = frozenset((*_weights(found), *(n for _, n in labels(doc, found)), *(h.name for h in told)))
    return Stated(told, tuple(relations), weights)


def _weights(found: list[Chain]) -> Iterator[str]:
    """Names that stand beside a logarithm or in it, as y and a do in y_j log a_j."""
    for t in _trees(found):
        for x in walk(t):
            factors = x.factors if isinstance(x, Product) else ()
            at = next((n for n, f in enumerate(factors) if isinstance(f, Name) and f.text == "log"), None)
            if at is not None:
                yield from (n for f in factors for n in _entries(f))


def _entries(t: Syntax) -> Iterator[str]:
    """y in y_j, in (y_j) and in (1 - y_j)."""
    match bare(t):
        case Name(text=text) | Script(base=Name(text=text), sup=None) if text not in STANDARD:
            yield text
        case Group(parts=(inner,)):
            yield from _entries(inner)
        case Additive(terms=terms):
            yield from (n for x in terms for n in _entries(x))


def _trees(found: list[Chain]) -> Iterator[Syntax]:
    for chain in found:
        yield from (t for t in map(tree, chain.sides) if isinstance(t, Syntax))


def _sums_to_one(found: list[Chain]) -> Iterator[Hypothesis]:
    """Sum of y_j = 1, said of a name that the document nowhere defines."""
    named = {d.name for d in defined(found)}
    for c in found:
        sides = [tree(s) for s in c.sides]
        if len(sides) == 2 and all(isinstance(t, Syntax) for t in sides):
            yield from (Hypothesis("normalised", n) for n in [summed_to_one(*sides)] if n and n not in named)


def defined(found: list[Chain]) -> Iterator[Definition]:
    """All that a document may define, in order: the first relation of a chain with a name on its left side."""
    for c in found:
        left, right = (tree(s) for s in c.sides[:2]) if c.signs and c.signs[0].text in ("=", ":=") else (None, None)
        h = head(left) if isinstance(left, Syntax) and isinstance(right, Syntax) else None
        if h is not None and isinstance(right, Syntax) and h.name not in names(right) and not isinstance(right, Number):
            yield Definition(h.name, h.letters, h.params, right, h.component)


def fixed_letters(text: str) -> frozenset[str]:
    """Letters that the text says stand for one class."""
    return frozenset(m[1] for words in (hyp.CORRECT_CLASS, hyp.CLASS_THAT_IS_CORRECT) for m in words.finditer(text))


def usual() -> tuple[Definition, ...]:
    """What sigma means where nothing defines it."""
    formula = r"\frac{1}{1 + e^{-x}}"
    return (Definition("sigma", (), ("x",), parse(tokens(formula, 0, len(formula)))),)


def summed_to_one(left: object, right: object) -> str:
    """y where a relation says that the sum of y_j is 1; "" for any other relation."""
    match left, right:
        case Product(factors=(Script(base=Big(kind="sum")) as sign, Script(base=Name(text=name), sub=sub, sup=None))), \
                Number(value=1) if bound_letters(sign) & set(subscript_letters(sub)):
            return name
        case Product(factors=(Script(base=Name(text="𝟏"), sub=None, sup=Name(text="T" | "⊤")), Name(text=name))), Number(value=1):
            return name
    return ""


@dataclass(frozen=True)
class Clause:
    """One thing that an author tells the checker: "given" and a relation, "sizes" and names."""
    word: str
    rest: str
    directive: Directive


def clauses(doc: Document) -> Iterator[Clause]:
    """The clauses of the comments for the checker, those that silence findings excluded."""
    for d in doc.directives:
        for clause in filter(None, (x.strip() for x in d.text.split(";"))):
            word, _, rest = clause.partition(" ")
            if not word.startswith("noqa"):
                yield Clause(word, rest.strip(), d)


def misunderstood(doc: Document) -> Iterator[Note]:
    """What an author tells the checker in vain."""
    for c in clauses(doc):
        message = f"derive: {c.word} is not understood; given, sizes and noqa are" if c.word not in ("given", "sizes") else \
            f"derive: {c.rest!r} is not a relation such as \\sum_j y_j = 1" \
            if c.word == "given" and not [*_relation_in(c)] else ""
        if message:
            yield Note("D001", message, c.directive.offset, c.directive.end, False)


def sizes(doc: Document) -> frozenset[str]:
    """The names that the author says are sizes."""
    return frozenset(n for c in clauses(doc) if c.word == "sizes" for n in re.findall(r"\w+", c.rest))


def relation_of(text: str) -> Related:
    """A relation in LaTeX. Raises Unreadable."""
    try:
        t = parse_condition(grouped(tokens(text, 0, len(text))))
    except Unreadable as e:
        raise Unreadable(f"{text!r}, column {e.start + 1}: {e}", e.start, e.end) from e
    if not isinstance(t, Related):
        raise Unreadable(f"{text!r} is not a relation such as \\sum_j y_j = 1", 0, len(text))
    return t


def _relation_in(c: Clause) -> Iterator[Related]:
    try:
        yield relation_of(c.rest)
    except Unreadable:
        return


def fixed_places(chain: Chain) -> Iterator[Related]:
    """An inline relation such as y_1 = 1 - y_0: said of fixed places, it is a hypothesis and no claim."""
    if chain.region.display or [s.text for s in chain.signs] != ["="]:
        return
    left, right = [tree(s) for s in chain.sides]
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


def labels(doc: Document, found: list[Chain]) -> list[tuple[int, str]]:
    """Where a name is said to be a label: a definition that it had before no longer counts."""
    return [(offset, n) for offset, line, inside in _lines(doc, found) for n in hyp.relabelled(line, inside)]


def _single_name(side: tuple[Token, ...]) -> list[str]:
    found = tree(side)
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
            left, right = [tree(s) for s in c.sides]
            if isinstance(left, Script) and isinstance(left.base, Name) and isinstance(right, Number) and right.value == 1 \
                    and len(subscript_letters(left.sub)) == 1:
                yield left.base.text, subscript_letters(left.sub)[0]
