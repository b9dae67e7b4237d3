"""Protects `derive verify`: right functions of every style are proved, wrong ones never; what is not followed has a line."""
from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import derive
from derive.verifying import Report, examined, executed

WRITTEN = Path(__file__).resolve().parent / "written"
CE, JACOBIAN, LSE, SIGMOID, MSE, TANH = ("softmax-cross-entropy", "softmax-jacobian", "logsumexp", "sigmoid", "mse", "tanh")

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
    ("slope_by_tanh", TANH, "", "", "gradient"),
]
WRONG: list[tuple[str, str]] = [
    *[(name, JACOBIAN) for name in ("diagonal_only", "sign_of_the_outer_product", "identity_for_diag")],
    *[(name, LSE) for name in ("lse_without_its_shift", "lse_shifted_twice")],
    *[(name, SIGMOID) for name in ("slope_without_one", "slope_of_z")],
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
    named = {row[0] for row in (*RIGHT, *WRONG)} | {"softmax", "rows", "mean_squared_error", "half_too_much", "squared_outside"}
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
