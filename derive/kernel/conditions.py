"""Side conditions: what smoothness demands, what the sign table discharges, what holds near a point.

A condition is a core relation inside frames: all (quantified over a set), when/unless (guarded by i = j, i != j).
"""
from collections.abc import Iterable, Iterator
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
    return frozenset(mk("all", s, c) if 0 in dict(c.loose) else shift(c, -1)
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
    if factor.op == "add" and factor.args[0] is ONE and factor.args[1].op == "neg" and factor.args[1].args[0].op == "delta":
        return ("unless", *factor.args[1].args[0].args)
    return ("when", *factor.args) if factor.op == "delta" else None


def around(t: Term, n: int, conditions: Conditions) -> Conditions:
    """Conditions on argument n of t as conditions on t: quantified below a binder, guarded below a product."""
    frame = ("all", t.data) if t.op in BINDERS else guard(t.args[1 - n]) if t.op == "mul" else None
    return wrap([frame], conditions) if frame and conditions else conditions


def domain(ctx: Context, t: Term) -> Conditions:
    """Open conditions under which t is infinitely differentiable in all its variables near the current values."""
    if t not in ctx.domains:
        smooth = OPERATORS[t.op].smooth
        own = [mk("ne", None, *t.args) if smooth == "ne2" else relation(smooth, t.args[0])] if smooth else []
        out = NONE.union(own, *[around(t, n, domain(ctx, a)) for n, a in enumerate(t.args[:1] if t.op == "D" else t.args)])
        ctx.domains[t] = out | domain(ctx, ctx.unfold(t)) if t.op == "arr" and t.data in ctx.definitions else out
    return ctx.domains[t]


def discharge(ctx: Context, condition: Term) -> Conditions:
    """The hypotheses that stand for a condition: those from which it follows, or the condition itself."""
    if condition not in ctx.signs:
        ctx.signs[condition] = frozenset({condition})
        for needs in () if condition in ctx.given else _ways(ctx, *split(condition)):
            if all(known(ctx, need) for need in needs):
                ctx.signs[condition] = NONE.union(*[discharge(ctx, need) for need in needs])
                break
    return ctx.signs[condition]


def known(ctx: Context, condition: Term) -> bool:
    """Whether a condition follows from others, is given, or bounds a size: that a set has an element may be assumed."""
    core = split(condition)[1]
    return condition in ctx.given or core.op == "le" and core.args[1].op == "size" or condition not in discharge(ctx, condition)


def _ways(ctx: Context, frames: tuple[Frame, ...], core: Term) -> Iterator[Conditions]:
    """Sets of conditions from each of which a condition follows: by its own guard, by its sign, or by a larger bound."""
    left, right = core.args
    if core.op == "apart" and frames and frames[-1] in (("unless", left, right), ("unless", right, left)):
        yield NONE
    t = left if core.op == "ne" else right
    if core.op in ("ne", "lt", "le") and core is relation(core.op, t):
        yield from _signs(ctx, frames, core.op, t)
    if core.op == "le" and left.op == "num":
        given = sorted([h for h in ctx.given if h.op == "le" and h.args[1] is right and h.args[0].op == "num"], key=repr)
        yield from [frozenset({h}) for h in given if h.args[0].data >= left.data]


def _signs(ctx: Context, frames: tuple[Frame, ...], want: str, t: Term) -> Iterator[Conditions]:
    if t.op == "arr":                                         # given at every index
        at = [bd(len(t.args) - 1 - n, a.data[1]) for n, a in enumerate(t.args)]
        yield wrap([("all", a.data[1]) for a in at], [relation(want, mk("arr", t.data, *at))])
    if t.op == "arr" and t.data in ctx.definitions:
        yield wrap(frames, [relation(want, ctx.unfold(t))])
    number = t.op == "num" and {"lt": t.data > 0, "le": t.data >= 0, "ne": t.data != 0}[want]
    if number or want == "le" and (guard(t) or t.op == "mul" and t.args[0] is t.args[1]):
        yield NONE
    inner = (*frames, ("all", t.data)) if t.op == "sum" else frames
    away = guard(t.args[0].args[0]) if t.op == "sum" and t.args[0].op == "mul" else None
    if want == "lt" and away and away[0] == "unless" and sum(i is bd(0, t.data) for i in away[1:]) == 1:    # over j != i
        yield wrap(inner, [relation("lt", t.args[0].args[1])]) | {mk("le", None, num(2), mk("size", t.data))}
    for needs in map(str.split, OPERATORS[t.op].signs.get(want, ())):
        some = frozenset(nonempty(t.data) for need in needs if need == "some")
        yield some | wrap(inner, [relation(need[:2], t.args[int(need[2])]) for need in needs if need != "some"])
    if want != "lt":
        yield wrap(frames, [relation("lt", t)])


def expand(ctx: Context, c: Term) -> Conditions:
    """The side condition of a row: smooth and indep are computed, the rest stands."""
    require(c.op != "indep" or not ctx.depends(c.args[0], c.args[1].data), ProofError, "{} depends on {}", *c.args)
    return domain(ctx, c.args[0]) if c.op == "smooth" else NONE if c.op == "indep" else frozenset({c})


def near(ctx: Context, condition: Term, variable: str) -> Conditions:
    """What must hold at the point so that a condition holds near it, while `variable` moves."""
    found, is_open = discharge(ctx, condition), split(condition)[1].op in ("lt", "ne")
    moves = any(ctx.depends(h, variable) for h in found)
    require(is_open or not moves, ProofError, "{} is not open (<, !=), and below a derivative by {}", condition, variable)
    return domain(ctx, condition) | {condition} if moves else found
