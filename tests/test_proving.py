"""The Python API: theorems as SymPy objects, gradients of expressions typed on the spot, what is refused and how."""
from __future__ import annotations

import re

import pytest
from sympy import Abs, Derivative, Eq, IndexedBase, KroneckerDelta, Rational, Sum, cos, exp, log, sqrt, symbols
from sympy.utilities.lambdify import lambdify

import derive
from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, one_hot, scalars, size

N = size("N")
i, j, k = indices("i j k")
z, y, w = arrays("z y w", N)
(C,) = scalars("C")


@pytest.fixture(scope="module")
def theorem():
    return derive.prove("softmax-cross-entropy")


def same(left, right) -> bool:
    """Whether two expressions are the same function of z, y and w, at sizes 1 to 3, at every index i and j, at two points."""
    places = [(n, {i: a, j: b}, seed) for n in (1, 2, 3) for a in range(1, n + 1) for b in range(1, n + 1) for seed in (1, 2)]
    return all(abs(value(left, *place) - value(right, *place)) < 1e-9 for place in places)


def for_all(condition: str, shown: str) -> bool:
    """Whether LaTeX says the condition about every ?; which letter the page takes is its own affair."""
    return bool(re.fullmatch(re.escape(condition).replace(r"\?", r"\w") + r" \\text\{ for all \} \w", shown))


def value(expr, n, at, seed):
    """The number that an expression is at size n: sums are written out, entries become numbers."""
    written = expr.subs(N, n).doit().subs(at)
    entries = {e: Rational((7 * e.indices[0] + 3 * seed * ord(str(e.base)[0])) % 11 + 1, 5) for e in written.atoms(z[1].func)}
    return float(written.subs(entries))


# -------------------------------------------------------------------------------- a theorem of the catalogue
def test_sides_and_hypotheses_are_sympy(theorem):
    (a,) = arrays("a", N)
    assert theorem.lhs == Derivative(C, z[i])
    assert theorem.rhs == a[i] - y[i]
    assert theorem.given == (Eq(Sum(y[j], (j, 1, N)), 1),)
    assert theorem.hypotheses_used == [r"\sum_{j=1}^{N} y_{j} = 1"]
    assert theorem.verdict == "proved"


def test_the_steps_are_the_chain(theorem):
    steps = theorem.steps
    assert [s["rule"] for s in steps] == ["chain rule", "substitution", "split the sum", "cancellation", "common factor",
                                          "join the sum", "hypothesis"]
    assert [s["number"] for s in steps] == list(range(1, 8))
    assert steps[-1]["text"] == "a_i - y_i" and steps[-1]["hypotheses"] == theorem.hypotheses_used
    assert all(not s["hypotheses"] for s in steps[:-1])


def test_the_ladder_says_what_was_done(theorem):
    assert [level for level, reached in theorem.ladder.items() if reached][:3] == ["derived", "checked", "cross_checked"]
    assert theorem.replayed_alone()


def test_latex_is_a_document_and_markdown_a_page(theorem):
    latex, markdown = theorem.to_latex(), theorem._repr_markdown_()
    assert r"\documentclass" in latex and r"\frac{\partial C}{\partial z_{i}} = a_{i} - y_{i}" in latex
    assert latex.count(r"\begin{align*}") == latex.count(r"\end{align*}") > len(theorem.steps)
    assert markdown.startswith("<!--") and r"\text{(1)}" in markdown


def test_a_theorem_shows_its_statement_hypotheses_and_verdict(theorem):
    assert repr(theorem) == "<Theorem ∂C/∂z_i = a_i - y_i if Σ_j y_j = 1: proved>"
    assert repr(derive.prove("logsumexp")) == "<Theorem ∂L/∂z_i = a_i: proved>"
    shown = repr(derive.gradient(Sum(log(z[j]), (j, 1, N)), z[i]))
    assert re.fullmatch(r"<Theorem ∂f/∂z_i = 1 / z_i if 0 < z_(\w) for all \1: proved_under>", shown)


def test_the_gradient_of_logsumexp_is_softmax():
    (a,) = arrays("a", N)
    theorem = derive.prove("logsumexp")
    assert theorem.rhs == a[i] and theorem.given == () and theorem.hypotheses_used == []
    softmax = theorem.entry.definitions[theorem.rhs]
    assert same(softmax, exp(z[i]) / Sum(exp(z[k]), (k, 1, N)))


def test_the_jacobian_of_softmax():
    (a,) = arrays("a", N)
    theorem = derive.prove("softmax-jacobian")
    assert theorem.lhs == Derivative(a[j], z[i])
    assert theorem.rhs == a[i] * (KroneckerDelta(i, j) - a[j])
    assert theorem.verdict == "proved" and theorem.hypotheses_used == []


def test_every_entry_point_is_public_and_documented():
    assert set(derive.__all__) <= set(dir(derive)) | {"DeriveError", "Theorem", "check", "gradient", "prove"}
    for name in derive.__all__:
        assert getattr(derive, name).__doc__
    assert issubclass(derive.DeriveError, Exception)
    with pytest.raises(AttributeError, match="no attribute 'proof'"):
        _ = derive.proof


# -------------------------------------------------------------------------------- gradients on the spot
total = Sum(z[k], (k, 1, N))
dot = Sum(w[k] * z[k], (k, 1, N))
length = 1 + Sum(z[k]**2, (k, 1, N))
GRADIENTS = {
    "a sum": (Sum(z[j], (j, 1, N)), 1),
    "a sum with weights": (Sum(w[j] * z[j], (j, 1, N)), w[i]),
    "squares": (Sum(z[j]**2, (j, 1, N)), 2 * z[i]),
    "cubes": (Sum(z[j]**3, (j, 1, N)) / 3, z[i]**2),
    "the mean": (Sum(z[j], (j, 1, N)) / N, 1 / N),
    "mean squared error": (Sum((z[j] - y[j])**2, (j, 1, N)) / (2 * N), (z[i] - y[i]) / N),
    "a square of a sum": (Sum(z[j], (j, 1, N))**2, 2 * total),
    "an exponential": (exp(Sum(w[j] * z[j], (j, 1, N))), w[i] * exp(Sum(w[k] * z[k], (k, 1, N)))),
    "log-sum-exp": (log(Sum(exp(z[j]), (j, 1, N))), exp(z[i]) / Sum(exp(z[k]), (k, 1, N))),
    "softplus": (Sum(log(1 + exp(z[j])), (j, 1, N)), exp(z[i]) / (1 + exp(z[i]))),
    "a square root": (sqrt(length), z[i] / sqrt(length)),
    "a quotient": (Sum(w[j] * z[j], (j, 1, N)) / length, w[i] / length - 2 * z[i] * dot / length**2),
    "a double sum": (Sum(Sum(z[j] * z[k], (k, 1, N)), (j, 1, N)), 2 * total),
    "one letter for two sums": (Sum(z[j], (j, 1, N)) * Sum(z[j] * y[j], (j, 1, N)), Sum(z[k] * y[k], (k, 1, N)) + y[i] * total),
    "a sum over the letter of the variable": (Sum(z[i]**2, (i, 1, N)), 2 * z[i]),
}


@pytest.mark.parametrize("name", GRADIENTS)
def test_a_gradient_is_found_proved_and_right(name):
    expression, expected = GRADIENTS[name]
    theorem = derive.gradient(expression, z[i])
    assert (theorem.verdict, theorem.hypotheses_used) == ("proved", [])
    assert theorem.ladder["checked"] and theorem.ladder["cross_checked"]
    assert same(theorem.rhs, 0 * z[i] + expected)


def test_an_expression_with_an_index_of_its_own_has_a_jacobian():
    assert same(derive.gradient(z[j]**2 * y[j], z[i]).rhs, 2 * KroneckerDelta(i, j) * y[j] * z[j])


def test_a_letter_of_a_sum_cannot_stand_for_a_number():
    with pytest.raises(derive.DeriveError, match="j is an index and cannot stand for a number"):
        derive.gradient(Sum(j * z[j], (j, 1, N)), z[i])


def test_a_hypothesis_that_nobody_stated_is_shown():
    theorem = derive.gradient(Sum(w[j] / z[j], (j, 1, N)), z[i])
    assert theorem.verdict == "proved_under"
    (used,) = theorem.hypotheses_used
    assert for_all(r"z_{?} \neq 0", used)
    assert same(theorem.rhs, -w[i] / z[i]**2)


def test_a_hypothesis_that_is_stated_is_none_to_complain_of():
    theorem = derive.gradient(Sum(log(z[j]), (j, 1, N)), z[i], given=[ForAll((j,), z[j] > 0)])
    assert theorem.verdict == "proved"
    (used,) = theorem.hypotheses_used
    assert for_all("0 < z_{?}", used)


def test_a_kink_is_avoided_by_a_hypothesis():
    theorem = derive.gradient(Sum(Abs(z[j]), (j, 1, N)), z[i])
    assert theorem.verdict == "proved_under"
    assert any(for_all(r"z_{?} \neq 0", used) for used in theorem.hypotheses_used)
    assert theorem.ladder["cross_checked"]


def test_a_claim_is_proved_in_the_form_in_which_it_is_made():
    claim = exp(z[i]) / (1 + exp(z[i]))
    assert derive.gradient(Sum(log(1 + exp(z[j])), (j, 1, N)), z[i], claim=claim).rhs == claim
    other = 1 - 1 / (1 + exp(z[i]))
    assert derive.gradient(Sum(log(1 + exp(z[j])), (j, 1, N)), z[i], claim=other).rhs == other


def test_plain_sympy_is_enough():
    n, at, m = symbols("n a m", integer=True)
    x = IndexedBase("x")
    theorem = derive.gradient(Sum(x[m]**2, (m, 1, n)), x[at])
    assert theorem.verdict == "proved"
    assert lambdify([theorem.rhs.atoms(x[at].func).pop()], theorem.rhs)(3) == 6
    assert repr(theorem) == "<Theorem ∂f/∂x_a = 2 x_a: proved>"


# -------------------------------------------------------------------------------- what is refused
REFUSED = {
    "cos": (Sum(cos(z[j]), (j, 1, N)), "cos.* is outside the fragment"),
    "a number as index": (z[1]**2 + Sum(z[j], (j, 1, N)), "not an index letter"),
    "a shifted index": (Sum(z[j] * z[j + 1], (j, 1, N)), "not an index letter"),
    "half a sum": (Sum(z[j], (j, 2, N)), "from 1 to its size"),
    "a power": (Sum(z[j]**Rational(1, 3), (j, 1, N)), "exponents are whole numbers"),
    "a letter of a sum as a number": (Sum(j * z[j], (j, 1, N)), "j"),
    "a letter as a number": (i * Sum(z[j], (j, 1, N)), "i is used as"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_outside_the_fragment_is_named(name):
    expression, message = REFUSED[name]
    with pytest.raises(derive.DeriveError, match=message):
        derive.gradient(expression, z[i])


def test_a_false_claim_comes_with_a_counterexample():
    with pytest.raises(derive.DeriveError, match=r"is false: with N = 1, i = 1, z_1 = .*: left .*, right "):
        derive.gradient(Sum(z[j]**2, (j, 1, N)), z[i], claim=z[i])


def test_a_claim_under_a_false_hypothesis_is_not_proved():
    given = (ForAll((j,), y[j] > 0), ForAll((j,), y[j] < 0))
    with pytest.raises(derive.DeriveError, match="cannot be met"):
        derive.gradient(Sum(y[j] * z[j], (j, 1, N)), z[i], given=given, claim=0 * z[i])


@pytest.mark.parametrize("relation", [Eq(Sum(z[j], (j, 1, N)), 1), ForAll((j,), z[j] >= 0), ForAll((j,), Eq(z[j], 1))])
def test_a_closed_hypothesis_about_the_variable_is_refused(relation):
    with pytest.raises(derive.DeriveError, match=r"mentions z.*strict inequalities"):
        derive.gradient(Sum(z[j]**2, (j, 1, N)), z[i], given=[relation])


def test_an_unknown_name_offers_the_nearest():
    with pytest.raises(derive.DeriveError, match="did you mean softmax-cross-entropy"):
        derive.prove("softmax-crossentropy")


def test_no_backend_of_that_name(theorem):
    with pytest.raises(derive.DeriveError, match=r"no backend 'fortran'; accepted: .*numpy"):
        theorem.to_code("fortran")


def test_an_entry_made_on_the_spot():
    entry = Entry("dot", "A product", {C: Sum(y[j] * z[j], (j, 1, N))}, (C, z[i]),
                  (Claim(y[i]), Claim(KroneckerDelta(i, k), (one_hot(y, j, k),))))
    theorem = derive.prove(entry)
    assert theorem.rhs == KroneckerDelta(i, k)                # the first claim with hypotheses is what the entry is about
    (used,) = theorem.hypotheses_used
    assert for_all(r"y_{?} = \delta_{?k}", used)
    assert theorem.steps[-1]["rule"] == "hypothesis"


def test_a_lemma_about_different_indices_says_so_in_json():
    """On the page the heading of the case says i != j; as data it is a hypothesis, without which the lemma is false."""
    said = derive.prove("softmax-jacobian").to_json()
    cases = {lemma["name"]: (lemma["hypotheses_used"], lemma["verdict"]) for lemma in said["lemmas"]}
    assert cases["da/dz, i != j"] == ([r"i \neq j"], "proved_under") and cases["da/dz, i = j"] == ([], "proved")
