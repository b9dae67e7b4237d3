"""Loops over blocks of rows: the body runs once, for an arbitrary block, and each row belongs to exactly one.

`for first in range(0, len(x), step)` with step at least 1 and parts `[first:first + step]` cover the rows disjointly. In the body
a part is a view; nothing else from outside may be written, nor read once it is written, so that no block sees another's work.
"""
from __future__ import annotations

import builtins
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .array import Size, SymbolicArray
from .loops import kept, loop_at
from .session import Session


class Whole:
    """A whole number that depends on sizes. Nothing is known of it, and nothing can be done but max(1, it)."""


@dataclass(frozen=True, eq=False)
class Step:
    """A whole number of at least 1 that depends on sizes: how many rows are taken at a time."""

    def __radd__(self, other: Any) -> Any:
        return End(other, self) if isinstance(other, int | Start) else NotImplemented


@dataclass(frozen=True, eq=False)
class Block:
    """Some rows of an axis: those of the set `inner`, a part of the set `outer`."""
    number: int
    outer: str
    inner: Size
    step: int | Step


@dataclass(frozen=True, eq=False)
class Start:
    """Where a block begins."""
    block: Block

    def __add__(self, other: Any) -> Any:
        return End(self, other) if isinstance(other, int | Step) else NotImplemented


@dataclass(frozen=True, eq=False)
class End:
    """`start` + `step`."""
    start: Any
    step: Any


@dataclass
class Blocks:
    """The stand-ins for `range` and `max` while a function is traced."""
    session: Session
    names: dict[str, Callable[..., Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.names = {"range": self.range, "max": self.max}

    def max(self, *args: Any, **kwargs: Any) -> Any:
        """max(1, n) of a whole number is a step."""
        found = [a for a in args if isinstance(a, Whole)]
        if len(args) == 2 and len(found) == 1 and not kwargs and any(isinstance(a, int) and a >= 1 for a in args):
            return Step()
        return builtins.max(*args, **kwargs)

    def range(self, *args: Any) -> Any:
        """range, or the blocks of an axis."""
        if not any(isinstance(a, Size | Step | Whole | SymbolicArray | Start | End) for a in args):
            return builtins.range(*args)
        first, stop, step = args if len(args) == 3 else (0, *args, None)[:3]
        if not (_is(first, 0) and (isinstance(stop, Size) or _is(stop, 1)) and _is_step(step)):
            self.session.refuse(f"range{args}: accepted is range(0, length of an axis, step) with a step of at least 1, such as "
                                "max(1, n)")
        if isinstance(stop, int):
            return builtins.range(1)                          # one row, one block
        caller = sys._getframe(1)
        reason = loop_at(caller)
        if reason:
            self.session.refuse(f"a loop over blocks {reason}")
        return self._one(stop, step, caller.f_globals)

    def _one(self, stop: Size, step: int | Step, namespace: dict[str, Any]) -> Iterator[Start]:
        """One arbitrary block."""
        session, before = self.session, kept(namespace)
        session.opened += 1
        inner = f"{stop.set}:{session.opened}"
        session.outer[inner] = session.outer.get(stop.set, stop.set)
        block = Block(session.opened, stop.set, Size(session, inner), step)
        session.blocks.append(block.number)
        yield Start(block)
        if session.blocks.pop() != block.number or kept(namespace) != before:
            session.refuse("a loop over blocks that leaves something behind")


def _is(value: Any, number: int) -> bool:
    return type(value) is int and value == number


def _is_step(step: Any) -> bool:
    return isinstance(step, Step) or isinstance(step, int) and not isinstance(step, bool) and step >= 1


def part(x: SymbolicArray, place: int, p: slice) -> SymbolicArray | None:
    """x[first:first + step] along an axis, None for other slices. Raises Refused for parts of another axis or step."""
    d, start, stop = x.shape[place], p.start, p.stop
    if isinstance(d, int) and d == 1 and (start is None or _is(start, 0)) and p.step is None and _covers_one(stop):
        return x
    if not isinstance(start, Start):
        return None
    block = start.block
    whole = isinstance(stop, End) and stop.start is start and stop.step == block.step
    if not whole or p.step is not None or not isinstance(d, Size) or d.set != block.outer:
        x.session.refuse(f"a part of the axis of length {d} that is not [first:first + step] of a loop over just that axis")
    return x.cut(place, block)


def _covers_one(stop: Any) -> bool:
    return isinstance(stop, int) and stop >= 1 or isinstance(stop, End) and _is(stop.start, 0)
