"""Layouts as one line of plain text: for the terminal, text files and docstrings."""
from __future__ import annotations

from .layout import Apply, Delta, Matrix, Number, Partial, Product, Quotient, Relation, Sum, Symbol
from .printer import Printer

RELATIONS = {"eq": "=", "ne": "≠", "lt": "<", "le": "≤"}
BEHIND = {"transpose": 3, "inverse": 2}                       # the level of what they stand behind
MATRIX = {"transpose": "^T", "inverse": "^-1", "hadamard": " ∘ ", "divide": " ⊘ "}


class Text(Printer):
    """Fractions with a slash, Σ and ∂ as characters."""

    fraction_level = 1

    def brackets(self, text: str) -> str:
        return f"({text})"

    def number(self, x: Number) -> str:
        return str(x.value)

    def symbol(self, x: Symbol) -> str:
        below = (f"^{x.superscript}" if x.layer else "") + (f"_{''.join(x.letters)}" if x.letters else "")
        return f"∂{x.partial[0]}/∂{x.partial[1]}{below}" if x.partial else x.name + below

    def sum(self, x: Sum) -> str:
        bounds = f"_{{{x.letter}≠{x.other}}}" if x.other else f"_{x.letter}"
        return f"Σ{bounds} {self.show(x.body, 1)}"

    def fraction(self, x: Quotient) -> str:
        last = x.above.parts[-1] if isinstance(x.above, Product) else x.above
        above = self.show(x.above, 2 if isinstance(last, Sum) or isinstance(x.above, Quotient) else 1)
        return f"{above} / {self.show(x.below, 2)}"

    def power(self, base: str, exponent: int) -> str:
        return f"{base}^{exponent}"

    def apply(self, x: Apply, level: int) -> str:
        if isinstance(x, Matrix) and x.name in MATRIX:
            return self.matrix(x, level)
        if not x.args:
            return x.name
        return f"{x.name}{chr(39) * x.primes}({', '.join(self.show(a) for a in x.args)})"

    def matrix(self, x: Matrix, level: int) -> str:
        if x.name in BEHIND:
            return self.show(x.args[0], BEHIND[x.name]) + MATRIX[x.name]
        text = MATRIX[x.name].join(self.show(a, 1 + isinstance(a, Matrix)) for a in x.args)
        return text if level <= 1 else self.brackets(text)

    def delta(self, x: Delta) -> str:
        return f"δ_{x.i}{x.j}"

    def partial(self, x: Partial, level: int) -> str:
        body = f"∂{self.show(x.body)}" if isinstance(x.body, Symbol) and not x.body.partial else f"∂({self.show(x.body)})"
        text = f"{body}/∂{self.show(x.variable)}"
        return text if level <= 2 else self.brackets(text)

    def relation(self, x: Relation) -> str:
        text = f"{self.show(x.left)} {RELATIONS[x.sign]} {self.show(x.right)}"
        text += f" {self.word('for all')} {', '.join(letter for letter, _ in x.letters)}" if x.letters else ""
        return text + "".join(f" {self.word('with')} {i} {'=' if equal else '≠'} {j}" for i, j, equal in x.unless)
