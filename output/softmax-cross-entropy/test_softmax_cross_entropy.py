"""Softmax with cross-entropy loss.

The generated module against central differences, at extreme logits, and its errors.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

generated: Any = importlib.import_module("softmax_cross_entropy")
RNG = np.random.default_rng(0)
SHAPES = [(1,), (2,), (7,), (1, 3), (4, 5)]
MASKED = [0.0, -np.inf, 1.0]
EXTREME = [[1e4, -1e4, 0.0], [-1e4, -1e4, -1e4], [3.0, 3.0, 3.0], MASKED]


@pytest.fixture(autouse=True)
def no_warnings() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def differences(f: Any, z: Any, step: float = 1e-5) -> Any:
    """The central difference quotients of f, with the index of z last."""
    columns = []
    for place in np.ndindex(z.shape):
        e = np.zeros_like(z)
        e[place] = step
        columns.append((f(z + e) - f(z - e)) / (2 * step))
    return np.stack(columns, axis=-1)


@pytest.mark.parametrize("name", ["softmax"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_functions_keep_the_dtype_and_treat_rows_alone(name: str, dtype: Any) -> None:
    """Rows depend on each other in their last digits at most, which are a matter of summation."""
    f = getattr(generated, name)
    few = 8 * float(np.finfo(dtype).eps)
    z = RNG.normal(size=(3, 4)).astype(dtype)
    batch = f(z)
    assert batch.dtype == dtype
    for n, row in enumerate(z):
        np.testing.assert_allclose(f(row), batch[n], rtol=few, atol=few)


@pytest.mark.parametrize("name", ["softmax"])
@pytest.mark.parametrize("z", EXTREME)
def test_extreme_logits_give_finite_results(name: str, z: list[float]) -> None:
    assert np.isfinite(getattr(generated, name)(np.array(z))).all()


def labels_of(shape: tuple[int, ...]) -> list[Any]:
    """Integer labels, the same as one-hot weights, and weights that do not sum to 1."""
    hard = RNG.integers(0, shape[-1], shape[:-1])
    return [hard, np.eye(shape[-1])[hard], RNG.uniform(size=shape)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_gradient_is_the_slope(shape: tuple[int, ...], reduction: str) -> None:
    for y in labels_of(shape):
        z = RNG.normal(size=shape)
        value, grad = generated.cross_entropy_value_and_grad(z, y, reduction)
        slope = differences(lambda x: generated.cross_entropy(x, y, reduction), z)
        np.testing.assert_allclose(grad, slope.reshape(shape), atol=1e-8)
        np.testing.assert_allclose(grad, generated.cross_entropy_grad(z, y, reduction), atol=1e-15)
        np.testing.assert_allclose(value, generated.cross_entropy(z, y, reduction), rtol=1e-14)


@pytest.mark.parametrize("shape", SHAPES)
def test_integer_labels_are_one_hot_weights(shape: tuple[int, ...]) -> None:
    hard, one_hot, _ = labels_of(shape)
    z = RNG.normal(size=shape)
    for reduction in ("mean", "sum", "none"):
        first, second = (generated.cross_entropy(z, y, reduction) for y in (hard, one_hot))
        np.testing.assert_allclose(first, second, rtol=1e-12, atol=1e-14)
        first, second = (generated.cross_entropy_grad(z, y, reduction) for y in (hard, one_hot))
        np.testing.assert_allclose(first, second, atol=1e-14)


@pytest.mark.parametrize("z", EXTREME)
def test_extreme_logits_give_finite_gradients(z: list[float]) -> None:
    value, grad = generated.cross_entropy_value_and_grad(np.array(z), 0)
    assert np.isfinite(value) and np.isfinite(grad).all()


def test_out_receives_the_gradient() -> None:
    z, y = RNG.normal(size=(3, 4)), np.array([0, 3, 1])
    expected, out = generated.cross_entropy_grad(z, y), np.empty((3, 4))
    assert generated.cross_entropy_value_and_grad(z, y, out=out)[1] is out
    np.testing.assert_array_equal(out, expected)
    assert generated.cross_entropy_grad(z, y, out=z) is z
    np.testing.assert_array_equal(z, expected)


def test_exact_float32_is_float64_rounded() -> None:
    z, y = RNG.normal(size=(3, 4)).astype(np.float32), np.array([0, 3, 1])
    value, grad = generated.cross_entropy_value_and_grad(z, y, exact=True)
    expected = generated.cross_entropy_value_and_grad(z.astype(np.float64), y)
    assert value == np.float32(expected[0]) and grad.dtype == np.float32
    np.testing.assert_array_equal(grad, expected[1].astype(np.float32))


@pytest.mark.parametrize(
    ("z", "y", "error", "message"),
    [
        ([1.0, 2.0], 2, ValueError, "label 2"),
        ([1.0, 2.0], -1, ValueError, "label -1"),
        ([1.0, 2.0], 0.0, TypeError, "integers"),
        ([1.0, 2.0], [1, 0, 0], ValueError, "y has shape"),
        ([[1.0, 2.0]], [0, 1, 0], ValueError, "y has shape"),
        ([], 0, ValueError, "at least one class"),
        (1.0, 0, ValueError, "z has shape"),
        ([1j, 2.0], 0, TypeError, "z has dtype"),
    ],
)
def test_errors_name_what_was_found(z: Any, y: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        generated.cross_entropy(np.array(z), np.array(y))
