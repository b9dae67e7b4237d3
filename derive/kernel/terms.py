"""Terms: immutable, interned, locally nameless (bound indices are numbers, free ones named).

A bound index carries its set; constructors check sorts and sets and do no algebra. Equal terms are identical.
"""
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import count
from typing import Any
from weakref import WeakValueDictionary

from .errors import TermError, require
from .laws.operators import OPERATORS, TAKES

IndexName = tuple[str, str]                                   # (letter, set)
BINDERS = tuple(name for name, row in OPERATORS.items() if row.binds)
LARGEST = 200_000                                             # nodes of a term written out; sharing could hide 2**60


@dataclass(frozen=True, eq=False, repr=False, slots=True, weakref_slot=True)
class Term:
    """op(args) with data; `mk` is the one door to it."""
    op: str
    data: Any
    args: tuple["Term", ...]
    loose: tuple[tuple[int, str], ...]                        # the bound indices that point outside, and their sets
    depth: int                                                # how many binders they need
    names: frozenset[Any]                                     # the arrays and free indices that it mentions
    weight: int
    serial: int = field(default_factory=count().__next__)

    def __repr__(self) -> str:
        """Linear text with de Bruijn indices: exact and unambiguous, for messages and for `derive replay`."""
        fun, name = self.op == "fun", str(self.data[0] if type(self.data) is tuple else self.data)
        args, primes = [repr(a) for a in self.args], "'" * self.data[1] if fun else ""
        clear = name.rstrip("" if fun else "'").isidentifier() and not (fun and name.partition("_")[0] in OPERATORS)
        return OPERATORS[self.op].shown.format(*args, data=self.data, name=name if clear else repr(name), primes=primes,
                                               entry=f"[{','.join(args)}]" if args else "")


_living: WeakValueDictionary[Any, Term] = WeakValueDictionary()


def sort(t: Term) -> str:
    return OPERATORS[t.op].sort


def mk(op: str, data: Any = None, *args: Term) -> Term:
    """The term op<data>(args). Raises TermError when sorts, sets or data do not fit."""
    found = _living.get((op, data, args))
    if found is not None:
        return found
    _check(op, data, args)
    binds = op in BINDERS
    used = {(level - binds, s) for a in args for level, s in a.loose}.union([data] if op == "bd" else [])
    loose = tuple(sorted(used - {(-1, data)}))
    fit = not loose or loose[0][0] >= 0 and len(dict(loose)) == len(loose)
    require(fit, TermError, "a bound index of two sets in {} of {}", op, args)
    weight = (1 + sum([a.weight for a in args])) * (1 + binds)            # a witness at size 2 evaluates a body twice
    require(weight <= LARGEST, TermError, "a term of more than {} nodes", LARGEST)
    names = frozenset((data,) if op in ("ix", "arr") else ()).union(*[a.names for a in args])
    t = Term(op, data, args, loose, loose[-1][0] + 1 if loose else 0, names, weight)
    return _living.setdefault((op, data, args), t)


def _check(op: str, data: Any, args: tuple[Term, ...]) -> None:
    require(op in OPERATORS, TermError, "no operator {!r}", op)
    row, sorts = OPERATORS[op], "".join(["v" if a.op in ("arr", "meta") else OPERATORS[a.op].sort for a in args])
    parts = () if data is None else data if type(data) is tuple and len(data) > 1 else (data,)
    fit = tuple(map(type, parts)) == row.data and not any([d == "" or type(d) is int and d < 0 for d in parts])
    fit = fit and TAKES[op].fullmatch(sorts) is not None and (row.takes[:2] != "ii" or args[0].data[1] == args[1].data[1])
    require(fit, TermError, "{} takes {} and {}, indices of one set; found {!r} and {}", op, row.data, row.takes, data, args)


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
    return remap(t, lambda level, s, _: bd(level + by, s)) if by and t.depth else t


def open_(t: Term, args: Sequence[Term]) -> Term:
    """Replace the loose indices 0..n-1 by args (the last is level 0) and lower the others by n."""
    def at(level: int, s: str, under: int) -> Term:
        if level >= under + len(args):
            return bd(level - len(args), s)
        arg = args[len(args) - 1 - (level - under)]
        require(arg.data[1] == s, TermError, "index {} where one of {} is needed", arg, s)
        return shift(arg, under)
    return remap(t, at) if t.depth else t


def subst_index(t: Term, sub: Mapping[IndexName, Term]) -> Term:
    """Replace free indices by index terms of the same set."""
    return _rebuild(t, lambda u, under: u if not sub.keys() & u.names else shift(sub[u.data], under) if u.op == "ix" else None)


def instantiate(t: Term, sub: Mapping[str, Any], under: int = 0) -> Term:
    """The term of a row with its metavariables replaced; sets are metavariables too (strings that begin with ?)."""
    if t.op == "bd":
        return bd(t.data[0], sub[t.data[1]])
    args = [instantiate(a, sub, under + (t.op in BINDERS)) for a in t.args]
    if t.op not in ("meta", "imeta"):
        return mk(t.op, sub[t.data] if type(t.data) is str and t.data[:1] == "?" else t.data, *args)
    name, s = (t.data, "") if t.op == "meta" else (t.data[0], sub[t.data[1]])
    value = sub[name]
    fit = sort(value) == sort(t) and (not s or value.data[1] == s)
    require(fit, TermError, "{} stands for {}, found {}", name, s or "a real term", value)
    return open_(remap(value, lambda level, s, d: bd(level if level < d + len(args) else level + under, s)), args)
