"""Methods of arrays: each is the function of NumPy with the array as its first argument."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .array import SymbolicArray
from .functions import call, convert

SAME = {name: getattr(np, name) for name in (
    "sum", "max", "min", "mean", "var", "std", "all", "any", "dot", "clip", "squeeze", "swapaxes", "diagonal", "trace", "copy")}


def method(x: SymbolicArray, name: str) -> Any:
    """x.name, for what is not defined on the class. Raises Refused for other attributes of arrays."""
    if name in SAME:
        return lambda *args, **kwargs: call(x.session, SAME[name], (x, *args), kwargs)
    if name in OWN:
        return lambda *args, **kwargs: OWN[name](x, *args, **kwargs)
    if hasattr(np.ndarray, name) and not name.startswith("__"):
        accepted = ", ".join(sorted([*SAME, *OWN]))
        x.session.refuse(f"the attribute {name} of an array is not followed; accepted are {accepted}")
    raise AttributeError(name)


def _shaped(x: SymbolicArray, *shape: Any, order: str = "C") -> Any:
    return call(x.session, np.reshape, (x, shape[0] if len(shape) == 1 else shape), {})


def _transposed(x: SymbolicArray, *axes: Any) -> Any:
    order = axes[0] if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], tuple | list)) else axes or None
    return call(x.session, np.transpose, (x, order), {})


def _typed(x: SymbolicArray, dtype: Any, order: str = "K", casting: str = "", subok: bool = True, copy: bool = True) -> Any:
    found = convert(x, dtype)
    return found.copied() if copy and found is x else found


def _flat(x: SymbolicArray, order: str = "C") -> Any:
    return call(x.session, np.reshape, (x, -1), {})


def _filled(x: SymbolicArray, value: Any) -> None:
    x[...] = value


OWN: dict[str, Callable[..., Any]] = {"reshape": _shaped, "transpose": _transposed, "astype": _typed, "ravel": _flat,
                                      "flatten": lambda x, order="C": _flat(x).copied(), "fill": _filled}
