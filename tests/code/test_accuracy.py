"""Protects the measurement of rounding errors: the unit, the reference, what is found, and evidence about another module."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpmath import mp, mpf

import derive
from derive.code.accuracy import FORMATS, Case, Error, Measured, cases, error, reference, worst
from derive.evidence_store import Evidence
from derive.measuring import Found, facts, functions
from derive.verifying import executed, quantities_of

CE = "softmax-cross-entropy"
THEOREM = derive.prove(CE)
CTX = THEOREM.derivation.record.context
MODULE = executed(THEOREM.to_code("numpy"), "module_to_measure")
UNITS: list[tuple[float, Any, str, float, bool]] = [
    (1.0, mpf(1), "float64", 0.0, True), (1 + 2 ** -52, mpf(1), "float64", 1.0, True),
    (1.0, 1 + mpf(2) ** -24, "float32", 0.5, True),
    (0.0, mpf(2) ** -150, "float32", 0.5, False), (0.0, mpf(2) ** -126, "float32", 2.0 ** 23, True),
    (np.inf, mpf(10) ** 6, "float16", 0.0, True), (np.nan, mpf(1), "float32", np.inf, True),
    (1.0, mp.inf, "float64", np.inf, True),
]


@pytest.mark.parametrize(("got", "expected", "name", "ulp", "normal"), UNITS)
def test_the_unit_is_that_of_the_last_place(got: float, expected: Any, name: str, ulp: float, normal: bool) -> None:
    assert error(got, expected, FORMATS[name]) == (ulp, normal)


def measured(name: str, function: Any) -> Measured:
    """A function in the place of one of the generated module's."""
    by_name = {m.name: m for m in functions(THEOREM, MODULE, THEOREM.entry.code, False)}
    return Measured(name, function, by_name[name].term, by_name[name].axis)


def test_the_reference_keeps_what_cancels() -> None:
    m = measured("cross_entropy_grad", None)
    row = np.array([500.0, 0.0, -np.inf])
    target, other, masked = reference(CTX, m, "z", "y", row, 0, FORMATS["float64"].bits)
    with mp.workprec(2000):
        exact = 1 / (1 + mp.exp(500))
        assert abs(target / -exact - 1) < 2 ** -200 and abs(other / exact - 1) < 2 ** -200 and masked == 0


@pytest.fixture
def few_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    def few(dtype: Any) -> list[Case]:
        return [Case(c.name, c.z[:1], c.labels[:1]) for c in cases(dtype) if c.z.shape[1] < 100]
    monkeypatch.setattr("derive.code.accuracy.cases", few)


def test_what_cancels_is_found_out(few_cases: None) -> None:
    """The gradient of the label as a - 1 is wrong by more than all its digits once the label leads."""
    def subtracted(z: Any, y: Any) -> Any:
        g = np.array(MODULE["softmax"](z))
        g[np.arange(len(z)), y] -= 1
        return g
    assert worst(CTX, measured("cross_entropy_grad", subtracted), "z", "y", np.float32).normal > 1e6


@pytest.mark.parametrize(("dtype", "exact", "limit"), [(np.float32, False, 6), (np.float64, False, 6), (np.float16, False, 0.51),
                                                       (np.float32, True, 0.51)])
def test_the_generated_module_is_within_its_limits(dtype: Any, exact: bool, limit: float, few_cases: None) -> None:
    for m in functions(THEOREM, MODULE, THEOREM.entry.code, exact):
        found = worst(CTX, m, "z", "y", dtype)
        assert 0 < found.normal <= limit, (m.name, found)


def test_the_gradient_of_a_label_is_never_zero_where_there_is_a_number() -> None:
    for dtype, leads in ((np.float32, (5, 20, 80, 100)), (np.float64, (40, 300, 700, 740))):
        for lead in leads:
            for shift in (-1000, 0, 1000):
                z = np.array([lead + shift, shift], dtype)
                assert MODULE["cross_entropy_grad"](z, 0)[0] < 0 and MODULE["cross_entropy"](z, 0) > 0


def test_evidence_about_another_module_is_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("derive.evidence_store.evidence_folder", lambda name: tmp_path)
    table = {"softmax": {"float32": Error(1.234, 0.5, "ties"), "float16": Error(float("inf"))}}
    assert THEOREM.accuracy == {}
    Evidence(CE, tmp_path).keep("accuracy", THEOREM.module.digest, facts(table))
    assert THEOREM.accuracy == {"softmax": {"float32": 1.24, "float16": "inf"}} and "1.23 ulp (ties)" in str(Found(CE, table))
    again = derive.prove(CE)
    assert again.ladder["accuracy"] is True and "| `softmax` | inf | 1.24 |" in again.render("markdown")
    assert "1.24" in again.render("latex") and "1.24" in again.render("text", "zh")
    Evidence(CE, tmp_path).keep("accuracy", "0" * 64, facts(table))
    assert THEOREM.accuracy == {} and derive.prove(CE).ladder["accuracy"] is None


def test_the_quantities_are_those_of_the_theorem() -> None:
    found = {m.name: m.term for m in functions(THEOREM, MODULE, THEOREM.entry.code, False)}
    assert set(found) == {"softmax", "cross_entropy", "cross_entropy_grad"}
    assert found["cross_entropy_grad"] in [v for q in quantities_of(THEOREM) for v, _ in q.claims]


@pytest.mark.parametrize("name", ["float32", "float64"])
@pytest.mark.parametrize("label", [0, 1])
def test_cross_entropy_with_logits_and_hard_labels_is_within_three_ulp(name: str, label: int) -> None:
    """Confident and right, confident and wrong: neither the loss nor the gradient loses its digits, and neither is 0."""
    form, module = FORMATS[name], executed(derive.prove("sigmoid-bce").to_code("numpy"), "bce_to_measure")
    largest = 80 if name == "float32" else 700
    rng = np.random.default_rng(label)
    every = np.concatenate([rng.normal(0, 1, 150), rng.normal(0, 10, 150), rng.uniform(-largest, largest, 150)]).astype(name)
    with mp.workprec(200):
        for z in every:
            wrong = -mpf(float(z)) if label else mpf(float(z))
            exact = mp.log1p(mp.exp(wrong)), (1 - 2 * label) / (1 + mp.exp(-wrong))
            got = module["C"](z[None], np.full(1, label, name)), module["C_grad_z"](z[None], np.full(1, label, name))[0]
            assert all(error(float(g), e, form)[0] <= 3 for g, e in zip(got, exact, strict=True)), (z, got)
