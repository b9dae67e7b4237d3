"""The bridge carries values: SymPy to terms, terms to SymPy, and there and back; what it cannot carry is refused by name."""
from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest
import sympy as sp
from engine.reference import at_random
from engine.strategies import LETTERS, SHAPES, context, terms
from hypothesis import assume, given, settings

import derive
from derive.algebra.bridge import Reader, Writer
from derive.algebra.fresh import fresh
from derive.algebra.opinion import explicit
from derive.algebra.scope import FragmentError, infer
from derive.algebra.statement import Claim, Entry, ForAll
from derive.engine.forms import compared
from derive.kernel.context import Context
from derive.kernel.errors import DeriveError
from derive.kernel.evaluate import Evaluator, Valuation
from derive.kernel.terms import bd, ix, mk

from .strategies import M, N, expressions, i, j, k, q, w, x, y, z

SIZES = {"N": 2, "M": 3}
POOL = [Fraction(n, 8) for n in (-9, -5, -2, 3, 4, 8, 13)]
NAMED = [z[i] * y[j] * z[k] * w[i, q], x, sp.Symbol("u", real=True)]


def reader():
    return Reader(infer(NAMED))


def number(expr, at):
    """A SymPy expression at the values of a reference."""
    written = explicit(expr, {N: SIZES["N"], M: SIZES["M"]}, {letter: at.letters[str(letter), s] + 1 for letter, s in
                                                               ((i, "N"), (j, "N"), (k, "N"), (q, "M"))})
    values = {sp.Symbol("_".join([name, *[str(n + 1) for n in place]]), real=True): sp.Float(q, 60)
              for (name, place), q in at.values.items()}
    return sp.N(written.xreplace(values), 40)


def point(seed):
    return at_random(random.Random(seed), context(), LETTERS, SIZES, POOL)


def close(a, b):
    return abs(a - b) <= 1e-12 * (1 + abs(a) + abs(b))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(expressions())
def test_a_sympy_statement_is_read_and_written_with_its_value(expr):
    at, read = point(3), reader()
    t = read.term(fresh(expr))
    assert close(number(fresh(expr), at), at.value(t))
    again = Writer(SHAPES).expression(t)
    assert again.free_symbols - {N, M} <= expr.free_symbols | {s
        for s in again.free_symbols if isinstance(s, sp.Indexed | sp.IndexedBase)}
    assert close(number(again, at), at.value(t))
    assert close(at.value(read.term(fresh(again))), at.value(t))


@settings(max_examples=80, deadline=None, derandomize=True)
@given(terms(depth=3))
def test_a_term_comes_back_from_sympy_with_its_value(t):
    at = point(5)
    assume(defined(t, at))
    try:
        back = reader().term(fresh(Writer(SHAPES).expression(t)))
    except FragmentError as e:                                # with numbers SymPy knows that 1/0 and log(-1) are not real
        assert any(word in str(e) for word in ("zoo", "nan", "I", "pi", "oo", "no SymPy form")), e
        assume(False)
    assert close(at.value(back), at.value(t)), back


def defined(t, at, bound=()):
    """Whether no subterm divides by 0, or takes the logarithm or root of what is not positive: SymPy has other values there."""
    if t.op in ("inv", "log", "sqrt") and not (at.value(t.args[0], bound) > 1e-20 or t.op == "inv"
        and at.value(t.args[0], bound) < -1e-20):
        return False
    if t.op == "sum":
        return all(defined(t.args[0], at, (*bound, n)) for n in range(SIZES[t.data]))
    return all(defined(a, at, bound) for a in t.args if a.op not in ("ix", "bd"))


p = sp.Symbol("p", real=True)
OUTSIDE = [
    (sp.sin(z[i]), "sin(z[i])"), (sp.tanh(x), "tanh(x)"), (sp.GoldenRatio * x, "GoldenRatio"),
    (x ** sp.Rational(1, 3), "x**(1/3)"), (x ** p, "x**p"),
    (2 ** z[i], "2**z[i]"), (x ** 33, "x**33"), (sp.I * x, "I"), (sp.Float("0.1") * x, "0.1"), (sp.oo, "oo"), (sp.zoo, "zoo"),
    (sp.nan, "nan"), (sp.Symbol("q", imaginary=True) * x, "q"), (sp.Min(x, p), "Min"), (sp.sign(x), "sign(x)"),
    (sp.Heaviside(x), "Heaviside(x)"),
    (sp.Piecewise((x, x > 0), (p, True)), "Piecewise"), (sp.Product(z[k], (k, 1, N)), "Product"),
    (sp.Integral(x, (x, 0, p)), "Integral"),
    (z[i + 1], "i + 1"), (z[1], "1"), (w[i, 2 * q], "2*q"), (sp.KroneckerDelta(i, 1), "1"), (sp.factorial(N), "factorial(N)"),
    (sp.Sum(z[k], (k, 0, N)), "0"), (sp.Sum(z[k], (k, 1, N - 1)), "N - 1"), (sp.Sum(z[k], (k, 1, 3)), "3"), (i * x, "i"),
    (sp.Function("f")(x, p), "f(x, p)"), (sp.Derivative(x ** 2 * p, x, p), "Derivative"), (sp.floor(x), "floor(x)"),
    (sp.Mod(x, 2), "Mod"),
    (sp.Symbol("A", commutative=False) * x, "A"), (sp.MatrixSymbol("A", 2, 2), "A"), (x > 0, "x > 0"), (sp.true, "True"),
    (sp.GoldenRatio, "GoldenRatio"),
]


@pytest.mark.parametrize(("expr", "named"), OUTSIDE, ids=[named for _, named in OUTSIDE])
def test_outside_the_fragment_is_refused_by_name_also_deep_inside(expr, named):
    wraps = [lambda e: e] if isinstance(expr, sp.logic.boolalg.Boolean | sp.MatrixExpr) or expr in (sp.nan, sp.oo, sp.zoo) else \
        [lambda e: e, lambda e: sp.exp(z[i] + sp.log(1 + y[j] * e))]
    for wrap in wraps:
        whole = wrap(expr)
        with pytest.raises(FragmentError) as refused:
            reader().term(fresh(whole))
        assert named in str(refused.value)
        with pytest.raises(DeriveError):                      # and so by the whole road
            derive.prove(Entry("e", "E", {sp.Symbol("C", real=True): whole}, (sp.Symbol("C", real=True), x),
            (Claim(sp.Integer(0)),)))


EXACT = [
    (sp.Rational(2, 3) * x, "(2/3 * x)"), (x / p, "(x * inv(p))"), (-x, "neg(x)"),
    (sp.sqrt(x) ** -3, "inv((sqrt(x) * (sqrt(x) * sqrt(x))))"),
    (sp.Max(0, z[i]), "max(z[i], 0)"), (sp.Max(0, x, p), "max(p, max(x, 0))"), (sp.Heaviside(x, 0), "step(x)"),
    (sp.E, "exp(1)"), (N * x, "(N * x)"),
    (sp.Derivative(sp.Function("f")(x), x), "f'(x)"), (sp.Function("f")(x * p).diff(x), "(p * f'((p * x)))"),
    (sp.Sum(w[k, q] * z[k], (q, 1, M), (k, 1, N)), "sum_N(sum_M((w[#1,#0] * z[#1])))"),
    (z[k] * sp.Sum(z[k], (k, 1, N)), "(z[k] * sum_N(z[#0]))"), (sp.Derivative(x ** 2, x), "D((x * x), x)"),
]


@pytest.mark.parametrize(("expr", "shown"), EXACT, ids=[shown for _, shown in EXACT])
def test_reading_is_what_it_should_be(expr, shown):
    read = Reader(infer([*NAMED, p]))
    assert repr(read.term(fresh(expr))) == shown


RELATIONS = {sp.Eq: "__eq__", sp.Ne: "__ne__", sp.Lt: "__lt__", sp.Le: "__le__", sp.Gt: "__gt__", sp.Ge: "__ge__"}
SIDES = [x, -x, z[i], z[i] - x, -z[j] - 1, 2 * x, x - z[i] + N, N, 2 * N, sp.Integer(0), sp.Integer(2), sp.Rational(3, 2),
         sp.Rational(-1, 2), sp.Max(x, z[i]), sp.Abs(x), sp.Sum(z[k], (k, 1, N)), x * z[j]]


@pytest.mark.parametrize("relation", RELATIONS, ids=lambda r: r.__name__)
def test_a_relation_says_after_reading_and_in_print_what_it_said(relation):
    """No side is lost and no strict sign becomes a weak one, whatever SymPy makes of it: exactly, at equal sides too."""
    ctx, rng = Context().declare("x").declare("z", ("N",)), random.Random(relation.__name__)
    for left, right in itertools.product(SIDES, SIDES):
        stated = relation(left, right, evaluate=False)
        t = Reader(infer([z[i] * z[j] * x * N, fresh(left), fresh(right)])).condition(stated)
        shown = mk(t.op, None, *compared(*t.args)) if t.op in ("lt", "le") else t
        for n in (1, 2, 2, 3, 3):
            at = Valuation({"N": n}, {(c, "N"): rng.randrange(n) for c in "ij"}, {
                "x": {(): Fraction(rng.randint(-2, 3), 2)}, "z": {(p,): Fraction(rng.randint(-2, 3), 2) for p in range(n)}})
            sides = [_exactly(side, at) for side in (left, right)]
            expected = bool(getattr(sides[0], RELATIONS[relation])(sides[1]))
            assert all(bool(Evaluator(ctx, at).value(u)) is expected for u in (t, shown)), f"{stated} is read as {t} at {at}"


def _exactly(side, at):
    values = {sp.Symbol(f"z_{p + 1}", real=True): sp.Rational(v) for (p,), v in at.arrays["z"].items()}
    letters = {letter: at.indices[str(letter), "N"] + 1 for letter in (i, j)}
    return explicit(side, {N: at.sizes["N"]}, letters).xreplace({**values, x: sp.Rational(at.arrays["x"][()])})


def test_indices_that_differ_for_all_values_of_one_are_bound():
    """For all j: i != j, is false at j = i; it does not speak of a free j."""
    read = Reader(infer([z[i] * z[j]]))
    assert read.condition(ForAll((j,), sp.Ne(i, j))) is mk("all", "N", mk("apart", None, ix("i", "N"), bd(0, "N")))
    assert read.condition(sp.Ne(i, j)) is mk("apart", None, ix("i", "N"), ix("j", "N"))
