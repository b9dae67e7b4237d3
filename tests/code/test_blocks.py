"""Protects loops over blocks of rows: one block stands for all, or nothing is said; what is generated is proved with out= too."""
from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import derive
from derive.code.question import Mode
from derive.code.tracing.refusal import Refused
from derive.code.verification import Subject, Verifier
from derive.verifying import Report, examined, executed, quantities_of

CE = "softmax-cross-entropy"
SOURCE = (Path(__file__).resolve().parent / "written" / "blocks.py").read_text(encoding="utf-8")
HELPERS = ("rows_of", "raise_it")
NAMES = [n.name for n in ast.parse(SOURCE).body if isinstance(n, ast.FunctionDef) and n.name not in HELPERS]
RIGHT = [n for n in NAMES if n.startswith("right")]


@cache
def theorem() -> Any:
    return derive.prove(CE)


def report(source: str, name: str, **options: Any) -> Report:
    return examined(theorem(), executed(source, f"blocks_{name}"), name, "blocks", shape="batch", **options)


@pytest.mark.parametrize("name", RIGHT)
def test_a_loop_over_blocks_is_proved(name: str) -> None:
    found = report(SOURCE, name, labels="weights", reduction="none")
    assert [o.verdict for o in found.outcomes] == ["proved"], [(o.reason, o.line, o.difference) for o in found.outcomes]


@pytest.mark.parametrize("name", [n for n in NAMES if n not in RIGHT])
def test_no_attack_with_blocks_gets_a_tick(name: str) -> None:
    found = report(SOURCE, name, labels="weights")
    assert found.verdict in ("undecided", "refuted", "not_accepted"), [(o.arguments, o.hypotheses) for o in found.outcomes]


@pytest.mark.parametrize("name", ["skips_the_last_block", "skips_the_first_block", "writes_that_overlap", "gaps"])
def test_blocks_that_do_not_cover_the_rows_are_refused_whatever_the_numbers_say(name: str) -> None:
    namespace = executed(SOURCE, f"blocks_traced_{name}")
    subject = Subject(namespace[name], namespace["__file__"], namespace, {"z": "z", "y": "y"})
    verifier = Verifier(theorem().derivation.record, quantities_of(theorem()), subject)
    with pytest.raises(Refused, match=r"accepted|a part of the axis"):
        verifier._traced(Mode("B"))


# ---------------------------------------------------------------- the generated module: mutants, and results put into out=
MUTANTS = [
    ("range(0, len(z), step)", "range(0, len(z) - step, step)"),
    ("slice(first, first + step)", "slice(first, first + step - 1)"),
    ("slice(first, first + step)", "slice(first, first + 2)"),
    ("step = max(1, ", "step = (1 + "),
    ("    if not _in_range(t, t + q):", "    if _in_range(t, t + q):"),
    ("scale, value[part], grad[part]", "scale, value[part], grad"),
    ("    np.log1p(q, out=value)\n    q2 = scale / t", "    np.log1p(t, out=value)\n    q2 = scale / t"),
    ("    e = np.subtract(x, m, out=out)", "    e = np.subtract(x, 0 * m, out=out)"),
    ("        b = e + lost", "        b = e - lost"),
    ("np.subtract(lost, m, out=lost)", "np.add(lost, m, out=lost)"),
    ("grad[rows, labels] = -(s * q2)", "grad[rows, labels] = s * q2"),
    ("q2 = scale / t", "q2 = 1 / t"),
]
HARMLESS = 4                                                  # exchanging the branches is as right over the reals


@pytest.mark.parametrize("number", range(len(MUTANTS)))
def test_no_broken_kernel_is_proved(number: int) -> None:
    old, new = MUTANTS[number]
    text = theorem().to_code("numpy")
    assert old in text
    found = report(text.replace(old, new), "cross_entropy_value_and_grad", labels="integer", reduction="mean",
                   fixed={"reduction": "mean"})
    assert (found.verdict == "proved") is (number == HARMLESS), [(o.reason, o.difference) for o in found.outcomes]


INTO = '''

def into_a_new_array(z, y):
    out = np.empty_like(z)
    value, grad = cross_entropy_value_and_grad(z, y, out=out)
    return value, out


def into_the_logits(z, y):
    value, grad = cross_entropy_value_and_grad(z, y, out=z)
    return value, z


def softmax_into_the_logits(z):
    softmax(z, out=z)
    return z
'''


@pytest.mark.parametrize("name", ["into_a_new_array", "into_the_logits", "softmax_into_the_logits"])
def test_results_that_go_into_arrays_of_the_caller_are_proved(name: str) -> None:
    soft = name.startswith("softmax")
    found = report(theorem().to_code("numpy") + INTO, name, **({"computes": "a"} if soft else {"labels": "integer"}))
    assert [o.verdict for o in found.outcomes] == ["proved"], [(o.reason, o.line, o.difference) for o in found.outcomes]


def test_blocks_do_not_show_in_the_numbers() -> None:
    """A module with blocks of one row, or of two, gives what the module gives; the shifted rows too."""
    text, z = theorem().to_code("numpy"), np.random.default_rng(0).normal(size=(7, 5))
    z[3] -= 1e3
    y = np.arange(7) % 5
    whole, *others = [executed(text.replace("BLOCK = 1 << 20", f"BLOCK = {n}"), f"blocks_of_{n}") for n in (1 << 20, 1, 80)]
    value, grad = whole["cross_entropy_value_and_grad"](z, y)
    for module in others:
        np.testing.assert_allclose(module["cross_entropy_value_and_grad"](z, y)[1], grad, rtol=1e-14)
        np.testing.assert_allclose(module["cross_entropy"](z, y, exact=True), value, rtol=1e-14)
