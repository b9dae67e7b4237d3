"""Shapes of terms that have a function of their own: how each is built, and how it is recognised."""
from __future__ import annotations

from fractions import Fraction

from ...engine.forms import addends, neg
from ...kernel.conditions import ONE, ZERO
from ...kernel.terms import Term, mk, num

TWO, HALF = num(2), num(Fraction(1, 2))


def add(x: Term, y: Term) -> Term:
    return mk("add", None, x, y)


def mul(x: Term, y: Term) -> Term:
    return mk("mul", None, x, y)


def inv(x: Term) -> Term:
    return mk("inv", None, x)


def exp(x: Term) -> Term:
    return mk("exp", None, x)


def log(x: Term) -> Term:
    return mk("log", None, x)


# ---------------------------------------------------------------- builders
def softplus(u: Term) -> Term:
    return log(add(ONE, exp(u)))


def sigmoid(u: Term) -> Term:
    return inv(add(ONE, exp(neg(u))))


def cosh(u: Term) -> Term:
    return mul(HALF, add(exp(u), exp(neg(u))))


def tanh(u: Term) -> Term:
    double = exp(mul(TWO, u))
    return mul(add(double, neg(ONE)), inv(add(double, ONE)))


# ---------------------------------------------------------------- recognisers: the argument, or None
def plus_one(t: Term) -> Term | None:
    """x of 1 + x."""
    if t.op == "add" and ONE in t.args:
        return t.args[1] if t.args[0] is ONE else t.args[0]
    return None


def one_minus(t: Term) -> Term | None:
    """x of 1 - x."""
    rest = plus_one(t)
    return rest.args[0] if rest is not None and rest.op == "neg" else None


def one_plus_exp(t: Term) -> Term | None:
    """u of 1 + e^u."""
    rest = plus_one(t)
    return rest.args[0] if rest is not None and rest.op == "exp" else None


def minus_one(t: Term) -> Term | None:
    """x of x - 1."""
    rests = [x for x, y in (t.args, t.args[::-1]) if y in (neg(ONE), num(-1))] if t.op == "add" else []
    return rests[0] if rests else None


def softplus_argument(t: Term) -> Term | None:
    return one_plus_exp(t.args[0]) if t.op == "log" else None


def tanh_argument(t: Term) -> Term | None:
    inside = minus_one(t.args[0]) if t.op == "mul" else None
    double = inside.args[0] if inside is not None and inside.op == "exp" else None
    found = None if double is None else _half(double)
    return found if found is not None and tanh(found) is t else None


def tanh_by_sigmoid(t: Term) -> Term | None:
    """u of 1 - 2/(1 + e^2u)."""
    rest = one_minus(t)
    if rest is None or rest.op != "mul" or rest.args[0] is not TWO or rest.args[1].op != "inv":
        return None
    double = one_plus_exp(rest.args[1].args[0])
    return None if double is None else _half(double)


def _half(t: Term) -> Term | None:
    return t.args[1] if t.op == "mul" and t.args[0] is TWO else None


def hyperbolic_argument(t: Term) -> tuple[str, Term] | None:
    """sinh or cosh, and u of e^u/2 -+ e^-u/2."""
    if t.op == "mul" and HALF in t.args:
        inside = t.args[1] if t.args[0] is HALF else t.args[0]
        parts = addends(inside)
    else:
        parts = [(sign, half.args[1]) for sign, half in addends(t) if half.op == "mul" and half.args[0] is HALF]
        parts = parts if len(parts) == len(addends(t)) else []
    if len(parts) != 2 or parts[0][0] < 0 or parts[0][1].op != "exp" or parts[1][1] is not exp(neg(parts[0][1].args[0])):
        return None
    u = parts[0][1].args[0]
    if parts[1][0] > 0:
        return "cosh", u.args[0] if u.op == "neg" else u      # an even function
    return "sinh", u


def step_argument(t: Term) -> tuple[Term, bool] | None:
    """c of a factor step(c) (True) or 1 - step(c) (False)."""
    if t.op == "step":
        return t.args[0], True
    inner = one_minus(t)
    return (inner.args[0], False) if inner is not None and inner.op == "step" else None


def positive_argument(t: Term) -> Term | None:
    """u of max(u, 0)."""
    if t.op == "max" and ZERO in t.args:
        return t.args[0] if t.args[1] is ZERO else t.args[1]
    return None
