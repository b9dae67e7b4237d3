"""Protects the numbers: generated functions are the theorems' values for every shape, dtype, label and size of logits."""
from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from generated_code import code

CE = code("softmax_cross_entropy")
JACOBIAN = code("softmax_jacobian")
LSE = code("logsumexp")
DTYPES = (np.float16, np.float32, np.float64)
SHAPES = [(1,), (2,), (9,), (1, 1), (1, 4), (5, 3), (3, 40)]
INF, NAN = np.inf, np.nan
LABELS = ("integer", "one-hot", "distribution", "any")
mp.mp.dps = 60


@pytest.fixture(autouse=True)
def no_warning_is_emitted() -> Iterator[None]:
    with warnings.catch_warnings(), np.errstate(all="warn"):
        warnings.simplefilter("error")
        yield


def rng(*seed: object) -> np.random.Generator:
    return np.random.default_rng([len(repr(seed)), *repr(seed).encode()])


def labels(kind: str, shape: tuple[int, ...], r: np.random.Generator) -> Any:
    hard = r.integers(0, shape[-1], shape[:-1])
    if kind == "integer":
        return hard
    if kind == "one-hot":
        return np.eye(shape[-1])[hard]
    weights = r.uniform(0.1, 2, size=shape)
    return weights / weights.sum(axis=-1, keepdims=True) if kind == "distribution" else weights - 0.7


# ---------------------------------------------------------------- the reference: 60 digits, from the definitions
def exact_softmax(row: Any) -> list[Any]:
    e = [mp.exp(mp.mpf(float(x))) if x != -INF else mp.mpf(0) for x in row]
    return [x / mp.fsum(e) for x in e]


def exact_row(row: Any, y: Any) -> tuple[Any, list[Any]]:
    """Loss and gradient of one row; y a label or weights."""
    a = exact_softmax(row)
    weights = [mp.mpf(float(w)) for w in y] if np.ndim(y) else [mp.mpf(int(n == y)) for n in range(len(row))]
    loss = -mp.fsum(w * mp.log(p) for w, p in zip(weights, a, strict=True) if w != 0)
    total = mp.fsum(weights)
    return loss, [p * total - w for p, w in zip(a, weights, strict=True)]


def exact(z: Any, y: Any) -> tuple[Any, Any]:
    rows = [exact_row(row, w) for row, w in zip(np.atleast_2d(z), y if z.ndim == 2 else [y], strict=True)]
    return np.array([float(v) for v, _ in rows]), np.array([[float(g) for g in grad] for _, grad in rows])


# ---------------------------------------------------------------- softmax with cross-entropy
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("shape", SHAPES)
def test_loss_and_gradient_against_60_digits(shape: tuple[int, ...], kind: str, dtype: Any) -> None:
    r = rng(shape, kind)
    z = (3 * r.normal(size=shape)).astype(dtype)
    y = labels(kind, shape, r)
    if np.ndim(y) == len(shape):
        y = y.astype(dtype)
    value, grad = CE.cross_entropy_value_and_grad(z, y, "none")
    expected_value, expected_grad = exact(z, y)
    tolerance = 40 * np.finfo(dtype).eps
    assert value.dtype == grad.dtype == dtype and grad.shape == z.shape and np.shape(value) == shape[:-1]
    np.testing.assert_allclose(np.atleast_1d(value), expected_value, rtol=tolerance, atol=tolerance * np.abs(y).max())
    np.testing.assert_allclose(grad.reshape(expected_grad.shape), expected_grad, atol=tolerance)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("kind", LABELS)
def test_reductions(reduction: str, kind: str) -> None:
    r = rng(reduction, kind)
    z = r.normal(size=(4, 3))
    y = labels(kind, (4, 3), r)
    rows = [CE.cross_entropy_value_and_grad(z[n], y[n]) for n in range(4)]
    values, grads = np.array([v for v, _ in rows]), np.array([g for _, g in rows])
    reduced = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction](values)
    value, grad = CE.cross_entropy_value_and_grad(z, y, reduction)
    np.testing.assert_allclose(value, reduced, rtol=1e-14)
    np.testing.assert_allclose(grad, grads / 4 if reduction == "mean" else grads, rtol=1e-13, atol=1e-16)
    np.testing.assert_array_equal(CE.cross_entropy_grad(z, y, reduction), grad)
    np.testing.assert_allclose(CE.cross_entropy(z, y, reduction), value, rtol=1e-15)


def test_the_reduction_is_the_mean_by_default_and_idle_for_one_row() -> None:
    z, y = rng(1).normal(size=(4, 3)), np.array([0, 1, 2, 0])
    assert CE.cross_entropy(z, y) == CE.cross_entropy(z, y, "mean")
    assert len({float(CE.cross_entropy(z[0], 0, r)) for r in CE.REDUCTIONS}) == 1


@pytest.mark.parametrize("kind", LABELS)
@pytest.mark.parametrize("shape", SHAPES)
def test_the_gradient_is_the_slope_of_the_loss(shape: tuple[int, ...], kind: str) -> None:
    r = rng("slope", shape, kind)
    z, y, h = r.normal(size=shape), labels(kind, shape, r), 1e-5
    slope = np.empty(shape)
    for at in np.ndindex(shape):
        e = np.zeros(shape)
        e[at] = h
        slope[at] = (CE.cross_entropy(z + e, y) - CE.cross_entropy(z - e, y)) / (2 * h)
    np.testing.assert_allclose(CE.cross_entropy_grad(z, y), slope, atol=2e-9)


EXTREME = [([1e4, -1e4, 0.0], 0), ([1e4, -1e4, 0.0], 1), ([-1e4, -1e4, -1e4 - 1], 2), ([5.0, 5.0, 5.0], 1), ([7.0], 0),
           ([0.0, -INF, 1.0], 0), ([-INF, 2.0, -INF], 1), ([800.0, 0.0], 0), ([40.0, 0.0], 0), ([0.0, 40.0], 0)]


@pytest.mark.parametrize("dtype", (np.float32, np.float64))
@pytest.mark.parametrize("case", EXTREME, ids=str)
def test_extreme_logits_for_integer_labels_to_the_last_digits(case: tuple[list[float], int], dtype: Any) -> None:
    """The gradient of a confident correct class and its small loss keep their digits: nothing cancels."""
    z, y = np.array(case[0], dtype), case[1]
    value, grad = CE.cross_entropy_value_and_grad(z, y)
    expected_value, expected_grad = exact(z, y)
    tiny, few = float(np.finfo(dtype).tiny), 8 * float(np.finfo(dtype).eps)
    np.testing.assert_allclose(value, expected_value[0], rtol=few, atol=tiny)
    np.testing.assert_allclose(grad, expected_grad[0], rtol=few, atol=tiny)


@pytest.mark.parametrize("case", EXTREME, ids=str)
def test_extreme_logits_for_weights(case: tuple[list[float], int]) -> None:
    z, weights = np.array(case[0]), np.eye(len(case[0]))[case[1]]
    value, grad = CE.cross_entropy_value_and_grad(z, weights)
    expected_value, expected_grad = exact(z, weights)
    np.testing.assert_allclose(value, expected_value[0], rtol=1e-14, atol=1e-15)
    np.testing.assert_allclose(grad, expected_grad[0], atol=1e-15)


@pytest.mark.parametrize("dtype", DTYPES)
def test_an_offset_changes_nothing(dtype: Any) -> None:
    z, y = np.array([1.0, 2.0, 4.0], dtype), 1
    moved = z + dtype(1024)
    few = 4 * float(np.finfo(dtype).eps)                      # one is shifted, the other is not
    np.testing.assert_allclose(CE.softmax(moved), CE.softmax(z), rtol=few)
    np.testing.assert_allclose(CE.cross_entropy_grad(moved, y), CE.cross_entropy_grad(z, y), rtol=few)
    np.testing.assert_allclose(CE.cross_entropy(moved, y), CE.cross_entropy(z, y), rtol=few)


def test_a_label_of_probability_zero_costs_infinity_and_its_gradient_is_finite() -> None:
    for y in (1, [0.0, 1.0, 0.0], [0.5, 0.5, 0.0]):
        value, grad = CE.cross_entropy_value_and_grad(np.array([0.0, -INF, 1.0]), y)
        assert value == INF and np.isfinite(grad).all()
    assert np.isfinite(CE.cross_entropy(np.array([0.0, -INF, 1.0]), [1.0, 0.0, 0.0]))


@pytest.mark.parametrize("row", ([NAN, 1.0, 2.0], [INF, 1.0, 2.0], [-INF, -INF, -INF], [INF, INF, 0.0], [INF, -INF, NAN]))
@pytest.mark.parametrize("kind", ("integer", "distribution", "one-hot"))
def test_a_row_without_a_finite_maximum_is_nan_and_leaves_the_others_alone(row: list[float], kind: str) -> None:
    z = np.array([[1.0, 2.0, 3.0], row])
    y = labels(kind, (2, 3), rng("nan"))
    value, grad = CE.cross_entropy_value_and_grad(z, y, "none")
    assert np.isnan(value[1]) and np.isnan(grad[1]).all() and np.isnan(CE.softmax(z)[1]).all()
    assert value[0] == pytest.approx(CE.cross_entropy(z[0], y[0]), rel=1e-14) and np.isfinite(grad[0]).all()


def test_integers_are_computed_in_float64_and_an_empty_batch_is_no_error() -> None:
    value, grad = CE.cross_entropy_value_and_grad([1, 2, 3], 2)
    assert value.dtype == grad.dtype == np.float64
    none = np.empty((0, 3), np.float32)
    assert np.isnan(CE.cross_entropy(none, np.empty(0, int))) and CE.cross_entropy(none, np.empty(0, int), "sum") == 0
    assert CE.cross_entropy_grad(none, none).shape == (0, 3) and CE.softmax(none).shape == (0, 3)


@pytest.mark.parametrize("shape", [(3,), (4, 3)])
@pytest.mark.parametrize("dtype", DTYPES)
def test_out_receives_the_gradient_and_may_be_the_logits(shape: tuple[int, ...], dtype: Any) -> None:
    z, y = rng(shape).normal(size=shape).astype(dtype), labels("integer", shape, rng(2))
    expected = CE.cross_entropy_value_and_grad(z, y)
    value, grad = CE.cross_entropy_value_and_grad(z, y, out=z)
    assert grad is z and value == expected[0]
    np.testing.assert_array_equal(z, expected[1])


def test_arguments_are_left_alone() -> None:
    z, y = rng(3).normal(size=(4, 3)), rng(4).uniform(size=(4, 3))
    before = z.copy(), y.copy()
    for labelled in (y, np.array([0, 1, 2, 0])):
        CE.cross_entropy_value_and_grad(z, labelled)
    CE.softmax(z)
    assert np.array_equal(z, before[0]) and np.array_equal(y, before[1])


# ---------------------------------------------------------------- errors
ERRORS = [
    ("z a scalar", (1.0, 0), {}, ValueError, r"z has shape \(\); accepted are \(N,\) and \(B, N\)"),
    ("z of three axes", (np.zeros((2, 2, 2)), 0), {}, ValueError, r"z has shape \(2, 2, 2\)"),
    ("no classes", (np.zeros((2, 0)), [0, 0]), {}, ValueError, "at least one class"),
    ("complex z", ([1j, 2], 0), {}, TypeError, "z has dtype complex128"),
    ("bool z", ([True, False], 0), {}, TypeError, "z has dtype bool"),
    ("z of strings", (["a", "b"], 0), {}, TypeError, "z has dtype <U1"),
    ("label too large", ([1.0, 2.0], 2), {}, ValueError, "y contains the label 2; accepted are 0 to 1"),
    ("label negative", ([1.0, 2.0], -1), {}, ValueError, "y contains the label -1; accepted are 0 to 1"),
    ("one label of many", (np.zeros((3, 2)), [0, 1, 7]), {}, ValueError, "label 7"),
    ("too few labels", (np.zeros((3, 2)), [0, 1]), {}, ValueError, r"y has shape \(2,\) where z has \(3, 2\)"),
    ("label of a batch", (np.zeros((3, 2)), 0), {}, ValueError, r"accepted are \(3,\) \(integer labels\) and \(3, 2\)"),
    ("float labels", (np.zeros((3, 2)), [0.0, 1.0, 0.0]), {}, TypeError, "y has dtype float64; labels are integers"),
    ("bool label", ([1.0, 2.0], True), {}, TypeError, "y has dtype bool; labels are integers"),
    ("complex weights", ([1.0, 2.0], [1j, 0]), {}, TypeError, "y has dtype complex128; weights are real"),
    ("reduction", ([1.0, 2.0], 0), {"reduction": "avg"}, ValueError, "reduction is 'avg'; accepted are mean, sum, none"),
    ("out no array", ([1.0, 2.0], 0), {"out": [0.0, 0.0]}, TypeError, "out is of list; accepted is an array of dtype float64"),
    ("out dtype", ([1.0, 2.0], 0), {"out": np.zeros(2, np.float32)}, TypeError, "out is of float32"),
    ("out shape", ([1.0, 2.0], 0), {"out": np.zeros(3)}, ValueError, r"out has shape \(3,\); accepted is z's shape, \(2,\)"),
    ("out read-only", ([1.0, 2.0], 0), {"out": np.broadcast_to(0.0, 2)}, ValueError, "out is read-only"),
]


@pytest.mark.parametrize(("args", "options", "error", "message"), [row[1:] for row in ERRORS], ids=[row[0] for row in ERRORS])
def test_errors_say_what_was_found_and_what_is_accepted(args: Any, options: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        CE.cross_entropy_value_and_grad(*args, **options)
    if "out" not in options:
        for f in (CE.cross_entropy, CE.cross_entropy_grad):
            with pytest.raises(error, match=message):
                f(*args, **options)


@pytest.mark.parametrize("f", (CE.softmax, JACOBIAN.softmax, JACOBIAN.softmax_jacobian, LSE.logsumexp, LSE.logsumexp_grad))
def test_errors_of_functions_of_logits_alone(f: Any) -> None:
    for z, error in ((1.0, ValueError), (np.zeros((1, 1, 1)), ValueError), ([], ValueError), ([1j], TypeError)):
        with pytest.raises(error, match="z has"):
            f(z)


# ---------------------------------------------------------------- softmax, its Jacobian, logsumexp
def exact_jacobian(row: Any) -> Any:
    a = exact_softmax(row)
    return np.array([[float(a[i] * (int(i == j) - a[j])) for i in range(len(a))] for j in range(len(a))])


FUNCTIONS = [
    (CE.softmax, lambda row: np.array([float(p) for p in exact_softmax(row)])),
    (JACOBIAN.softmax, lambda row: np.array([float(p) for p in exact_softmax(row)])),
    (JACOBIAN.softmax_jacobian, exact_jacobian),
    (LSE.logsumexp, lambda row: np.array(float(mp.log(mp.fsum(mp.exp(mp.mpf(float(x))) for x in row if x != -INF))))),
    (LSE.logsumexp_grad, lambda row: np.array([float(p) for p in exact_softmax(row)])),
]
SPECIAL = [[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4], [0.0, -INF, 1.0], [2.0, 2.0, 2.0]]


@pytest.mark.parametrize(("f", "reference"), FUNCTIONS, ids=[f.__module__ + "." + f.__name__ for f, _ in FUNCTIONS])
@pytest.mark.parametrize("dtype", DTYPES)
def test_functions_of_logits_against_60_digits(f: Any, reference: Any, dtype: Any) -> None:
    tolerance = 12 * float(np.finfo(dtype).eps)
    for shape in SHAPES:
        z = (3 * rng(shape).normal(size=shape)).astype(dtype)
        rows = np.array([reference(row) for row in np.atleast_2d(z)])
        expected = rows.reshape(shape[:-1] + rows.shape[1:])
        result = f(z)
        assert result.dtype == dtype and np.shape(result) == expected.shape
        np.testing.assert_allclose(result, expected, rtol=tolerance, atol=tolerance)
    for row in SPECIAL:
        np.testing.assert_allclose(f(np.array(row, dtype)), reference(np.array(row, dtype)), rtol=tolerance, atol=tolerance)


PAIRS = {"softmax": (JACOBIAN.softmax, JACOBIAN.softmax_jacobian), "logsumexp": (LSE.logsumexp, LSE.logsumexp_grad)}


@pytest.mark.parametrize(("value", "derivative"), PAIRS.values(), ids=PAIRS)
@pytest.mark.parametrize("size", [1, 2, 6])
def test_derivatives_are_slopes(value: Any, derivative: Any, size: int) -> None:
    z, h = rng(size).normal(size=size), 1e-5
    slope = np.stack([(value(z + h * e) - value(z - h * e)) / (2 * h) for e in np.eye(size)], axis=-1)
    np.testing.assert_allclose(derivative(z), slope, atol=2e-10)


def test_logsumexp_keeps_its_limits() -> None:
    z = np.array([[INF, 1.0], [-INF, -INF], [NAN, 1.0], [INF, -INF]])
    np.testing.assert_array_equal(LSE.logsumexp(z), [INF, -INF, NAN, INF])
