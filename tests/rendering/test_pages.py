"""A page says what the replayed theorems say, in every format; templates are strict and prose is escaped."""
from __future__ import annotations

import hashlib

import pytest
import sympy as sp
from jinja2 import UndefinedError

import derive
from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size
from derive.kernel.files import read
from derive.rendering.environment import ESCAPES, environment, escaped
from derive.rendering.latex import Latex
from derive.rendering.layout import layout
from derive.rendering.page import notation_of
from derive.rendering.render import FORMATS
from derive.rendering.text import Text

N = size("N")
i, j, k = indices("i j k")
z, g = arrays("z g", N)
x, C = scalars("x C")
ENTRIES = ("softmax-cross-entropy", "softmax-jacobian", "logsumexp")
PRINTERS = {"latex": Latex(), "markdown": Latex(), "text": Text(), "terminal": Text()}


@pytest.fixture(scope="module")
def theorems():
    return {name: derive.prove(name) for name in ENTRIES}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", ENTRIES)
def test_the_theorem_on_the_page_is_the_one_that_was_replayed(theorems, name, kind):
    """Conclusions, hypotheses and every line are printed again from the proof file, read by the kernel alone."""
    theorem, printer = theorems[name], PRINTERS[kind]
    d, page = theorem.derivation, theorem.render(kind)
    proved = read(d.proof_file).theorems
    notation = notation_of(d.record, d.reader.letters, d.alphabet, d.parts)

    def show(t):
        return printer.show(layout(t, notation))
    for claim, theorem_name in d.claims:
        left, right = proved[theorem_name].sides
        assert right is d.reader.term(claim.value)
        assert f"{show(left)} = {show(right)}" in page
        assert all(show(h) in page for h in proved[theorem_name].hypotheses)
    for part in d.parts:
        for line in proved[part.theorem].parts:
            assert show(line.sides[1]) in page, (part.theorem, line)


@pytest.mark.parametrize("kind", ["latex", "markdown", "text"])
@pytest.mark.parametrize("name", ENTRIES)
def test_a_page_names_its_proof_file_and_its_parts(theorems, name, kind):
    theorem = theorems[name]
    page = theorem.render(kind)
    assert hashlib.sha256(theorem.derivation.proof_file.encode()).hexdigest()[:16] in page
    assert page.endswith("\n") and "\r" not in page and "Undefined" not in page and "None" not in page
    for heading in ("efinitions", "does not say", "far it was checked"):
        assert heading in page
    assert theorem.entry.title in page
    assert all(text in page for text in theorem.entry.meaning.values())


@pytest.mark.parametrize("name", ENTRIES)
def test_rendering_twice_gives_the_same_bytes(theorems, name):
    again = derive.prove(name)
    assert [again.render(kind) for kind in FORMATS] == [theorems[name].render(kind) for kind in FORMATS]


def test_prose_is_escaped_in_latex():
    entry = Entry("odd", "50% of_this & {that} #1 ~ ^ \\ $", {C: x ** 2}, (C, x),
    (Claim(2 * x, about="a_b & c"),), meaning={"x": "a % b"})
    page = derive.prove(entry).render("latex")
    for text in (r"50\% of\_this \& \{that\} \#1 \textasciitilde{} \textasciicircum{} \textbackslash{} \$", r"a\_b \& c",
        r"a \% b"):
        assert text in page
    assert escaped("".join(map(chr, ESCAPES))) == "".join(ESCAPES.values())


@pytest.mark.parametrize("kind", ["latex", "markdown", "text"])
def test_a_template_that_misses_a_value_fails(kind):
    strict = environment(kind, {}, latex=kind == "latex")
    start, end = (r"\VAR{", "}") if kind == "latex" else ("{{ ", " }}")
    assert strict.from_string(f"{start}known{end}").render(known=1) == "1"
    with pytest.raises(UndefinedError):
        strict.from_string(f"{start}unknown{end}").render(known=1)


def stated(definitions, derivative, value, **given):
    theorem = derive.prove(Entry("e", "E", definitions, derivative, (Claim(value),), **given))
    return repr(theorem).partition(": proved")[0]


own_k = sp.Symbol("k", real=True)
LETTERS = [                                                   # a bound letter that is used freely beside it says another thing
    ("the index of the left side", {C: sp.Sum(sp.Sum(z[i] * z[j], (j, 1, N)),
    (i, 1, N))}, (C, z[i]), 2 * sp.Sum(z[i], (i, 1, N)), "Σ_i"),
    ("a scalar called k", {C: sp.log(sp.Sum(sp.exp(own_k * z[j]), (j, 1, N)))}, (C, own_k),
     sp.Sum(z[j] * sp.exp(own_k * z[j]), (j, 1, N)) / sp.Sum(sp.exp(own_k * z[i]), (i, 1, N)), "Σ_k"),
    ("a scalar called k, bound as k", {C: sp.Sum(own_k * z[k] ** 2, (k, 1, N))}, (C, own_k), sp.Sum(z[k] ** 2, (k, 1, N)), "Σ_k"),
]


@pytest.mark.parametrize(("what", "definitions", "derivative", "value", "clash"), LETTERS, ids=[row[0] for row in LETTERS])
def test_no_bound_letter_of_a_statement_is_used_freely_in_it(what, definitions, derivative, value, clash):
    assert clash not in stated(definitions, derivative, value)


# ---------------------------------------------------------------- how it is computed
@pytest.mark.parametrize(("kind", "lang", "heading"), [
    ("latex", "en", "How it is computed"), ("markdown", "en", "How it is computed"), ("text", "en", "How it is computed"),
    ("markdown", "zh", "如何计算")])
def test_a_page_says_how_code_computes_it(kind, lang, heading):
    """Each spelling is the conclusion of a theorem that a proof file of its own replays, printed at the letters of the page."""
    theorem = derive.prove("softmax-temperature")
    own = read(theorem.module.record.text()).theorems
    section = theorem.render(kind, lang).partition(heading)[2]
    notation = theorem.page.notation
    (name,) = [n for n in own if n not in theorem.derivation.record.theorems]
    assert PRINTERS[kind].show(layout(own[name].sides[1], notation)) in section
    assert all(law.replace("_", r"\_") in section.replace(r"\_", "_").replace("_", r"\_") for law in own[name].laws)
    assert "m" in [PRINTERS[kind].show(m) for m in theorem.page.arbitrary]


@pytest.mark.parametrize("name", ["softmax-loss", "linear-layer"])
def test_a_page_whose_code_computes_the_theorem_as_it_stands_does_not_say_so(name):
    assert "How it is computed" not in derive.prove(name).render("text")
