"""Inequalities of documents: proved by a sign that the kernel knows, refuted by values, else undecided; N >= 2 is named."""
from __future__ import annotations

import pytest

import derive

DEFINED = "Let $a_i = \\frac{e^{z_i}}{\\sum_{k=1}^N e^{z_k}}$.\n\n"
ROWS = [
    ("a_i > 0", "proved"), ("0 < a_i", "proved"), ("a_i \\le 1", "proved"), ("a_i \\geq 0", "proved"), ("x^2 \\ge 0", "proved"),
    ("e^{x} > 0", "proved"), ("\\sum_{i=1}^N z_i^2 \\geq 0", "proved"), ("\\sum_i a_i \\le 1", "proved"),
    ("a_i < 1", "proved_under"),
    ("a_i > 1", "refuted"), ("a_i < 0", "refuted"), ("x^2 > 0", "refuted"), ("\\sum_i a_i < 1", "refuted"), ("x < x", "refuted"),
    ("e^x \\geq 1 + x", "undecided"),
]


@pytest.mark.parametrize(("formula", "outcome"), ROWS)
def test_an_inequality(formula, outcome, tmp_path):
    file = tmp_path / "a.md"
    file.write_text(f"{DEFINED}$${formula}$$\n", encoding="utf-8")
    step = derive.check(str(file)).steps[-1]
    assert step.outcome == outcome, (step.message, step.counterexample)


def test_a_size_that_an_inequality_needs_is_named(tmp_path):
    file = tmp_path / "a.md"
    file.write_text(f"{DEFINED}$$a_i < 1$$\n", encoding="utf-8")
    assert "2 ≤ N" in derive.check(str(file)).steps[-1].message


@pytest.mark.parametrize("formula", [
    r"1 = \frac{\sum_{j \ne i} e^{z_j}}{\sum_{j \ne i} e^{z_j}}",       # the sum is empty, and not positive, for N = 1
    r"\sum_{j \ne i} e^{z_j} > 0"])
def test_a_bound_of_a_size_that_is_more_than_one_element_is_never_dropped(formula, tmp_path):
    file = tmp_path / "a.md"
    file.write_text(f"$${formula}$$\n", encoding="utf-8")
    step = derive.check(str(file)).steps[-1]
    assert step.outcome == "proved_under" and step.hypotheses == ("2 ≤ N",)
