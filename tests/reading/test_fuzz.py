"""Whatever stands in a file: no exception, no hang, counts that add up, and every position inside the file."""
from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.checking import check_text
from derive.kernel.errors import DeriveError
from derive.reading import reader
from derive.reading.tokens import tokens

PIECES = (r"\frac", "{", "}", "_", "^", "i", "j", "x", "y", "=", r"\sum", r"\partial", "1", "+", "-", "(", ")", "&", r"\\",
    "$", "$$", " ",
          "\n", r"\begin{cases}", r"\end{cases}", r"\begin{aligned}", r"\end{aligned}", r"\left", r"\right", ".", ",", "|",
          "'", r"\log",
          "e", r"\hat", r"\mathbf", r"\text{if}", "当", "时", r"\neq", r"\delta", "[", "]", r"\{", r"\}", r"\cdots",
          r"\tag{1}", "\r\n", "\x00",
          r"\not", r"\underbrace", r"\mathbb", "%", "`", "> ", "# ", r"\quad", r"\prime", "a_i", r"\sqrt",
          r"\operatorname*{argmax}")
SUFFIXES = ("md", "tex", "rst", "qmd")


def sound(name, data):
    report = check_text(name, data, timeout=0.5)
    rows = report.source.file.splitlines() or [""]
    for s in (*report.steps, *report.findings):
        assert 1 <= s.row <= s.end_row <= max(1, len(rows)) + 1 and s.column >= 1 and s.end_column >= 1
    summary = dict(report.summary)
    assert summary.pop("steps") == sum(summary.values())


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), max_size=40), st.sampled_from(SUFFIXES))
def test_any_mathematics_in_any_kind_of_file(pieces, suffix):
    sound(f"text.{suffix}", f"Let $a_i = z_i$.\n\n$${''.join(pieces)}$$\n\n${''.join(pieces)}$".encode())


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.binary(max_size=200), st.sampled_from(SUFFIXES))
def test_any_bytes(data, suffix):
    sound(f"text.{suffix}", data)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(max_size=60))
def test_tokens_stand_in_order_inside_the_text(text):
    places = [(t.start, t.end) for t in tokens(text, 0, len(text))]
    assert all(0 <= start <= end <= len(text) for start, end in places)


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"cells": 3}', b'{"cells": [{}]}', b"\xff\xfe"], ids=repr)
def test_a_notebook_that_is_none_is_an_error_of_one_line(data):
    with pytest.raises(DeriveError):
        check_text("book.ipynb", data)


def test_a_notebook_has_positions_in_its_file():
    book = b'{"cells": [{"cell_type": "code", "source": ["x = 1"]},\n {"cell_type": "markdown", "source": ["A\\n",\n  ' \
        b'"$\\\\frac{2}{4} = \\\\frac{1}{2}$"]}]}'
    (step,) = check_text("book.ipynb", book).steps
    assert step.outcome == "proved" and (step.row, step.column) == (3, 20)


def test_a_large_file_is_read_in_time():
    text = b"word " * 400_000 + b"\n\n$1 + 1 = 2$\n\n" + b"$x$ and text\n" * 2000
    start = time.monotonic()
    (step,) = check_text("large.md", text).steps
    assert step.outcome == "proved" and time.monotonic() - start < 20


def test_of_very_many_formulas_the_first_are_read(monkeypatch):
    monkeypatch.setattr(reader, "MOST", 3)
    report = check_text("many.md", b"$1 + 1 = 2$ and\n" * 5)
    assert len(report.steps) == 3 and any("5 formulas" in f.message and f.row == 4 for f in report.findings)


@pytest.mark.soundness
def test_ten_megabytes():
    start = time.monotonic()
    check_text("large.md", b"Some prose about $x_i$ and gradients of losses.\n" * 210_000)
    check_text("large.tex", b"words without any mathematics, \\emph{but} commands\n" * 200_000)
    assert time.monotonic() - start < 240


@pytest.mark.parametrize("text", ["(" * 3000, "{" * 3000, r"\frac{" * 500, "x^" * 2000, "-" * 5000, r"\begin{cases}" * 300],
                         ids=lambda text: text[:12])
def test_deep_and_long_formulas(text):
    sound("deep.md", f"$${text} = 1$$".encode())
