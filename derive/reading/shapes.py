"""Names that must be vectors or matrices although nothing is bold: what is transposed, what a matrix multiplies, what has a norm.

A capital letter is then a matrix, another a column. Also differentials such as dX, which are names where X is a matrix.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from .chains import Chain
from .scripts import TRANSPOSE
from .syntax import Additive, Group, Name, Product, Script, Syntax, bare, walk
from .table import Table
from .tokens import Token

NEVER = frozenset(("e", "d", "T", "I", "∂", "∇", "𝟏", "𝟎", "⊤", "gamma", "lambda", "alpha", "eta", "epsilon", "sigma"))


def arrays(trees: Iterable[Syntax]) -> frozenset[str]:
    """The names in the trees of a document that must be vectors or matrices."""
    parts = [x for t in trees for x in walk(t) if isinstance(x, Product | Additive | Group)]
    found = frozenset[str]()
    while (more := found | frozenset(n for x in parts for n in _shown(x, found))) != found:
        found = more
    return found


def shaped(table: Table, *sides: Syntax) -> Table:
    """The table for a step: what must be a vector or a matrix in it, or in the definitions behind it, is one."""
    named = table.mentioned(*sides)
    if not named & table.arrays:
        return table
    return replace(table, bold=table.bold | arrays(table.bodies(*sides)))


def _shown(t: Syntax, known: frozenset[str]) -> Iterator[str]:
    """What one sum, product or norm tells, with what is known so far."""
    match t:
        case Group(bracket="‖", parts=(inner,)):
            yield from filter(None, map(_name, inner.terms if isinstance(inner, Additive) else (inner,)))
        case Product(factors=factors, signs=signs) if not {x.strip("-") for x in signs} - {"", "·"}:
            for n, (a, b) in enumerate(pairwise(factors)):
                turned = _transposed(a)
                yield from [n for n in (turned, _name(b)) if n] if turned and (_name(b) or isinstance(b, Group)) else []
                yield from [_name(b)] if _matrix(a, known) and _name(b)[:1].islower() else []
                outer = n + 2 == len(factors) and bool(_name(a) and _transposed(b))
                yield from (_name(a), _transposed(b)) if outer else ()
        case Additive(terms=terms) if any(_column(x, known) for x in terms):
            yield from (n for n in map(_name, terms) if n[:1].islower())


def _name(t: Syntax) -> str:
    """The letter that stands here without scripts; "" for anything else."""
    t = bare(t)
    if not isinstance(t, Name) or t.text in NEVER or not t.text[0].isalpha():
        return ""
    letter = len(t.text.rstrip("\u0302\u0303\u0304")) == 1
    return t.text if letter or t.text in ("theta", "beta", "phi") else ""


def _transposed(t: Syntax) -> str:
    t = bare(t)
    is_turned = isinstance(t, Script) and t.sub is None and t.sup is not None and isinstance(x := bare(t.sup), Name) \
        and x.text in TRANSPOSE
    return _name(t.base) if is_turned and isinstance(t, Script) else ""


def _matrix(t: Syntax, known: frozenset[str]) -> bool:
    name = _name(t) or _transposed(t)
    return name in known and name[:1].isupper()


def _column(t: Syntax, known: frozenset[str]) -> bool:
    """W x with a matrix and a column."""
    factors = t.factors if isinstance(t, Product) else ()
    return len(factors) > 1 and _matrix(factors[-2], known) and _name(factors[-1]) in known and _name(factors[-1]).islower()


def with_differentials(found: list[Chain], known: frozenset[str]) -> list[Chain]:
    """Chains in which dX is one name where X is a matrix and some side is dX alone."""
    alone = {s[1].text for c in found for s in c.sides if len(s) == 2 and _differential(s[0], s[1]) and s[1].text in known}
    defined = {s[1].text for c in found if c.signs for s in c.sides[:1] if len(s) == 2 and _differential(s[0], s[1])}
    wanted = alone | defined
    return [replace(c, sides=tuple(_joined(s, wanted) for s in c.sides)) for c in found] if wanted else found


def _differential(a: Token, b: Token) -> bool:
    return a.kind == b.kind == "NAME" and a.text == "d" and a.end == b.start and b.text.isupper()


def _joined(side: tuple[Token, ...], wanted: set[str]) -> tuple[Token, ...]:
    """Outside of fractions, where dX is below the bar; there are no others as long as some side is dX = ..."""
    if any(t.kind == "FRAC" and side[n + 1:n + 2] and _above(side, n) for n, t in enumerate(side)):
        return side
    out: list[Token] = []
    for t in side:
        if out and _differential(out[-1], t) and (t.text in wanted or len(out) > 1 or len(side) > 2):
            out[-1] = replace(t, text=f"d{t.text}", start=out[-1].start, bold=True)
        else:
            out.append(t)
    return tuple(out)


def _above(side: tuple[Token, ...], n: int) -> bool:
    """Whether a fraction begins with a differential."""
    return [t.text for t in side[n + 1:n + 3]] in (["{", "d"], ["{", "∂"])
