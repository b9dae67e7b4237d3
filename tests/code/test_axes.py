"""Protects the lowering of terms to programs with named axes: what a program computes is what the term means."""
from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from derive.code.axes.forms import Forms
from derive.code.axes.functions import function_name, functions, identifier
from derive.code.axes.lowering import Lowering
from derive.code.axes.node import OPERATORS, Node, below, program
from derive.code.axes.spelling import Speller
from derive.code.errors import CannotGenerate, CannotLower
from derive.code.spelling import environment
from derive.engine.numbers import FLOAT, evaluate_at
from derive.kernel.context import Context
from derive.kernel.evaluate import Valuation
from derive.kernel.terms import Term, bd, ix, mk, num
from derive.proving import prove

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
BACKENDS = ("numpy", "torch", "jax")
SETS = {"X": ("B", "D"), "W": ("N", "D"), "S": ("D", "D"), "x": ("D",), "y": ("N",), "c": ()}
SIZES = {"B": 3, "D": 2, "N": 4}
CTX = Context(SETS)
RNG = np.random.default_rng(0)
VALUES = {name: RNG.uniform(0.3, 1.5, size=tuple(SIZES[s] for s in sets)) for name, sets in SETS.items()}
AT = Valuation(SIZES, {}, {name: dict(np.ndenumerate(a)) for name, a in VALUES.items()})
B, D, E, N = ix("b", "B"), ix("d", "D"), ix("e", "D"), ix("n", "N")
ONE, TWO, X, W = num(1), num(2), "X", "W"


def arr(name: str, *at: Term) -> Term:
    return mk("arr", name, *at)


def op(name: str) -> Callable[..., Term]:
    return lambda *args: mk(name, None, *args)


add, mul, neg, inv, exp, log, step, max_, abs_, sqrt = map(op, ("add", "mul", "neg", "inv", "exp", "log", "step", "max", "abs",
                                                                "sqrt"))


def total(s: str, body: Term) -> Term:
    return mk("sum", s, body)


def lowered(t: Term, order: tuple[Term, ...]) -> tuple[Lowering, Node]:
    low = Lowering(CTX, {}, {}, False, frozenset(SETS), tuple(i.data[1] for i in order))
    return low, low.lower(t, order)


def computed(t: Term, order: tuple[Term, ...]) -> Any:
    """What the spelled program gives."""
    low, node = lowered(t, order)
    made = program(low.make, SETS, (node,), {}, ())
    speller = Speller(environment(TEMPLATES), "numpy")
    scope: dict[str, Any] = {"np": np, **VALUES, "_peak": lambda a: a.max(-1), "_erf": np.vectorize(math.erf)}
    for line in speller.lines(made):
        exec(line, scope)
    return eval(speller.expression(made.results[0]), scope)


def meant(t: Term, order: tuple[Term, ...]) -> Any:
    shape = tuple(SIZES[i.data[1]] for i in order)
    places = [{i.data: n for i, n in zip(order, place, strict=True)} for place in np.ndindex(shape)]
    return np.array(evaluate_at(CTX, t, AT, FLOAT, places)).reshape(shape)


bD, bN, bB = bd(0, "D"), bd(0, "N"), bd(0, "B")
delta = mk("delta", None, D, E)
TERMS: list[tuple[str, Term, tuple[Term, ...]]] = [
    ("a matrix product", total("D", mul(arr(X, B, bD), arr(W, N, bD))), (B, N)),
    ("turned round", total("D", mul(arr(X, B, bD), arr(W, N, bD))), (N, B)),
    ("the first of both", total("B", mul(arr(X, bB, D), arr(X, bB, E))), (D, E)),
    ("a matrix and a vector", total("D", mul(arr(X, B, bD), arr("x", bD))), (B,)),
    ("a vector and a matrix", total("N", mul(arr("y", bN), arr(W, bN, D))), (D,)),
    ("a bilinear form", total("N", total("D", mul(mul(arr("y", bd(1, "N")), arr(W, bd(1, "N"), bD)), arr("x", bD)))), ()),
    ("three factors", total("B", total("D", mul(mul(arr(X, bd(1, "B"), D), arr(X, bd(1, "B"), bD)), arr("x", bD)))), (D,)),
    ("an outer product", mul(arr("y", N), arr("x", D)), (N, D)),
    ("turned storage", add(arr(X, B, D), arr("x", D)), (D, B)),
    ("a diagonal", arr("S", D, D), (D,)),
    ("a trace", total("D", arr("S", bD, bD)), ()),
    ("the identity", mul(arr("x", D), add(delta, neg(arr("x", E)))), (D, E)),
    ("a delta in a sum", total("D", mul(mk("delta", None, bD, D), arr("x", bD))), (D,)),
    ("a constant", num("3/2"), (D,)),
    ("a mean", mul(inv(mk("size", "B")), total("B", arr(X, bB, D))), (D,)),
    ("a sum of nothing that varies", total("N", arr("x", D)), (D,)),
    ("a square", total("D", mul(add(arr("x", bD), neg(arr("c"))), add(arr("x", bD), neg(arr("c"))))), ()),
    ("a product with a difference", total("D", mul(arr(X, B, bD), add(arr(W, N, bD), neg(arr("x", bD))))), (B, N)),
    ("softplus", log(add(ONE, exp(neg(arr("x", D))))), (D,)),
    ("expm1", add(exp(arr("x", D)), neg(ONE)), (D,)),
    ("a choice", add(mul(arr("x", D), step(add(arr("x", D), neg(ONE)))),
                     mul(arr("c"), add(ONE, neg(step(add(arr("x", D), neg(ONE))))))), (D,)),
    ("half a choice", mul(arr("x", D), add(ONE, neg(step(add(arr("x", D), neg(ONE)))))), (D,)),
    ("kinks", max_(add(arr("x", D), neg(ONE)), abs_(add(ONE, neg(arr("x", E))))), (D, E)),
    ("a root of a size", mul(arr("x", D), inv(sqrt(mk("size", "D")))), (D,)),
    ("signs", neg(mul(neg(arr("x", D)), add(neg(arr("c")), neg(arr("x", D))))), (D,)),
    ("divisors", mul(neg(arr("x", D)), inv(mul(TWO, mul(arr("c"), neg(arr("c")))))), (D,)),
]


@pytest.mark.parametrize(("t", "order"), [row[1:] for row in TERMS], ids=[row[0] for row in TERMS])
def test_programs_compute_what_terms_mean(t: Term, order: tuple[Term, ...]) -> None:
    np.testing.assert_allclose(computed(t, order), meant(t, order), rtol=1e-12, atol=1e-12)


SPELLED = [(0, "X @ W.T"), (1, "W @ X.T"), (2, "X.T @ X"), (3, "X @ x"), (4, "y @ W"), (17, None), (18, None)]


@pytest.mark.parametrize(("row", "spelled"), SPELLED)
def test_products_are_matrix_products_and_nothing_is_larger_than_needed(row: int, spelled: str | None) -> None:
    _, t, order = TERMS[row]
    _, node = lowered(t, order)
    assert spelled is None or Speller(environment(TEMPLATES), "numpy").expression(node) == spelled
    _check_sizes([node], CTX, tuple(i.data[1] for i in order))


def _check_sizes(nodes: list[Node], ctx: Context, result: tuple[str, ...]) -> None:
    shapes = [Counter(sets) for sets in (*ctx.arrays.values(), *[own for own, _ in ctx.definitions.values()], result)]
    for node in below(*nodes):
        assert any(Counter(s for _, s in node.axes) <= shape for shape in shapes), node.op


@st.composite
def terms(draw: Any, depth: int = 3, scope: tuple[Term, ...] = (B, D)) -> Term:
    if depth == 0 or draw(st.integers(0, 5)) == 0:
        names = [n for n, sets in SETS.items() if all(any(i.data[1] == s for i in scope) for s in sets)]
        name = draw(st.sampled_from([*names, "2", "1/3"]))
        if name not in SETS:
            return num(name)
        return arr(name, *[draw(st.sampled_from([i for i in scope if i.data[1] == s])) for s in SETS[name]])
    kind = draw(st.sampled_from(["add", "mul", "mul", "neg", "sum", "sum", "exp", "inv"]))
    if kind == "sum":
        s = draw(st.sampled_from(["B", "D", "N"]))
        fresh = bd(0, s)
        body = draw(terms(depth=depth - 1, scope=(*[_up(i) for i in scope], fresh)))
        return mk("sum", s, body)
    inner = [draw(terms(depth=depth - 1, scope=scope)) for _ in range(1 + (kind in ("add", "mul")))]
    return inv(add(ONE, mul(inner[0], inner[0]))) if kind == "inv" else exp(neg(mul(inner[0], inner[0]))) if kind == "exp" \
        else mk(kind, None, *inner)


def _up(i: Term) -> Term:
    return bd(i.data[0] + 1, i.data[1]) if i.op == "bd" else i


@settings(max_examples=40, deadline=None)
@given(terms())
def test_any_term_that_is_lowered_keeps_its_meaning(t: Term) -> None:
    for order in ((B, D), (D, B)):
        try:
            value = computed(t, order)
        except CannotLower:
            assume(False)
        np.testing.assert_allclose(np.broadcast_to(value, (SIZES[order[0].data[1]], SIZES[order[1].data[1]])), meant(t, order),
                                   rtol=1e-9, atol=1e-9)


# ---------------------------------------------------------------- tables
@pytest.mark.parametrize("target", BACKENDS)
def test_every_backend_spells_every_operator_and_nothing_else(target: str) -> None:
    macros = {name.removeprefix("do_") for name in vars(Speller(environment(TEMPLATES), target).macros) if name.startswith("do_")}
    assert macros == OPERATORS.keys()


def test_an_operator_without_a_macro_is_named() -> None:
    speller = Speller(environment(TEMPLATES), "numpy")
    speller.macros = object()
    _, node = lowered(arr("x", D), (D,))
    with pytest.raises(CannotLower, match="no macro do_input"):
        speller.expression(node)


REFUSED = [
    (mk("fun", ("f", 0), arr("x", D)), (D,), "no array operation for fun"),
    (arr("x", D), (), "the index d over D is no axis"),
    (mk("size", "T"), (), "no argument has an axis over T"),
]


@pytest.mark.parametrize(("t", "order", "message"), REFUSED)
def test_what_cannot_be_lowered_is_named(t: Term, order: tuple[Term, ...], message: str) -> None:
    with pytest.raises(CannotLower, match=message):
        lowered(t, order)


# ---------------------------------------------------------------- functions of entries
def test_names_follow_from_the_symbols_and_are_python() -> None:
    assert function_name(mk("D", None, arr("x", D), arr("c"))) == "x_grad_c"
    assert identifier("lambda") == "lambda_" and identifier("np") == "np_"
    with pytest.raises(CannotGenerate, match="no Python name"):
        identifier("a b")


@pytest.mark.parametrize("entry", ["attention", "logistic-regression", "info-nce", "batchnorm", "softmax-regression"])
def test_no_intermediate_of_an_entry_is_larger_than_needed(entry: str) -> None:
    d = prove(entry).derivation
    for f in functions(d.record, [name for _, name in d.claims]).functions:
        _check_sizes([*f.program.results, *[value for _, value in f.program.lets]], d.record.context,
                     tuple(i.data[1] for i in f.axes))


STABLE = [
    ("softmax-temperature", "a", "exp(((z[i] * inv(T)) + neg(m)))"), ("sigmoid", "", "(1 + exp(z[i]))"),
    ("sigmoid-bce", "C", "log((1 + exp(neg(z[#0]))))"), ("logistic-regression", "p", "inv((1 + exp(neg(s[i]))))"),
    ("tanh", "a", "(exp((2 * z)) + neg(1))"), ("z-loss", "L", "log(sum_N(exp((z[#0] + neg(m)))))"),
]


@pytest.mark.parametrize(("entry", "name", "part"), STABLE)
def test_stable_forms_are_theorems(entry: str, name: str, part: str) -> None:
    """Each form that is used was replayed, under no hypothesis that the theorem does not have."""
    d = prove(entry).derivation
    made = functions(d.record, [claim for _, claim in d.claims])
    about = [made.record.theorems[form] for f in made.functions for form in f.forms if not name or form.startswith(name)]
    assert any(part in repr(theorem.sides[1]) for theorem in about)
    if name:
        assert Forms(d.record).definition(name).theorem
