"""Reading is lossless: random terms are printed as LaTeX, read back by the checker's own reader, and have the same value."""
from __future__ import annotations

import random
from fractions import Fraction

from engine.reference import Kink, at_random
from engine.strategies import LETTERS, context, terms
from hypothesis import assume, given, settings
from mpmath import isfinite

from derive.reading.elaborate import Elaborator
from derive.reading.ir import Node
from derive.reading.lowering import Lowering
from derive.reading.parsing import parse
from derive.reading.scope import Scope
from derive.reading.table import Table
from derive.reading.tokens import tokens
from derive.rendering.latex import Latex
from derive.rendering.layout import Notation, layout

NOTATION = Notation(preferred={"N": tuple("ijklmn"), "M": tuple("qrstp")})
SIZES = {"N": 2, "M": 3}
POOL = [Fraction(n, 8) for n in (-9, -5, -2, 3, 4, 8, 13)]
REFERENCES = [at_random(random.Random(seed), context(), LETTERS, SIZES, POOL) for seed in range(3)]


def read_back(text: str):
    """The term of a printed one, over the arrays of the strategy."""
    e = Elaborator(Table(indexed=frozenset("zyw")))
    n, m = e.sets.new("N"), e.sets.new("M")
    e.arrays |= {"z": [n], "y": [n], "w": [n, m], "x": [], "u": []}
    e.free |= {letter: Node("ix", (letter, n if s == "N" else m)) for letter, s in LETTERS}
    node = e.number(parse(tokens(text, 0, len(text))), Scope())
    return Lowering(e).term(node)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(terms(depth=4))
def test_a_printed_term_is_read_back_with_its_value(t):
    text = Latex().show(layout(t, NOTATION))
    try:
        found = read_back(text)
    except Exception as problem:
        raise AssertionError(f"{text}: {problem}") from None
    for at in REFERENCES:
        try:
            expected = at.value(t)
        except Kink:
            assume(False)
        assert not isfinite(expected) or abs(expected - at.value(found)) <= 1e-12 * (1 + abs(expected)), \
            f"{t} is printed as {text}"
