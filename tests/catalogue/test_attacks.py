"""False or unclear statements handed to the Python API: none is proved outright, each is refused or carries its condition."""
from __future__ import annotations

import pytest
import sympy as sp
from sympy import Eq, Sum, log, sqrt

import derive
from derive.algebra.scope import StatementError
from derive.algebra.statement import Claim, Entry, Fact, ForAll, Gradient, arrays, indices, one_hot, scalars, size
from derive.kernel.errors import DeriveError

N = size("N")
i, j, k = indices("i j k")
z, y, g = arrays("z y g", N)
x, p, C, f = scalars("x p C f")
h = sp.Function("h")
one = sp.Integer(1)


def claim(definitions, derivative, value, *given):
    return lambda: derive.prove(Entry("attack", "Attack", definitions, derivative, (Claim(value, given),)))


def found(definitions, derivative, *given):
    return lambda: derive.prove(Entry("attack", "Attack", definitions, derivative, given=given))


FALSE = [
    # kinks
    ("half at the kink of relu", claim({g[i]: sp.Max(z[i], 0)}, (g[i], z[i]), one / 2)),
    ("relu' = 1", claim({g[i]: sp.Max(z[i], 0)}, (g[i], z[i]), one)),
    ("the slope 0 of |x|", claim({C: sp.Abs(x)}, (C, x), one * 0)), ("max(x, -x) is x", claim({C: sp.Max(x, -x)}, (C, x), one)),
    ("relu at a hypothesis that is closed", claim({C: sp.Max(x, 0)}, (C, x), one, sp.Ge(x, 0))),
    # what holds under a condition
    ("sqrt(x^2) = x", claim({C: sqrt(x ** 2)}, (C, x), one)),
    ("sqrt(x^2) = x below 0", claim({C: sqrt(x ** 2)}, (C, x), one, sp.Lt(x, 0))),
    # hypotheses used where they do not hold
    ("y_k for y_i", claim({C: Sum(y[k] * z[k], (k, 1, N))}, (C, z[i]), one, Eq(y[k], 1))),
    ("one-hot at the wrong letter", claim({C: Sum(y[k] * z[k], (k, 1, N))}, (C, z[i]), sp.KroneckerDelta(i, j), one_hot(y, j,
        k))),
    ("an equation about the variable", claim({C: x ** 2}, (C, x), one * 2, Eq(x, 1))),
    ("a quantified equation about the variable", claim({C: Sum(z[k] ** 2, (k, 1, N))}, (C, z[i]), one * 2, ForAll((i,),
        Eq(z[i], 1)))),
    ("hypotheses that exclude each other", claim({C: log(x)}, (C, x), one, sp.Gt(x, 0), sp.Lt(x, 0))),
    ("a size that no witness has", claim({C: Sum(z[k], (k, 1, N)) ** 2}, (C, z[i]), 2 * z[i], Eq(N, 7))),
    ("a sum over one element", claim({C: Sum(z[k], (k, 1, N)) ** 2}, (C, z[i]), 2 * z[i], sp.Ge(N, 1))),
    ("what is needed excludes what is stated: log", claim({C: log(x)}, (C, x), 1 / x, sp.Lt(x, 0))),
    ("what is needed excludes what is stated: found", found({C: log(x)}, (C, x), sp.Lt(x, 0))),
    ("what is needed excludes what is stated: a divisor", claim({C: p / x}, (C, p), 1 / x, Eq(x, 0))),
    # declared laws of functions
    ("laws that contradict each other", claim({C: h(x)}, (C, x), one, Eq(h(x).diff(x), h(x) + 1), Eq(h(x).diff(x), h(x)))),
    ("a law that holds nowhere", claim({C: h(x)}, (C, x), one, Eq(h(x), h(x) + 1, evaluate=False))),
    ("the slope of a value", claim({C: h(x)}, (C, x), one * 0, Eq(h(x), 1))),
    ("the slope of values", claim({C: Sum(h(z[k]), (k, 1, N))}, (C, z[i]), one * 0, ForAll((j,), Eq(h(z[j]), 1)))),
    ("the slope of a value that is the variable", claim({C: h(x)}, (C, x), one, Eq(h(x), x))),
    ("a law differentiated", claim({C: h(x).diff(x)}, (C, x), -2 * h(x) * h(x).diff(x), Eq(h(x).diff(x), 1 - h(x) ** 2))),
    ("a law at another point", claim({C: h(x)}, (C, x), one, Eq(h(p).diff(p), 1))),
    # names and letters
    ("a size as an index", claim({C: z[N] * Sum(z[k], (k, 1, N))}, (C, z[i]), z[i])),
    ("a size that is defined", claim({N: x * Sum(z[k], (k, 1, N))}, (N, x), Sum(z[k], (k, 1, N)))),
    ("two letters called i", claim({g[i]: z[i]}, (g[i], z[sp.Symbol("i")]), one)),
    ("two scalars called x", claim({C: sp.Symbol("x") * x}, (C, x), 2 * x)),
    ("an array that prints like another", claim({g[i]: z[i] * sp.IndexedBase("z'", shape=(N,), real=True)[i]}, (g[i], z[i]),
        z[i])),
    ("a scalar that prints like an entry", claim({g[i]: z[i] * sp.Symbol("z_i", real=True)}, (g[i], z[i]), sp.Symbol("z_i",
        real=True))),
    ("a definition of the diagonal", claim({sp.IndexedBase("u", shape=(N, N))[i, i]: z[i],
                                            C: Sum(sp.IndexedBase("u", shape=(N, N))[i, j], (i, 1, N),
                                            (j, 1, N))}, (C, z[i]), N)),
    ("arrays of two shapes", claim({C: Sum(z[k] * sp.IndexedBase("z", shape=(N, N), real=True)[k, k], (k, 1, N))}, (C, z[i]),
        one)),
    ("an index that is a number", claim({C: z[1] * z[i]}, (C, x), one)),
    ("a derivative by a definition", claim({g[i]: x * z[i], C: Sum(g[k], (k, 1, N))}, (C, g[i]), one)),
    ("f of f", lambda: derive.gradient(f * x, x)), ("a gradient of text", lambda: derive.gradient("x**2", "x")),
    ("a false derivative of an intermediate", lambda: derive.prove(Entry(
        "attack", "Attack", {g[i]: z[i] ** 2, C: Sum(g[k], (k, 1, N))}, (C, z[i]),
        (Claim(2 * z[i]),), through={g[j]: 2 * z[i]}))),
]


@pytest.mark.parametrize(("what", "attempt"), FALSE, ids=[what for what, _ in FALSE])
def test_what_is_false_or_unclear_is_refused(what, attempt):
    with pytest.raises(DeriveError):
        attempt()


CONDITIONS = [                                                # a theorem, and the condition without which it would be false
    ("relu", found({g[i]: sp.Max(z[i], 0)}, (g[i], z[i])), [r"z_{i} \neq 0"]),
    ("|x|", found({C: sp.Abs(x)}, (C, x)), [r"x \neq 0"]),
    ("relu by another entry", found({g[i]: sp.Max(z[i], 0)}, (g[i], z[j])), [r"z_{i} \neq 0"]),
    ("a sum of relus", found({C: Sum(sp.Max(z[k], 0), (k, 1, N))}, (C, z[i])), [r"z_{k} \neq 0 \text{ for all } k"]),
    ("log", found({C: log(x)}, (C, x)), ["0 < x"]), ("sqrt", found({C: sqrt(x)}, (C, x)), ["0 < x"]),
    ("x / x, kept", found({C: sp.Mul(x, 1 / x, p, evaluate=False)}, (C, x)), [r"x \neq 0"]),
    ("1 / x", found({C: 1 / x}, (C, x)), [r"x \neq 0"]),
    ("exp of log, kept", found({C: sp.exp(log(x), evaluate=False)}, (C, x)), ["0 < x"]),
]


@pytest.mark.parametrize(("what", "attempt", "conditions"), CONDITIONS, ids=[what for what, *_ in CONDITIONS])
def test_a_condition_that_nobody_stated_is_named_and_is_not_called_proved(what, attempt, conditions):
    theorem = attempt()
    assert theorem.verdict == "proved_under"
    assert theorem.hypotheses_used == conditions


def test_conditions_that_cannot_be_met_get_no_tick():
    theorem = found({C: log(-1 - x ** 2)}, (C, x))()
    assert theorem.verdict == "proved_under" and theorem.ladder["checked"] is False and theorem.derivation.has_witness() is False


STATED = [
    ("relu where it is positive", claim({g[i]: sp.Max(z[i], 0)}, (g[i], z[i]), one, sp.Gt(z[i], 0))),
    ("max(x, -x) where x is positive", claim({C: sp.Max(x, -x)}, (C, x), one, sp.Gt(x, 0))),
    ("positive entries", claim({C: Sum(sp.Abs(z[k]), (k, 1, N))}, (C, z[i]), one, ForAll((i,), sp.Gt(z[i], 0)))),
    ("y_i itself", claim({C: Sum(y[k] * z[k], (k, 1, N))}, (C, z[i]), one, Eq(y[i], 1))),
    ("all y", claim({C: Sum(y[k] * z[k], (k, 1, N))}, (C, z[j]), one, ForAll((i,), Eq(y[i], 1)))),
    ("two intermediates", lambda: derive.prove(Entry(
        "attack", "Attack", {p: Sum(z[k], (k, 1, N)), g[i]: z[i] ** 2, C: p * Sum(g[k], (k, 1, N))}, (C, z[i]),
        (Claim(Sum(z[k] ** 2, (k, 1, N)) + 2 * z[i] * Sum(z[k], (k, 1, N))),), through={p: None, g[j]: None}))),
]


@pytest.mark.parametrize(("what", "attempt"), STATED, ids=[what for what, _ in STATED])
def test_the_true_neighbours_are_proved(what, attempt):
    theorem = attempt()
    assert theorem.verdict == "proved" and theorem.ladder["checked"] and theorem.ladder["cross_checked"]


LAYERS = [                                                    # a superscript that would say something else
    ({"x": "2} + p^{2"}, "letters and digits"), ({"x": "<b>"}, "letters and digits"), ({"x": "-1"}, "letters and digits"),
    ({"x": ""}, "letters and digits"), ({"x": 2}, "letters and digits"), ({"x": None}, "letters and digits"),
    ({"z": "T"}, "transpose"), ({"z": "i"}, "index"), ({"q": "1"}, "no array or scalar q"), ({"h": "1"}, "no array or scalar h"),
    ({"N": "1"}, "no array or scalar N"),
]


@pytest.mark.parametrize(("layers", "named"), LAYERS, ids=str)
def test_a_layer_that_prints_as_something_else_is_refused(layers, named):
    with pytest.raises(StatementError, match=named):
        derive.prove(Entry("layers", "Layers", {g[i]: h(x) * z[i]}, (g[i], z[i]), layers=layers))


def test_a_layer_that_is_a_number_is_no_exponent():
    theorem = derive.prove(Entry("layers", "Layers", {C: p * x}, (C, x), layers={"p": "2", "x": "L"}))
    assert "∂C/∂x^L = p^(2)" in theorem.render("text") and r"\frac{\partial C}{\partial x^{L}} = p^{(2)}" in theorem.to_latex()


MISPLACED = [                                                 # what is of no kind is not passed over
    ("a claim beside the claims", {"also": (Claim(7 * x),)}, "Gradient and Fact"),
    ("a relation beside the claims", {"also": (Eq(C, x),)}, "Gradient and Fact"),
    ("a value that is no claim", {"claims": (p,)}, "accepted: Claim"),
    ("a hypothesis alone", {"claims": (Claim(p, x > 0),)}, "a tuple"),
    ("a hypothesis as text", {"claims": (Claim(p, ("x > 0",)),)}, "accepted: SymPy"),
    ("a fact as text", {"also": (Fact("x > 0"),)}, "accepted: SymPy"),
    ("a fact that Python has decided", {"also": (Fact(True),)}, "decided"),
    ("a gradient of nothing", {"also": (Gradient(None),)}, "pair"),
    ("a letter alone", {"claims": (Claim(p, (ForAll(i, z[i] > 0),)),)}, "tuple of letters"),
]


@pytest.mark.parametrize(("what", "parts", "named"), MISPLACED, ids=[what for what, *_ in MISPLACED])
def test_what_stands_in_the_wrong_place_is_refused_by_name(what, parts, named):
    with pytest.raises(StatementError, match=named):
        derive.prove(Entry("place", "Place", {C: p * x}, (C, x), **parts))
