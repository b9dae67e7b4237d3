"""SymPy expressions to kernel terms and back. Outside the fragment: FragmentError, naming the subexpression."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from math import floor
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef

from ..engine.forms import signed
from ..engine.nesting import nested
from ..engine.order import addend_key, key
from ..kernel.conditions import guard
from ..kernel.terms import Term, bd, ix, mk, num
from .fresh import fresh
from .scope import FragmentError, Scope, StatementError
from .statement import ForAll, different_indices, size

LARGEST_EXPONENT = 32
FUNCTIONS = {sp.exp: "exp", sp.log: "log", sp.Abs: "abs", sp.erf: "erf"}
RELATIONS = {sp.Eq: "eq", sp.Ne: "ne", sp.StrictLessThan: "lt", sp.LessThan: "le"}


class Reader:
    """Reads expressions of one scope; `bound` are the letters of enclosing binders with their sets, outermost first."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.letters: dict[Term, str] = {}                    # how the author called the index of a sum

    def term(self, expr: Any, letters: Sequence[Any] = ()) -> Term:
        """A real term; `letters` are the indices bound around it, outermost first."""
        return self._read(sp.sympify(expr), tuple((i, self.scope.set_of(i)) for i in letters))

    def _read(self, e: Any, bound: tuple[Any, ...]) -> Term:
        match e:
            case sp.Rational():
                q = num(Fraction(abs(int(e.p)), int(e.q)))
                return mk("neg", None, q) if e.p < 0 else q
            case sp.Indexed():
                return mk("arr", str(e.base.label), *[self._index(i, bound) for i in e.indices])
            case sp.Add():
                return nested("add", sorted((self._read(a, bound) for a in e.args), key=addend_key))
            case sp.Mul():
                return self._product(e, bound)
            case sp.Pow():
                return self._power(e, bound)
            case sp.Sum():
                return self._sum(e, bound)
            case sp.KroneckerDelta():
                return mk("delta", None, *[self._index(i, bound) for i in e.args])
            case sp.Max():                                    # max(z, 0): a number comes last, so that the kink reads z != 0
                return nested("max", [self._read(a, bound) for a in sorted(e.args, key=lambda a: bool(a.is_Number))])
            case sp.Heaviside() if len(e.args) == 2 and e.args[1] == 0:
                return mk("step", None, self._read(e.args[0], bound))
            case sp.Derivative() | sp.Subs() if (order := _order(e)):
                f, at = (e.expr.expr, e.point[0]) if isinstance(e, sp.Subs) else (e.expr, e.expr.args[0])
                return mk("fun", (str(f.func), order), self._read(at, bound))
            case sp.Derivative() if len(e.variables) == 1 and isinstance(e.variables[0], sp.Indexed | sp.Symbol):
                return mk("D", None, self._read(e.expr, bound), self._read(e.variables[0], bound))
            case AppliedUndef() if len(e.args) == 1:
                return mk("fun", (str(e.func), 0), self._read(e.args[0], bound))
            case sp.Symbol():
                return self._symbol(e, bound)
        if e is sp.pi:
            return mk("pi")
        if type(e) in FUNCTIONS or e is sp.E:
            return mk("exp", None, num(1)) if e is sp.E else mk(FUNCTIONS[type(e)], None, self._read(e.args[0], bound))
        raise FragmentError(f"{written(e)} ({type(e).__name__}) is outside the fragment: numbers, indexed arrays, + - * / "
                            "and integer powers, sqrt, exp, log, erf, pi, Abs, Max, Heaviside(x, 0), Sum over a whole "
                            "set, KroneckerDelta")

    def _symbol(self, e: Any, bound: tuple[Any, ...]) -> Term:
        if str(e) in self.scope.sizes:
            return mk("size", str(e))
        if e.is_commutative is False or e.is_real is False:
            raise FragmentError(f"{e} is not a real number")
        if e in self.scope.letters or any(e == letter for letter, _ in bound):
            raise FragmentError(f"{written(e)} is an index and cannot stand for a number")
        return mk("arr", str(e))

    def _index(self, i: Any, bound: tuple[Any, ...]) -> Term:
        if not isinstance(i, sp.Symbol | sp.Idx):
            raise FragmentError(f"{written(i)} is not an index letter; shifted and numbered indices are outside the fragment")
        levels = [(len(bound) - 1 - n, s) for n, (letter, s) in enumerate(bound) if letter == i]
        return bd(*levels[-1]) if levels else ix(str(i), self.scope.set_of(i))

    def _product(self, e: Any, bound: tuple[Any, ...]) -> Term:
        number, rest = e.as_coeff_Mul()
        above, below = list[Term](), list[Term]()
        for f in sp.Mul.make_args(rest):
            base, exponent = f.as_base_exp() if not isinstance(f, sp.exp) else (f, sp.Integer(1))
            negative = exponent.is_Rational and exponent < 0
            (below if negative else above).append(self._read(sp.Pow(base, -exponent) if negative else f, bound))
        q = Fraction(int(number.p), int(number.q)) if number.is_Rational else None
        if q is None:
            raise FragmentError(f"{number} is not a rational number")
        above, below = sorted(above, key=_factor_key), sorted(below, key=key)
        if abs(q) != 1:
            above.insert(0, num(abs(q)))
        top = nested("mul", above) if above else num(1)
        out = mk("mul", None, top, mk("inv", None, nested("mul", below))) if below else top
        return mk("neg", None, out) if q < 0 else out

    def _power(self, e: Any, bound: tuple[Any, ...]) -> Term:
        base, exponent = e.as_base_exp()
        if base is sp.E:
            return mk("exp", None, self._read(exponent, bound))
        if not exponent.is_Rational or exponent.q not in (1, 2, 4, 8) or abs(exponent.p) > LARGEST_EXPONENT:
            raise FragmentError(f"{written(e)}: exponents are whole numbers up to {LARGEST_EXPONENT}, or halves, quarters or "
                                "eighths of them")
        one = self._read(base, bound)
        for _ in range(int(exponent.q).bit_length() - 1):
            one = mk("sqrt", None, one)
        power = nested("mul", [one] * abs(exponent.p))
        return mk("inv", None, power) if exponent.p < 0 else power

    def _sum(self, e: Any, bound: tuple[Any, ...]) -> Term:
        for letter, low, high in e.limits:
            if low != 1 or str(high) not in self.scope.sizes:
                raise FragmentError(f"{written(e)}: {letter} runs from {low} to {high}; sums run over a whole set, from 1 to "
                                    "its size")
        limits = [(letter, str(high)) for letter, _, high in reversed(e.limits)]
        out = self._read(e.function, (*bound, *limits))
        for letter, s in reversed(limits):
            out = mk("sum", s, out)
            self.letters.setdefault(out, str(letter).lstrip("_"))
        return out

    def condition(self, expr: Any) -> Term:
        """A hypothesis: a relation, or a ForAll over index letters."""
        if isinstance(expr, ForAll):
            return self._quantified(expr.letters, expr.relation)
        return self._quantified((), expr)

    def _quantified(self, letters: tuple[Any, ...], relation: Any) -> Term:
        if relation in (sp.true, sp.false):
            raise StatementError(f"SymPy has decided a relation, which is {relation}; write it with evaluate=False, as in "
                                 "Gt(x**2 + 1, 0, evaluate=False)")
        relation = relation.canonical if isinstance(relation, sp.StrictGreaterThan | sp.GreaterThan) else relation
        if isinstance(relation, sp.StrictGreaterThan | sp.GreaterThan):
            relation = relation.reversed
        if type(relation) not in RELATIONS:
            raise StatementError(f"the hypothesis {relation} is not a relation (Eq, Ne, <, <=, >, >=) that is open")
        out = self._apart(relation, letters) if different_indices(relation) else self._sided(relation, letters)
        for letter in reversed(letters):
            out = mk("all", self.scope.set_of(letter), out)
        return out

    def _apart(self, relation: Any, letters: tuple[Any, ...]) -> Term:
        bound = tuple((i, self.scope.set_of(i)) for i in letters)
        return mk("apart", None, *[self._index(i, bound) for i in relation.args])

    def _sided(self, relation: Any, letters: tuple[Any, ...]) -> Term:
        """An inequality is about the sign of a difference; a bound of a size stays one."""
        op = RELATIONS[type(relation)]
        left, right = (self.term(fresh(a), letters) for a in relation.args)
        if op in ("lt", "le") and right.op == "size" and left.op == "num" and left.data:
            return mk("le", None, num(floor(left.data) + 1) if op == "lt" else left, right)    # sizes are whole: 1 < N, 2 <= N
        return signed(op, left, right)


def _factor_key(f: Term) -> tuple[bool, float, tuple[int, str]]:
    """1 - delta(j,i) comes first: in a sum over j it says j != i. Functions stand behind sums in brackets."""
    rank, text = key(f)
    return guard(f) is None or f.op == "delta", 8.5 if f.op in ("log", "fun") else rank, (rank, text)


def written(e: Any) -> str:
    """The expression as its author wrote it, without the marks of fresh indices."""
    return str(e.xreplace({d: sp.Symbol(d.name) for d in e.atoms(sp.Dummy)}))


def _order(e: Any) -> int:
    """How often an abstract function is differentiated by its own argument in e (at a point, if e is a Subs); else 0."""
    d = e.expr if isinstance(e, sp.Subs) and len(e.variables) == 1 else e
    own = isinstance(d, sp.Derivative) and isinstance(d.expr, AppliedUndef) and d.expr.args == d.variables[:1]
    return len(d.variables) if own and {*d.variables} == {*d.expr.args} and (d is e or e.variables == d.expr.args) else 0


class Writer:
    """Writes terms as SymPy expressions; bound indices get letters that do not occur free."""

    def __init__(self, shapes: Mapping[str, tuple[str, ...]]) -> None:
        self.shapes = shapes

    def expression(self, t: Term, bound: tuple[Any, ...] = ()) -> Any:
        def arg(n: int) -> Any:
            return self.expression(t.args[n], bound)
        simple: dict[str, Callable[[], Any]] = {
            "num": lambda: sp.Rational(t.data.numerator, t.data.denominator), "size": lambda: size(t.data),
            "add": lambda: arg(0) + arg(1), "mul": lambda: arg(0) * arg(1), "neg": lambda: -arg(0), "inv": lambda: 1 / arg(0),
            "exp": lambda: sp.exp(arg(0)), "log": lambda: sp.log(arg(0)), "sqrt": lambda: sp.sqrt(arg(0)),
            "abs": lambda: sp.Abs(arg(0)), "max": lambda: sp.Max(arg(0), arg(1)), "step": lambda: sp.Heaviside(arg(0), 0),
            "pi": lambda: sp.pi, "erf": lambda: sp.erf(arg(0)),
            "D": lambda: sp.Derivative(arg(0), arg(1)), "eq": lambda: sp.Eq(arg(0), arg(1), evaluate=False),
            "ne": lambda: sp.Ne(arg(0), arg(1), evaluate=False), "lt": lambda: sp.Lt(arg(0), arg(1), evaluate=False),
            "le": lambda: sp.Le(arg(0), arg(1), evaluate=False)}
        if t.op in simple:
            try:
                return simple[t.op]()
            except ValueError as e:                           # SymPy has no Heaviside of log(-N)
                raise FragmentError(f"{t} has no SymPy form: {e}") from e
        match t.op:
            case "arr" if not t.args:
                return sp.Symbol(t.data, real=True)
            case "arr":
                shape = tuple(size(s) for s in self.shapes.get(t.data, ()))
                return sp.IndexedBase(t.data, shape=shape or None, real=True)[tuple(self._index(i, bound) for i in t.args)]
            case "delta":
                return sp.KroneckerDelta(*[self._index(i, bound) for i in t.args])
            case "sum":
                letter = sp.Dummy("k", integer=True)
                return sp.Sum(self.expression(t.args[0], (*bound, letter)), (letter, 1, size(t.data)))
            case "fun":
                u = sp.Dummy("u", real=True)
                f = sp.Function(t.data[0])
                return sp.Subs(sp.Derivative(f(u), (u, t.data[1])), u, arg(0)).doit() if t.data[1] else f(arg(0))
        raise FragmentError(f"{t} has no SymPy form")

    def _index(self, i: Term, bound: tuple[Any, ...]) -> Any:
        return bound[-1 - i.data[0]] if i.op == "bd" else sp.Symbol(i.data[0], integer=True)

