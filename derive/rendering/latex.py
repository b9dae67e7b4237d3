"""Layouts as LaTeX mathematics, for amsmath and for the mathematics of web pages (MathJax, KaTeX)."""
from __future__ import annotations

from .layout import Apply, Delta, Layout, Matrix, Number, Partial, Quotient, Relation, Sum, Symbol
from .printer import Printer

RELATIONS = {"eq": "=", "ne": r"\neq", "lt": "<", "le": r"\leq"}
BEHIND = {"transpose": 3, "inverse": 2}                       # the level of what they stand behind
MATRIX = {"transpose": r"^{\top}", "inverse": "^{-1}", "hadamard": r" \odot ", "divide": r" \oslash "}
ALIASES = {"eps": r"\varepsilon", "epsilon": r"\varepsilon"}
GREEK = frozenset((
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda", "mu", "nu", "xi", "pi",
    "rho", "sigma", "tau", "phi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega"))


def _indices(letters: tuple[str, ...]) -> str:
    return ("" if all(len(c) == 1 for c in letters) else ", ").join(letters)


class Latex(Printer):
    """Fractions with a bar, exponentials as powers of e."""

    times = r" \, "

    def brackets(self, text: str) -> str:
        return rf"\left( {text} \right)"

    def number(self, x: Number) -> str:
        q = x.value
        return str(q) if q.denominator == 1 else rf"\frac{{{q.numerator}}}{{{q.denominator}}}"

    def name(self, name: str) -> str:
        if name in ALIASES:
            return ALIASES[name]
        return f"\\{name}" if name in GREEK else name if len(name) == 1 else rf"\mathrm{{{name.replace('_', chr(92) + '_')}}}"

    def symbol(self, x: Symbol) -> str:
        below = (f"^{{{x.superscript}}}" if x.layer else "") + (f"_{{{_indices(x.letters)}}}" if x.letters else "")
        if x.partial:
            return rf"\frac{{\partial {self.name(x.partial[0])}}}{{\partial {self.name(x.partial[1])}{below}}}"
        return (self.bold(x.name) if x.bold else self.name(x.name)) + below

    def bold(self, name: str) -> str:
        return rf"\boldsymbol{{\{name}}}" if name in GREEK else rf"\mathbf{{{name}}}"

    def sum(self, x: Sum) -> str:
        bounds = rf"_{{{x.letter} \neq {x.other}}}" if x.other else rf"_{{{x.letter}=1}}^{{{x.size}}}"
        return rf"\sum{bounds} {self.show(x.body, 1)}"

    def fraction(self, x: Quotient) -> str:
        return rf"\frac{{{self.show(x.above)}}}{{{self.show(x.below)}}}"

    def power(self, base: str, exponent: int) -> str:
        return f"{base}^{{{exponent}}}"

    def show(self, x: Layout, level: int = 0) -> str:
        applied = isinstance(x, Apply) and x.name not in ("abs", "pi")
        tall = isinstance(x, Quotient) or isinstance(x, Symbol) and x.partial or applied
        if level == 3 and tall:
            return self.brackets(super().show(x))
        return super().show(x, level)

    def apply(self, x: Apply, level: int) -> str:
        if isinstance(x, Matrix):
            return self.matrix(x, level)
        inner = self.show(x.args[0]) if x.args else ""
        match x.name:
            case "exp":
                return f"e^{{{inner}}}"
            case "pi":
                return r"\pi"
            case "sqrt":
                return rf"\sqrt{{{inner}}}"
            case "abs":
                return rf"\left| {inner} \right|"
            case "step":
                return rf"\mathbf{{1}}\left\{{ {inner} > 0 \right\}}"
            case "max":
                return rf"\max\left( {inner}, {self.show(x.args[1])} \right)"
            case "log" if isinstance(x.args[0], Symbol) and not x.args[0].partial:
                return rf"\log {inner}"
            case "log":
                return rf"\log\left( {inner} \right)"
        return rf"{self.name(x.name)}{chr(39) * x.primes}\left( {inner} \right)"

    def matrix(self, x: Matrix, level: int) -> str:
        if x.name in BEHIND:
            return self.show(x.args[0], BEHIND[x.name]) + MATRIX[x.name]
        if x.name not in MATRIX:
            name = rf"\{x.name}" if x.name == "exp" else rf"\operatorname{{{x.name}}}"
            return rf"{name}\left( {self.show(x.args[0])} \right)"
        text = MATRIX[x.name].join(self.show(a, 1 + isinstance(a, Matrix)) for a in x.args)
        return text if level <= 1 else self.brackets(text)

    def delta(self, x: Delta) -> str:
        return rf"\delta_{{{x.i}{x.j}}}"

    def partial(self, x: Partial, level: int) -> str:
        variable = self.show(x.variable)
        simple = isinstance(x.body, Symbol) and not x.body.partial or isinstance(x.body, Apply) and x.body.name == "exp" \
            or isinstance(x.body, Sum)
        if simple:
            return rf"\frac{{\partial {self.show(x.body)}}}{{\partial {variable}}}"
        return rf"\frac{{\partial}}{{\partial {variable}}} {self.brackets(self.show(x.body))}"

    def relation(self, x: Relation) -> str:
        text = f"{self.show(x.left)} {RELATIONS[x.sign]} {self.show(x.right)}"
        said = ", ".join(letter for letter, _ in x.letters)
        text += rf" \text{{ {self.word('for all')} }} {said}" if said else ""
        for i, j, equal in x.unless:
            text += rf" \text{{ {self.word('with')} }} {i} {'=' if equal else chr(92) + 'neq'} {j}"
        return text
