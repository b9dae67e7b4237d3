"""Which scripts of a name are indices, which are labels, and powers by numbers."""
from __future__ import annotations

from fractions import Fraction

from .ir import ONE, ZERO, Node, apply, inv, mul, num
from .scope import Scope
from .symbols import Symbols
from .syntax import (
    Group,
    Name,
    Number,
    Script,
    Syntax,
    Unreadable,
    bare,
)
from .table import is_letter, layer, subscript_letters, subscript_parts, written

TRANSPOSE = frozenset(("T", "⊤"))
LABELLED = {"d": frozenset("kvqhm")}                          # d_k is the size of a key, not an entry of d
LARGEST_POWER = 12


class Scripts(Symbols):
    """Names with the indices and labels among their scripts."""

    def labelled(self, name: str, sup: Syntax, t: Script) -> str:
        """A superscript that is no power: part of the name, or dropped where only the name without it is known."""
        if layer(sup):
            return f"{name}^{layer(sup)}"
        text = "".join(x.text for x in [bare(sup)] if isinstance(x, Name | Number))
        full = f"{name}^{text}"
        if full not in self.table.definitions and (name in self.table.definitions or name in self.table.indexed):
            self.note("D005", f"the superscript of {full} is taken as a label and left out", t)
            self.opaque.add(full)
            return name
        return full

    def is_label(self, base: Name, sup: Syntax, s: Scope) -> bool:
        x = bare(sup)
        vector = base.bold or base.text in self.table.bold
        if isinstance(x, Name) and x.text in TRANSPOSE:
            return False
        return isinstance(x, Name) and (x.text in ("·", "+", "-", "⋆", "†") or vector and x.text.isalpha() or x.text == "L"
                                        or len(x.text) > 1 and x.text not in self.table.seen) \
            or isinstance(x, Group) and x.bracket == "[" or isinstance(x, Group) and x.bracket == "(" \
                and not is_letter(x.parts[0])

    def superscript_index(self, base: Name, sup: Syntax | None, s: Scope) -> Node | None:
        """The sample index in x^{(i)}."""
        x = bare(sup) if sup is not None else None
        if isinstance(x, Group) and x.bracket == "(" and len(x.parts) == 1 and is_letter(x.parts[0]):
            return self.index(x.parts[0], s)
        return None

    def subscripted(self, base: Name, sub: Syntax | None, s: Scope) -> tuple[str, list[Node]]:
        """The name with the labels among its subscripts, and its indices."""
        name, indices = base.text, list[Node]()
        for part in subscript_parts(sub):
            part = bare(part)
            letter = is_letter(part) or isinstance(part, Name) and part.text in s.letters
            known = name in self.table.indexed or name in s.held or bool(self.dimensions(name))
            if letter and not (isinstance(part, Name) and part.text in LABELLED.get(name, ()) and part.text not in s.letters) \
                or isinstance(part, Number) and known and not base.bold or isinstance(part, Name) and known \
                    and part.text in ("max", "min"):
                indices.append(self.index(part, s))
            elif isinstance(part, Name) and part.text.lower().replace("-", "") == "onehot":
                continue
            elif isinstance(part, Number | Name):
                name = f"{name}_{part.text}"
            elif isinstance(part, Script) and isinstance(part.base, Name) \
                and not set(subscript_letters(part.sub)) & set(s.letters):
                indices.append(self.index(Name(part.start, part.end, written(part)), s))
            else:
                raise Unreadable(f"the subscript of {name} is not read: a letter, a number or a word is", part.start, part.end)
        return name, indices


def power(base: Node, exponent: Node, t: Syntax) -> Node:
    """Integer and half-integer powers written out, others by way of exponential and logarithm."""
    if exponent.op == "neg" and exponent.args[0].op == "num":
        exponent = num(-exponent.args[0].data)
    if exponent.op == "mul" and all(a.op == "num" for a in exponent.args):
        exponent = num(exponent.args[0].data * exponent.args[1].data)
    if exponent.op == "neg" and exponent.args[0].op == "mul" and all(a.op == "num" for a in exponent.args[0].args):
        exponent = num(-exponent.args[0].args[0].data * exponent.args[0].args[1].data)
    if exponent.op != "num":
        return apply("exp", mul(exponent, apply("log", base)))
    q: Fraction = exponent.data
    if q.denominator == 1 and abs(q) <= LARGEST_POWER:
        found = ONE
        for _ in range(abs(int(q))):
            found = mul(found, base)
        return inv(found) if q < 0 else found
    if q.denominator == 2 and abs(q) <= LARGEST_POWER:
        return power(apply("sqrt", base), num(q * 2), t)
    if base.op == "num" and q.denominator == 1 and abs(q) < 1000:
        return num(base.data ** int(q)) if base.data else ZERO
    return apply("exp", mul(exponent, apply("log", base)))
