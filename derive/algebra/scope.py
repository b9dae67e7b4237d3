"""Which letters are indices, of which sets, and what shape each array has: read off the statement, never guessed.

A set is named after its size: `Sum(..., (k, 1, N))` and `IndexedBase("z", shape=(N,))` speak of the set N.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sympy import Idx, Indexed, Integer, KroneckerDelta, Subs, Sum, Symbol, pi, preorder_traversal
from sympy.core.function import AppliedUndef

from ..kernel.errors import DeriveError
from ..kernel.laws.operators import OPERATORS


class FragmentError(DeriveError):
    """A SymPy expression outside the fragment that derive reads; the message names the subexpression."""


class StatementError(DeriveError):
    """A statement that does not say enough, or contradicts itself, about names, sets or shapes."""


ALIKE = {"eps": "epsilon"}                                    # names that are printed as the same letter
FURTHER = "jklmnpqrst"                                        # letters that printers give to bound indices


@dataclass
class Scope:
    """letters: index symbol -> set; shapes: array -> sets (None: not known yet); sizes: the size symbols by set;
    functions: the abstract ones."""
    letters: dict[Any, str] = field(default_factory=dict)
    shapes: dict[str, list[str | None]] = field(default_factory=dict)
    sizes: dict[str, Any] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)

    def set_of(self, letter: Any) -> str:
        if letter not in self.letters:
            raise StatementError(f"index {letter}: of which set? give its array a shape, as in IndexedBase('z', shape=(N,))")
        return self.letters[letter]

    def shape(self, name: str) -> tuple[str, ...]:
        sets = self.shapes.get(name, [])
        if None in sets:
            raise StatementError(f"array {name}: the set of its index {sets.index(None) + 1} is not known; give it a shape")
        return tuple(s for s in sets if s is not None)

    def learn(self, letter: Any, s: str) -> bool:
        """Note the set of a letter; whether that is new."""
        if self.letters.setdefault(letter, s) != s:
            raise StatementError(f"index {letter} is used in {self.letters[letter]} and in {s}")
        return True


def _size(scope: Scope, bound: Any) -> str:
    if not isinstance(bound, Symbol):
        raise FragmentError(f"{bound} is not the size of an index set; sums run from 1 to a symbol such as N")
    scope.sizes[str(bound)] = bound
    return str(bound)


def _roles(e: Any, bound: frozenset[Any] = frozenset()) -> Iterator[tuple[str, Any]]:
    """What each name in e stands for: an index, an array, a function or a number (a scalar or a size)."""
    if e in bound:
        return
    if isinstance(e, Symbol | Idx):
        yield ("index" if isinstance(e, Idx) else "number"), e
    elif isinstance(e, Indexed | KroneckerDelta):
        letters = e.indices if isinstance(e, Indexed) else e.args
        yield from (("index", i) for i in letters if isinstance(i, Symbol | Idx) and i not in bound)
        if isinstance(e, Indexed):
            yield from (("array", e.base.label), *(role for s in e.base.shape or () for role in _roles(s)))
    elif isinstance(e, Subs):
        yield from (role for a in (e.expr, *e.point) for role in _roles(a, bound | {*e.variables}))
    elif isinstance(e, Sum):
        yield from _roles(e.function, bound | {limit[0] for limit in e.limits})
        yield from (role for limit in e.limits for bounds in limit[1:] for role in _roles(bounds))
    else:
        yield from [("function", e.func)] if isinstance(e, AppliedUndef) else []
        yield from (role for a in e.args for role in _roles(a, bound))


def _named_apart(roles: Iterable[tuple[str, Any]]) -> None:
    """Raise unless each name is plain and stands for one thing: SymPy tells symbols apart that print alike, a reader cannot."""
    known: dict[str, tuple[str, Any]] = {}
    for role, thing in roles:
        name = str(thing)
        if not (name.isidentifier() and name.isascii()) or name.startswith("_"):
            raise StatementError(f"the name {name} ({role}): names are letters, digits and _, and begin with a letter; Greek "
                                 "letters are spelled out, as in alpha")
        if role == "function" and name in OPERATORS:
            raise StatementError(f"the name {name} ({role}) is that of an operator; an abstract function needs another")
        if role == "number" and name == "e":
            raise StatementError("the name e (number) would be printed like the base of the exponential function")
        before = known.setdefault(name, (role, thing))
        if before[0] != role:
            raise StatementError(f"{name} is used as {before[0]} and as {role}")
        if before[1] != thing:
            raise StatementError(f"two different symbols are called {name}: {_assumed(before[1])} and {_assumed(thing)}")
    for name in known:
        head, _, tail = name.rpartition("_")
        if head in known and (len(tail) <= 2 or len(tail) <= 4 and {*tail} <= {*FURTHER, *filter(_is_letter, known)}):
            raise StatementError(f"{name} would be printed like {head} with an index; give it another name")
        if ALIKE.get(name) in known:
            raise StatementError(f"{name} would be printed like {ALIKE[name]}; give one of them another name")


def _is_letter(name: str) -> bool:
    return len(name) == 1


def _assumed(thing: Any) -> str:
    """A symbol with the assumptions that it was made with."""
    assumed = getattr(thing, "assumptions0", {})
    parts = [str(thing), *[k for k in ("integer", "positive", "real") if assumed.get(k)]]
    return f"{type(thing).__name__}({', '.join(parts)})"


def infer(expressions: Iterable[Any]) -> Scope:
    """The scope of expressions whose bound indices are fresh. Raises StatementError where they contradict each other."""
    expressions = list(expressions)
    _named_apart(role for e in expressions for role in _roles(e))
    if any(e.has(pi) for e in expressions) and any(str(n) == "pi" for e in expressions for n in e.free_symbols):
        raise StatementError("the name pi would be printed like the number pi, which the statement uses too")
    scope, nodes = Scope(), [n for e in expressions for n in preorder_traversal(e)]
    scope.functions = {str(n.func) for n in nodes if isinstance(n, AppliedUndef)}
    for node in nodes:
        if isinstance(node, Sum):
            for letter, low, high in node.limits:
                if low != 1:
                    raise FragmentError(f"{node}: sums run over a whole set, from 1 to its size; {letter} begins at {low}")
                scope.learn(letter, _size(scope, high))
        elif isinstance(node, Idx) and node.upper is not None and node.lower is not None:
            scope.learn(node, _size(scope, node.upper - node.lower + 1))
    for node in nodes:
        if isinstance(node, Indexed):
            _shape(scope, node)
            if len(node.indices) == 2 and str(node.base.label) in ("delta", "δ"):
                raise StatementError(f"{node} would be printed like the Kronecker delta; give the array another name")
    while any([_spread(scope, node) for node in nodes if isinstance(node, Indexed | KroneckerDelta)]):
        pass
    return scope


def _shape(scope: Scope, node: Indexed) -> None:
    name, declared = str(node.base.label), node.base.shape
    sets: list[str | None] = [_size(scope, s) for s in declared] if declared else [None] * len(node.indices)
    known = scope.shapes.setdefault(name, sets)
    if len(known) != len(node.indices) or any(a != b for a, b in zip(known, sets, strict=True) if a and b):
        raise StatementError(f"{node}: {name} is used with {len(node.indices)} indices and with the sets {known}")


def _spread(scope: Scope, node: Any) -> bool:
    """Carry what is known between the letters and the axes of one node; whether something was learnt."""
    before = (len(scope.letters), str(scope.shapes))
    if isinstance(node, KroneckerDelta):
        known = [scope.letters[i] for i in node.args if i in scope.letters]
        for i in node.args:
            if known and not isinstance(i, Integer):
                scope.learn(i, known[0])
    else:
        axes = scope.shapes[str(node.base.label)]
        for n, i in enumerate(node.indices):
            s = axes[n]
            if s is not None and isinstance(i, Symbol | Idx):
                scope.learn(i, s)
            elif s is None and i in scope.letters:
                axes[n] = scope.letters[i]
    return before != (len(scope.letters), str(scope.shapes))
