"""Protects `derive verify`: right functions of every style are proved, wrong ones never; what is not followed has a line."""
from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

import derive
from derive.cli import cli
from derive.evidence_store import Evidence
from derive.verifying import Report, examined, executed, generated, verify_generated

WRITTEN = Path(__file__).resolve().parent / "written"
CE, JACOBIAN, LSE, SIGMOID = "softmax-cross-entropy", "softmax-jacobian", "logsumexp", "sigmoid"
MSE, TANH, SOFTPLUS, BCE = "mse", "tanh", "softplus", "sigmoid-bce"

# function, entry, mode as (shape, labels), what is computed, options
RIGHT: list[tuple[str, str, str, str, str]] = [
    ("softmax_of_a_row", CE, "row", "", "a"),
    ("grad_by_subtraction", CE, "row", "weights", "gradient"),
    ("grad_without_a_shift", CE, "row", "weights", "gradient"),
    ("grad_of_any_weights", CE, "row", "weights", "gradient"),
    ("grad_through_the_jacobian", CE, "row", "weights", "gradient"),
    ("grad_of_a_batch", CE, "batch", "integer", "gradient"),
    ("grad_by_one_hot_rows", CE, "batch", "integer", "gradient"),
    ("grad_by_comparison", CE, "batch", "integer", "gradient"),
    ("grad_along_axis", CE, "batch", "integer", "gradient"),
    ("grad_of_one_label", CE, "row", "integer", "gradient"),
    ("grad_that_checks", CE, "row", "weights", "gradient"),
    ("loss_of_a_row", CE, "row", "weights", "value"),
    ("loss_by_einsum", CE, "batch", "weights", "value"),
    ("loss_of_labels", CE, "batch", "integer", "value"),
    ("loss_and_grad", CE, "batch", "integer", ""),
    ("loss_where_the_label_leads", CE, "batch", "integer", "value"),
    ("jacobian_by_outer", JACOBIAN, "row", "", "gradient"),
    ("jacobian_by_eye", JACOBIAN, "row", "", "gradient"),
    ("jacobian_by_fill", JACOBIAN, "row", "", "gradient"),
    ("jacobian_of_rows", JACOBIAN, "batch", "", "gradient"),
    ("lse", LSE, "row", "", "value"),
    ("lse_rows", LSE, "batch", "", "value"),
    ("stable_sigmoid", SIGMOID, "", "", "value"),
    ("sigmoid_slope", SIGMOID, "", "", "gradient"),
    ("stable_softplus", SOFTPLUS, "", "", "value"),
    ("softplus_by_its_shift", SOFTPLUS, "", "", "value"),
    ("loss_with_logits", BCE, "row", "weights", "value"),
    ("slope_with_logits", BCE, "row", "weights", "gradient"),
    ("slope_by_tanh", TANH, "", "", "gradient"),
    ("sigmoid_of_the_absolute_value", SIGMOID, "", "", "value"),
    ("mean_squared_error", MSE, "row", "", "value"),
]
WRONG: list[tuple[str, str]] = [
    *[(name, JACOBIAN) for name in ("diagonal_only", "sign_of_the_outer_product", "identity_for_diag")],
    *[(name, LSE) for name in ("lse_without_its_shift", "lse_shifted_twice")],
    *[(name, SOFTPLUS) for name in ("softplus_with_the_wrong_sign", "softplus_without_its_maximum")],
    *[(name, BCE) for name in ("loss_with_logits_of_the_other_class", "loss_with_logits_without_the_size")],
    *[(name, MSE) for name in ("half_too_much", "squared_outside")],
    *[(name, SIGMOID) for name in ("slope_without_one", "slope_of_z", "sigmoid_of_the_other_sign")],
    *[(name, CE) for name in (
        "no_sum", "plus", "other_way_round", "times_a", "shift_above_only", "shift_below_only", "log_for_exp", "mean_for_sum",
        "loss_without_a_sign", "loss_without_a_log", "loss_as_a_mean", "log_of_the_sum", "axis_of_the_batch", "mean_twice",
        "mean_of_the_labels_only", "mean_over_the_classes", "one_hot_off_by_one", "one_hot_twice", "every_row_gets_every_label",
        "alias_of_the_input", "loss_of_the_sum_grad_of_the_mean", "label_zeroed_too_late", "view_and_not_copy",
        "branch_at_large_sums")],
]


@cache
def theorem(entry: str) -> Any:
    return derive.prove(entry)


@cache
def source(file: str) -> str:
    return (WRITTEN / f"{file}.py").read_text(encoding="utf-8")


def report(file: str, name: str, entry: str, **options: str) -> Report:
    return examined(theorem(entry), executed(source(file), file), name, file, **options)


@pytest.mark.parametrize(("name", "entry", "shape", "labels", "computes"), RIGHT, ids=[row[0] for row in RIGHT])
def test_a_right_function_is_proved_for_every_size(name: str, entry: str, shape: str, labels: str, computes: str) -> None:
    found = report("right", name, entry, shape=shape, labels=labels, computes=computes)
    assert found.verdict in ("proved", "proved_under"), [(o.arguments, o.verdict, o.reason, o.difference) for o in found.outcomes]
    assert found.verdict == "proved" or name == "grad_through_the_jacobian"
    proofs = [p for o in found.outcomes if o.is_proved for p in o.proofs]
    assert proofs and all(p.theorems for p in proofs)         # the verdict is a replayed theorem


@pytest.mark.parametrize(("name", "entry"), WRONG, ids=[row[0] for row in WRONG])
def test_a_wrong_function_is_refuted_with_both_values(name: str, entry: str) -> None:
    found = report("wrong", name, entry)
    assert found.verdict == "refuted", [(o.arguments, o.verdict, o.reason) for o in found.outcomes]
    assert any(o.difference is not None and "theorem" in str(o.difference) for o in found.outcomes)


def test_every_written_function_is_in_a_table() -> None:
    named = {row[0] for row in (*RIGHT, *WRONG)} | {"softmax", "rows"}
    for file in ("right", "wrong"):
        assert {n.name for n in ast.parse(source(file)).body if isinstance(n, ast.FunctionDef)} <= named


REFUSED = [n.name for n in ast.parse(source("refused")).body if isinstance(n, ast.FunctionDef)]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_followed_is_refused_with_its_line(name: str) -> None:
    found = report("refused", name, CE, shape="row", labels="weights")
    (outcome,) = found.outcomes
    lines = source("refused").splitlines()
    assert outcome.verdict == "undecided" and "not followed" in outcome.reason
    assert "# refused here" in lines[outcome.line - 1], (outcome.line, outcome.reason)


# ---------------------------------------------------------------- attacks: what looks right where it is tried
ATTACKS = [n.name for n in ast.parse(source("attacks")).body if isinstance(n, ast.FunctionDef) and n.name != "p"]
HARMLESS = {"mask_of_rows", "list_of_ones", "first_of_two"}   # right, and beyond what is followed


@pytest.mark.parametrize("name", ATTACKS)
def test_no_attack_gets_a_tick(name: str) -> None:
    found = report("attacks", name, JACOBIAN if name == "mask_of_rows" else CE)
    assert found.verdict != "proved", [(o.arguments, o.hypotheses, o.guards) for o in found.outcomes]
    assert name not in HARMLESS or found.verdict in ("undecided", "refuted")


# ---------------------------------------------------------------- mutants of generated code
MUTATIONS = (
    ("np.exp(z - _peak(z, np.nan)[:, None])", "np.exp(z)"), ("np.add.reduce(x, 1)", "np.add.reduce(x, 0)"),
    ("np.matmul(x, np.ones(x.shape[1], x.dtype))", "np.matmul(x, x[0])"), ("np.exp(", "np.expm1("),
    ("np.exp(e, out=e)", "np.expm1(e, out=e)"), ("(1 / s)[:, None]", "s[:, None]"), ("np.log(s, out", "np.log1p(s, out"),
    ("np.add(m, np.log(s)", "np.subtract(m, np.log(s)"), ("np.subtract(x, m, out=out)", "np.add(x, m, out=out)"),
    ("q[:, None, :] * (np.eye", "q[:, :, None] * (np.ones"), ("- q[:, :, None]", "+ q[:, :, None]"),
    ("e / _totals(e)[:, None]", "e * _totals(e)[:, None]"),
)
OF_THE_LOSS = [                                               # function, labels, what is changed
    ("softmax", "", "(1 / s)[:, None]", "s[:, None]"), ("cross_entropy", "integer", "np.log1p(q, out", "np.log(q, out"),
    ("cross_entropy", "integer", "np.log1p(s), np.log", "s, np.log"), ("cross_entropy", "integer", " - (p - m)", " + (p - m)"),
    ("cross_entropy", "integer", "p == m", "p != m"), ("cross_entropy", "integer", "e[rows, labels] = 0", "e[rows, labels] = 1"),
    ("cross_entropy", "weights", "np.negative(s2", "np.positive(s2"),
    ("cross_entropy", "weights", ", weight * x)", ", weight * x * weight)"),
    ("cross_entropy", "weights", "np.where(zero, x.dtype.type(0)", "np.where(~zero, 0"),
    ("cross_entropy_grad", "integer", "-(s * q)", "s * q"), ("cross_entropy_grad", "integer", "labels] = 0", "labels] = 1"),
    ("cross_entropy_grad", "weights", "np.subtract(grad, y", "np.add(grad, y"),
    ("cross_entropy_grad", "weights", "(_totals(y) / s)", "(_totals(y) * s)"),
]


@pytest.mark.parametrize("number", range(len(OF_THE_LOSS)))
def test_no_mutant_of_a_loss_is_proved(number: int) -> None:
    name, labels, old, new = OF_THE_LOSS[number]
    text = theorem(CE).to_code("numpy")
    assert old in text
    fixed = {"reduction": "none"} if name != "softmax" else {}
    found = examined(theorem(CE), executed(text.replace(old, new), "mutant"), name, "mutant", None, "", "batch", "none", labels,
                     fixed)
    assert found.verdict in ("refuted", "undecided"), old


def mutants(entry: str) -> list[tuple[str, str]]:
    """Sources that differ in one place from the generated one."""
    text = theorem(entry).to_code("numpy")
    return [(old, text.replace(old, new, 1)) for old, new in MUTATIONS[1:] if old in text]


@pytest.mark.parametrize("name", ["softmax", "cross_entropy", "cross_entropy_grad", "cross_entropy_value_and_grad"])
def test_the_functions_of_a_loss_are_proved_for_a_batch(name: str) -> None:
    fixed = {"reduction": "mean"} if name != "softmax" else {}
    found = examined(theorem(CE), executed(theorem(CE).to_code("numpy"), "loss"), name, "loss", None, "", "batch",
                     "none" if name == "softmax" else "mean", "", fixed)
    assert found.outcomes and all(o.verdict == "proved" for o in found.outcomes)


@pytest.mark.soundness
def test_the_functions_of_a_loss_are_proved_in_every_way_to_call_them() -> None:
    assert all_proved(CE, "")


@pytest.mark.parametrize("entry", [JACOBIAN, LSE])
def test_every_generated_function_is_proved_and_no_mutant_is(entry: str) -> None:
    reports = list(generated(theorem(entry)))
    assert reports and all(o.verdict == "proved" for r in reports for o in r.outcomes)
    broken = mutants(entry)
    assert len(broken) >= 2
    for old, text in broken:
        assert not all_proved(entry, text), old


def all_proved(entry: str, text: str) -> bool:
    return all(o.verdict == "proved" for r in generated(theorem(entry), text) for o in r.outcomes)


def test_the_arbitrary_maximum_is_what_makes_the_unshifted_code_equal() -> None:
    """Over the reals code without the shift is as right as with it: the verdict is about reals, and says so."""
    old, new = MUTATIONS[0]
    text = theorem(JACOBIAN).to_code("numpy").replace(old, new)
    assert old not in text and all_proved(JACOBIAN, text)


def test_the_ladder_reads_evidence_about_this_very_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derive.evidence_store.evidence_folder", lambda name: tmp_path)
    assert theorem(LSE).code_verified is None and theorem(MSE).code_verified is None
    (found,) = verify_generated([LSE])
    assert theorem(LSE).code_verified is True and str(found.evidence) in str(found)
    assert next(iter(verify_generated([LSE]))).reports and not found.failed
    Evidence(LSE, tmp_path).keep("code_verified", "0" * 64, {})
    assert theorem(LSE).code_verified is None


def test_a_module_that_is_not_proved_leaves_no_evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derive.evidence_store.evidence_folder", lambda name: tmp_path)
    wrong = theorem(JACOBIAN).to_code("numpy").replace(*MUTATIONS[1])
    monkeypatch.setattr("derive.verifying.generated", lambda t: generated(t, wrong))
    (found,) = verify_generated([JACOBIAN])
    assert found.failed and "not verified" in str(found) and not any(tmp_path.iterdir())
    (none,) = verify_generated(["mse-logistic-law"])
    assert none.error and "no code" in str(none)


# ---------------------------------------------------------------- the command
FILE = "import numpy as np\ndef f(logits, labels):\n    e = np.exp(logits)\n    return e / e.sum() {} labels\nX = 1\n"
COMMANDS: list[tuple[str, list[str], int, str]] = [
    ("-", [], 2, "--args"),
    ("-", ["--args", "z=logits,y=labels", "--shape", "row"], 0, "✓ f computes"),
    ("+", ["--args", "z=logits,y=labels"], 1, "✗ f does not compute"),
    ("+", ["--args", "z=logits,y=labels", "--output-format", "concise"], 1, "D411"),
    ("-", ["--args", "z=logits", "--shape", "row"], 2, "labels is no array"),
    ("+", ["--args", "z=logits,y=labels", "--output-format", "github"], 1, "mine.py,line=2,col=1"),
    ("+", ["--args", "z=logits,y=labels", "--output-format", "sarif"], 1, '"ruleId": "D411"'),
    ("+", ["--args", "z=logits,y=labels", "--output-format", "junit"], 1, "<failure message="),
    ("-", ["--args", "z=logits,y=labels", "--output-format", "junit"], 0, '<testcase name="f"'),
    ("+", ["--args", "z=logits,y=labels", "--exit-zero"], 0, "✗ f does not compute"),
    ("+", ["--args", "z=logits,y=labels", "--ignore", "D4", "--output-format", "github"], 0, ""),
    ("-", ["--args", "z"], 2, "ARRAY=PARAMETER"),
    ("-", ["--args", "z=logits,y=labels", "--computes", "q"], 2, "no quantity"),
    ("-", ["--args", "z=logits,y=labels", "--shape", "cube"], 2, "accepted: row, batch"),
    ("(", ["--args", "z=logits,y=labels"], 2, "executing the file raised SyntaxError"),
]


@pytest.mark.parametrize(("sign", "options", "code", "said"), COMMANDS)
def test_the_command(sign: str, options: list[str], code: int, said: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(FILE.format(sign), encoding="utf-8")
    done = CliRunner().invoke(cli, ["verify", f"{tmp_path / 'mine.py'}::f", "--against", CE, *options])
    shown = done.output + str(done.exception)
    assert said in shown and (done.exit_code if isinstance(done.exception, SystemExit | None) else 2) == code, shown


def test_json_has_the_counterexample_and_a_finding(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(FILE.format("+"), encoding="utf-8")
    named = ["--args", "z=logits,y=labels", "--shape", "row", "--labels", "weights"]
    done = CliRunner().invoke(cli, ["verify", f"{tmp_path / 'mine.py'}::f", "--against", CE, "--output-format", "json", *named])
    found = json.loads(done.stdout)
    (outcome,), (finding,) = found["outcomes"], found["findings"]
    assert (finding["code"], finding["location"]["row"], found["verdict"]) == ("D411", 2, "refuted")
    at = outcome["counterexample"]
    z, y, i = np.array(at["inputs"]["z"]), np.array(at["inputs"]["y"]), at["place"][0]
    p = np.exp(z) / np.exp(z).sum()
    assert at["function"] == pytest.approx((p + y)[i]) and at["theorem"] == pytest.approx((p * y.sum() - y)[i])


def test_nothing_stays_patched() -> None:
    before = {name: getattr(np, name) for name in ("zeros", "array", "asarray", "eye", "arange")}
    report("refused", "python_number", CE)
    assert all(getattr(np, name) is func for name, func in before.items())
