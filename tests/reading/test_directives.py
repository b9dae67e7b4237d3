"""What an author tells the checker: relations, sizes, and what is told in vain."""
from __future__ import annotations

import pytest

from derive.kernel.errors import DeriveError

from .documents import checked, codes, outcomes

CLAIM = "$$x \\sum_j w_j = x$$\n"


@pytest.mark.parametrize(("text", "name"), [
    ("<!-- derive: given \\sum_j w_j = 1 -->\n\n" + CLAIM, "a.md"),
    ("---\ntitle: x\nderive: sizes N; given \\sum_j w_j = 1\n---\n\n" + CLAIM, "a.md"),
    ("% derive: given \\sum_j w_j = 1\n" + CLAIM, "a.tex")])
def test_what_the_author_gives_is_stated(text, name):
    assert outcomes(text, name) == ["proved"]


def test_a_declared_size_is_the_number_of_terms_of_a_mean():
    mean = "$h = \\frac{1}{L} \\sum_i x_i$ $$\\sum_i (x_i - h) = 0$$"
    assert outcomes(f"<!-- derive: sizes L -->\n\n{mean}")[-1] == "proved"
    assert outcomes(mean)[-1] != "proved"


@pytest.mark.parametrize(("said", "words"), [
    ("given \\sum_j y_j", "is not a relation"), ("given = = 1", "is not a relation"), ("giben x = 1", "given, sizes and noqa")])
def test_what_is_told_in_vain_is_a_finding(said, words):
    report = checked(f"<!-- derive: {said} -->\n\n{CLAIM}")
    assert "D001" in codes(report, 1) and any(words in f.message for f in report.findings)


@pytest.mark.parametrize("given", ["x +", "= 1", "\\sum_j y_j"])
def test_a_relation_of_the_reader_that_is_none_is_an_error(given):
    with pytest.raises(DeriveError):
        checked(CLAIM, given=(given,))
