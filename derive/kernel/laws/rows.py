"""The table of laws. A row is data: a statement, its side conditions, one sentence of reason, its theory.

LaTeX, numeric meaning and the statement in the certificate library are computed from the row. Set metavariables are
?S and ?R, index metavariables ?i and ?j, the others are reals; f(j) means that f may use the bound index.
"""
# ruff: noqa: E501 - one law is one line
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..terms import Term, bd, mk, num


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    lhs: Term
    rhs: Term
    when: tuple[Term, ...]
    reason: str


def _op(name: str) -> Callable[..., Term]:
    return lambda *args: mk(name, None, *args)


def _meta(name: str) -> Callable[..., Term]:
    return lambda *args: mk("meta", name, *args)


def _sum(body: Term, s: str = "?S") -> Term:
    return mk("sum", s, body)


add, mul, neg, inv, exp, log, sqrt, erf = map(_op, ("add", "mul", "neg", "inv", "exp", "log", "sqrt", "erf"))
step, abs_, max_, delta, D = map(_op, ("step", "abs", "max", "delta", "D"))
eq, lt, le, ne, smooth, indep, apart = map(_op, ("eq", "lt", "le", "ne", "smooth", "indep", "apart"))
f, g, c, t = map(_meta, ("?f", "?g", "?c", "?t"))
i, j = mk("imeta", ("?i", "?S")), mk("imeta", ("?j", "?S"))
k, r0, s1 = bd(0, "?S"), bd(0, "?R"), bd(1, "?S")
r1 = bd(1, "?R")
pi = mk("pi")
zero, one, two, size = num(0), num(1), num(2), mk("size", "?S")
square, square_f = mul(g(), g()), mul(f(), f())

ROWS = (
    # sums over a whole index set
    Row("sum_add", _sum(add(f(k), g(k))), add(_sum(f(k)), _sum(g(k))), (), "a sum may be taken term by term"),
    Row("sum_neg", _sum(neg(f(k))), neg(_sum(f(k))), (), "a sign comes out of the sum"),
    Row("sum_mul_left", _sum(mul(c(), f(k))), mul(c(), _sum(f(k))), (), "a factor without the summation index comes out of the sum"),
    Row("sum_const", _sum(c()), mul(size, c()), (), "a sum of equal terms is their number times the term"),
    Row("sum_delta", _sum(mul(delta(k, i), f(k))), f(i), (), "the Kronecker delta picks the one term with that index"),
    Row("sum_split", _sum(f(k)), add(f(i), _sum(mul(add(one, neg(delta(k, i))), f(k)))), (), "the term with one index is taken out of the sum"),
    Row("sum_swap", _sum(_sum(f(s1, r0), "?R")), _sum(_sum(f(k, r1)), "?R"), (), "the order of two finite sums does not matter"),
    Row("sum_pair", _sum(f(k)), add(f(i), f(j)), (apart(i, j), eq(size, two)), "a sum over a set of two elements has two terms"),
    # the Kronecker delta
    Row("delta_sym", delta(i, j), delta(j, i), (), "the Kronecker delta is symmetric"),
    Row("delta_refl", delta(i, i), one, (), "the Kronecker delta of equal indices is 1"),
    Row("delta_apart", delta(i, j), zero, (apart(i, j),), "the Kronecker delta of different indices is 0"),
    Row("delta_move", mul(delta(i, j), f(i)), mul(delta(i, j), f(j)), (), "where the Kronecker delta is not 0 its indices are equal"),
    Row("delta_idem", mul(delta(i, j), delta(i, j)), delta(i, j), (), "0 and 1 are their own squares"),
    # derivatives
    Row("d_const", D(c(), t()), zero, (indep(c(), t()),), "what does not contain the variable has derivative 0"),
    Row("d_add", D(add(f(), g()), t()), add(D(f(), t()), D(g(), t())), (smooth(f()), smooth(g())), "the derivative of a sum is the sum of the derivatives"),
    Row("d_neg", D(neg(f()), t()), neg(D(f(), t())), (smooth(f()),), "a sign comes out of the derivative"),
    Row("d_mul", D(mul(f(), g()), t()), add(mul(D(f(), t()), g()), mul(f(), D(g(), t()))), (smooth(f()), smooth(g())), "product rule"),
    Row("d_mul_left", D(mul(c(), f()), t()), mul(c(), D(f(), t())), (indep(c(), t()), smooth(mul(c(), f()))), "a factor without the variable comes out of the derivative"),
    Row("d_quot", D(mul(f(), inv(g())), t()), mul(add(mul(D(f(), t()), g()), neg(mul(f(), D(g(), t())))), inv(square)), (smooth(f()), smooth(inv(g()))), "quotient rule"),
    Row("d_inv", D(inv(f()), t()), neg(mul(D(f(), t()), mul(inv(f()), inv(f())))), (smooth(inv(f())),), "derivative of a reciprocal"),
    Row("d_exp", D(exp(f()), t()), mul(exp(f()), D(f(), t())), (smooth(f()),), "the exponential is its own derivative; chain rule"),
    Row("d_log", D(log(f()), t()), mul(inv(f()), D(f(), t())), (smooth(log(f())),), "the derivative of log x is 1/x; chain rule"),
    Row("d_sqrt", D(sqrt(f()), t()), mul(inv(mul(two, sqrt(f()))), D(f(), t())), (smooth(sqrt(f())),), "the derivative of a square root is one over twice the root; chain rule"),
    Row("d_erf", D(erf(f()), t()), mul(mul(mul(two, inv(sqrt(pi))), exp(neg(square_f))), D(f(), t())), (smooth(f()),), "the error function is the integral of 2/sqrt(pi) e^(-x^2); chain rule"),
    Row("d_step", D(step(f()), t()), zero, (smooth(step(f())),), "the step function is constant away from its jump"),
    Row("d_sum", D(_sum(f(k)), t()), _sum(D(f(k), t())), (smooth(_sum(f(k))),), "the derivative of a finite sum is the sum of the derivatives"),
    # exponential, logarithm, square root
    Row("exp_zero", exp(zero), one, (), "e to the power 0 is 1"),
    Row("exp_add", exp(add(f(), g())), mul(exp(f()), exp(g())), (), "the exponential of a sum is the product of the exponentials"),
    Row("exp_neg", exp(neg(f())), inv(exp(f())), (), "the exponential of the negative is the reciprocal"),
    Row("exp_log", exp(log(f())), f(), (lt(zero, f()),), "the exponential undoes the logarithm of a positive number"),
    Row("log_one", log(one), zero, (), "the logarithm of 1 is 0"),
    Row("log_exp", log(exp(f())), f(), (), "the logarithm undoes the exponential"),
    Row("log_mul", log(mul(f(), g())), add(log(f()), log(g())), (lt(zero, f()), lt(zero, g())), "the logarithm of a product of positive numbers is the sum of the logarithms"),
    Row("log_inv", log(inv(f())), neg(log(f())), (), "the logarithm of the reciprocal is the negative of the logarithm"),
    Row("exp_above", add(exp(f()), neg(one)), abs_(add(exp(f()), neg(one))), (le(zero, f()),), "the exponential of a number that is not negative is at least 1"),
    Row("log_above", log(add(one, f())), abs_(log(add(one, f()))), (le(zero, f()),), "the logarithm of a number that is at least 1 is not negative"),
    Row("sqrt_sq", mul(sqrt(f()), sqrt(f())), f(), (le(zero, f()),), "the square of the square root of a number that is not negative"),
    Row("sqrt_of_sq", sqrt(mul(f(), f())), abs_(f()), (), "the square root of a square is the absolute value"),
    Row("erf_neg", erf(neg(f())), neg(erf(f())), (), "the error function is odd"),
    # kinks
    Row("step_pos", step(f()), one, (lt(zero, f()),), "the step function of a positive number is 1"),
    Row("step_nonpos", step(f()), zero, (le(zero, neg(f())),), "the step function of a number that is not positive is 0"),
    Row("step_idem", mul(step(f()), step(f())), step(f()), (), "0 and 1 are their own squares"),
    Row("abs_step", abs_(f()), mul(f(), add(mul(two, step(f())), neg(one))), (), "the absolute value is x where x is positive and -x elsewhere"),
    Row("max_step", max_(f(), g()), add(g(), mul(add(f(), neg(g())), step(add(f(), neg(g()))))), (), "the maximum is the first number where it is larger, else the second"),
    # Rejected, with the counterexample that refutes each:
    #   sqrt(x) sqrt(x) = x                    x = -1: 0 and -1
    #   sqrt(x x) = x                          x = -1: 1 and -1
    #   log(x y) = log x + log y               x = y = -1: 0 and 0 agree, but x = -2, y = -3: log 6 and 0
    #   x / x = 1                              x = 0: 0 and 1
    #   exp(log x) = x                         x = 0: 1 and 0
    #   D(|x|) = step(x) - step(-x)            without x != 0: at 0 there is no derivative
    #   sum_i delta(i,i) = 1                   N = 2: 2 and 1
)
LAWS = {row.name: row for row in ROWS}
