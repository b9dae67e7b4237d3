"""The second opinion: SymPy on explicit sizes 1..4, exactly, and ball arithmetic at random points.

It can contradict a theorem, and is no part of its proof.
"""
from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from ..engine.numbers import evaluate, intervals
from ..engine.sampling import valuations
from ..kernel.context import Context
from ..kernel.errors import DeriveError, WitnessError
from ..kernel.evaluate import Functions
from ..kernel.terms import Term
from .fresh import fresh
from .proposal import differentiated, off_kinks, unfolded
from .scope import Scope
from .statement import ForAll

SIZES = (1, 2, 3, 4)
LARGEST = 16                                                  # elements of all sets together, as a product


def explicit(expr: Any, n: Mapping[Any, int], at: Mapping[Any, int]) -> Any:
    """expr with every sum written out, for given sizes and index values; arrays become symbols z_1, z_2, ..."""
    if isinstance(expr, sp.Sum):
        (letter, _, high), rest = expr.limits[-1], expr.limits[:-1]
        body = sp.Sum(expr.function, *rest) if rest else expr.function
        return sp.Add(*[explicit(body, n, {**at, letter: m}) for m in range(1, int(high.xreplace(dict(n))) + 1)])
    if isinstance(expr, sp.Indexed):
        numbers = [at[i] for i in expr.indices]
        return sp.Symbol("_".join([str(expr.base.label), *map(str, numbers)]), real=True)
    if isinstance(expr, sp.KroneckerDelta):
        return sp.Integer(int(at[expr.args[0]] == at[expr.args[1]]))
    if expr in n or expr in at:
        return sp.Integer(n[expr] if expr in n else at[expr])
    return expr.func(*[explicit(a, n, at) for a in expr.args]) if expr.args else expr


class Opinion:
    """What SymPy says about the statements of one entry, at explicit sizes."""

    def __init__(self, definitions: Mapping[Any, Any], scope: Scope) -> None:
        self.definitions, self.scope = definitions, scope

    def on_gradient(self, derivative: tuple[Any, Any], value: Any, given: Sequence[Any]) -> bool:
        """Whether SymPy's own derivative equals the value for all sizes up to 4 and all values of the free indices."""
        target, variable = derivative
        whole, claimed = unfolded(target, self.definitions), unfolded(value, self.definitions)

        def agrees(place: _Place) -> bool:
            left = sp.diff(differentiated(place.explicit(whole)), place.explicit(variable))
            return _is_zero((left - differentiated(place.explicit(claimed))).xreplace(place.solved(given)))
        return _everywhere(agrees, self._places((whole, claimed, variable), given))

    def on_relation(self, relation: Any, given: Sequence[Any]) -> bool:
        """The same for an equation; an inequality is left to the balls."""
        if not isinstance(relation, sp.Eq):
            return True
        left, right = (unfolded(side, self.definitions) for side in relation.args)

        def agree(place: _Place) -> bool:
            difference = differentiated(place.explicit(left)) - differentiated(place.explicit(right))
            return _is_zero(difference.xreplace(place.solved(given)))
        return _everywhere(agree, self._places((left, right), given))

    def _places(self, expressions: Sequence[Any], given: Sequence[Any]) -> Iterator[_Place]:
        """Sizes, and index values up to renaming, at which no hypothesis is plainly false."""
        relations = [(h.relation, h.letters) if isinstance(h, ForAll) else (h, ()) for h in given]
        letters = [i for i in self.scope.letters if any(e.has(i) for e in expressions)
                   or any(relation.has(i) and i not in bound for relation, bound in relations)]
        sizes = sorted({self.scope.letters[i] for i in self.scope.letters})
        for n in SIZES:
            if n > 2 and n ** len(sizes) > LARGEST:           # two elements are needed where indices differ
                return
            places = (_Place({self.scope.sizes[s]: n for s in sizes}, at, n) for at in _representatives(letters, n))
            yield from (place for place in places if not place.impossible(given))


def _everywhere(holds: Callable[[_Place], bool], places: Iterator[_Place]) -> bool:
    """Whether it holds at every place, and at one at least: no place at all is no opinion."""
    first = next(places, None)
    return first is not None and holds(first) and all(map(holds, places))


def _representatives(letters: Sequence[Any], n: int) -> list[dict[Any, int]]:
    """Index values up to renaming of the elements: each letter is one of those used before, or the next."""
    out: list[dict[Any, int]] = [{}]
    for letter in sorted(letters, key=str):
        out = [{**at, letter: m} for at in out for m in range(1, min(n, max(at.values(), default=0) + 1) + 1)]
    return out


@dataclass(frozen=True)
class _Place:
    """One size for all sets, and values of the free index letters."""
    sizes: Mapping[Any, int]
    at: Mapping[Any, int]
    count: int

    def explicit(self, expr: Any) -> Any:
        return explicit(expr, self.sizes, self.at)

    def _instances(self, h: Any) -> Iterator[tuple[Any, list[Any]]]:
        """A hypothesis for each value of its letters: the relation and its explicit sides."""
        bound, relation = (h.letters, h.relation) if isinstance(h, ForAll) else ((), h)
        for values in _all_values(bound, self.count):
            yield relation, [explicit(fresh(side), self.sizes, {**self.at, **values}) for side in relation.args]

    def impossible(self, given: Sequence[Any]) -> bool:
        """Whether a hypothesis is plainly false here, as 0 < sum of (x - mean)^2 is where there is one x."""
        for relation, (left, right) in (found for h in given for found in self._instances(h)):
            difference = sp.expand(left - right)
            if difference.is_Number and relation.func(difference, 0) == sp.false:
                return True
        return False

    def solved(self, given: Sequence[Any]) -> dict[Any, Any]:
        """Explicit equations of the hypotheses, each solved for one symbol; symbols that are positive are marked so."""
        out: dict[Any, Any] = {}
        for relation, (left, right) in (found for h in given for found in self._instances(h)):
            equation = (left - right).xreplace(out)
            symbols = sorted(equation.free_symbols, key=str)
            if isinstance(relation, sp.Gt | sp.Lt):
                above = equation if isinstance(relation, sp.Gt) else -equation
                out |= {above: sp.Symbol(above.name, positive=True)} if above.is_Symbol else {}
            elif isinstance(relation, sp.Eq) and _of_function(left):
                out[left] = right.xreplace(out)
            elif isinstance(relation, sp.Eq) and symbols:
                out[symbols[-1]] = sp.solve(equation, symbols[-1])[0]
        return out


def _of_function(e: Any) -> bool:
    """Whether e is the value or a derivative of an abstract function at a point."""
    return isinstance(e, AppliedUndef | sp.Subs) or isinstance(e, sp.Derivative) and isinstance(e.expr, AppliedUndef)


def _all_values(letters: Sequence[Any], n: int) -> list[dict[Any, int]]:
    out: list[dict[Any, int]] = [{}]
    for letter in letters:
        out = [{**at, letter: m} for at in out for m in range(1, n + 1)]
    return out


def _is_zero(expr: Any) -> bool:
    """Exactly zero as a rational function of its exponentials, steps, other functions and symbols."""
    expr = off_kinks(expr)
    bases: dict[Any, Any] = {}
    shares: dict[Any, int] = {}                               # e^(x/2) and e^x are powers of one base, e^(x/2)
    for power in expr.atoms(sp.exp):
        for c, rest in _terms(power):
            shares[rest] = math.lcm(shares.get(rest, 1), int(c.q) if c.is_Rational else 1)

    def split(power: Any) -> Any:
        whole = [(c * shares.get(rest, 1), rest) if c.is_Rational else (sp.Integer(1), c * rest) for c, rest in _terms(power)]
        return sp.Mul(*[bases.setdefault(rest, sp.Dummy(positive=True)) ** c for c, rest in whole])
    rational = expr.replace(lambda e: isinstance(e, sp.exp), split)
    numerator, _ = sp.fraction(sp.together(rational))
    steps = {h: sp.Dummy() for h in numerator.atoms(sp.Heaviside)}
    reduced = sp.expand(numerator.xreplace(steps)).replace(lambda e: e.is_Pow and e.base in steps.values(), lambda e: e.base)
    return bool(sp.expand(reduced) == 0) or bool(rational.has(sp.Function) and sp.simplify(expr) == 0)


def _terms(power: Any) -> list[tuple[Any, Any]]:
    """The exponent of e^(...) as coefficients and what they multiply."""
    return [t.as_coeff_Mul() for t in sp.Add.make_args(sp.expand(power.args[0]))]


def balls() -> Functions:
    """Ball arithmetic: python-flint's where it is installed, else mpmath's intervals."""
    try:
        import flint
    except ImportError:
        return intervals()
    from ..engine.numbers import with_derivatives
    flint.ctx.prec = 100

    def sure(x: Any, yes: bool, no: bool) -> bool:
        if not yes and not no:
            raise WitnessError(f"the ball {x} does not decide its sign")
        return yes

    def positive(x: Any) -> bool:
        return sure(x, x > 0, x <= 0)

    def nonzero(x: Any) -> bool:
        return sure(x, not x.contains(0), x == 0)
    zero = flint.arb(0)
    return with_derivatives({
        "num": lambda q: flint.arb(q.numerator) / q.denominator, "exp": lambda x: x.exp(),
        "pi": flint.arb.pi, "erf": lambda x: x.erf(),
        "log": lambda x: x.log() if positive(x) else zero, "sqrt": lambda x: x.sqrt() if positive(x) else zero,
        "inv": lambda x: 1 / x if nonzero(x) else zero, "step": lambda x: flint.arb(int(positive(x))),
        "eq": lambda x, y: not nonzero(x - y), "ne": lambda x, y: nonzero(x - y), "lt": lambda x, y: positive(y - x),
        "le": lambda x, y: not positive(x - y)})


def holds_in_balls(ctx: Context, relation: Term, given: Sequence[Term], points: int = 8) -> bool:
    """Whether a relation holds at random points that meet the hypotheses: an equation in balls narrower than 1e-12.
    `points` at each of the smallest sizes, three times as many in all."""
    functions, (left, right), seen = balls(), relation.args, 0
    for at in valuations(ctx, [left, right], given, (2, 3, 5), points, seed=1):
        try:
            one, other = evaluate(ctx, left, at, functions), evaluate(ctx, right, at, functions)
            if relation.op != "eq" and not evaluate(ctx, relation, at, functions):
                return False
        except (DeriveError, ArithmeticError):
            continue
        seen += 1
        if seen > 3 * points:
            break
        if relation.op == "eq" and not _vanishes(one - other, 1 + abs(float(one.mid() if callable(one.mid) else one.mid))):
            return False
    return seen > 0


def _vanishes(ball: Any, scale: float) -> bool:
    """Whether a ball (flint's, or mpmath's interval) contains 0 and is narrower than 1e-12 of the values."""
    if hasattr(ball, "contains"):
        return bool(ball.contains(0) and float(ball.rad()) < 1e-12 * scale)
    return bool(0 in ball and ball.delta < 1e-12 * scale)
