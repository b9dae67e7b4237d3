"""Protects the symbolic run: compositions of NumPy steps give the numbers that NumPy gives; views and copies are NumPy's."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import derive
from derive.code.question import Mode, opened
from derive.code.sampled import Point, called, difference, points
from derive.code.tracing.refusal import Refused
from derive.code.verification import Subject, Verifier, evaluated, parts_of
from derive.kernel.terms import ix, mk
from derive.verifying import quantities_of

Step = Callable[[Any, Any], Any]


def _written(x: Any, key: Any, value: Any) -> Any:
    x = x.copy()
    x[key] = value
    return x


def _added(x: Any, key: Any, value: Any) -> Any:
    x = np.array(x)
    np.add.at(x, key, value)
    return x


def _through_a_view(x: Any, view: Callable[[Any], Any]) -> Any:
    x = np.array(x)
    v = view(x)
    v *= 2
    v -= 1
    return x


# each takes an array (B, N) and labels (B,), and gives an array (B, N)
STEPS: list[Step] = [
    lambda x, y: x - x.max(axis=1, keepdims=True),
    lambda x, y: x - x.min(axis=0),
    lambda x, y: x / (1 + x * x).sum(axis=-1)[:, None],
    lambda x, y: np.where(x > 0, x, x / 2),
    lambda x, y: np.where(x == x.max(axis=1, keepdims=True), 0.0, x),
    lambda x, y: np.tanh(x) + np.log1p(np.exp(-np.abs(x))),
    lambda x, y: (x.T - x.mean(axis=1)).T,
    lambda x, y: x @ (x.T @ x) / (1 + np.sum(x ** 2)) ** 2,
    lambda x, y: np.einsum("bn,mn->bm", x, x) @ x / (1 + np.einsum("bn,bn->", x, x)),
    lambda x, y: np.outer(x.mean(axis=1), x.mean(axis=0)),
    lambda x, y: x - np.eye(x.shape[1])[y],
    lambda x, y: x * (np.arange(x.shape[1]) == y[:, None]),
    lambda x, y: x - x[np.arange(len(x)), y][:, None],
    lambda x, y: x + np.take_along_axis(x, y[:, None], axis=1),
    lambda x, y: _written(x, (np.arange(x.shape[0]), y), 3.0),
    lambda x, y: _added(x, (np.arange(x.shape[0]), y), -0.5),
    lambda x, y: _written(x, x > 1, 1.0),
    lambda x, y: x[:, y].sum(axis=1)[:, None] / (1 + x ** 2),
    lambda x, y: x[:, None, :].sum(axis=1),
    lambda x, y: (x[:, :, None] * np.eye(x.shape[1])).sum(-1),
    lambda x, y: np.swapaxes(np.transpose(x)[None], 1, 2)[0],
    lambda x, y: _through_a_view(x, lambda a: a.T),
    lambda x, y: _through_a_view(x, lambda a: a[:, None, :]),
    lambda x, y: _through_a_view(x, lambda a: a.reshape(len(a), 1, -1)),
    lambda x, y: x + _through_a_view(x, lambda a: a.astype(float)),
    lambda x, y: np.add(x, 1, out=np.empty_like(x)) * np.sign(x) - np.minimum(x, 0.25) + np.clip(x, -1, 1),
    lambda x, y: x - np.std(x, axis=1, keepdims=True) + np.var(x, axis=0),
    lambda x, y: np.linalg.norm(x, axis=1, keepdims=True) + 0 * x,
]
THEOREM = derive.prove("softmax-cross-entropy")
MODE = Mode("B", "y")


def sampled() -> list[Point]:
    ctx = THEOREM.derivation.record.context
    terms = [mk("arr", name, ix("?0", "N")) for name in ("z", "y")]
    hot = mk("all", "N", mk("eq", None, mk("arr", "y", mk("bd", (0, "N"))), mk("delta", None, mk("bd", (0, "N")), ix("?k", "N"))))
    return points(ctx, terms, [hot], MODE, ("z", "y"), "?k")


def traced(function: Callable[..., Any]) -> tuple[Verifier, Any]:
    subject = Subject(function, __file__, globals(), {"z": "z", "y": "y"})
    verifier = Verifier(THEOREM.derivation.record, quantities_of(THEOREM), subject)
    return verifier, verifier._traced(MODE)


def agrees(function: Callable[..., Any]) -> None:
    verifier, found = traced(function)
    (path,) = found
    dev = opened(verifier.record, MODE.batch)
    for point in sampled()[::3]:
        (got,) = called(function, {"z": "z", "y": "y"}, point, {})
        (value,) = evaluated(dev, MODE, path, parts_of(path.result), point)
        assert difference(point, got, value) is None


@pytest.mark.parametrize("number", range(len(STEPS)))
def test_each_step_is_what_numpy_computes(number: int) -> None:
    agrees(lambda z, y: STEPS[number](z, y))


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(range(len(STEPS))), min_size=2, max_size=2))
def test_compositions_are_what_numpy_computes(numbers: list[int]) -> None:
    def function(z: Any, y: Any) -> Any:
        for n in numbers:
            z = STEPS[n](z, y)
        return z
    try:
        agrees(function)
    except Refused as refusal:                                # one composition in many is beyond what is followed
        assert "comparison of reals" in refusal.reason


REFUSED: list[tuple[Step, str]] = [
    (lambda z, y: z - z.sum(axis=1), "agree only where"),
    (lambda z, y: np.sort(z), "sort"),
    (lambda z, y: z[z > 0], "depends on the data"),
    (lambda z, y: z.reshape(-1), "reshape"),
    (lambda z, y: z[0], "by number"),
    (lambda z, y: z[:, 1:], "slice"),
    (lambda z, y: z + y[:, None], "labels"),
    (lambda z, y: z.astype(int), "conversion"),
    (lambda z, y: np.sum(z, dtype=int), "round"),
    (lambda z, y: _written(z, (slice(None), y), 0.0), "repeat"),
    (lambda z, y: np.ones((len(z), z.shape[1]), dtype=bool) * z.squeeze(), "squeeze"),
    (lambda z, y: [0.0] * len(z), "sequence"),
    (lambda z, y: {1: z}.get(len(z), z), "lookup"),
    (lambda z, y: z // 2, "floor_divide"),
    (lambda z, y: z ** z, "power"),
]


@pytest.mark.parametrize(("function", "said"), REFUSED, ids=[said for _, said in REFUSED])
def test_what_is_refused_says_why(function: Step, said: str) -> None:
    with pytest.raises(Refused, match=said) as refusal:
        traced(lambda z, y: function(z, y))
    assert refusal.value.line > 0


def test_numbers_that_were_never_written_are_no_result() -> None:
    _, (path,) = traced(lambda z, y: np.empty_like(z) + z)
    with pytest.raises(Refused, match=r"np\.empty"):
        _ = parts_of(path.result)[0].term
