"""From syntax to values: names, scripts, brackets, sums of terms and products of factors, under what the table says.

Raises Unreadable where nothing sound can be said; what was assumed on the way is in `notes`.
"""
from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from . import derivatives, ellipsis, functions, indicators, norms, standard, sums
from .ir import ONE, ZERO, Node, Value, add, apply, inv, mul, neg, num, scalar
from .scope import Scope
from .scripts import TRANSPOSE, Scripts, power
from .syntax import (
    Additive,
    Big,
    Dots,
    Environment,
    Group,
    Name,
    Number,
    Product,
    Quotient,
    Reference,
    Related,
    Root,
    Script,
    Syntax,
    Unreadable,
    bare,
)
from .table import is_letter


class Elaborator(Scripts):
    """One step, from syntax to values, under what a table says."""

    def value(self, t: Syntax, s: Scope) -> Value:
        """What a tree stands for. Raises Unreadable."""
        match t:
            case Number(value=value):
                return scalar(num(value))
            case Name():
                return self.name(t, s)
            case Script():
                return self.script(t, s)
            case Group():
                return self.group(t, s)
            case Quotient():
                return self.quotient(t, s)
            case Root():
                return self.root(t, s)
            case Product():
                return self.product(t, s)
            case Additive():
                return self.additive(t, s)
            case Environment():
                return indicators.environment(self, t, s)
            case Reference(number=number):
                return self.reference(t, number, s)
            case Big():
                return sums.abbreviated(self, t, s)
            case Dots():
                raise Unreadable("dots in the place of a term", t.start, t.end)
        raise Unreadable("a relation in the place of a term", t.start, t.end)

    def reference(self, t: Syntax, number: str, s: Scope) -> Value:
        if number not in self.table.labels:
            raise Unreadable(f"no equation before has the number ({number})", t.start, t.end)
        return self.value(self.table.labels[number], s)

    def name(self, t: Name, s: Scope) -> Value:
        text = t.text
        if text in s.params:
            return s.params[text]
        if text in s.letters or text in self.free and text not in self.table.seen:
            raise Unreadable(f"the index {text} stands in the place of a number", t.start, t.end)
        if text in ("𝟏", "𝟎"):
            one = ONE if text == "𝟏" else ZERO
            return Value(self.sets.new(), None, lambda i, j: one)
        if text in ("∂", "∇", "∞", "±", "∅", "′") or text in standard.ONE_ARGUMENT:
            raise Unreadable(f"{text} without what it applies to", t.start, t.end)
        if text == "e" and "e" not in self.table.definitions and "e" not in self.table.indexed:
            return scalar(apply("exp", ONE))
        if text == "I" and "I" not in self.table.definitions and "I" not in self.table.indexed:
            rows = self.sets.new()
            return Value(rows, rows, lambda i, j: Node("delta", None, (i, j)) if i is not None and j is not None else ONE)
        if f"{text}^2" in self.table.definitions and text not in self.table.definitions:
            return self.algebra.map(lambda x: apply("sqrt", x), self.symbol(f"{text}^2", t, s))
        return self.symbol(text, t, s)

    def script(self, t: Script, s: Scope) -> Value:
        base = bare(t.base)
        if isinstance(base, Big):
            return sums.abbreviated(self, t, s)
        special = indicators.indicator(self, t, s) or self._slip(t, s)
        if special is not None:
            return special
        if isinstance(base, Name) and base.text not in s.params:
            return self._scripted_name(t, base, s)
        if isinstance(base, Group) and base.bracket in ("|", "‖") and norms.is_norm(t):
            return norms.norm(self, t, base, s)
        if t.primes:
            return self.powered(derivatives.primed(self, replace(t, sub=None, sup=None), s), replace(t, primes=0), s)
        v = self.value(base, s)
        if t.sub is not None:
            v = self.component(v, t.sub, s)
        return self.powered(v, t, s)

    def _slip(self, t: Script, s: Scope) -> Value | None:
        """e^z_k is e with both scripts; what is meant is the exponential of z_k."""
        base = bare(t.base)
        if isinstance(base, Name) and base.text == "e" and t.sub is not None and t.sup is not None \
            and "e" not in self.table.indexed:
            self.note("D005", "the subscript stands on e, not on the exponent: write e^{z_k}; read so", t, caps=False)
            return self.value(replace(t, sub=None, sup=Script(t.sup.start, t.sub.end, bare(t.sup), t.sub)), s)
        return None

    def exponent(self, x: Syntax, s: Scope) -> Value:
        """The exponent of e; an index letter alone is a slip for an entry of the only vector that stands in exponents."""
        alone = isinstance(x, Name) and (x.text in s.letters or is_letter(x) and x.text in self.free)
        if alone and len(self.exponents) == 1 and isinstance(x, Name):
            name = next(iter(self.exponents))
            self.note("D005", f"the index {x.text} stands in the exponent; read as {name}_{x.text}", x)
            return self.value(Script(x.start, x.end, Name(x.start, x.end, name), x), s)
        return self.value(x, s)

    def _scripted_name(self, t: Script, base: Name, s: Scope) -> Value:
        if base.text == "e" and t.sub is None and t.sup is not None and "e" not in self.table.definitions:
            return self.algebra.map(lambda x: apply("exp", x), self.exponent(bare(t.sup), s))
        if t.primes:
            raise Unreadable(f"{base.text} with a prime but no argument", t.start, t.end)
        name, indices = self.subscripted(base, t.sub, s)
        sup = t.sup
        if sup is not None and f"{name}^2" in {*self.table.definitions, *s.held} and not indices:
            if bare(sup) == Number(0, 0, Fraction(2), "2"):
                return self.symbol(f"{name}^2", t, s)
        if sup is None and not indices and f"{name}^2" in self.table.definitions and name not in self.table.definitions:
            return self.algebra.map(lambda x: apply("sqrt", x), self.symbol(f"{name}^2", t, s))
        extra = self.superscript_index(base, sup, s)
        if extra is not None:
            return self.component_of(name, [*indices, extra], t, s)
        if sup is not None and self.is_label(base, sup, s):
            name, sup = self.labelled(name, sup, t), None
        if not indices:
            v = self.symbol(name, t, s) if name != base.text else self.name(base, s)
        else:
            v = self.component_of(name, indices, t, s)
        return self.powered(v, replace(t, sup=sup), s)

    def powered(self, v: Value, t: Script, s: Scope) -> Value:
        if t.sup is None:
            return v
        x = bare(t.sup)
        if isinstance(x, Name) and x.text in TRANSPOSE and not isinstance(t.base, Number):
            return self.algebra.transpose(v)
        if isinstance(x, Name) and x.text == "′":
            return derivatives.primed(self, replace(t, sup=None, primes=1), s)
        if not v.scalar:
            raise Unreadable(f"a power of {self.algebra.shape(v)}", t.start, t.end)
        return scalar(power(v.node, self.number(x, s), t))

    def group(self, t: Group, s: Scope) -> Value:
        if t.bracket == "[" and len(t.parts) == 1 and isinstance(t.parts[0], Related):
            return scalar(indicators.condition(self, t.parts[0], s))
        if len(t.parts) != 1:
            raise Unreadable("a list in the place of a number", t.start, t.end)
        if isinstance(t.parts[0], Related):
            self.note("D005", "a relation in the place of a number is taken as 1 where it holds, else 0", t, caps=False)
            return scalar(indicators.condition(self, t.parts[0], s))
        v = self.value(t.parts[0], s)
        if t.bracket in ("|", "‖"):
            return norms.length(self, v, t)
        if t.bracket not in ("", "(", "[", "{", "□"):
            raise Unreadable(f"brackets {t.bracket} are not read", t.start, t.end)
        return v

    def quotient(self, t: Quotient, s: Scope) -> Value:
        found = derivatives.leibniz(self, t, s)
        if found is not None:
            return found
        above, below = self.value(t.above, sums.counted(self, t.below, s)), self.value(t.below, s)
        if not below.scalar and above.scalar:
            raise Unreadable(f"a division by {self.algebra.shape(below)}", t.start, t.end)
        return self.algebra.combine(lambda a, b: mul(a, inv(b)), above, below, t, "quotient")

    def root(self, t: Root, s: Scope) -> Value:
        if t.degree is not None and not (isinstance(t.degree, Number) and t.degree.value == 2):
            raise Unreadable("only square roots are read", t.start, t.end)
        return self.algebra.map(lambda x: apply("sqrt", x), self.value(t.body, s))

    def additive(self, t: Additive, s: Scope) -> Value:
        t = sums.signed_bodies(t)
        if any(isinstance(x, Dots) for x in t.terms):
            return ellipsis.total(self, t, s)
        t = sums.reaching(self, t, s)
        total: Value | None = None
        for sign, term in zip(t.signs, t.terms, strict=True):
            v = self.value(term, s)
            v = self.algebra.map(neg, v) if sign < 0 else v
            total = v if total is None else self.added(total, v, term)
        assert total is not None
        return total

    def added(self, a: Value, b: Value, t: Syntax) -> Value:
        if a.scalar != b.scalar:
            self.note("D005", "a number is added to every entry", t, caps=False)
        return self.algebra.combine(lambda x, y: add(x, y), a, b, t, "sum")

    def product(self, t: Product, s: Scope) -> Value:
        items = list(zip(t.signs, t.factors, strict=True))
        if len(items) > 1 and all(isinstance(x, Group) and x.bracket == "□" for x in t.factors):
            raise Unreadable("a list of numbers in the place of a number", t.start, t.end)
        mean = next((x.below for x in t.factors if isinstance(x, Quotient) and isinstance(bare(x.above), Number)), None)
        s = s if mean is None else sums.counted(self, mean, s)
        total, n = self.factor(items, 0, s)
        while n < len(items):
            sign = items[n][0]
            right, n = self.factor(items, n, s)
            right = self.algebra.map(neg, right) if sign[-1:] == "-" else right
            total = self.multiplied(total, sign.rstrip("-"), right, t)
        return total

    def multiplied(self, a: Value, op: str, b: Value, t: Syntax) -> Value:
        match op:
            case "/" | "⊘":
                if not b.scalar and op == "/":
                    raise Unreadable(f"a division by {self.algebra.shape(b)}", t.start, t.end)
                return self.algebra.combine(lambda x, y: mul(x, inv(y)), a, b, t, "quotient")
            case "⊙":
                return self.algebra.combine(mul, a, b, t, "product entry by entry")
            case "⊗":
                raise Unreadable("⊗ is not read", t.start, t.end)
        return self.algebra.product(a, b, t, dot=op == "·")

    def factor(self, items: list[tuple[str, Syntax]], n: int, s: Scope) -> tuple[Value, int]:
        """The factor that begins at n, with all that it applies to, and the place after it."""
        t = items[n][1]
        for rule in (sums.sum_over, derivatives.operator, indicators.juxtaposed, functions.application):
            found = rule(self, items, n, s)
            if found is not None:
                return found
        return self.value(t, s), n + 1
