"""derive check on the command line and from Python: formats, exit codes, what is silenced, and the examples of the README."""
from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import derive
from derive.checking import Selection, check_text, exit_code
from derive.cli import FORMATS, main
from derive.kernel.errors import DeriveError
from derive.rendering.findings import CODES
from derive.reports import rendered

EXAMPLES = Path(__file__).parents[1] / "examples"
RIGHT = "$1 + 1 = 2$"
WRONG = "$$-(y_i - o_i) = -(o_i - y_i)$$"
UNSTATED = r"Let $a_i = \frac{e^{z_i}}{\sum_k e^{z_k}}$. $$a_i \sum_j y_j = a_i$$"


@pytest.fixture
def run(capsys, tmp_path):
    """Run the command line on a text; gives code, output and error output."""
    def call(text, *args, name="post.md"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        capsys.readouterr()
        try:
            main(["check", str(tmp_path / name), *args])
            code = 0
        except SystemExit as e:
            code = e.code
        return (code, *capsys.readouterr())
    return call


@pytest.mark.parametrize(("text", "args", "code"), [
    (RIGHT, (), 0), (WRONG, (), 1), (WRONG, ("--exit-zero",), 0), (WRONG, ("--ignore", "D1"), 0), (WRONG, ("--select",
        "D0,D2"), 0),
    (UNSTATED, (), 0), (UNSTATED, ("--strict",), 1), (UNSTATED, ("--strict", "--given", r"\sum_j y_j = 1"), 0),
    ("$\\int x = 1$", (), 1), ("no mathematics", (), 0),
    (WRONG + "\n<!-- derive: noqa D102 -->", (), 1), ("<!-- derive: noqa D102 -->\n" + WRONG, (), 0)])
def test_exit_codes(run, text, args, code):
    assert run(text, *args)[0] == code


def test_a_message_names_place_code_counterexample_and_what_would_be_right(run):
    code, out, _ = run(WRONG)
    assert code == 1 and "post.md:1:18: D102 sign: the right side is the negative of the left: with N = 1" in out
    assert out.splitlines()[2].index("^") == out.splitlines()[1].index("-(o_i") and "= help: o_i - y_i" in out


def test_json_has_the_shape_of_the_contract(run):
    _, out, _ = run(WRONG, "--output-format", "json")
    found = json.loads(out)
    assert found["summary"] == {"steps": 1, "proved": 0, "proved_under": 0, "refuted": 1, "undecided": 0, "unread": 0,
        "definitions": 0,
                                "not_equations": 0}
    (step,), (finding,) = found["steps"], found["findings"]
    assert {"filename", "row", "column", "end_row", "end_column", "latex", "outcome", "code", "message", "hypotheses",
            "counterexample"} == step.keys()
    assert step["counterexample"]["left"] != step["counterexample"]["right"] and step["outcome"] == "refuted"
    assert finding["code"] == "D102" and finding["location"] == {"row": 1, "column": 18} and finding["severity"] == "error"


@pytest.mark.parametrize("how", FORMATS)
def test_every_format_names_every_finding(how):
    report = check_text("post.md", f"{WRONG}\n\n{UNSTATED}".encode())
    text = rendered([report], [report.findings], how)
    assert "D102" in text
    if how == "junit":
        assert ElementTree.fromstring(text).find("testsuite").get("failures") == "1"
    if how in ("json", "sarif"):
        json.loads(text)


def test_standard_input(monkeypatch, capsys):
    program = "from derive.cli import main; main(['check', '-'])"
    done = subprocess.run([sys.executable, "-c", program], input=WRONG, capture_output=True, text=True)
    assert done.returncode == 1 and "-:1:18: D102" in done.stdout


@pytest.mark.parametrize("args", [["nowhere.md"], []])
def test_what_cannot_be_checked_is_one_line_and_exit_code_2(args, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["check", *args])
    assert stopped.value.code == 2 and "Traceback" not in capsys.readouterr().err


def test_a_folder_is_searched(tmp_path):
    from derive.checking import documents
    for name in ("a.md", "b.txt", "c.tex", ".hidden.md"):
        (tmp_path / name).write_text(RIGHT)
    assert [Path(p).name for p in documents([str(tmp_path)])] == ["a.md", "c.tex"]


def test_from_python(tmp_path):
    (tmp_path / "post.md").write_text(WRONG)
    assert [f.code for f in derive.check(tmp_path / "post.md").findings] == ["D102"]


def test_the_examples():
    right, wrong = derive.check(EXAMPLES / "right.md"), derive.check(EXAMPLES / "wrong.md")
    assert right.findings == () and {s.outcome for s in right.steps} == {"proved", "definition"}
    assert [f.code for f in wrong.findings] == ["D103", "D102", "D104", "D201"]


def test_every_code_that_can_come_out_is_explained():
    import re
    source = "".join(p.read_text(encoding="utf-8") for p in (Path(derive.__file__).parent / "reading").glob("*.py"))
    assert set(re.findall(r'"(D\d{3})"', source)) <= CODES.keys()


def test_warnings_are_errors_when_that_is_asked():
    report = check_text("post.md", UNSTATED.encode())
    assert exit_code([report], Selection()) == 0 and exit_code([report], Selection(strict=True)) == 1


@pytest.mark.parametrize(("name", "text", "outcomes"), [
    ("a.tex", "\\section{A}\n\\[ 1 + 1 = 2 \\]\n% $1 = 2$\n\\begin{align} 2 &= 1 + 1 \\\\ &= 2 \\end{align}", ["proved"] * 3),
    ("a.rst", "Text :math:`1 + 1 = 2`.\n\n.. math::\n   :label: x\n\n   2 &= 1 + 1 \\\\\n     &= 2\n\nAfter = all.\n",
        ["proved"] * 3),
    ("a.qmd", "---\ntitle: x = y\n---\n\n$$1 + 1 = 2$$\n\n```{python}\n$a = b$\n```\n", ["proved"]),
    ("a.md", "> $$ 1 + 1\n> = 2 $$\n\nand \\\\( 2 = 2 \\\\)", ["proved"] * 2)])
def test_kinds_of_files(name, text, outcomes):
    assert [s.outcome for s in check_text(name, text.encode()).steps] == outcomes


# ---------------------------------------------------------------- derive gradient
def test_a_gradient_typed_on_the_spot():
    from derive.typed import gradient
    theorem = gradient(r"-\sum_j y_j \log\frac{e^{z_j}}{\sum_k e^{z_k}}", "z_i", [r"\sum_j y_j = 1"])
    assert theorem.verdict == "proved" and "if" in repr(theorem)


@pytest.mark.parametrize(("latex", "wrt", "given"), [("z_i +", "z_i", ()), ("z_i", "2", ()), ("z_i", "z_i", ("z_i",)),
    (r"\int z", "z", ())])
def test_a_formula_that_is_none_is_a_message(latex, wrt, given):
    from derive.typed import gradient
    with pytest.raises(DeriveError):
        gradient(latex, wrt, given)
