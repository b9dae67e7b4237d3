"""Printed matrix forms are read back, by a reader of LaTeX that multiplies NumPy arrays, and have the value of the term."""
from __future__ import annotations

import re

import numpy as np
import pytest
from engine.test_matrix import ROWS, Point, row_of

import derive
from derive.engine import matrix as m
from derive.engine.matrix import matrix_form
from derive.kernel.terms import ix, mk, num
from derive.rendering.latex import Latex
from derive.rendering.layout import Notation, layout, matrix_layout
from derive.rendering.text import Text

SIZE = 3                                                      # one size for all sets: a bold 1 does not say of which it is
TOKENS = r"""(?P<skip>\s+(?![-+]\s)|\\,)|(?P<plus>\s\+\s)|(?P<minus>\s-\s|-)|(?P<odot>\\odot\s)|(?P<oslash>\\oslash\s)
    |(?P<top>\^\{\\top\})|(?P<inverse>\^\{-1\})|(?P<power>\^\{(?P<exponent>\d+)\})|\\mathbf\{(?P<bold>\w+)\}(?:_\{(?P<of>\w)\})?
    |(?P<diag>\\operatorname\{diag\}\\left\()|(?P<function>(?:\\log|\\exp|f')(?:\\left\()?)|(?P<frac>\\frac\{)
    |(?P<number>\d+)|(?P<scalar>(?P<name>[A-Za-z])(?:_\{(?P<at>\w)\})?)|(?P<open>\\left\()|(?P<close>\\right\))
    |(?P<end>\})|(?P<begin>\{)"""
FUNCTIONS = {r"\log": np.log, r"\exp": np.exp, "f'": lambda v: 1 + 2 * v / 3 + 3 * v ** 2 / 5}


def times(x, y):
    return x * y if np.ndim(x) == 0 or np.ndim(y) == 0 else x @ y


class MatrixReader:
    """signed: entrywise (+ entrywise)*; entrywise: product (odot product)*; a product is read from the left."""

    def __init__(self, text, point):
        self.tokens, self.point, at = [], point, 0
        for found in re.finditer(TOKENS, text, re.VERBOSE):
            assert found.start() == at, text[at:]
            at = found.end()
            if found.lastgroup != "skip":
                self.tokens.append(found)
        assert at == len(text), text[at:]

    def kind(self):
        if not self.tokens:
            return None
        return "bold" if self.tokens[0]["bold"] else self.tokens[0].lastgroup

    def next(self, kind=None):
        assert kind in (None, self.kind()), (kind, self.tokens[:1])
        return self.tokens.pop(0)

    def all(self):
        value = self.signed()
        assert not self.tokens, self.tokens
        return value

    def signed(self):
        total = -self.entrywise() if self.kind() == "minus" and self.next() else self.entrywise()
        while self.kind() in ("plus", "minus"):
            sign = 1 if self.next().lastgroup == "plus" else -1
            part = self.entrywise()
            assert np.shape(part) == np.shape(total)
            total = total + sign * part
        return total

    def entrywise(self):
        value = self.product()
        while self.kind() in ("odot", "oslash"):
            divides = self.next().lastgroup == "oslash"
            other = self.product()
            assert np.shape(value) == np.shape(other)
            value = value / other if divides else value * other
        return value

    def product(self):
        value = self.powered()
        while self.kind() in ("bold", "diag", "function", "frac", "number", "scalar", "open"):
            value = times(value, self.powered())
        return value.item() if np.shape(value) == (1, 1) else value

    def powered(self):
        value = self.atom()
        while self.kind() in ("top", "inverse", "power"):
            match self.next():
                case token if token.lastgroup == "top":
                    value = value.T
                case token if token["exponent"]:
                    assert np.ndim(value) == 0
                    value = value ** int(token["exponent"])
                case _:
                    value = np.linalg.inv(value)
        return value

    def until(self, end):
        value = self.signed()
        self.next(end)
        return value

    def atom(self):
        kind, token = self.kind(), self.next()
        match kind:
            case "bold":
                return self.symbol(token["bold"], token["of"])
            case "number":
                return float(token["number"])
            case "scalar":
                return self.scalar(token["name"], token["at"])
            case "open":
                return self.until("close")
            case "diag":
                return np.diag(self.until("close")[:, 0])
            case "function" if token["function"].endswith("("):
                return FUNCTIONS[token["function"].removesuffix(r"\left(")](self.until("close"))
            case "function":
                return FUNCTIONS[token["function"]](self.atom())
            case "frac":
                above = self.until("end")
                self.next("begin")
                return above / self.until("end")
        raise AssertionError(token)

    def symbol(self, name, of):
        if of:
            return np.eye(SIZE)[:, [1]]
        if name in ("1", "I"):
            return np.ones((SIZE, 1)) if name == "1" else np.eye(SIZE)
        return self.point.array(name, self.point.context.arrays[name])

    def scalar(self, name, at):
        if name in self.point.sizes:
            return float(SIZE)
        return float(self.point.arrays[name][(1,) if at else ()])


def latex_of(e):
    return Latex().show(matrix_layout(e, lambda t: layout(t, Notation())))


@pytest.mark.parametrize(("value", "places"), [row[:2] for row in ROWS], ids=[row[2] for row in ROWS])
def test_a_printed_matrix_form_is_read_back_with_the_value_of_the_term(value, places):
    record, term, at = row_of(value, *places)
    point = Point(record, seed=5, sizes=dict.fromkeys("NBD", SIZE))
    text = latex_of(matrix_form(term, at))
    np.testing.assert_allclose(MatrixReader(text, point).all(), point.entries(term, at), rtol=1e-10, err_msg=text)


a, y, A, X = m.Array("a", ("N",)), m.Array("y", ("N",)), m.Array("A", ("N", "N")), m.Array("X", ("N", "N"))
s = mk("arr", "s")
difference, entrywise = m.Sum(((1, A), (-1, X))), m.Hadamard((A, X))
BRACKETS = [                                                  # each where a missing bracket would say something else
    (m.Transpose(difference), "(A - X)^T", r"\left( \mathbf{A} - \mathbf{X} \right)^{\top}"),
    (m.Transpose(entrywise), "(A ∘ X)^T", r"\left( \mathbf{A} \odot \mathbf{X} \right)^{\top}"),
    (m.Transpose(m.Product(A, X)), "X^T A^T", r"\mathbf{X}^{\top} \, \mathbf{A}^{\top}"),
    (m.Product(difference, a), "(A - X) a", r"\left( \mathbf{A} - \mathbf{X} \right) \, \mathbf{a}"),
    (m.Product(entrywise, a), "(A ∘ X) a", r"\left( \mathbf{A} \odot \mathbf{X} \right) \, \mathbf{a}"),
    (m.Product(A, m.Hadamard((a, y))), "A (a ∘ y)", r"\mathbf{A} \, \left( \mathbf{a} \odot \mathbf{y} \right)"),
    (m.Hadamard((m.Product(A, a), y)), "A a ∘ y", r"\mathbf{A} \, \mathbf{a} \odot \mathbf{y}"),
    (m.Hadamard((a, m.Sum(((1, a), (1, y))))), "a ∘ (a + y)", r"\mathbf{a} \odot \left( \mathbf{a} + \mathbf{y} \right)"),
    (m.Divide(a, m.Hadamard((y, y))), "a ⊘ (y ∘ y)", r"\mathbf{a} \oslash \left( \mathbf{y} \odot \mathbf{y} \right)"),
    (m.Sum(((-1, m.Hadamard((a, y))),)), "-a ∘ y", r"-\mathbf{a} \odot \mathbf{y}"),
    (m.Sum(((1, a), (-1, m.Sum(((1, a), (-1, y)))))), "a - (a - y)", r"\mathbf{a} - \left( \mathbf{a} - \mathbf{y} \right)"),
    (m.Scale(mk("add", None, s, num(1)), a), "(s + 1) a", r"\left( s + 1 \right) \, \mathbf{a}"),
    (m.Scale(m.Dot(a, y), a), "(a^T y) a", r"\left( \mathbf{a}^{\top} \, \mathbf{y} \right) \, \mathbf{a}"),
    (m.Outer(a, m.Product(A, y)), "a y^T A^T", r"\mathbf{a} \, \mathbf{y}^{\top} \, \mathbf{A}^{\top}"),
    (m.Outer(a, m.Elementwise("log", None, y)), "a log(y)^T", r"\mathbf{a} \, \left( \log \mathbf{y} \right)^{\top}"),
    (m.Diag(m.Divide(m.Ones("N"), a)), "diag(a)^-1", r"\operatorname{diag}\left( \mathbf{a} \right)^{-1}"),
    (m.Elementwise("exp", None, A), "exp(A)", r"\exp\left( \mathbf{A} \right)"),
    (m.Elementwise("fun", ("sigma", 1), m.Array("mu", ("N",))), "sigma'(mu)", r"\sigma'\left( \boldsymbol{\mu} \right)"),
    (m.Unit(ix("k", "N")), "e_k", r"\mathbf{e}_{k}"),
]


@pytest.mark.parametrize(("e", "text", "latex"), BRACKETS, ids=[row[1] for row in BRACKETS])
def test_brackets_stand_where_the_reading_would_change(e, text, latex):
    assert Text().show(matrix_layout(e, lambda t: layout(t, Notation()))) == text
    assert latex_of(e) == latex


def test_names_of_an_entry_are_not_used_for_the_identity_and_unit_vectors():
    both = m.Product(m.Identity("N"), m.Unit(ix("k", "N")))
    assert Text().show(matrix_layout(both, lambda t: layout(t, Notation()), {"I", "e"})) == "Id unit_k"


def test_the_reader_tells_neighbours_apart():
    record, _, _ = row_of(ROWS[0][0], *ROWS[0][1])
    point = Point(record, seed=5, sizes=dict.fromkeys("NBD", SIZE))
    for one, other in [(r"\mathbf{a} \, \mathbf{y}^{\top}", r"\mathbf{y} \, \mathbf{a}^{\top}"),
                       (r"\mathbf{a} - \mathbf{a} \odot \mathbf{y}", r"\left( \mathbf{a} - \mathbf{a} \right) \odot \mathbf{y}")]:
        assert not np.allclose(MatrixReader(one, point).all(), MatrixReader(other, point).all())


@pytest.mark.parametrize(("name", "text", "latex"), [
    ("softmax-cross-entropy", "[∂C/∂z = (1^T y) a - y]", r"\frac{\partial C}{\partial \mathbf{z}}"),
    ("softmax-jacobian", "[∂a/∂z = diag(a) - a a^T]", r"\frac{\partial \mathbf{a}}{\partial \mathbf{z}} = \operatorname{diag}"),
    ("linear-layer", "[∂L/∂W = G^T X]", r"\frac{\partial L}{\partial \mathbf{W}} = \mathbf{G}^{\top} \, \mathbf{X}"),
])
def test_a_page_shows_the_matrix_form(name, text, latex):
    theorem = derive.prove(name)
    assert text in theorem.render("text") and latex in theorem.render("latex")


def test_a_page_without_a_matrix_form_shows_none():
    theorem = derive.prove("batchnorm")
    assert [s.vector for s in theorem.page.statements] == [None]
