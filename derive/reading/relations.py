"""The relation signs that conditions and inequalities may have, and what they are in the kernel."""
from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

RELATIONS = {"=": "eq", "<": "lt", "≤": "le", "≠": "ne"}
T = TypeVar("T")
_TURNED = {">": "<", "≥": "≤"}
SIGNS = (*RELATIONS, *_TURNED)


def turned(sides: Sequence[T], sign: str) -> tuple[str, T, T] | None:
    """The relation in the kernel's own direction: its operator, its left and its right side; None for any other sign or for
    more than two sides."""
    if len(sides) != 2 or sign not in SIGNS:
        return None
    left, right = sides[::-1] if sign in _TURNED else sides
    return RELATIONS[_TURNED.get(sign, sign)], left, right
