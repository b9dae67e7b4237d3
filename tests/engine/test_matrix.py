"""Matrix forms: what is recognised; entries are the value, by NumPy on the expression too; wrong forms have no proof."""
from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import fields, is_dataclass, replace
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from sympy import Derivative, Dummy, Function, IndexedBase, KroneckerDelta, Subs, Sum, exp, log

from derive.algebra.bridge import Reader
from derive.algebra.derivation import derive
from derive.algebra.fresh import fresh
from derive.algebra.scope import infer
from derive.algebra.statement import arrays, indices, scalars, size
from derive.catalogue.discovery import load, own_names
from derive.engine import matrix as m
from derive.engine.equality import Hints, prove
from derive.engine.matrix import entry, form_of, matrix_form, recorded_form, shape
from derive.engine.numbers import FLOAT, evaluate
from derive.engine.record import Record
from derive.kernel.context import FUNCTION
from derive.kernel.errors import DeriveError
from derive.kernel.evaluate import Valuation
from derive.kernel.files import read
from derive.kernel.terms import ix
from derive.rendering.layout import Notation, layout, matrix_layout
from derive.rendering.text import Text

N, B, D, M = size("N"), size("B"), size("D"), size("M")
i, j, k, n, q, b, c, d, e, f, r = indices("i j k n q b c d e f r")
a, y, z, w, p = arrays("a y z w p", N)
(g, t), (x, u) = arrays("g t", B), arrays("x u", D)
(G, A, Y), (X, C), (W,), (S, R) = arrays("G A Y", B, N), arrays("X C", B, D), arrays("W", N, D), arrays("S R", N, N)
s, h = scalars("s h")
delta, sigma, at = KroneckerDelta, Function("f"), Dummy("at")
SIZES = {"N": 2, "B": 3, "D": 4}


def over(letter, top, body):
    return Sum(body, (letter, 1, top))


def slope(value):
    return Subs(Derivative(sigma(at), at), at, value)


VECTORS = [
    (a[i] - y[i], "a - y"), (2 * (a[i] - y[i]) / N, "(1 / N) (2 a - 2 y)"), (a[i] - delta(i, k), "a - e_k"),
    (w[k] * (a[i] - delta(i, k)), "w_k (a - e_k)"),
    (a[i] * over(j, N, y[j]) - y[i], "(1^T y) a - y"),
    (a[i] * (w[i] - over(j, N, a[j] * w[j])), "a ∘ (w - (a^T w) 1)"),
    ((a[i] - y[i]) * slope(z[i]), "(a - y) ∘ f'(z)"),
    (a[i] * (1 - a[i]) + s, "s 1 + a ∘ (1 - a)"), (-y[i] / a[i], "-y ⊘ a"), (-log(y[i] / a[i]) - 1, "-1 - log(y ⊘ a)"),
    ((z[i] - (a[i] - y[i]) ** 2) / (2 * z[i] ** 2), "(1/2) (z - (a - y) ∘ (a - y)) ⊘ (z ∘ z)"),
    (exp(z[i]) * s, "s exp(z)"), (a[i] * over(j, N, a[j] * y[j] * log(w[j])), "((a ∘ y)^T log(w)) a"),
    (over(b, B, G[b, i]), "G^T 1"), (over(d, D, W[i, d] * x[d]) - z[i], "W x - z"),
    (over(j, N, (S[i, j] + S[j, i]) * z[j]), "(S^T + S) z"), (over(b, B, (A[b, i] - Y[b, i]) * g[b]), "(A - Y)^T g"),
    (over(j, N, S[i, j] * R[i, j] * z[j]), "(R ∘ S) z"), (over(j, N, (1 - delta(i, j)) * z[j]), "(1 1^T - I) z"),
    (over(d, D, W[i, d] * (over(n, N, W[n, d] * z[n]) - x[d])), "W (W^T z - x)"),
    (s * over(d, D, W[i, d] * over(n, N, W[n, d] * z[n])), "s W W^T z"),
]
MATRICES = [                                                   # value, row, column, text
    (over(b, B, (A[b, n] - Y[b, n]) * X[b, e]) / B, n, e, "(1 / B) (A - Y)^T X"),
    (over(n, N, G[b, n] * W[n, d]), b, d, "G W"), (over(b, B, G[b, n] * X[b, d]), n, d, "G^T X"),
    (over(b, B, G[b, n] * X[b, d]), d, n, "X^T G"),
    (a[i] * (delta(i, j) - a[j]), i, j, "diag(a) - a a^T"), (a[i] * (delta(i, j) - a[j]), j, i, "diag(a) - a a^T"),
    (a[i] * (delta(i, j) - y[j]), i, j, "diag(a) - a y^T"), (a[i] * (delta(i, j) - y[j]), j, i, "diag(a) - y a^T"),
    (delta(i, j) - a[i], j, i, "I - 1 a^T"),
    ((delta(i, j) - (1 + a[i] * a[j]) / N) / s, i, j, "(1 / s) (I - (1 / N) (1 1^T + a a^T))"),
    (a[i] * x[d] * slope(z[i]), i, d, "(a ∘ f'(z)) x^T"), (x[d] * over(b, B, G[b, i] * g[b]), i, d, "G^T g x^T"),
    (x[d] * over(b, B, G[b, i] * g[b]), d, i, "x g^T G"),
    (A[b, n] * over(i, N, Y[b, i]) - Y[b, n], b, n, "diag(Y 1) A - Y"), (A[b, n] / g[b], b, n, "diag(g)^-1 A"),
    (A[b, n] * (G[b, n] - over(i, N, A[b, i] * G[b, i])), b, n, "A ∘ (G - (A ∘ G) 1 1^T)"),
    (over(b, B, X[b, d] * X[b, f] * g[b]), d, f, "X^T diag(g) X"),
    (over(n, N, A[b, n] * W[n, d] * over(r, D, X[b, r] * (W[n, r] - C[b, r]))), b, d, "(A ∘ (X W^T - (X ∘ C) 1 1^T)) W"),
    (G[b, n] / Y[b, n] * w[n], b, n, "(G ⊘ Y) diag(w)"),
    (over(n, N, W[n, d] * G[b, n]) - X[b, d], d, b, "(G W - X)^T"),
    (log(A[b, n]) * s, n, b, "s log(A^T)"), (over(j, N, S[i, j] * S[j, k] * S[k, i]), i, k, "S^T ∘ S S"),
]
(T,) = (IndexedBase("T", shape=(N, N, N), real=True),)
UNKNOWN = [
    (over(j, N, S[i, j] * R[j, i] * S[j, j]), (i,)),
    (T[i, j, k], (i, j)), (over(k, N, S[i, k] * S[j, k] * T[i, j, k]), (i, j)),
    (S[i, k], (i,)), (S[i, i], (i,)), (a[k] * S[i, k], (i,)),
]


def read_in(value):
    """A record with the arrays of a value, and the value as a term."""
    value = fresh(value)
    scope = infer([value, *[v[letter] for v, letter in ((a, i), (g, b), (x, d))]])
    record = Record()
    for name in sorted(scope.shapes):
        record.declare(name, scope.shape(name))
    for name in ("s", "h"):
        record.declare(name)
    record.declare("f", FUNCTION)
    return record, Reader(scope).term(value), scope


def row_of(value, *places):
    record, term, scope = read_in(value)
    return record, term, tuple(ix(str(c), scope.set_of(c)) for c in places)


ROWS = [(value, (i,), text) for value, text in VECTORS] + [(value, (r_, c_), text) for value, r_, c_, text in MATRICES]
IDS = [f"{text} at {','.join(map(str, places))}" for _, places, text in ROWS]


def text_of(expression):
    return Text().show(matrix_layout(expression, lambda t: layout(t, Notation())))


@pytest.mark.parametrize(("value", "places", "text"), ROWS, ids=IDS)
def test_recognised(value, places, text):
    _, term, at = row_of(value, *places)
    found = matrix_form(term, at)
    assert found is not None and text_of(found) == text
    assert shape(found) == tuple(i.data[1] for i in at)


@pytest.mark.parametrize(("value", "places"), UNKNOWN, ids=str)
def test_what_is_not_recognised_has_no_form(value, places):
    _, term, at = row_of(value, *places)
    assert matrix_form(term, at) is None


# ---------------------------------------------------------------- values: NumPy on the expression, columns as n x 1
class Point:
    """Random values of everything in a record, at the fixed index k = 1."""

    def __init__(self, record, seed=0, sizes=SIZES):
        rng, self.context, self.sizes = random.Random(seed), record.context, {**sizes, "M": 2}
        self.arrays = {name: {at: Fraction(rng.randrange(1, 40), 7) for at in product(*[range(self.sizes[s]) for s in sets])}
                       for name, sets in record.context.arrays.items() if sets != FUNCTION}

    def term(self, t, **letters):
        places = {name: letters.get(name[0], 1) for name in t.names if isinstance(name, tuple)}
        return float(evaluate(self.context, t, Valuation(self.sizes, places, self.arrays), FLOAT))

    def array(self, name, sets):
        out = np.array([float(v) for _, v in sorted(self.arrays[name].items())]).reshape([self.sizes[s] for s in sets])
        return out[:, None] if out.ndim == 1 else out

    def same_shape(self, *values):
        assert len({v.shape for v in values}) == 1, [v.shape for v in values]
        return values

    def value(self, e):
        match e:
            case m.Array(name, sets):
                return self.array(name, sets)
            case m.Ones(s):
                return np.ones((self.sizes[s], 1))
            case m.Unit(k):
                return np.eye(self.sizes[k.data[1]])[:, [1]]
            case m.Identity(s):
                return np.eye(self.sizes[s])
            case m.Diag(v):
                return np.diag(self.value(v)[:, 0])
            case m.Dot(u, v):
                return (self.value(u).T @ self.value(v)).item()
            case m.Scale(s, body):
                return (self.value(s) if isinstance(s, m.Dot) else self.term(s)) * self.value(body)
            case m.Sum(parts):
                values = self.same_shape(*[self.value(p) for _, p in parts])
                return sum(sign * v for (sign, _), v in zip(parts, values, strict=True))
            case m.Product(left, right):
                return self.value(left) @ self.value(right)
            case m.Transpose(body):
                return self.value(body).T
            case m.Outer(u, v):
                return self.value(u) @ self.value(v).T
            case m.Hadamard(parts):
                return np.prod(self.same_shape(*[self.value(p) for p in parts]), axis=0)
            case m.Divide(above, below):
                return np.divide(*self.same_shape(self.value(above), self.value(below)))
            case m.Elementwise("fun", (_, 1), body):
                return (lambda v: 1 + 2 * v / 3 + 3 * v ** 2 / 5)(self.value(body))
            case m.Elementwise(op, _, body):
                return {"exp": np.exp, "log": np.log}[op](self.value(body))
        raise AssertionError(e)

    def entries(self, t, at):
        """The values of a term at all indices."""
        out = np.zeros([self.sizes[i.data[1]] for i in at])
        for place in np.ndindex(*out.shape):
            out[place] = self.term(t, **{i.data[0]: n for i, n in zip(at, place, strict=True)})
        return out[:, None] if out.ndim == 1 else out


@pytest.mark.parametrize(("value", "places", "text"), ROWS, ids=IDS)
def test_value_entries_and_expression_agree_and_the_proof_is_found(value, places, text):
    record, term, at = row_of(value, *places)
    found = matrix_form(term, at)
    point = Point(record, seed=len(text))
    expected = point.entries(term, at)
    np.testing.assert_allclose(point.value(found), expected, rtol=1e-11)
    np.testing.assert_allclose(point.entries(entry(found, at), at), expected, rtol=1e-11)
    proved = prove(record, term, entry(found, at), Hints())
    assert proved is not None


# ---------------------------------------------------------------- mutants
def inside(e):
    """Wrong forms of the node itself: a transpose or a factor dropped, factors swapped, a sign changed, a product mistaken."""
    match e:
        case m.Transpose(body):
            yield body
        case m.Product(left, right) | m.Outer(left, right):
            yield from (type(e)(right, left), m.Transpose(e))
        case m.Hadamard(parts):
            yield m.Hadamard(parts[1:])
        case m.Divide(above, below):
            yield m.Divide(below, above)
        case m.Sum(parts):
            yield m.Sum(((-parts[0][0], parts[0][1]), *parts[1:]))
            yield m.Sum(parts[:-1]) if len(parts) > 1 else parts[0][1]
        case m.Scale(_, body):
            yield body
        case m.Elementwise(_, _, body):
            yield body
        case m.Diag(v):
            yield m.Outer(v, m.Ones(shape(v)[0]))
        case m.Identity(s):
            yield m.Outer(m.Ones(s), m.Ones(s))


def mutants(e):
    """All forms with one node changed."""
    yield from inside(e)
    for part in fields(e):
        value = getattr(e, part.name)
        if is_dataclass(value) and not hasattr(value, "serial"):
            yield from (replace(e, **{part.name: other}) for other in mutants(value))
        elif isinstance(value, tuple) and part.name == "parts":
            for at, p in enumerate(value):
                sign, node = p if isinstance(p, tuple) else (None, p)
                for other in mutants(node):
                    new = other if sign is None else (sign, other)
                    yield replace(e, parts=(*value[:at], new, *value[at + 1:]))


SQUARE = [
    (over(k, N, (S[k, i] - R[k, i]) * S[k, j]), (i, j)), (over(k, N, S[i, k] * R[k, j]), (i, j)),
    (over(j, N, S[j, i] * z[j]), (i,)), (z[i] * over(k, N, S[k, j] * w[k]), (i, j)),
]


@pytest.mark.parametrize(("value", "places"), [row[:2] for row in ROWS] + SQUARE, ids=str)
def test_a_wrong_form_is_different_and_has_no_proof(value, places):
    record, term, at = row_of(value, *places)
    found, point, wrong = matrix_form(term, at), Point(record, seed=3), 0
    expected = point.entries(term, at)
    for other in mutants(found):
        try:
            claimed = entry(other, at)
            record.context.well_formed(claimed)
        except (DeriveError, IndexError, ValueError, TypeError):
            wrong += 1
            continue
        if not np.allclose(point.entries(claimed, at), expected, rtol=1e-9):
            wrong += 1
            with suppress(DeriveError):
                assert prove(record, term, claimed, Hints()) is None, other
    assert wrong > 0 or not list(mutants(found))


# ---------------------------------------------------------------- the catalogue
SHOWN = {                                                      # claims with their matrix forms, in order
    "softmax-cross-entropy": ["(1^T y) a - y", "a - y", "a - e_k"], "logsumexp": ["a"],
    "softmax-jacobian": ["diag(a) - a a^T"], "softmax-cross-entropy-batch": ["(1 / B) (diag(Y 1) A - Y)", "(1 / B) (A - Y)"],
    "linear-layer-dw": ["G^T X"], "linear-layer-db": ["G^T 1"], "linear-layer-dx": ["G W"],
    "linear-regression": ["X^T r", "X^T X w - X^T y"], "logistic-regression-hessian": ["X^T diag(p ∘ (1 - p)) X"],
    "two-layer-perceptron-dw1": ["(sigma'(u) ∘ V^T r) x^T"], "attention-dv": ["A^T G"],
    "softmax-backward": ["a ∘ (g - (a^T g) 1)"], "rmsnorm": ["(1 / r) (I - (1 / D) y y^T)"],
    "sigmoid": ["diag(a ∘ (1 - a))"], "relu": ["diag(step(z))"], "binary-cross-entropy": ["a - y"], "batchnorm": [None],
}


@pytest.mark.parametrize("name", [pytest.param(name, marks=[] if name in SHOWN else pytest.mark.soundness)
    for name in own_names()])
def test_matrix_forms_of_the_catalogue_are_theorems_that_replay(name):
    derivation = derive(load(name))
    record = derivation.record
    again = read(derivation.proof_file).theorems
    shown = [recorded_form(record, claim) for _, claim in derivation.claims]
    for (_, claim), form in zip(derivation.claims, shown, strict=True):
        assert derivation.forms.get(claim) == form
        theorem = record.theorems.get(f"{claim}, in matrix form")
        assert (theorem is None) == (form is None)
        if theorem is not None:
            assert again[f"{claim}, in matrix form"].conclusion is form_of(record.theorems[claim]).goal
            assert theorem.hypotheses <= record.theorems[claim].hypotheses and theorem.witness is not None
    if name in SHOWN:
        assert [form and text_of(form) for form in shown] == SHOWN[name]


def test_the_form_of_a_diagonal_claim_is_the_whole_jacobian():
    """da_i/dz_i = a_i (1 - a_i) says nothing about da_j/dz_i; diag(a o (1 - a)) does, and that is what is proved."""
    derivation = derive(load("sigmoid"))
    left, right = derivation.record.theorems["da/dz, in matrix form"].sides
    assert left.op == "D" and left.args[0].args != left.args[1].args
    assert right.args[0].op == "delta"


def test_a_form_is_shown_with_its_proof_only():
    derivation = derive(load("softmax-jacobian"))
    del derivation.record.theorems["da/dz, in matrix form"]
    assert recorded_form(derivation.record, "da/dz") is None
