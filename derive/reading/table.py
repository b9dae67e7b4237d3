"""What a document has said so far: definitions, names with indices, numbered equations. A table never changes."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from .syntax import (
    Additive,
    Big,
    Environment,
    Group,
    Name,
    Number,
    Product,
    Quotient,
    Related,
    Script,
    Syntax,
    bare,
    children,
    walk,
)

LETTERS = frozenset("abcdfghijklmnopqrstuvwxyz")
STANDARD = frozenset(("log", "exp", "softmax", "sigmoid", "tanh", "relu", "abs", "sqrt", "softplus", "max", "min",
    "logsumexp", "logsoftmax",
                      "diag", "tr"))


@dataclass(frozen=True)
class Definition:
    """name(params)_{letters} := body. `component`: the parameter was written with the index, as in S(x_i)."""
    name: str
    letters: tuple[str, ...]
    params: tuple[str, ...]
    body: Syntax
    component: bool = False

    def mentioned(self) -> frozenset[str]:
        return names(self.body)

    @property
    def of_numbers(self) -> bool:
        """f(x) = ... where x has no index and no transpose on the right side."""
        scripted = any(isinstance(x, Script) and isinstance(x.base, Name) and x.base.text in self.params
                       and (x.sub is not None or x.sup is not None and bare(x.sup) in (Name(0, 0, "T"), Name(0, 0, "⊤")))
                       for x in walk(self.body))
        applied = {x.text for x in walk(self.body) if isinstance(x, Name)} & {"softmax", "logsumexp", "logsoftmax"}
        return bool(self.params) and not self.letters and not self.component and not scripted and not applied


@dataclass(frozen=True)
class Head:
    """The left side of a possible definition."""
    name: str
    letters: tuple[str, ...]
    params: tuple[str, ...]
    component: bool = False


@dataclass(frozen=True)
class Table:
    """definitions by name; `indexed`: names seen with an index; `scalars`: names defined or used as numbers;
    `bold`: names of vectors."""
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    indexed: frozenset[str] = frozenset()
    scalars: frozenset[str] = frozenset()
    bold: frozenset[str] = frozenset()
    seen: frozenset[str] = frozenset()
    seen_before: frozenset[str] = frozenset()                 # before the chain that is being read
    labels: Mapping[str, Syntax] = field(default_factory=dict)
    shapes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    called: frozenset[str] = frozenset()                      # names seen with brackets behind them
    former: Mapping[str, tuple[Definition, ...]] = field(default_factory=dict)
    arrays: frozenset[str] = frozenset()                      # names that somewhere must be vectors or matrices
    sizes: frozenset[str] = frozenset()                       # names that the author says are sizes
    fixed: frozenset[str] = frozenset()                       # letters that stand for one place: the correct class c
    later: tuple[Definition, ...] = ()                        # what the whole document defines, in order
    usual: tuple[Definition, ...] = ()                        # what names mean that the document uses and does not define

    def define(self, d: Definition) -> Table:
        """With a definition; one that the name had before stays known as a former one."""
        old = self.definitions.get(d.name)
        former = self.former if old is None else {**self.former, d.name: (*self.former.get(d.name, ()), old)}
        return replace(self, definitions={**self.definitions, d.name: d}, former=former)

    def also(self, d: Definition) -> Table:
        """Another definition of a name, which is not the one that counts from here on."""
        return replace(self, former={**self.former, d.name: (*self.former.get(d.name, ()), d)})

    def taking(self, name: str, count: int) -> Definition | None:
        """The definition of a function with so many arguments: H(p) and H(p, q) are two."""
        d = self.definitions.get(name)
        other = self.definitions.get(f"{name}/{count}")
        return other if other is not None and (d is None or len(d.params) != count) else d

    def forget(self, name: str) -> Table:
        if name not in self.definitions:
            return self
        former = {**self.former, name: (*self.former.get(name, ()), self.definitions[name])}
        return replace(self, definitions={k: d for k, d in self.definitions.items() if k != name}, former=former)

    def label(self, number: str, side: Syntax) -> Table:
        """The first use of a number counts."""
        return self if number in self.labels else replace(self, labels={**self.labels, number: side})

    def saw(self, side: Syntax) -> Table:
        """The names of a side: with indices, bold, or at all."""
        parts = list(walk(side))
        scripts = [t for t in parts if isinstance(t, Script) and isinstance(t.base, Name) and t.sub is not None
                   and not (t.base.text == "e" and t.sup is not None)]
        indexed = {t.base.text for t in scripts if isinstance(t.base, Name) and subscript_letters(t.sub)}
        bold = {t.text for t in parts if isinstance(t, Name) and t.bold and t.text not in "𝟏𝟎"}
        called = {a.text for t in parts if isinstance(t, Product) for a, b in zip(t.factors, t.factors[1:], strict=False)
                  if isinstance(a, Name) and isinstance(b, Group) and b.bracket == "(" and all(isinstance(bare(p), Name)
                      for p in b.parts)}
        return replace(self, indexed=self.indexed | indexed, bold=self.bold | bold, seen=self.seen | names(side),
                       called=self.called | called)

    def further(self, named: frozenset[str], at: int) -> Mapping[str, Definition]:
        """The definitions that the document gives after a place of names that have none so far."""
        found: dict[str, Definition] = {}
        for d in self.later:
            if d.name in named and d.name not in self.definitions and d.body.start > at:
                found.setdefault(d.name, d)
        return found

    def mentioned(self, *sides: Syntax) -> frozenset[str]:
        """The names in trees and in the definitions behind them."""
        direct = frozenset[str]().union(*map(names, sides))
        return direct.union(*map(self.behind, direct))

    def bodies(self, *sides: Syntax) -> tuple[Syntax, ...]:
        """Trees and the right sides of the definitions behind them."""
        return *sides, *[self.definitions[n].body for n in sorted(self.mentioned(*sides)) if n in self.definitions]

    def behind(self, name: str) -> frozenset[str]:
        """All names that a definition rests on."""
        found, todo = set[str](), [name]
        while todo:
            d = self.definitions.get(todo.pop())
            new = d.mentioned() - found if d is not None else frozenset[str]()
            found |= new
            todo += new
        return frozenset(found)


def names(t: Syntax) -> frozenset[str]:
    """The names in a tree, those that stand only in subscripts excluded."""
    return frozenset(_names(t))


def _names(t: Syntax) -> Iterator[str]:
    match t:
        case Name(text=text):
            yield text
        case Script(base=Big()):
            return
        case Script(base=Name(text=text), sub=sub, sup=sup) if layer(sup):
            yield f"{text}^{layer(sup)}"
        case Script(base=base, sub=sub, sup=sup):
            yield from _names(base)
            label = base.text if isinstance(base, Name) else ""
            if label and sub is not None and _label(sub):
                label = "_".join((label, *map(written, subscript_parts(sub))))
                yield label
            if label and sup is not None and bare(sup) == Number(0, 0, Fraction(2), "2"):
                yield f"{label}^2"
            if sup is not None:
                yield from _names(sup)
        case Environment(rows=rows):
            yield from (x.text for row in rows for cell in row for x in cell if x.kind == "NAME")
        case _:
            for part in children(t):
                yield from _names(part)


def layer(sup: Syntax | None) -> str:
    """The number of a layer in brackets, as in z^{(1)} and W^{[2]}: part of the name. "" for any other superscript."""
    x = bare(sup) if sup is not None else None
    fit = isinstance(x, Group) and x.bracket in ("(", "[") and len(x.parts) == 1
    inner = bare(x.parts[0]) if fit and isinstance(x, Group) else None
    return f"({inner.text})" if isinstance(inner, Number) or isinstance(inner, Name) and inner.text == "L" else ""


def subscript_letters(sub: Syntax | None) -> tuple[str, ...]:
    """The index letters of a subscript such as i, ij, {i,j}, i(j); () where there is something else."""
    found = subscript_parts(sub)
    return tuple(p.text for p in found if isinstance(p, Name)) if all(is_letter(p) for p in found) else ()


def subscript_parts(sub: Syntax | None) -> tuple[Syntax, ...]:
    """The parts of a subscript, each an index or a label. In i(j) the second may be put for the first: it is left out."""
    match sub:
        case None:
            return ()
        case Group(bracket="", parts=parts):
            return tuple(x for p in parts for x in subscript_parts(p))
        case Product(factors=(Name() as first, Group(bracket="(", parts=(Name(),)))):
            return (first,)
        case Product(factors=factors, signs=signs) if not any(signs) and all(isinstance(f, Name | Number) for f in factors):
            return factors
    return (sub,)


def is_letter(t: Syntax) -> bool:
    return isinstance(t, Name) and t.text in LETTERS | {"ℓ"} and not t.bold


def head(t: Syntax) -> Head | None:
    """The left side of a possible definition: x, x_i, x_{ij}, f(x), f(x)_i, f_i(x), f(x_i); None for anything else."""
    match bare(t):
        case Name(text=text) if text not in STANDARD | {"∂", "∇", "𝟏", "𝟎"}:
            return Head(text, (), ())
        case Script(base=Name() as name, sup=sup, primes=0) as whole if layer(sup):
            plain = replace(name, text=f"{name.text}^{layer(sup)}")
            return head(replace(whole, base=plain, sup=None) if whole.sub is not None else plain)
        case Script(base=Name(text=text), sub=sub, sup=None, primes=0) if sub is not None and not _label(sub):
            return Head(text, letters, ()) if _distinct(letters := subscript_letters(sub)) else None
        case Product(signs=("", ""), factors=(Name(text=text), Group() as group)) if opaque(group):
            return Head(f"{text}{written(group)}", (), ())
        case Script(base=Name() as name, sub=sub, sup=None, primes=0) if sub is not None and _label(sub):
            return Head("_".join((name.text, *map(written, subscript_parts(sub)))), (), ())
        case Script(base=Name() as name, sub=sub, sup=sup, primes=0) if sup is not None and (sub is None or _label(sub)) \
                and bare(sup) == Number(0, 0, Fraction(2), "2"):
            return Head("_".join((name.text, *map(written, subscript_parts(sub)))) + "^2", (), ())
        case Product(signs=("", ""), factors=(first, Group(bracket="(", parts=parts))):
            return _application(head(first) or _standard(first), parts, ())
        case Product(signs=("", ""), factors=(first, Script(base=Group(bracket="(", parts=parts), sub=sub, sup=None, primes=0))):
            letters = subscript_letters(sub)
            return _application(head(first) or _standard(first), parts, letters) if _distinct(letters) else None
    return None


def _label(sub: Syntax) -> bool:
    """A subscript without index letters: a number, a word, a capital."""
    found = [bare(p) for p in subscript_parts(sub)]
    return bool(found) and all(isinstance(p, Number) or isinstance(p, Name) and not is_letter(p) for p in found)


def opaque(brackets: Group) -> bool:
    """Whether the arguments of a function say that it is not looked into, as in P(t=1|z)."""
    return brackets.barred or any(isinstance(p, Related) for p in brackets.parts)


def _standard(t: Syntax) -> Head | None:
    return Head(t.text, (), ()) if isinstance(t, Name) and t.text in STANDARD and t.text not in ("log", "exp", "sqrt", "max") \
        else None


def _distinct(letters: tuple[str, ...]) -> bool:
    return bool(letters) and len({*letters}) == len(letters)


def _application(first: Head | None, parts: tuple[Syntax, ...], letters: tuple[str, ...]) -> Head | None:
    if first is None or not parts:
        return None
    if len(parts) == 1 and isinstance(parts[0], Script) and not letters and not first.letters:
        inner = head(parts[0])
        return Head(first.name, inner.letters, (inner.name,), True) if inner is not None and not inner.params else None
    params = [x.text for p in parts for x in [bare(p)] if isinstance(x, Name)]
    if len(params) != len(parts) or len({*params}) < len(params):
        return None
    return Head(first.name, first.letters + letters, tuple(params))


def plain(t: Syntax) -> bool:
    """Whether a tree is a name, with or without indices."""
    t = bare(t)
    return isinstance(t, Name) or isinstance(t, Script) and isinstance(t.base, Name) and t.base.text != "e"


def written(t: Syntax) -> str:
    """A tree as plain text: the name of something that is not looked into."""
    match t:
        case Name(text=text) | Number(text=text):
            return text
        case Script(base=base, sub=sub, sup=sup):
            return written(base) + (f"_{written(sub)}" if sub else "") + (f"^{written(sup)}" if sup else "")
        case Group(parts=parts, bracket=bracket, barred=barred):
            inner = ("|" if barred else ",").join(map(written, parts))
            return f"({inner})" if bracket else inner
        case Related(sides=sides, signs=signs):
            return "".join(a + b for a, b in zip(map(written, sides), (*signs, ""), strict=True))
        case Product(factors=factors, signs=signs):
            return "".join(a + written(b) for a, b in zip(signs, factors, strict=True))
        case Additive(terms=terms, signs=signs):
            return "".join(("-" if sign < 0 else "+") + written(x) for sign, x in zip(signs, terms, strict=True))
        case Quotient(above=above, below=below):
            return f"({written(above)})/({written(below)})"
    return "…"
