"""The Sphinx directive: the theme's own mathematics, a warning for what is not proved, read again when an entry changes."""
from __future__ import annotations

import html
import os
import re
from pathlib import Path

import pytest

pytest.importorskip("sphinx")
from sphinx.cmd.build import main as sphinx_build

ENTRY = """
from sympy import Abs, Sum, cos
from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size
N = size("N")
i, j = indices("i j")
(z,) = arrays("z", N)
(C,) = scalars("C")
ENTRY = Entry("squares", "The sum of squares", {{C: {body}}}, (C, z[i]), ({claim}))
"""
SQUARES = ENTRY.format(body="Sum(z[j]**2, (j, 1, N))", claim="Claim(2*z[i]),")
BAD = {"false-claim": ENTRY.format(body="Sum(z[j]**2, (j, 1, N))", claim="Claim(z[i]),"),
       "outside": ENTRY.format(body="Sum(cos(z[j]), (j, 1, N))", claim=""),
       "no-python": "ENTRY = [",
       "no-entry": "ENTRY = 3"}


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with entries under proofs/ and documentation under docs/, the current folder."""
    (tmp_path / "pyproject.toml").write_text('[tool.derive]\nentries = ["proofs"]\n')
    (tmp_path / "proofs").mkdir()
    for name, text in {"squares": SQUARES, **BAD}.items():
        (tmp_path / "proofs" / f"{name.replace('-', '_')}.py").write_text(text)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "conf.py").write_text('extensions = ["derive.integrations.sphinx"]\n')
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(project: Path, *directives: str) -> None:
    text = "Proofs\n======\n\n" + "\n\n".join(directives) + "\n"
    (project / "docs" / "index.rst").write_text(text)


def build(project: Path, builder: str = "html", *options: str) -> tuple[int, Path]:
    out = project / "out" / builder
    docs, cache = project / "docs", project / "out" / "doctrees"
    return sphinx_build(["-q", *options, "-b", builder, "-d", str(cache), str(docs), str(out)]), out


def displays(page: Path) -> list[str]:
    """What stands in the displayed formulas of a page, on one line each."""
    found = re.findall(r'<div class="math[^>]*>(.*?)</div>', page.read_text(encoding="utf-8"), re.DOTALL)
    return [" ".join(html.unescape(text).split()) for text in found]


def test_a_page_has_the_statement_the_chains_and_their_rules(project):
    write(project, ".. derive:: softmax-cross-entropy")
    code, out = build(project, "html", "-W")
    assert code == 0
    page = out / "index.html"
    shown = displays(page)
    assert any(d.startswith(r"\begin{align*} a_{i} &= \frac{e^{z_{i}}}{\sum_{k=1}^{N} e^{z_{k}}} \\ C &= ") for d in shown)
    assert any(r"\frac{\partial C}{\partial z_{i}} = a_{i} - y_{i}, \qquad" in d for d in shown)
    (chain,) = [d for d in shown if r"\text{chain rule}" in d]
    rules = ["chain rule", "substitution", "split the sum", "cancellation", "common factor", "join the sum"]
    assert re.findall(r"&& \\text\{(.*?)\}", chain) == rules
    assert chain.count("&= ") == len(rules)
    text = page.read_text(encoding="utf-8")
    assert "tex-mml-chtml.js" in text or "mathjax" in text.lower()
    assert r"Case <span" in text and r"\(i \neq j\)" in text
    assert r"\(\sum_{j=1}^{N} y_{j} = 1\)" in text
    assert "Proved for every size" in text


def test_every_chain_of_the_page_is_there(project):
    import derive
    write(project, ".. derive:: softmax-jacobian")
    _, out = build(project, "html", "-W")
    sections = derive.prove("softmax-jacobian").page.sections
    assert len(displays(out / "index.html")) == 1 + 1 + len(sections)      # definitions, one statement, the chains


@pytest.mark.parametrize(("option", "number"), [(":theorem:", 1), (":no-proof:", 2)])
def test_parts_of_an_entry(project, option, number):
    write(project, f".. derive:: squares\n   {option}")
    code, out = build(project, "html", "-W")
    assert code == 0
    shown = displays(out / "index.html")
    assert len(shown) == number
    assert r"\frac{\partial C}{\partial z_{i}} = 2 \, z_{i}" in shown[-1]


def test_latex_takes_the_same_mathematics(project):
    write(project, ".. derive:: squares")
    code, out = build(project, "latex", "-W")
    assert code == 0
    (tex,) = out.glob("*.tex")
    assert re.search(r"\\begin\{align\*\}\n\\frac\{\\partial C\}\{\\partial z_\{i\}\} &= ", tex.read_text(encoding="utf-8"))


FAILURES = [
    ("false-claim", ["is false", "N = 1", "i = 1", "z_1 = 7/5", "left 14/5", "right 7/5"]),
    ("softmax-cross-entropi", ["no entry 'softmax-cross-entropi'", "did you mean softmax-cross-entropy"]),
    ("outside", ["cos(", "is outside the fragment"]),
    ("no-python", ["no_python.py", "SyntaxError"]),
    ("no-entry", ["no_entry.py", "expected ENTRY = Entry(...), found int"]),
]


def test_what_is_not_proved_is_a_warning_at_its_directive(project, capsys):
    write(project, *[f".. derive:: {name}" for name, _ in FAILURES])
    code, out = build(project, "html", "-W", "--keep-going")
    assert code == 1
    warnings = [line for line in capsys.readouterr().err.splitlines() if "WARNING" in line]
    assert len(warnings) == len(FAILURES)
    for number, (warning, (name, words)) in enumerate(zip(warnings, FAILURES, strict=True)):
        assert f"index.rst:{4 + 2 * number}: WARNING: {name}: " in warning
        assert not [w for w in words if w not in warning], warning
    text = (out / "index.html").read_text(encoding="utf-8")
    assert text.count('class="admonition error"') == len(FAILURES)
    assert "Traceback" not in text


def test_a_level_of_the_ladder_that_failed_is_a_warning(project, capsys, monkeypatch):
    monkeypatch.setattr("derive.algebra.derivation.Derivation.cross_checked", lambda self: False)
    write(project, ".. derive:: squares")
    assert build(project, "html", "-W")[0] == 1
    assert "squares: cross_checked failed" in capsys.readouterr().err


def test_a_fault_of_derive_is_a_warning_and_no_traceback(project, capsys, monkeypatch):
    def fault(entry):
        raise RecursionError("too deep")
    monkeypatch.setattr("derive.integrations.sphinx.prove", fault)
    write(project, ".. derive:: squares")
    assert build(project)[0] == 0
    err = capsys.readouterr().err
    assert "WARNING: squares: RecursionError: too deep; this is a fault of derive" in err
    assert "Traceback" not in err


def test_an_unknown_option_is_reported(project, capsys):
    write(project, ".. derive:: squares\n   :proof:")
    assert build(project, "html", "-W")[0] != 0
    assert 'unknown option: "proof"' in capsys.readouterr().err


def test_a_changed_entry_is_read_again_and_an_unchanged_one_is_not(project, capsys, monkeypatch):
    write(project, ".. derive:: squares")
    entry = project / "proofs" / "squares.py"
    assert build(project, "html", "-W")[0] == 0
    with monkeypatch.context() as patched:
        patched.setattr("derive.integrations.sphinx.prove", lambda entry: pytest.fail("proved again"))
        assert build(project, "html", "-W")[0] == 0
    entry.write_text(BAD["false-claim"])
    os.utime(entry, (0, 4e9))
    assert build(project, "html", "-W")[0] == 1
    assert "is false" in capsys.readouterr().err
    assert build(project, "html", "-W")[0] == 1                # still false: reported in every build until repaired


def test_pages_are_read_in_parallel(project):
    for n in range(6):                                        # Sphinx goes parallel beyond five pages
        (project / "docs" / f"page{n}.rst").write_text(f":orphan:\n\nPage {n}\n======\n\n.. derive:: squares\n   :theorem:\n")
    write(project, ".. derive:: logsumexp\n   :theorem:")
    code, out = build(project, "html", "-W", "-j", "2")
    assert code == 0
    assert all(displays(out / f"page{n}.html") for n in range(6))


def test_entries_are_those_of_the_project_around_the_sources(project, monkeypatch, tmp_path_factory):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    write(project, ".. derive:: squares")
    assert build(project, "html", "-W")[0] == 0
