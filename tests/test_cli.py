"""The command line: what is printed, the shapes of JSON, exit codes, and one line for everything that can be wrong."""
from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import nullcontext
from fractions import Fraction
from typing import NamedTuple

import pytest

import derive
from derive import certification
from derive.certify.errors import CoqRefused, NotCertified
from derive.cli import main
from derive.evidence_store import evidence
from derive.kernel.laws.rows import LAWS

REASONS = {"field", "differentiate", "unfold", "use", "lemma", "chain", "cases"}
HEAD = """
from sympy import Eq, Sum, cos, log
from derive.algebra.statement import Claim, Entry, arrays, indices, scalars, size
N = size("N")
i, j = indices("i j")
z, y = arrays("z y", N)
(C,) = scalars("C")
def entry(name, body, *claims):
    return Entry(name, name, {C: body}, (C, z[i]), claims)
"""
GOOD = {"squares": 'ENTRY = entry("squares", Sum(z[j]**2, (j, 1, N)), Claim(2*z[i]))',
        "logs": 'ENTRY = entry("logs", Sum(log(z[j]), (j, 1, N)))'}
BAD = {"false-claim": 'ENTRY = entry("false-claim", Sum(z[j]**2, (j, 1, N)), Claim(z[i]))',
       "false-at-two": 'ENTRY = entry("false-at-two", Sum(y[j]*z[j], (j, 1, N)), Claim(Sum(y[j], (j, 1, N))))',
       "outside": 'ENTRY = entry("outside", Sum(z[j] + cos(z[j]), (j, 1, N)))',
       "half-sum": 'ENTRY = entry("half-sum", Sum(z[j], (j, 2, N)))',
       "closed-given": 'ENTRY = entry("closed-given", Sum(z[j]**2, (j, 1, N)), Claim(2*z[i], (Eq(Sum(z[j], (j, 1, N)), 1),)))',
       "unmet": 'ENTRY = entry("unmet", Sum(y[j]*z[j], (j, 1, N)), Claim(y[i], (y[i] > 1, y[i] < 0)))',
       "no-python": "ENTRY = [",
       "no-name": "ENTRY = entri()",
       "no-entry": "ENTRY = 3"}


class Result(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys):
    """Run the command line in this process."""
    def call(*args):
        capsys.readouterr()
        try:
            main([str(a) for a in args])
            code = 0
        except SystemExit as e:
            code = e.code
        return Result(code, *capsys.readouterr())
    return call


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """The current folder belongs to no project."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.delenv("NO_COLOR", raising=False)


def project_of(folder, entries):
    (folder / "pyproject.toml").write_text('[tool.derive]\nentries = ["proofs"]\n')
    (folder / "proofs").mkdir()
    for name, text in entries.items():
        (folder / "proofs" / f"{name.replace('-', '_')}.py").write_text(HEAD + text + "\n")
    return folder


@pytest.fixture
def project(tmp_path):
    return project_of(tmp_path, GOOD | BAD)


@pytest.fixture(scope="module")
def proof():
    return derive.prove("softmax-jacobian").derivation.proof_file


def process(*args, stdout=subprocess.PIPE):
    command = [sys.executable, "-m", "derive", *args]
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, encoding="utf-8", check=False)


def coloured(text):
    return "\x1b[" in text


# -------------------------------------------------------------------------------- list, prove
def test_list_names_claim_verdict_and_level(run, tmp_path, monkeypatch):
    monkeypatch.setattr("derive.catalogue.discovery.own_names", lambda: ["logsumexp", "softmax-cross-entropy"])
    project_of(tmp_path, GOOD)
    code, out, err = run("list", "--output-format", "json")
    rows = {row["name"]: row for row in json.loads(out)}
    assert code == 0 and err == ""
    assert list(rows) == sorted(rows)
    assert rows["softmax-cross-entropy"] == {"name": "softmax-cross-entropy", "claim": "∂C/∂z_i = a_i - y_i", "verdict": "proved",
                                             "level": rows["softmax-cross-entropy"]["level"]}
    assert rows["squares"]["claim"] == "∂C/∂z_i = 2 z_i"
    assert rows["logs"]["verdict"] == "proved_under"


def test_prove_prints_the_chain_its_rules_and_the_ladder(run):
    code, out, err = run("prove", "softmax-cross-entropy")
    assert code == 0 and err == ""
    assert "∂C/∂z_i = a_i - y_i   if Σ_j y_j = 1" in out
    for rule in ("quotient rule", "chain rule", "substitution", "split the sum", "cancellation", "join the sum"):
        assert f"[{rule}" in out
    for level in ("derived", "checked", "cross_checked"):
        assert re.search(rf"^{level} +yes ", out, re.MULTILINE)
    assert out.rstrip().endswith("✓ softmax-cross-entropy is proved, for every size")


def test_only_proved_gets_a_tick(run, project):
    code, out, _ = run("prove", "logs")
    assert code == 0
    assert "✓" not in out and "logs is proved under the hypotheses shown" in out
    assert re.search(r"if 0 < z_(\w) for all \1", out)
    assert run("prove", "logs", "--strict").code == 1
    assert run("prove", "squares", "--strict").code == 0


def test_a_level_that_failed_is_undecided_and_an_error(run, project, monkeypatch):
    monkeypatch.setattr("derive.algebra.derivation.Derivation.cross_checked", lambda self: False)
    code, out, _ = run("prove", "squares")
    assert code == 1
    assert "✓" not in out and "squares is undecided" in out
    assert run("prove", "squares", "--output-format", "json").code == 1
    code, _, err = run("build", "squares")
    assert code in (1, 2) and "cross_checked failed" in err
    assert not (project / "output").exists()


def test_micro_steps_name_place_and_reason(run):
    code, out, _ = run("prove", "logsumexp", "--steps", "micro")
    steps = [line for line in out.splitlines() if re.match(r" +line \d+ (left|right) at (root|[\d.]+), ", line)]
    assert code == 0 and len(steps) > 5
    reasons = {re.search(r" at \S+, (law \w+|\w+)", s).group(1) for s in steps}
    assert reasons <= REASONS | {f"law {name}" for name in LAWS}
    assert "law d_exp" in reasons


def test_prove_as_json_has_the_promised_shape(run):
    code, out, err = run("prove", "softmax-cross-entropy", "--output-format", "json")
    found = json.loads(out)
    assert code == 0 and err == ""
    assert set(found) == {"name", "statement", "claim", "given", "hypotheses_used", "verdict", "steps", "lemmas",
                          "presuppositions", "schema", "ladder"}
    assert (found["name"], found["verdict"], found["schema"]) == ("softmax-cross-entropy", "proved", 1)
    assert found["statement"] == {"latex": r"\frac{\partial C}{\partial z_{i}}", "sympy": "Derivative(C, z[i])"}
    assert found["claim"] == {"latex": "a_{i} - y_{i}", "sympy": "a[i] - y[i]"}
    assert found["given"] == found["hypotheses_used"] == [r"\sum_{j=1}^{N} y_{j} = 1"]
    assert found["presuppositions"] and all(isinstance(p, str) for p in found["presuppositions"])
    assert set(found["ladder"]) == {"derived", "checked", "cross_checked", "certified", "code_verified", "accuracy"}
    assert all(found["ladder"][level] is True for level in ("derived", "checked", "cross_checked"))
    assert all(value in (True, False, None) for value in found["ladder"].values())


def test_steps_and_lemmas_have_the_promised_shape(run):
    found = json.loads(run("prove", "softmax-cross-entropy", "--output-format", "json").out)
    keys = {"number", "latex", "text", "rule", "reason", "laws", "hypotheses"}
    for chain in (found["steps"], *(lemma["steps"] for lemma in found["lemmas"])):
        assert [step["number"] for step in chain] == list(range(1, len(chain) + 1))
        for step in chain:
            assert set(step) == keys
            assert all(isinstance(step[k], str) and step[k] for k in ("latex", "text", "rule", "reason"))
            assert set(step["laws"]) <= set(LAWS) | REASONS
            assert all(isinstance(h, str) for h in step["hypotheses"])
    assert found["steps"][0]["rule"] == "chain rule"
    assert found["steps"][-1]["latex"] == found["claim"]["latex"]
    assert found["steps"][-1]["hypotheses"] == found["hypotheses_used"]
    assert len(found["lemmas"]) > 2 and all("latex" in lemma["statement"] for lemma in found["lemmas"])


# -------------------------------------------------------------------------------- build, code
def test_build_check_and_diff(run, project):
    code, out, err = run("build", "squares", "--out", "o", "--to", "text", "--to", "latex")
    files = sorted(p.relative_to(project).as_posix() for p in (project / "o").rglob("*") if p.is_file())
    assert code == 0 and "2 files written" in err
    assert out.split() == files == ["o/squares/proof.tex", "o/squares/proof.txt"]
    both = ["--to", "text", "--to", "latex"]
    assert run("build", "squares", "--out", "o", *both, "--check") == (0, "", "2 files checked, 0 findings\n")
    (project / "o/squares/proof.txt").write_text("old\n")
    code, out, _ = run("build", "squares", "--out", "o", "--check")
    assert code == 1
    assert re.search(r"^o/squares/proof\.txt: D401 ", out, re.MULTILINE)
    assert re.search(r"^o/squares/proof\.md: D402 ", out, re.MULTILINE)
    code, out, _ = run("build", "squares", "--out", "o", "--to", "text", "--diff")
    assert code == 0
    assert "\n-old\n" in out and "\n+squares\n" in out
    assert (project / "o/squares/proof.txt").read_text() == "old\n"


def test_code_is_a_module_on_stdout(run):
    generated = pytest.importorskip("derive.code")
    if not hasattr(generated, "generate"):
        pytest.skip("derive.code does not generate yet")
    assert all(f"import {lib}" in run("code", "sigmoid", "--target", lib)[1] for lib in ("numpy", "torch", "jax"))
    code, out, err = run("code", "softmax-cross-entropy", "--target", "numpy")
    assert code == 0 and err == ""
    names = {}
    exec(compile(out, "cross_entropy.py", "exec"), names)
    assert {"softmax", "cross_entropy", "cross_entropy_grad", "cross_entropy_value_and_grad"} <= set(names)


# -------------------------------------------------------------------------------- replay, rule
def standard_input(monkeypatch, content: bytes):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))


def test_replay_prints_theorems_hypotheses_and_laws(run, proof, tmp_path, monkeypatch):
    file = tmp_path / "proof.json"
    file.write_text(proof)
    code, out, err = run("replay", file)
    assert code == 0 and err.endswith("theorems replayed\n")
    assert re.search(r"^    \(D\(a\[j\], z\[i\]\) = ", out, re.MULTILINE)
    laws = {law for line in re.findall(r"^    by (.*)$", out, re.MULTILINE) for law in line.split(", ")}
    assert "d_exp" in laws and laws <= set(LAWS) | REASONS
    assert "    hypotheses met at a witness" in out
    standard_input(monkeypatch, proof.encode())
    assert run("replay", "-") == (code, out, err)


def test_replay_says_what_defined_names_stand_for_and_prints_no_name_as_a_theorem(run, tmp_path):
    """A file may define 1 as 0, and call a theorem by several lines that look like the report of another one."""
    name = "t\n    (0 = 1)\n    by field"
    terms = [["num", "0"], ["arr", "1"], ["eq", None, 1, 0], ["bd", [0, "N"]], ["arr", "z", 3]]
    goal = ["theorem", name, {"t": 2}, ["join", [[[], True, ["unfold", {"t": 1}]]], []], None]
    items = [["declare", "z", ["N"]], ["define", "1", [], {"t": 0}], ["define", "e", ["N"], {"t": 4}], goal]
    file = tmp_path / "proof.json"
    file.write_text(json.dumps({"format": "derive-proof", "version": 1, "terms": terms, "items": items}))
    code, out, _ = run("replay", file)
    assert code == 0 and "(1 = 0)" not in out and "\n    (0 = 1)" not in out
    assert out.startswith("definition '1'\n    0\ndefinition e[#0]\n    z[#0]\n") and "\n    ('1' = 0)\n" in out


def test_replay_imports_the_kernel_alone(proof, tmp_path):
    """A process in which `import derive`, and then a replay, are asked what they brought with them."""
    (tmp_path / "proof.json").write_text(proof)
    script = ("import sys, json, derive; first = sorted(sys.modules); from derive.cli import main; "
              "main(['replay', 'proof.json']); print(json.dumps([first, sorted(sys.modules)]))")
    done = subprocess.run([sys.executable, "-c", script], text=True, capture_output=True, check=True)
    first, after = json.loads(done.stdout.splitlines()[-1])
    heavy = {"sympy", "mpmath", "jinja2", "numpy", "lark"}
    assert not heavy & set(first)
    assert {m for m in first if m.split(".")[0] == "derive"} == {"derive"}
    assert not heavy & set(after)
    ours = {m for m in after if m.split(".")[0] == "derive"}
    assert {m for m in ours if not m.startswith("derive.kernel")} == {"derive", "derive.cli"}


def test_rule_explains_laws_and_codes(run):
    code, out, _ = run("rule", "d_log")
    assert code == 0
    assert out.startswith("d_log: ∂(log(f))/∂t = ") and "    if " in out and "    because " in out
    code, out, _ = run("rule")
    assert code == 0
    assert {line.split()[0] for line in out.splitlines()} >= set(LAWS) | {"D401"}
    assert run("rule", "D401").out.startswith("D401: ")


@pytest.mark.parametrize("name", sorted(REASONS))
def test_rule_explains_every_reason_that_a_proof_names(run, name):
    assert run("rule", name).code == 0


# -------------------------------------------------------------------------------- bad input
BAD_INPUT = [
    (["prove", "softmax-cross-entropi"], 2, ["no entry 'softmax-cross-entropi'", "did you mean softmax-cross-entropy"]),
    (["prove", "zzzz"], 2, ["no entry 'zzzz'", "derive list"]),
    (["build", "softmax-crossentropy"], 2, ["did you mean softmax-cross-entropy"]),
    (["code", "log-sum-exp"], 2, ["did you mean logsumexp"]),
    (["prove", "false-claim"], 1, ["is false", "N = ", "i = ", "z_1 = ", "left ", "right "]),
    (["prove", "false-claim", "--output-format", "json"], 1, ["is false"]),
    (["build", "false-claim"], 1, ["is false"]),
    (["prove", "outside"], 2, ["cos(z[", "is outside the fragment", "exp, log"]),
    (["prove", "half-sum"], 2, ["Sum(z[", "from 1 to its size"]),
    (["prove", "closed-given"], 2, ["mentions z", "strict inequalities"]),
    (["prove", "unmet"], 1, ["hypotheses", "cannot be met"]),
    (["prove", "no-python"], 2, ["no_python.py", "SyntaxError"]),
    (["prove", "no-name"], 2, ["no_name.py", "NameError", "entri"]),
    (["prove", "no-entry"], 2, ["no_entry.py", "expected ENTRY = Entry(...)", "found int"]),
    (["build", "squares", "--to", "pdf"], 2, ["'pdf'", "accepted: ", "latex", "markdown"]),
    (["build", "squares", "--out", "pyproject.toml"], 2, ["pyproject.toml", "is a file"]),
    (["build", "squares", "--out", "pyproject.toml/below"], 2, ["pyproject.toml/below", "cannot write"]),
    (["build", "squares", "--out", "/proc/derive"], 2, ["/proc/derive", "cannot write"]),
    (["code", "logsumexp", "--target", "fortran"], 2, ["'fortran'", "accepted: ", "numpy"]),
    (["code", "softmax-loss"], 2, ["no function", "f is any smooth function"]),
    (["code"], 2, ["found 0 names", "accepted is one, or --verify"]),
    (["replay", "nowhere.json"], 2, ["nowhere.json", "No such file"]),
    (["replay", "."], 2, ["'.'", "directory"]),
    (["replay", "latin1.json"], 1, ["latin1.json", "not UTF-8", "byte 4"]),
    (["replay", "pyproject.toml"], 1, ["pyproject.toml", "damaged"]),
    (["rule", "d_lgo"], 2, ["'d_lgo'", "did you mean d_log"]),
    (["rule", "D999"], 2, ["no law or code 'D999'"]),
    (["derive"], 2, ["No such command 'derive'"]),
    (["prove"], 2, ["Missing argument 'NAME'"]),
    (["prove", "squares", "--nope"], 2, ["No such option", "--nope"]),
    (["prove", "squares", "--output-format", "yaml"], 2, ["'yaml'", "'json'"]),
]


@pytest.mark.parametrize(("args", "expected", "words"), BAD_INPUT, ids=[" ".join(args) for args, _, _ in BAD_INPUT])
def test_bad_input_is_one_line_and_an_exit_code(run, project, args, expected, words):
    (project / "latin1.json").write_bytes(b'{"n\xe9": 1}'.replace(b"n\xe9", b"na\xe9"))
    before = sorted(project.rglob("*"))
    code, out, err = run(*args)
    assert (code, out) == (expected, "")
    assert err.startswith("error: ") and err.count("\n") == 1 and err.endswith("\n")
    assert not [w for w in words if w not in err], err
    assert "fault of derive" not in err and "Traceback" not in err
    assert [p for p in sorted(project.rglob("*")) if p not in before and "__pycache__" not in p.parts] == []


def test_a_counterexample_can_be_redone_by_hand(run, project):
    found = re.search(r"N = (\d+), i = (\d+), (.*): left (\S+), right (\S+)", run("prove", "false-claim").err)
    values = {int(n): Fraction(q) for n, q in re.findall(r"z_(\d+) = ([-\d/]+)", found[3])}
    z = values[int(found[2])]
    assert len(values) == int(found[1])
    assert (Fraction(found[4]), Fraction(found[5])) == (2 * z, z) and z != 0


def test_a_claim_that_is_true_at_size_one_is_refuted_at_two(run, project):
    code, _, err = run("prove", "false-at-two")
    assert code == 1
    assert "N = 2" in err and "y_1 = " in err and "y_2 = " in err


SETTINGS = [("x = [", ["pyproject.toml", "Invalid"]),
            ('[tool.derive]\nentries = "proofs"', ["entries must be a list", "'proofs'"]),
            ("[tool.derive]\nentries = [1]", ["entries must be a list", "[1]"]),
            ("[tool]\nderive = 3", ["pyproject.toml"]),
            ("[tool.derive]\nentries = ['nowhere']", ["nowhere"])]


@pytest.mark.parametrize(("text", "words"), SETTINGS)
def test_bad_settings_are_one_line(run, tmp_path, text, words):
    (tmp_path / "pyproject.toml").write_text(text + "\n")
    code, out, err = run("prove", "zzzz")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1 and not [w for w in words if w not in err], err
    assert "fault of derive" not in err


# -------------------------------------------------------------------------------- damaged proof files
def steps_of(items):
    """The steps in a proof file, as lists that can be changed in place."""
    for item in items:
        match item:
            case [list(), True, list()]:
                yield item
            case list():
                yield from steps_of(item)


def other_law(step):
    if step[2][:2] == ["law", "d_exp"]:
        step[2][1] = "d_log"
        return True
    return False


def no_law(step):
    if step[2][0] == "law":
        step[2][1] = "d_everything"
        return True
    return False


def other_place(step):
    if step[0]:
        step[0] = [*step[0], 0, 0, 0, 0, 0, 0, 0]
        return True
    return False


@pytest.mark.parametrize("change", [other_law, no_law, other_place])
def test_a_damaged_step_is_refused_by_its_number(run, proof, tmp_path, change):
    document = json.loads(proof)
    assert any(change(step) for step in steps_of(document["items"]))
    (tmp_path / "p.json").write_text(json.dumps(document))
    code, out, err = run("replay", "p.json")
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert re.search(r"p\.json: item \d+ \(theorem .*\): line \d+: step \d+ \(\w+ at \[[\d, ]*\]\)", err), err


def without(*path):
    def change(document):
        for key in path[:-1]:
            document = document[key]
        del document[path[-1]]
    return change


def put(value, *path):
    def change(document):
        for key in path[:-1]:
            document = document[key]
        document[path[-1]] = value
    return change


DAMAGES = {"no terms": without("terms"), "no version": without("version"), "another version": put(99, "version"),
           "another format": put("proof", "format"), "an unknown operator": put("frob", "terms", 0, 0),
           "a term too few": without("terms", -1), "an item that is none": put(["believe", "me"], "items", 0),
           "nothing declared": without("items", 0),
           "a term for a proof": put({"t": 0}, "items", -1, 3), "no list": put(7, "items"), "no proof": put(None, "items", -1, 3)}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_proof_file_is_refused(run, proof, tmp_path, damage):
    document = json.loads(proof)
    DAMAGES[damage](document)
    (tmp_path / "p.json").write_text(json.dumps(document))
    code, out, err = run("replay", "p.json")
    assert (code, out) == (1, "")
    assert err.startswith("error: p.json: ") and err.count("\n") == 1 and "fault of derive" not in err


NO_PROOFS = [b"", b"[", b"null", b'"text"', b"[" * 100_000, b'{"format": "derive-proof", "version": 1}', b"\xff\xfe"]


@pytest.mark.parametrize("text", NO_PROOFS, ids=range(len(NO_PROOFS)))
def test_what_is_no_proof_file_is_refused(run, tmp_path, monkeypatch, text):
    (tmp_path / "p.json").write_bytes(text)
    for name in ("p.json", "-"):
        standard_input(monkeypatch, text)
        code, out, err = run("replay", name)
        assert (code, out) == (1, ""), err
        assert err.count("\n") == 1 and "fault of derive" not in err


# -------------------------------------------------------------------------------- terminal manners
def test_colour_only_where_it_is_wanted(run, project, monkeypatch):
    assert not coloured(run("prove", "squares").out)
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert not coloured(run("prove", "squares").out)


def test_colour_can_be_forced(run, project, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert coloured(run("prove", "squares").out)


def broken_pipe():
    """`derive rule`, whose reader is gone before it writes."""
    read, write = os.pipe()
    os.close(read)
    try:
        return process("rule", stdout=write)
    finally:
        os.close(write)


def test_a_broken_pipe_is_quiet():
    assert broken_pipe().stderr == ""


def test_a_broken_pipe_is_no_finding():
    assert broken_pipe().returncode == 0


def test_an_interrupt_is_quiet(run, monkeypatch):
    def interrupt(name):
        raise KeyboardInterrupt
    monkeypatch.setattr("derive.proving.prove", interrupt)
    code, out, err = run("prove", "squares")
    assert (code, out.strip(), err.strip()) == (130, "", "")


def test_an_internal_error_is_one_line_and_debug_shows_it(run, monkeypatch):
    def fault(name):
        raise ZeroDivisionError("by nothing")
    monkeypatch.setattr("derive.proving.prove", fault)
    code, out, err = run("prove", "squares")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1 and "ZeroDivisionError: by nothing; this is a fault of derive; please report it" in err
    with pytest.raises(ZeroDivisionError):
        main(["--debug", "prove", "squares"])


def test_an_error_message_of_several_lines_is_still_one(run, monkeypatch):
    def fault(name):
        raise ValueError("one\ntwo")
    monkeypatch.setattr("derive.proving.prove", fault)
    assert run("prove", "squares").err.count("\n") == 1


def test_debug_shows_a_traceback():
    done = process("--debug", "prove", "zzzz")
    assert done.returncode != 0
    assert "Traceback" in done.stderr and "UnknownEntry" in done.stderr


def test_help_and_version(run):
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    assert all(f"\n  {command} " in out for command in ("list", "prove", "build", "code", "replay", "rule"))
    assert run("--version").out == f"derive, version {derive.__version__}\n"
    assert run("prove", "-h").code == 0


# -------------------------------------------------------------------------------- certify
@pytest.fixture
def no_coq(monkeypatch, tmp_path):
    """A machine without coqc."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))


def test_certify_writes_the_certificate_and_its_library_without_coqc(run, project, no_coq):
    code, out, err = run("certify", "squares")
    assert code == 0 and err == ""
    assert out == "output/squares/certificate.v: dC_dz_certified\n"
    assert "is_derive (fun t : R => C N (upd z i t)) (z i) (2 * z i)" in (project / "output/squares/certificate.v").read_text()
    assert (project / "output/coq/Gradients.v").is_file() and not (project / "evidence").exists()


def test_certify_run_without_coqc_says_what_to_install(run, project, no_coq):
    code, out, err = run("certify", "squares", "--run")
    assert code == 2 and out == ""
    assert "apt-get install coq libcoq-coquelicot" in err
    assert not (project / "output").exists()


def test_certify_as_json(run, project, no_coq):
    (row,) = json.loads(run("certify", "squares", "--output-format", "json").out)
    assert row == {"name": "squares", "file": "output/squares/certificate.v", "theorems": ["dC_dz_certified"], "accepted": None,
                   "coq": None, "axioms": [], "evidence": None, "error": ""}


def test_certify_run_keeps_evidence_that_the_ladder_reads(run, project):
    if shutil.which("coqc") is None:
        pytest.skip("coqc is not installed")
    assert json.loads(run("prove", "squares", "--output-format", "json").out)["ladder"]["certified"] is None
    code, out, _ = run("certify", "squares", "--run")
    assert code == 0 and "accepted by coqc" in out and "axioms: ClassicalDedekindReals" in out
    assert (project / "evidence/squares.json").is_file()
    assert json.loads(run("prove", "squares", "--output-format", "json").out)["ladder"]["certified"] is True
    evidence("squares").keep("certified", "0" * 64, {})
    assert json.loads(run("prove", "squares", "--output-format", "json").out)["ladder"]["certified"] is None


@pytest.mark.parametrize("error", [CoqRefused, NotCertified])
def test_what_is_not_certified_is_an_error_with_its_reason(run, project, monkeypatch, error):
    monkeypatch.setattr(certification, "coq_version", lambda: "8.16.1")
    monkeypatch.setattr(certification, "workplace", lambda library: nullcontext(project))

    def refuse(*_):
        raise error("no")
    monkeypatch.setattr(certification, "run", refuse)
    code, out, _ = run("certify", "squares", "--run")
    assert (code, out) == (1, "squares: not certified: no\n")
    assert not (project / "evidence").exists()
