"""Terms: immutable, interned, locally nameless (bound indices are numbers, free ones named).

A bound index carries its set; constructors check sorts and sets and do no algebra. Equal terms are identical.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from typing import Any
from weakref import WeakValueDictionary

from .errors import TermError, require
from .laws.operators import OPERATORS

IndexName = tuple[str, str]                                   # (letter, set)
BINDERS = ("sum", "all")
LARGEST = 200_000                                             # nodes of a term written out; sharing could hide 2**60
_SORT = {name: row.sort for name, row in OPERATORS.items()}
_DATA = {"num": (Fraction,), "size": (str,), "sum": (str,), "all": (str,), "arr": (str,), "meta": (str,),
         "ix": (str, str), "imeta": (str, str), "bd": (int, str), "fun": (str, int)}
_RELATING = ("delta", "apart", "when", "unless")             # two indices of one set
_living: WeakValueDictionary[Any, Term] = WeakValueDictionary()
_serials = count()


@dataclass(frozen=True, eq=False, repr=False, slots=True, weakref_slot=True)
class Term:
    """op(args) with data; `mk` is the one door to it."""
    op: str
    data: Any
    args: tuple[Term, ...]
    loose: tuple[tuple[int, str], ...]                        # the bound indices that point outside, and their sets
    depth: int                                                # how many binders they need
    names: frozenset[Any]                                     # the arrays and free indices that it mentions
    weight: int
    serial: int

    def __repr__(self) -> str:
        return show(self)


def sort(t: Term) -> str:
    return _SORT[t.op]


def mk(op: str, data: Any = None, *args: Term) -> Term:
    """The term op<data>(args). Raises TermError when sorts, sets or data do not fit."""
    found = _living.get((op, data, args))
    if found is not None:
        return found
    _check(op, data, args)
    loose, names = _free(op, data, args)
    weight = (1 + sum(a.weight for a in args)) * (1 + (op in BINDERS))    # a witness at size 2 evaluates a body twice
    require(weight <= LARGEST, TermError, "a term of more than {} nodes", LARGEST)
    t = Term(op, data, args, tuple(loose.items()), max(loose, default=-1) + 1, frozenset(names), weight, next(_serials))
    return _living.setdefault((op, data, args), t)


def _check(op: str, data: Any, args: tuple[Term, ...]) -> None:
    require(op in OPERATORS, TermError, "no operator {!r}", op)
    takes = OPERATORS[op].takes.replace("i*", "i" * len(args))
    fit = len(takes) == len(args) and all(a.op in ("arr", "meta") if want == "v" else _SORT[a.op] == want
                                          for want, a in zip(takes, args, strict=True))
    require(fit, TermError, "{} takes {}, found {}", op, OPERATORS[op].takes or "nothing", args)
    parts = data if type(data) is tuple else () if data is None else (data,)
    fit = tuple(map(type, parts)) == _DATA.get(op, ()) and "" not in parts and not any(type(d) is int and d < 0 for d in parts)
    fit = fit and (op not in _RELATING or args[0].data[1] == args[1].data[1])
    require(fit, TermError, "{}: {!r} or the sets of {} do not fit", op, data, args)


def _free(op: str, data: Any, args: tuple[Term, ...]) -> tuple[dict[int, str], set[Any]]:
    loose: dict[int, str] = {data[0]: data[1]} if op == "bd" else {}
    names: set[Any] = {data} if op in ("ix", "arr") else set()
    for arg in args:
        names |= arg.names
        for level, s in arg.loose:
            bound = op in BINDERS and level == 0
            one = data if bound else loose.setdefault(level - (op in BINDERS), s)
            require(s == one, TermError, "a bound index of {}, and of {}", s, one)
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


def _rebuild(t: Term, at: Callable[[Term, int], Term | None], under: int = 0) -> Term:
    """t with at(subterm, binders passed) in place of each topmost subterm for which it is not None."""
    found = at(t, under)
    return mk(t.op, t.data, *[_rebuild(a, at, under + (t.op in BINDERS)) for a in t.args]) if found is None else found


def remap(t: Term, f: Callable[[int, str, int], Term]) -> Term:
    """Apply f(level, set, binders passed) to every bound index that points outside t."""
    return _rebuild(t, lambda u, under: u if u.depth <= under else f(u.data[0], u.data[1], under) if u.op == "bd" else None)


def shift(t: Term, by: int) -> Term:
    """t moved below `by` more binders (by < 0: above them, if it uses none of them)."""
    return remap(t, lambda level, s, _: bd(level + by, s)) if by else t


def open_(t: Term, args: Sequence[Term]) -> Term:
    """Replace the loose indices 0..n-1 by args (the last is level 0) and lower the others by n."""
    def at(level: int, s: str, under: int) -> Term:
        if level >= under + len(args):
            return bd(level - len(args), s)
        arg = args[len(args) - 1 - (level - under)]
        require(arg.data[1] == s, TermError, "index {} where one of {} is needed", arg, s)
        return shift(arg, under)
    return remap(t, at)


def subst_index(t: Term, sub: Mapping[IndexName, Term]) -> Term:
    """Replace free indices by index terms of the same set."""
    return _rebuild(t, lambda u, under: u if not sub.keys() & u.names else shift(sub[u.data], under) if u.op == "ix" else None)


def instantiate(t: Term, sub: Mapping[str, Any], under: int = 0) -> Term:
    """The term of a row with its metavariables replaced; sets are metavariables too (strings that begin with ?)."""
    if t.op in ("meta", "imeta"):
        name, s = (t.data, "") if t.op == "meta" else (t.data[0], sub[t.data[1]])
        value = sub[name]
        fit = sort(value) == sort(t) and (not s or value.data[1] == s)
        require(fit, TermError, "{} stands for {}, found {}", name, s or "a real term", value)
        moved = remap(value, lambda level, s, d: bd(level if level < d + len(t.args) else level + under, s))
        return open_(moved, [instantiate(a, sub, under) for a in t.args])
    if t.op == "bd":
        return bd(t.data[0], sub[t.data[1]])
    data = sub[t.data] if type(t.data) is str and t.data[:1] == "?" else t.data
    return mk(t.op, data, *[instantiate(a, sub, under + (t.op in BINDERS)) for a in t.args])


_INFIX = {"add": "+", "mul": "*", "eq": "=", "ne": "!=", "lt": "<", "le": "<=", "apart": "!="}
_SHOWN = {"sum": "sum_{}", "all": "all_{}", "bd": "#{}", **dict.fromkeys(_DATA.keys() - {"sum", "all", "bd"}, "{}")}


def show(t: Term) -> str:
    """Linear text with de Bruijn indices: exact and unambiguous, for messages and for `derive replay`."""
    args = [show(a) for a in t.args]
    if t.op in _INFIX:
        return f"({args[0]} {_INFIX[t.op]} {args[1]})"
    name = _SHOWN.get(t.op, t.op).format(*t.data if type(t.data) is tuple else [t.data])
    name += "'" * t.data[1] if t.op == "fun" else ""
    entry = t.op in ("arr", "meta")
    return name if not args else f"{name}[{','.join(args)}]" if entry else f"{name}({', '.join(args)})"
