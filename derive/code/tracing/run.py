"""Running a function on symbolic arrays: NumPy's constructors and a few builtins stand aside, and every branch is taken.

Patches hold while the function runs, and are undone whatever happens.
"""
from __future__ import annotations

import builtins
import dis
import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import numpy as np

from ...kernel.errors import DeriveError
from ...kernel.terms import Term
from .array import Dtype, Size, SymbolicArray
from .blocks import Blocks
from .functions import CONSTRUCTORS, call
from .refusal import Refused
from .session import MOST_PATHS, Decision, Fresh, Session
from .ufuncs import ERF

VECTORIZED: dict[Any, Any] = {math.erf: ERF}
RAISING = (dis.opmap["RAISE_VARARGS"], dis.opmap["RERAISE"])


@dataclass(frozen=True)
class Path:
    """One way through the function: what it returned, or the exception that it raised and where."""
    decisions: tuple[Decision, ...]
    result: Any
    raised: str
    line: int
    fresh: tuple[Fresh, ...]
    written: frozenset[str]

    def about(self, t: Term) -> tuple[Fresh, ...]:
        """The fresh names that a term speaks of, and those that they are made from."""
        own = tuple(f for f in self.fresh if f.name in t.names)
        return own + tuple(g for f in own for u in f.terms for g in self.about(u))


def paths(make: Callable[[tuple[bool, ...]], Session], run: Callable[[Session], Any], namespace: dict[str, Any]) -> list[Path]:
    """Every way through the function. Raises Refused for what cannot be followed."""
    found: list[Path] = []
    todo: list[tuple[bool, ...]] = [()]
    for _ in count():
        if not todo:
            return found
        script = todo.pop()
        session = make(script)
        path = _one(session, run, namespace)
        found.append(path)
        if len(found) > MOST_PATHS:
            raise Refused(f"more than {MOST_PATHS} ways through the function")
        todo += [(*[d.value for d in path.decisions[:n]], True) for n in range(len(script), len(path.decisions))]
    return found


def _one(session: Session, run: Callable[[Session], Any], namespace: dict[str, Any]) -> Path:
    result, raised, line = None, "", 0
    try:
        with patched(session, namespace):
            result = run(session)
    except DeriveError:
        raise
    except Exception as error:
        raised, line = f"{type(error).__name__}: {error}", _line(error, session.filename)
        if not session.refusals and not _deliberate(error, session.filename):
            raise Refused(f"{raised}, on symbolic arrays", line) from error
    if session.refusals:
        raise session.refusals[0]
    return Path(tuple(session.decisions), result, raised, line, tuple(session.fresh.values()), frozenset(session.written))


def _line(error: Exception, filename: str) -> int:
    """The line of the file where an exception was raised."""
    line, tb = 0, error.__traceback__
    while tb is not None:
        if tb.tb_frame.f_code.co_filename == filename:
            line = tb.tb_lineno
        tb = tb.tb_next
    return line


def _deliberate(error: Exception, filename: str) -> bool:
    """Whether the file itself raised it, by a raise or an assert: such a way through is a guard."""
    tb = error.__traceback__
    while tb is not None and tb.tb_next is not None:
        tb = tb.tb_next
    return tb is not None and tb.tb_frame.f_code.co_filename == filename \
        and tb.tb_frame.f_code.co_code[tb.tb_lasti] in RAISING


@contextmanager
def patched(session: Session, namespace: dict[str, Any]) -> Iterator[None]:
    """NumPy's constructors take sizes; len, float, int and sum see symbolic arrays, in the file that is traced."""
    stand_ins = {func: _standing_in(session, func) for func in CONSTRUCTORS}
    before = {func: [name for name in dir(np) if getattr(np, name, None) is func] for func in stand_ins}
    own = {name: value for name, value in namespace.items() if callable(value) and _hashable(value) and value in stand_ins}
    own |= {name: value for name, value in namespace.items() if _vectorized(value) is not None}
    local = {"len": _length, **Blocks(session).names}
    hidden = {name: namespace[name] for name in local if name in namespace}
    try:
        for func, names in before.items():
            for name in names:
                setattr(np, name, stand_ins[func])
        namespace.update({name: _vectorized(value) or stand_ins[value] for name, value in own.items()})
        namespace.update({name: value for name, value in local.items() if name not in hidden})
        yield
    finally:
        for func, names in before.items():
            for name in names:
                setattr(np, name, func)
        namespace.update(own)
        for name in local.keys() - hidden.keys():
            namespace.pop(name, None)


def _vectorized(value: Any) -> Any:
    """A ufunc for np.vectorize of a function of one number that has a term; None for anything else."""
    return VECTORIZED.get(value.pyfunc) if type(value) is np.vectorize and _hashable(value.pyfunc) else None


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _length(x: Any) -> Any:
    """len, which may answer with a size."""
    if type(x) is SymbolicArray and x.shape:
        return x.shape[0]
    return builtins.len(x)


def _standing_in(session: Session, func: Any) -> Callable[..., Any]:
    """A constructor that looks whether its arguments are symbolic; NumPy's own code gets the original."""
    def stand_in(*args: Any, **kwargs: Any) -> Any:
        if sys._getframe(1).f_code.co_filename != session.filename or not _symbolic((*args, *kwargs.values())):
            return func(*args, **kwargs)
        return call(session, func, args, kwargs)
    return stand_in


def _symbolic(values: tuple[Any, ...]) -> bool:
    return any(isinstance(v, Size | Dtype) or type(v) is SymbolicArray or isinstance(v, tuple | list) and _symbolic(tuple(v))
               for v in values)
