"""Terms: immutable, interned, locally nameless (bound indices are numbers, free ones named).

A bound index carries its set; constructors check sorts and sets and do no algebra. Equal terms are identical.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, NoReturn
from weakref import WeakValueDictionary

from .errors import TermError
from .laws.operators import OPERATORS

IndexName = tuple[str, str]                                   # (letter, set)
BINDERS = ("sum", "all")
LARGEST = 200_000                                             # nodes of a term written out; sharing could hide 2**60
_SORT = {name: row.sort for name, row in OPERATORS.items()}
_DATA = {"num": (Fraction,), "size": (str,), "sum": (str,), "all": (str,), "arr": (str,), "meta": (str,),
         "ix": (str, str), "imeta": (str, str), "bd": (int, str), "fun": (str, int)}
_living: WeakValueDictionary[Any, Term] = WeakValueDictionary()


class Term:
    """op(args) with data; `loose` are the bound indices that point outside, `names` the free names it mentions."""

    __slots__ = ("op", "data", "args", "loose", "depth", "names", "weight", "serial", "__weakref__")
    op: str
    data: Any
    args: tuple[Term, ...]
    loose: tuple[tuple[int, str], ...]
    depth: int
    names: frozenset[Any]
    weight: int
    serial: int
    made = 0

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise TermError("terms are immutable")

    def __repr__(self) -> str:
        return show(self)


def sort(t: Term) -> str:
    return _SORT[t.op]


def mk(op: str, data: Any = None, *args: Term) -> Term:
    """The term op<data>(args). Raises TermError when sorts, sets or data do not fit."""
    key = (op, data, args)
    found = _living.get(key)
    if found is not None:
        return found
    _check(op, data, args)
    loose, names = _free(op, data, args)
    weight = (1 + sum(a.weight for a in args)) * (1 + (op in BINDERS))    # a binder counts twice, as a witness at size 2 does
    if weight > LARGEST:
        raise TermError(f"a term of more than {LARGEST} nodes")
    t = Term.__new__(Term)
    for name, value in (("op", op), ("data", data), ("args", args), ("loose", tuple(loose.items())), ("names", frozenset(names)),
                        ("depth", max(loose, default=-1) + 1), ("weight", weight), ("serial", Term.made)):
        object.__setattr__(t, name, value)
    Term.made += 1
    _living[key] = t
    return t


def _check(op: str, data: Any, args: tuple[Term, ...]) -> None:
    if op not in OPERATORS:
        raise TermError(f"no operator {op!r}")
    takes = OPERATORS[op].takes.replace("i*", "i" * len(args))
    if len(takes) != len(args) or any(a.op not in ("arr", "meta") if want == "v" else _SORT[a.op] != want
                                      for want, a in zip(takes, args, strict=True)):
        raise TermError(f"{op} takes {OPERATORS[op].takes or 'nothing'}, found {args}")
    parts = data if type(data) is tuple else () if data is None else (data,)
    if tuple(map(type, parts)) != _DATA.get(op, ()) or "" in parts or any(type(d) is int and d < 0 for d in parts):
        raise TermError(f"{op}: {data!r} does not fit")
    if op in ("delta", "apart", "when", "unless") and args[0].data[1] != args[1].data[1]:
        raise TermError(f"{op} relates an index of {args[0].data[1]} to one of {args[1].data[1]}")


def _free(op: str, data: Any, args: tuple[Term, ...]) -> tuple[dict[int, str], set[Any]]:
    loose: dict[int, str] = {data[0]: data[1]} if op == "bd" else {}
    names: set[Any] = {data} if op in ("ix", "arr") else set()
    for arg in args:
        names |= arg.names
        for level, s in arg.loose:
            if op in BINDERS and level == 0:
                if s != data:
                    raise TermError(f"an index of {s} bound by {op} over {data}")
            elif loose.setdefault(level - (op in BINDERS), s) != s:
                raise TermError(f"one bound index in two sets, {s} and another")
    return loose, names


def num(value: int | str | Fraction) -> Term:
    return mk("num", Fraction(value))


def ix(letter: str, s: str) -> Term:
    return mk("ix", (letter, s))


def bd(level: int, s: str) -> Term:
    return mk("bd", (level, s))


def indices(*terms: Term) -> set[IndexName]:
    """The free indices of terms."""
    return {n for t in terms for n in t.names if type(n) is tuple}


def remap(t: Term, f: Callable[[int, str, int], Term], under: int = 0) -> Term:
    """Apply f(level, set, binders passed) to every bound index that points outside t."""
    if t.depth <= under:
        return t
    if t.op == "bd":
        return f(t.data[0], t.data[1], under)
    return mk(t.op, t.data, *[remap(a, f, under + (t.op in BINDERS)) for a in t.args])


def shift(t: Term, by: int) -> Term:
    """t moved below `by` more binders (by < 0: above them, if it uses none of them)."""
    return remap(t, lambda level, s, _: bd(level + by, s)) if by else t


def open_(t: Term, args: Sequence[Term]) -> Term:
    """Replace the loose indices 0..n-1 by args (the last is level 0) and lower the others by n."""
    def at(level: int, s: str, under: int) -> Term:
        if level >= under + len(args):
            return bd(level - len(args), s)
        arg = args[len(args) - 1 - (level - under)]
        if arg.data[1] != s:
            raise TermError(f"index {arg} of {arg.data[1]} where one of {s} is needed")
        return shift(arg, under)
    return remap(t, at)


def subst_index(t: Term, sub: Mapping[IndexName, Term], under: int = 0) -> Term:
    """Replace free indices by index terms of the same set."""
    if not sub.keys() & t.names:
        return t
    if t.op == "ix":
        return shift(sub[t.data], under)
    return mk(t.op, t.data, *[subst_index(a, sub, under + (t.op in BINDERS)) for a in t.args])


def instantiate(t: Term, sub: Mapping[str, Any], under: int = 0) -> Term:
    """The term of a row with its metavariables replaced; sets are metavariables too (strings that begin with ?)."""
    if t.op in ("meta", "imeta"):
        name, s = (t.data, "") if t.op == "meta" else (t.data[0], sub[t.data[1]])
        value = sub[name]
        if sort(value) != sort(t) or s and value.data[1] != s:
            raise TermError(f"{name} stands for {'an index of ' + s if s else 'a real term'}, found {value}")
        moved = remap(value, lambda level, s, d: bd(level if level < d + len(t.args) else level + under, s))
        return open_(moved, [instantiate(a, sub, under) for a in t.args])
    if t.op == "bd":
        return bd(t.data[0], sub[t.data[1]])
    data = sub[t.data] if type(t.data) is str and t.data[:1] == "?" else t.data
    return mk(t.op, data, *[instantiate(a, sub, under + (t.op in BINDERS)) for a in t.args])


_INFIX = {"add": "+", "mul": "*", "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "apart": "!="}


def show(t: Term) -> str:
    """Linear text with de Bruijn indices: exact and unambiguous, for messages and for `derive replay`."""
    args = [show(a) for a in t.args]
    match t.op:
        case op if op in _INFIX:
            return f"({args[0]} {_INFIX[op]} {args[1]})"
        case "arr" | "meta":
            return t.data + (f"[{','.join(args)}]" if args else "")
        case "num" | "size":
            return str(t.data)
        case "ix" | "imeta" | "bd":
            return ("#" if t.op == "bd" else "") + str(t.data[0])
    name = t.data[0] + "'" * t.data[1] if t.op == "fun" else f"{t.op}_{t.data}" if t.op in BINDERS else t.op
    return f"{name}({', '.join(args)})"
