"""What is printed must be what was proved: random terms are printed, read back by other code, and have the same value."""
from __future__ import annotations

import random
from fractions import Fraction

import pytest
from engine.reference import Kink, at_random
from engine.strategies import LETTERS, context, terms
from hypothesis import assume, given, settings
from mpmath import isfinite

from derive.kernel.terms import Term, bd, ix, mk, num
from derive.rendering.latex import Latex
from derive.rendering.layout import Notation, layout
from derive.rendering.text import Text

from .readers import LatexReader, Point, TextReader

SIZES = {"N": 2, "M": 3}
POOL = [Fraction(n, 8) for n in (-9, -5, -2, 3, 4, 8, 13)]
SETS = {"N": tuple("ijklmn"), "M": tuple("qrstp")}
NOTATION = Notation(preferred=SETS)
FORMATS = {"text": (Text(), TextReader), "latex": (Latex(), LatexReader)}
REFERENCES = [at_random(random.Random(seed), context(), LETTERS, SIZES, POOL) for seed in range(3)]


def both(t: Term, kind: str):
    """The values of a term and of its printed form, read back."""
    printer, read = FORMATS[kind]
    text = printer.show(layout(t, NOTATION))
    value = read(text).all()
    for at in REFERENCES:
        free = {letter: n for (letter, s), n in at.letters.items() if (letter, s) in t.names}
        yield text, at.value(t), value(Point(SIZES, free, dict(at.values), {c: s for s, own in SETS.items()
            for c in own}, frozenset(free)))


def agree(t: Term, kind: str) -> None:
    for text, expected, found in both(t, kind):
        assert not isfinite(expected) or abs(expected - found) <= 1e-12 * (1 + abs(expected)), f"{t} is printed as {text}"


@settings(max_examples=250, deadline=None, derandomize=True)
@given(terms(depth=4))
def test_text_is_read_back_with_its_value(t):
    agree(t, "text")


@settings(max_examples=250, deadline=None, derandomize=True)
@given(terms(depth=4))
def test_latex_is_read_back_with_its_value(t):
    agree(t, "latex")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(terms(depth=4, derivatives=True))
def test_derivatives_are_read_back_with_their_value(t):
    try:
        agree(t, "text")
        agree(t, "latex")
    except Kink:
        assume(False)


def op(name):
    return lambda *args: mk(name, None, *args)


add, mul, neg, inv, exp, log, sqrt, D = map(op, ("add", "mul", "neg", "inv", "exp", "log", "sqrt", "D"))
x, u = mk("arr", "x"), mk("arr", "u")
i, b0, b1 = ix("i", "N"), bd(0, "N"), bd(1, "N")
z_i, z_0, z_1 = (mk("arr", "z", p) for p in (i, b0, b1))
S = mk("sum", "N", z_0)
away = add(num(1), neg(mk("delta", None, b0, ix("i", "N"))))

PRINTED = [                                                   # each where a missing bracket would say something else
    (mul(S, x), "(Σ_k z_k) x"), (mul(x, S), "x Σ_k z_k"), (add(S, x), "Σ_k z_k + x"),
    (mk("sum", "N", add(z_0, x)), "Σ_k (z_k + x)"),
    (mul(x, neg(u)), "x (-u)"), (neg(neg(x)), "x"), (add(x, neg(add(u, neg(z_i)))), "x - u + z_i"), (mul(num(-2), x), "(-2) x"),
    (neg(num(-2)), "-(-2)"), (mul(S, S), "(Σ_k z_k)^2"), (mk("sum", "N", mul(z_0, z_0)), "Σ_k z_k^2"),
    (inv(mul(x, u)), "1 / (x u)"), (mul(x, inv(inv(u))), "x / (1 / u)"), (inv(add(x, u)), "1 / (x + u)"),
    (mul(inv(x), u), "(1 / x) u"),
    (mul(exp(x), exp(x)), "exp(x) exp(x)"), (mul(add(x, u), add(x, u)), "(x + u)^2"),
    (mul(mul(x, x), inv(mul(u, u))), "x^2 / u^2"),
    (mk("sum", "N", mul(away, z_0)), "Σ_{k≠i} z_k"),
    (mul(z_i, mk("sum", "N", mul(z_0, mk("sum", "N", mul(z_0, z_1))))), "z_i Σ_k z_k Σ_j z_j z_k"),
    (inv(mul(S, S)), "1 / (Σ_k z_k)^2"), (D(mul(x, x), x), "∂(x^2)/∂x"), (mul(num(Fraction(1, 2)), x), "(1/2) x"),
    (mul(mul(num(Fraction(2, 3)), x), inv(u)), "(2/3) x / u"),
]


@pytest.mark.parametrize(("t", "text"), PRINTED, ids=[text for _, text in PRINTED])
def test_brackets_stand_where_the_reading_would_change(t, text):
    assert Text().show(layout(t, Notation(preferred={"N": "kj"}))) == text
    for kind in FORMATS:
        agree(t, kind)


def test_the_readers_tell_neighbours_apart():
    """A reader that reads anything would find nothing wrong: forms that differ by a bracket have different values."""
    point = Point(SIZES, {}, {("x", ()): 2, ("u", ()): 3, ("z", (0,)): 5, ("z", (1,)): 7}, {"k": "N"})
    for reader, pairs in ((TextReader, [("Σ_k z_k + x", "Σ_k (z_k + x)"), ("x / x u", "x / (x u)"), ("-x^2", "(-x)^2"),
    ("x - u + x", "x - (u + x)")]),
                          (LatexReader, [(r"\sum_{k=1}^{N} z_{k} + x", r"\sum_{k=1}^{N} \left( z_{k} + x \right)"),
                                         (r"\log x \, u", r"\log\left( x \, u \right)"), (r"e^{x} + u", r"e^{x + u}")])):
        for one, other in pairs:
            values = []
            for text in (one, other):
                try:
                    values.append(reader(text).all()(point))
                except AssertionError:
                    values.append(None)
            assert values[0] != values[1], (one, other)
