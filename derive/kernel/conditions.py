"""Side conditions: what smoothness demands, what the sign table discharges, what holds near a point.

A condition is a core relation inside frames: all (quantified over a set), when/unless (guarded by i = j, i != j).
"""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .context import Context
from .errors import ProofError, require
from .laws.operators import OPERATORS
from .terms import BINDERS, Term, bd, mk, num, shift

ZERO, ONE = num(0), num(1)
Frame = tuple[Any, ...]                                       # ("all", set), ("when", i, j) or ("unless", i, j)
Conditions = frozenset[Term]
NONE: Conditions = frozenset()


def relation(want: str, t: Term) -> Term:
    """0 < t ("lt"), 0 <= t ("le") or t != 0 ("ne")."""
    return mk("ne", None, t, ZERO) if want == "ne" else mk(want, None, ZERO, t)


def nonempty(s: str) -> Term:
    return mk("le", None, ONE, mk("size", s))


def forall(s: str, conditions: Iterable[Term]) -> Conditions:
    """The conditions for every index of s; that s has an element is then no condition at all."""
    holds = (nonempty(s), relation("ne", mk("size", s)), relation("lt", mk("size", s)))
    return frozenset(mk("all", s, c) if any(level == 0 for level, _ in c.loose) else shift(c, -1)
                     for c in conditions if c not in holds)


def split(condition: Term) -> tuple[tuple[Frame, ...], Term]:
    """Frames, outermost first, and the core of a condition."""
    if condition.op not in ("all", "when", "unless"):
        return (), condition
    frames, core = split(condition.args[-1])
    return ((condition.op, *([condition.data] if condition.op == "all" else condition.args[:2])), *frames), core


def wrap(frames: Iterable[Frame], conditions: Iterable[Term]) -> Conditions:
    out = frozenset(conditions)
    for kind, *at in reversed([*frames]):
        out = forall(at[0], out) if kind == "all" else frozenset(mk(kind, None, *at, c) for c in out)
    return out


def guard(factor: Term) -> Frame | None:
    """Where a factor is delta(i,j) the rest of the product matters only if i = j; 1 - delta(i,j), only if i != j."""
    if factor.op == "delta":
        return ("when", *factor.args)
    if factor.op == "add" and factor.args[0] is ONE and factor.args[1].op == "neg" and factor.args[1].args[0].op == "delta":
        return ("unless", *factor.args[1].args[0].args)
    return None


def around(t: Term, n: int, conditions: Conditions) -> Conditions:
    """Conditions on argument n of t as conditions on t: quantified below a binder, guarded below a product."""
    frame = ("all", t.data) if t.op in BINDERS else guard(t.args[1 - n]) if t.op == "mul" else None
    return wrap([frame], conditions) if frame else conditions


def domain(ctx: Context, t: Term) -> Conditions:
    """Open conditions under which t is infinitely differentiable in all its variables near the current values."""
    if t not in ctx.domains:
        out = NONE.union(*[around(t, n, domain(ctx, a)) for n, a in enumerate(t.args[:1] if t.op == "D" else t.args)])
        smooth = OPERATORS[t.op].smooth
        if smooth:
            out |= {mk("ne", None, *t.args) if smooth == "ne2" else relation(smooth, t.args[0])}
        ctx.domains[t] = out | domain(ctx, ctx.unfold(t)) if t.op == "arr" and t.data in ctx.definitions else out
    return ctx.domains[t]


def sign(ctx: Context, want: str, t: Term, frames: tuple[Frame, ...] = ()) -> Conditions | None:
    """Hypotheses from which relation(want, t) follows by the sign table; None if the table has no row."""
    key = (want, t, frames)
    if key not in ctx.signs:
        goals = (*wrap(frames, [relation(want, t)]), *_at_every_index(want, t))
        given = [frozenset({g}) for g in goals if g in ctx.given]
        found = given[0] if given else _table(ctx, want, t, frames)
        ctx.signs[key] = sign(ctx, "lt", t, frames) if found is None and want != "lt" else found
    return ctx.signs[key]


def _at_every_index(want: str, t: Term) -> Conditions:
    """The hypothesis that an array has this sign at every index."""
    if t.op != "arr":
        return NONE
    at = [bd(len(t.args) - 1 - n, a.data[1]) for n, a in enumerate(t.args)]
    return wrap([("all", a.data[1]) for a in at], [relation(want, mk("arr", t.data, *at))])


def _table(ctx: Context, want: str, t: Term, frames: tuple[Frame, ...]) -> Conditions | None:
    if t.op == "num":
        return NONE if {"lt": t.data > 0, "le": t.data >= 0, "ne": t.data != 0}[want] else None
    if t.op == "arr" and t.data in ctx.definitions:
        return sign(ctx, want, ctx.unfold(t), frames)
    if want == "le" and (guard(t) or t.op == "mul" and t.args[0] is t.args[1]):
        return NONE
    inner = (*frames, ("all", t.data)) if t.op == "sum" else frames
    for alternative in OPERATORS[t.op].signs.get(want, ()):
        found = [_at_least(ctx, nonempty(t.data)) if need == "some" else sign(ctx, need[:2], t.args[int(need[2])], inner)
                 for need in alternative.split()]
        if None not in found:
            return NONE.union(*[one for one in found if one is not None])
    return None


def _at_least(ctx: Context, condition: Term) -> Conditions:
    """A lower bound of a size, from a given bound that is at least as large."""
    stronger = [h for h in ctx.given if h.op == "le" and h.args[1] is condition.args[1]
                and h.args[0].op == "num" and h.args[0].data >= condition.args[0].data]
    return frozenset(sorted(stronger, key=repr)[:1] or [condition])


def discharge(ctx: Context, condition: Term) -> Conditions:
    """The hypotheses that stand for a condition: what the sign table needs, or the condition itself."""
    frames, core = split(condition)
    left, right = core.args
    found: Conditions | None = None
    if core.op == "ne" and right is ZERO or core.op in ("lt", "le") and left is ZERO:
        found = sign(ctx, core.op, left if core.op == "ne" else right, frames)
    elif core.op == "le" and left.op == "num" and right.op == "size":
        found = _at_least(ctx, core)
    elif core.op == "apart" and frames and frames[-1] in (("unless", left, right), ("unless", right, left)):
        found = NONE
    return frozenset({condition}) if found is None else found


def expand(ctx: Context, condition: Term) -> Conditions:
    """The side condition of a row: smooth and indep are computed, the rest stands."""
    fit = condition.op != "indep" or not ctx.depends(condition.args[0], condition.args[1].data)
    require(fit, ProofError, "{} depends on {}", *condition.args)
    if condition.op == "smooth":
        return domain(ctx, condition.args[0])
    return NONE if condition.op == "indep" else frozenset({condition})


def near(ctx: Context, conditions: Conditions, variable: str) -> Conditions:
    """What must hold at the point so that the conditions hold near it, while `variable` moves."""
    out = NONE
    for c in conditions:
        found = discharge(ctx, c)
        moves = any(ctx.depends(h, variable) for h in found)
        is_open = split(c)[1].op in ("lt", "ne")
        require(is_open or not moves, ProofError, "{} is not open (<, !=) in {}: not for use below its derivative", c, variable)
        out |= frozenset({c}) | domain(ctx, c) if moves else found
    return out
