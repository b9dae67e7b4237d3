"""What a certificate says, read back from its text: definitions and theorems as terms of the kernel, to be compared.

The reader has its own grammar and knows nothing of how terms were printed, but for the names. Below a derivative by z[i]
only `upd z i t` is z; a plain z there would be another statement, and is refused.
"""
from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from typing import Any

from lark import Lark, Token, Tree
from lark.exceptions import LarkError

from ..kernel.conditions import nonempty
from ..kernel.context import FUNCTION, Context
from ..kernel.errors import require
from ..kernel.terms import Term, bd, ix, mk, num, shift
from .errors import NotCertified
from .names import Names
from .operators import SPELLING
from .statement import type_of

GRAMMAR = r"""
?start: prop
?prop: "forall" (binder+ | IDENT) "," prop -> forall
     | relation "->" prop                  -> implies
     | relation
binder: "(" IDENT ":" type ")"
type: IDENT ("->" IDENT)*
?relation: real SIGN real -> relation
         | real
?real: real "+" product -> add
     | real "-" product -> sub
     | product
?product: product "*" unary -> mul
        | product "/" unary -> div
        | unary
?unary: "-" unary -> neg
      | "/" unary -> inv
      | apply
?apply: atom
      | atom atom+ -> apply
?atom: IDENT -> name
     | NUMBER -> number
     | NUMBER "%nat" -> natural
     | "(" prop ")"
     | "(" prop ")" "%nat" -> nat
     | "(" "fun" IDENT [":" IDENT] "=>" prop ")" -> function
SIGN: "=" | "<>" | "<=" | "<"
NUMBER.2: /-?\d+(\/\d+)?/
IDENT: /[A-Za-z][A-Za-z0-9_']*/
%ignore /\s+/
"""
SIGNS = {"=": "eq", "<>": "ne", "<": "lt", "<=": "le"}
FUNCTIONS = {row.spelled: row.name for row in SPELLING.values() if row.shape == "function" and row.name not in ("size", "delta")}
Node = Any                                                    # a tree of the grammar


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, parser="lalr", maybe_placeholders=True)


def parsed(text: str) -> Node:
    """The tree of a proposition or a term. Raises NotCertified with what cannot be read."""
    try:
        return _parser().parse(text)
    except LarkError as e:
        raise NotCertified(f"the certificate does not read back: {' '.join(str(e).split())[:200]} in {text[:200]}") from e


@dataclass(frozen=True)
class Reader:
    """Identifiers at a place: arrays and their present value, index sets, indices (free, or bound at a depth)."""
    ctx: Context
    arrays: Mapping[str, str]
    sets: Mapping[str, str]
    indices: Mapping[str, Term]
    values: Mapping[str, Node] = field(default_factory=dict)
    bound: tuple[tuple[str, str], ...] = ()                   # variables of bound indices with their sets, innermost last
    binders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)      # of each definition: sizes and variables

    # ---------------------------------------------------------------- conditions
    def condition(self, n: Node) -> Term:
        match n.data:
            case "forall":
                k, body = _text(n.children[0]), n.children[1]
                require(body.data == "implies" and body.children[0].data == "nat", NotCertified, "no range for {}", k)
                low, _, high = body.children[0].children[0].children
                require(self._name(low) == k, NotCertified, "the range of {} is about another index", k)
                s = self.sets[self._name(high)]
                return mk("all", s, self._bind(k, s).condition(body.children[1]))
            case "implies":
                guard = n.children[0]
                i, sign, j = guard.children
                kind = {"=": "when", "<>": "unless"}[str(sign)]
                return mk(kind, None, self.index(i), self.index(j), self.condition(n.children[1]))
            case "nat":
                low, _, high = n.children[0].children
                require(_text(low.children[0]) == "0", NotCertified, "a bound {} of a size", low)
                return nonempty(self.sets[self._name(high)])
            case "relation":
                left, sign, right = n.children
                if self._is_index(left):
                    require(str(sign) == "<>", NotCertified, "indices compared by {}", sign)
                    return mk("apart", None, self.index(left), self.index(right))
                return mk(SIGNS[str(sign)], None, self.real(left), self.real(right))
        raise NotCertified(f"{n.data} where a condition is needed")

    # ---------------------------------------------------------------- real terms
    def real(self, n: Node) -> Term:
        match n.data:
            case "number":
                return num(Fraction(str(n.children[0])))
            case "add" | "mul":
                return mk(n.data, None, *map(self.real, n.children))
            case "sub" | "div":
                a, b = map(self.real, n.children)
                outer, inner = {"sub": ("add", "neg"), "div": ("mul", "inv")}[n.data]
                return mk(outer, None, a, mk(inner, None, b))
            case "neg" | "inv":
                return mk(n.data, None, self.real(n.children[0]))
            case "name" | "apply":
                head, *arguments = [n] if n.data == "name" else n.children
                return self._applied(head, arguments)
        raise NotCertified(f"{n.data} where a real number is needed")

    def _applied(self, head: Node, arguments: list[Node]) -> Term:
        if head.data == "apply":                              # (upd z i t) j: an array below a derivative
            return self._entry(self._array(head), arguments)
        name = self._name(head)
        match name:
            case "Sum":
                s, body = self.sets[self._name(arguments[0])], arguments[1]
                k = _text(body.children[0])
                return mk("sum", s, self._bind(k, s).real(body.children[2]))
            case "delta":
                return mk("delta", None, *map(self.index, arguments))
            case "INR":
                return mk("size", self.sets[self._name(arguments[0])])
            case "Derive":
                return self.derivative(*arguments)
        if name in FUNCTIONS:
            return mk(FUNCTIONS[name], None, *map(self.real, arguments))
        return self._symbol(name, head, arguments)

    def _symbol(self, name: str, head: Node, arguments: list[Node]) -> Term:
        known = self.arrays.get(name)
        if known is not None and known in self.ctx.definitions:
            return self._defined(known, arguments)
        if known is not None and self.ctx.arrays[known] == FUNCTION:
            order, argument = arguments
            return mk("fun", (known, int(_text(order))), self.real(argument))
        return self._entry(self._array(head), arguments)

    def derivative(self, function: Node, point: Node) -> Term:
        """D body / variable from the function of one real variable and the point."""
        variable, t = self.real(point), _text(function.children[0])
        require(variable.op == "arr", NotCertified, "a derivative by {}", variable)
        places = [] if point.data == "name" else point.children[1:]
        now = self.values.get(variable.data, _name_node(self._ident(variable.data)))
        value = _updated(now, list(places), _name_node(t))
        inner = replace(self, values={**self.values, variable.data: value})
        return mk("D", None, inner.real(function.children[2]), variable)

    def _defined(self, name: str, arguments: list[Node]) -> Term:
        """A defined symbol: its sizes and the present values of its variables, each in its place, then its indices."""
        rank, binders = len(self.ctx.definitions[name][0]), self.binders[name]
        require(len(arguments) == len(binders) + rank, NotCertified, "{} takes {} and {} indices", name, binders, rank)
        for ident, n in zip(binders, arguments, strict=False):
            fit = self._name(n) == ident if ident in self.sets else self._stands_for(ident, n)
            require(fit, NotCertified, "{} stands where {} takes {}", n, name, ident)
        return mk("arr", name, *map(self.index, arguments[len(binders):]))

    def _stands_for(self, ident: str, n: Node) -> bool:
        name = self.arrays[ident]
        return bool(n == self.values.get(name, _name_node(ident)))

    def _entry(self, name: str, at: list[Node]) -> Term:
        places, sets = [*map(self.index, at)], self.ctx.arrays.get(name)
        require(tuple(i.data[1] for i in places) == sets, NotCertified, "{} has the indices {}, found {}", name, sets, places)
        return mk("arr", name, *places)

    def _array(self, n: Node) -> str:
        """The array that a node stands for: it must be the present value of it."""
        base = n
        while base.data == "apply":
            base = base.children[1] if _is_name(base.children[0], "upd") else base.children[0]
        ident = self._name(base)
        owners = [name for name, value in self.values.items() if value == n]
        name = owners[0] if owners else self.arrays.get(ident)
        require(name is not None and self.values.get(name, _name_node(self._ident(name))) == n, NotCertified,
                "{} is not the present value of an array", ident)
        assert name is not None
        return name

    # ---------------------------------------------------------------- names
    def index(self, n: Node) -> Term:
        name = self._name(n)
        for level, (letter, s) in enumerate(reversed(self.bound)):
            if letter == name:
                return bd(level, s)
        require(name in self.indices, NotCertified, "{} is not an index", name)
        i = self.indices[name]
        return shift(i, len(self.bound)) if i.op == "bd" else i

    def _is_index(self, n: Node) -> bool:
        return n.data == "name" and (self._name(n) in self.indices or self._name(n) in dict(self.bound))

    def _bind(self, letter: str, s: str) -> Reader:
        return replace(self, bound=(*self.bound, (letter, s)))

    def _ident(self, name: str) -> str:
        return next(ident for ident, known in self.arrays.items() if known == name)

    def _name(self, n: Node) -> str:
        require(n.data == "name", NotCertified, "{} where a name is needed", n.data)
        return _text(n.children[0])


def _text(n: Node) -> str:
    return str(n.children[0]) if isinstance(n, Tree) else str(n)


def _is_name(n: Node, name: str) -> bool:
    return bool(n.data == "name" and _text(n.children[0]) == name)


def _name_node(name: str) -> Node:
    return Tree("name", [Token("IDENT", name)])


def _updated(array: Node, places: list[Node], value: Node) -> Node:
    """upd z i t; upd w i (upd (w i) j t)."""
    if not places:
        return value
    inner = _updated(Tree("apply", [array, places[0]]), places[1:], value)
    return Tree("apply", [_name_node("upd"), array, places[0], inner])


def reader(ctx: Context, names: Names) -> Reader:
    """A reader of the identifiers of a certificate. Raises NotCertified if two things have one name."""
    every = [*names.arrays.values(), *names.sets.values(), *names.indices.values()]
    require(len(every) == len(set(every)), NotCertified, "two things of the certificate have one name")
    return Reader(ctx, {ident: name for name, ident in names.arrays.items()}, {ident: s for s, ident in names.sets.items()},
                  {ident: ix(*i) for i, ident in names.indices.items()})


# ---------------------------------------------------------------- the text of a certificate
@dataclass(frozen=True)
class Read:
    """A theorem as read: binders with their types, premises of each kind, conclusion."""
    binders: tuple[tuple[str, str], ...]
    smooth: frozenset[str]
    ranges: frozenset[tuple[str, str]]
    hypotheses: frozenset[Term]
    conclusion: Term


def theorems(text: str, names: Reader) -> dict[str, Read]:
    """The theorems (not the lemmas) of a certificate."""
    found = re.findall(r"^Theorem ([\w']+) : (.*?)\.\nProof\.", text, re.MULTILINE | re.DOTALL)
    return {ident: _theorem(parsed(body), names) for ident, body in found}


def _theorem(n: Node, names: Reader) -> Read:
    binders: tuple[tuple[str, str], ...] = ()
    if n.data == "forall":
        binders = tuple((_text(b.children[0]), " -> ".join(map(str, b.children[1].children))) for b in n.children[:-1])
        n = n.children[-1]
    smooth, ranges, hypotheses = set[str](), set[tuple[str, str]](), set[Term]()
    while n.data == "implies":
        premise, n = n.children
        if premise.data == "apply" and _is_name(premise.children[0], "Smooth"):
            smooth.add(_text(premise.children[1]))
        elif premise.data == "nat" and _text(premise.children[0].children[0].children[0]) != "0":
            low, _, high = premise.children[0].children
            ranges.add((_text(low), _text(high)))
        else:
            hypotheses.add(names.condition(premise))
    return Read(binders, frozenset(smooth), frozenset(ranges), frozenset(hypotheses), _conclusion(n, names))


def _conclusion(n: Node, names: Reader) -> Term:
    if n.data != "apply":
        return names.condition(n)
    head, function, point, value = n.children
    require(_is_name(head, "is_derive"), NotCertified, "a theorem about {}", head)
    return mk("eq", None, names.derivative(function, point), names.real(value))


PRINTED = re.compile(r"^Definition ([\w']+)((?: \([^()]*\))*) : R :=\n(.*?)\.\n", re.MULTILINE | re.DOTALL)
BINDER = re.compile(r"\(([\w']+) : ([^()]*)\)")


def with_definitions(text: str, names: Reader) -> Reader:
    """A reader that knows what each definition of a certificate takes. Raises NotCertified for a binder of another type."""
    found = {}
    for ident, binders, _ in PRINTED.findall(text):
        name = names.arrays[ident]
        taken = BINDER.findall(binders)[:-len(names.ctx.definitions[name][0]) or None]
        for b, kind in taken:
            expected = "nat" if b in names.sets else type_of(names.ctx, names.arrays[b])
            require(kind == expected, NotCertified, "{} : {} where {} is expected", b, kind, expected)
        found[name] = tuple(b for b, _ in taken)
    return replace(names, binders=found)


def definitions(text: str, names: Reader) -> dict[str, Term]:
    """The bodies of the definitions of a certificate, with loose indices, by the name of the kernel."""
    found = {}
    for ident, binders, body in PRINTED.findall(text):
        name = names.arrays[ident]
        sets, letters = names.ctx.definitions[name][0], BINDER.findall(binders)[len(names.binders[name]):]
        require([kind for _, kind in letters] == ["nat"] * len(sets), NotCertified, "{} has the indices {}", ident, letters)
        found[name] = replace(names, bound=tuple(zip([k for k, _ in letters], sets, strict=True))).real(parsed(body))
    return found
