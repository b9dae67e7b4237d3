"""Whether one run of a loop's body speaks for all: read off the source, since the run itself shows one block only.

No name may carry anything from one block to the next or out of the loop, and the loop may not end early.
"""
from __future__ import annotations

import ast
import linecache
import types
from collections.abc import Iterable
from functools import lru_cache
from types import FrameType
from typing import Any

import numpy as np

STATEMENTS = (ast.Assign, ast.AnnAssign, ast.Expr, ast.If, ast.Pass)
SCOPES = (ast.Lambda, ast.GeneratorExp, ast.ListComp, ast.SetComp, ast.DictComp, ast.NamedExpr, ast.Yield, ast.YieldFrom,
          ast.Await)
HARMLESS = (bool, int, float, complex, str, bytes, type(None), types.ModuleType, types.BuiltinFunctionType, type, slice,
            np.ufunc, np.dtype)


def loop_at(frame: FrameType) -> str:
    """Why the loop that a frame is about to run cannot be followed; "" if it can."""
    code = frame.f_code
    found = _loops("".join(linecache.getlines(code.co_filename)), code.co_name, frame.f_lineno)
    if len(found) != 1:
        return "that is not a for statement of its own"
    function, loop = found[0]
    state = [n for n, v in frame.f_locals.items() if not harmless(v)]
    if state:
        return f"in a function whose {state[0]} may carry something from one block to the next"
    return _carried(loop) or _read_outside(function, loop)


@lru_cache(maxsize=64)
def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except SyntaxError:
        return None


@lru_cache(maxsize=256)
def _loops(text: str, name: str, line: int) -> list[tuple[ast.FunctionDef, ast.For]]:
    """The loops `for NAME in range(...)` of a function at a line; none where another range stands there."""
    tree = _parsed(text)
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and _is_range(n) and n.lineno <= line <= (n.end_lineno or 0)] \
        if tree else []
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == name] if tree else []
    loops = [(f, n) for f in functions for n in ast.walk(f) if isinstance(n, ast.For) and n.iter in calls]
    return loops if len(calls) == 1 else []


def _is_range(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "range"


def harmless(value: Any) -> bool:
    """Whether a value keeps nothing that a loop could change: arrays are looked after by their stores."""
    if isinstance(value, tuple):
        return all(map(harmless, value))
    if isinstance(value, types.FunctionType):
        kept = [c.cell_contents for c in value.__closure__ or ()]
        return not value.__dict__ and all(map(harmless, (*kept, *(value.__defaults__ or ()))))
    return isinstance(value, HARMLESS) or type(value).__module__.startswith(__package__ or "?")


def kept(namespace: dict[str, Any]) -> dict[str, str]:
    """What a file keeps in containers."""
    return {name: repr(v) for name, v in namespace.items() if isinstance(v, list | dict | set | bytearray) and name[:2] != "__"}


def _carried(loop: ast.For) -> str:
    """Why a loop's body is not the same for every block, as far as its text says so."""
    if loop.orelse or not isinstance(loop.target, ast.Name):
        return "with an else, or with several variables"
    if any(isinstance(n, SCOPES) for b in loop.body for n in ast.walk(b)):
        return "with a comprehension, a lambda or a generator in it"
    if any(isinstance(n, ast.Attribute) and not isinstance(n.ctx, ast.Load) for b in loop.body for n in ast.walk(b)):
        return "that sets an attribute"
    stored = _stored(loop.body) | {loop.target.id}
    found = _walk(loop.body, stored, {loop.target.id})
    return found if isinstance(found, str) else ""


def _stored(body: Iterable[ast.stmt]) -> set[str]:
    return {n.id for b in body for n in ast.walk(b) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}


def _walk(body: list[ast.stmt], stored: set[str], known: set[str]) -> set[str] | str:
    """The names that are set for sure after a body, or why it is refused."""
    known = set(known)
    for s in body:
        if not isinstance(s, STATEMENTS) and not (isinstance(s, ast.AugAssign) and isinstance(s.target, ast.Subscript)):
            return f"with a statement in it that is refused there ({type(s).__name__})"
        read = s.test if isinstance(s, ast.If) else s
        early = sorted({n.id for n in ast.walk(read) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)} & stored - known)
        if early:
            return f"in which {early[0]} comes from the block before"
        if isinstance(s, ast.If):
            ways = [_walk(b, stored, known) for b in (s.body, s.orelse)]
            for way in ways:
                if isinstance(way, str):
                    return way
            known |= set.intersection(*[w for w in ways if isinstance(w, set)])
        known |= _stored([s]) if not isinstance(s, ast.If) else set()
    return known


def _read_outside(function: ast.FunctionDef, loop: ast.For) -> str:
    """Names of the loop that the function reads elsewhere."""
    inside = {id(n) for b in loop.body for n in ast.walk(b)}
    if any(isinstance(n, ast.Attribute) and not isinstance(n.ctx, ast.Load) for b in loop.body for n in ast.walk(b)):
        return "that sets an attribute"
    stored = _stored(loop.body) | {getattr(loop.target, "id", "")}
    read = sorted({n.id for n in ast.walk(function) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)
                   and id(n) not in inside and n.id in stored})
    return f"whose {read[0]} is read outside of it" if read else ""
