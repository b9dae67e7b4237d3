"""Log-sum-exp and its gradient.

The generated module against central differences, at extreme logits, and its errors.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

generated: Any = importlib.import_module("logsumexp")
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


@pytest.mark.parametrize("name", ["logsumexp", "logsumexp_grad"])
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


@pytest.mark.parametrize("name", ["logsumexp", "logsumexp_grad"])
@pytest.mark.parametrize("z", EXTREME)
def test_extreme_logits_give_finite_results(name: str, z: list[float]) -> None:
    assert np.isfinite(getattr(generated, name)(np.array(z))).all()


@pytest.mark.parametrize("size", [1, 2, 5])
def test_the_derivative_is_the_slope(size: int) -> None:
    z = RNG.normal(size=size)
    slope = differences(generated.logsumexp, z)
    np.testing.assert_allclose(generated.logsumexp_grad(z), slope, atol=1e-8)


@pytest.mark.parametrize(
    ("z", "error", "message"),
    [
        ([], ValueError, "at least one class"),
        (1.0, ValueError, "z has shape"),
        ([1j, 2.0], TypeError, "z has dtype"),
    ],
)
def test_errors_name_what_was_found(z: Any, error: Any, message: str) -> None:
    with pytest.raises(error, match=message):
        generated.logsumexp(np.array(z))
