"""A bilinear form.

The generated module against central differences, for rows and batches, in every dtype; and its errors.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

generated: Any = importlib.import_module("bilinear")
ARGUMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "q": {"W": ("N", "D"), "x": ("N",), "y": ("D",)},
    "q_grad_W": {"x": ("N",), "y": ("D",)},
}
ROWS: list[str] = []
GRADIENTS: list[tuple[str, str, str, str]] = [
    ("q_grad_W", "q", "W", "ab->ab"),
]
LENGTHS = [(1, 1, 1, 1), (2, 3, 4, 2), (3, 2, 2, 4)]
SETS = sorted({s for arguments in ARGUMENTS.values() for sets in arguments.values() for s in sets})


def samples(lengths: tuple[int, ...], rows: int = 0) -> dict[str, Any]:
    """Random values for every argument, of any sign."""
    rng = np.random.default_rng([0, rows, *lengths])
    sizes = dict(zip(SETS, lengths, strict=False))
    shapes = {name: own for arguments in ARGUMENTS.values() for name, own in arguments.items()}
    found = {}
    for name, own in sorted(shapes.items()):
        shape = ((rows,) if rows and own else ()) + tuple(sizes[s] for s in own)
        found[name] = rng.normal(size=shape)
    return found


def call(name: str, given: dict[str, Any]) -> Any:
    return getattr(generated, name)(**{a: given[a] for a in ARGUMENTS[name]})


def slope(f: Callable[[Any], Any], x: Any, step: float = 1e-6) -> Any:
    """The central difference quotients of f, with the axes of x last."""
    columns = []
    for place in np.ndindex(np.shape(x)):
        e = np.zeros(np.shape(x))
        e[place] = step
        columns.append((f(x + e) - f(x - e)) / (2 * step))
    stacked = np.stack(columns, axis=-1)
    return stacked.reshape(stacked.shape[:-1] + np.shape(x))


@pytest.mark.parametrize(("gradient", "value", "by", "subscripts"), GRADIENTS)
@pytest.mark.parametrize("lengths", LENGTHS)
def test_gradients_are_slopes(gradient: str, value: str, by: str, subscripts: str, lengths: tuple[int, ...]) -> None:
    given = samples(lengths)
    expected = np.einsum(subscripts, slope(lambda x: call(value, given | {by: x}), given[by]))
    np.testing.assert_allclose(call(gradient, given), expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_results_keep_the_dtype(name: str, dtype: Any) -> None:
    given = samples(LENGTHS[1])
    result = call(name, {a: np.asarray(x, dtype=dtype) for a, x in given.items()})
    assert result.dtype == dtype
    expected = call(name, given)
    np.testing.assert_allclose(result, expected, rtol=0.1, atol=0.1 * (1 + np.abs(expected).max()))


@pytest.mark.parametrize("name", ROWS)
def test_rows_are_treated_alone(name: str) -> None:
    given = samples(LENGTHS[1], rows=3)
    every = call(name, given)
    for n in range(3):
        row = {a: x[n] if ARGUMENTS[name].get(a) else x for a, x in given.items()}
        np.testing.assert_allclose(every[n], call(name, row), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_errors_name_what_was_found(name: str) -> None:
    given = samples(LENGTHS[1])
    for a in ARGUMENTS[name]:
        with pytest.raises(TypeError, match=f"{a} has dtype complex128"):
            call(name, given | {a: given[a] + 1j})
        if ARGUMENTS[name][a]:
            with pytest.raises(ValueError, match=f"{a} has shape"):
                call(name, given | {a: np.float64(1)})
