"""What every linear printer shares: precedence, signs, and where brackets are needed. A printer is one subclass.

Levels: 0 sum with signs, 1 product (a sum over an index stands last in it), 2 factor, 3 base of a power.
"""
from __future__ import annotations

from abc import ABC, abstractmethod

from .layout import Apply, Delta, Layout, Number, Partial, Power, Product, Quotient, Relation, Signed, Sum, Symbol
from .translations import translate


class Printer(ABC):
    """show(layout) gives the text; brackets appear where the reading would change without them."""

    def __init__(self, lang: str = "en") -> None:
        self.lang = lang

    def word(self, text: str) -> str:
        """A word between formulas, in the language of the page."""
        return translate(text, self.lang)

    minus = "-"
    fraction_level = 2                                        # the level of a printed fraction
    times = " "

    def show(self, x: Layout, level: int = 0) -> str:
        match x:
            case Number(value):
                return self.number(x) if value >= 0 and (value.denominator == 1 or level <= self.fraction_level) \
                    else self.brackets(self.number(x))
            case Symbol():
                return self.brackets(self.symbol(x)) if x.layer and level == 3 else self.symbol(x)
            case Signed(parts):
                text = self._signed(parts)
                return text if level == 0 else self.brackets(text)
            case Product(parts):
                text = self._product(parts)
                return text if level <= 1 else self.brackets(text)
            case Sum():
                text = self.sum(x)
                return text if level <= 1 else self.brackets(text)
            case Quotient():
                text = self.fraction(x)
                return text if level <= self.fraction_level else self.brackets(text)
            case Power(base, exponent):
                return self.power(self.show(base, 3), exponent)
            case Apply():
                return self.apply(x, level)
            case Delta():
                return self.delta(x)
            case Partial():
                return self.partial(x, level)
            case Relation():
                return self.relation(x)

    def _signed(self, parts: tuple[tuple[int, Layout], ...]) -> str:
        out = ""
        for n, (sign, part) in enumerate(parts):
            text = self.show(part, 1)
            out += (self.minus if sign < 0 else "") + text if n == 0 else f" {self.minus if sign < 0 else '+'} {text}"
        return out

    def _product(self, parts: tuple[Layout, ...]) -> str:
        texts = [self.show(p, 2 if n < len(parts) - 1 or not isinstance(p, Sum) else 1) for n, p in enumerate(parts)]
        out = texts[0]
        for n, (p, text) in enumerate(zip(parts[1:], texts[1:], strict=True)):
            out += self.between(parts[n], p) + text
        return out

    def between(self, left: Layout, right: Layout) -> str:
        return self.times

    @abstractmethod
    def brackets(self, text: str) -> str: ...
    @abstractmethod
    def number(self, x: Number) -> str: ...
    @abstractmethod
    def symbol(self, x: Symbol) -> str: ...
    @abstractmethod
    def sum(self, x: Sum) -> str: ...
    @abstractmethod
    def fraction(self, x: Quotient) -> str: ...
    @abstractmethod
    def power(self, base: str, exponent: int) -> str: ...
    @abstractmethod
    def apply(self, x: Apply, level: int) -> str: ...
    @abstractmethod
    def delta(self, x: Delta) -> str: ...
    @abstractmethod
    def partial(self, x: Partial, level: int) -> str: ...
    @abstractmethod
    def relation(self, x: Relation) -> str: ...
