"""Random terms of the kernel, over arrays z, y (set N), w (N x M), scalars x, u and the free indices i, j, k (N), q (M)."""
from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from derive.kernel.context import Context
from derive.kernel.terms import bd, ix, mk, num

FREE = {"N": (ix("i", "N"), ix("j", "N"), ix("k", "N")), "M": (ix("q", "M"),)}
SHAPES = {"x": (), "u": (), "z": ("N",), "y": ("N",), "w": ("N", "M")}
LETTERS = tuple(i.data for s in FREE for i in FREE[s])
NUMBERS = (num(0), num(1), num(2), num(-3), num(Fraction(1, 2)), num(Fraction(-2, 3)))
UNARY = ("neg", "neg", "inv", "exp", "log", "sqrt", "abs", "step")
SMOOTH = ("neg", "exp", "sum", "add", "mul", "mul")


def context():
    ctx = Context()
    for name, sets in SHAPES.items():
        ctx = ctx.declare(name, sets)
    return ctx


def index(s, bound):
    """Any index of a set: free, or bound at one of the binders around (their sets, outermost first)."""
    levels = [bd(len(bound) - 1 - n, own) for n, own in enumerate(bound) if own == s]
    return st.sampled_from([*FREE[s], *levels])


@st.composite
def entries(draw, bound):
    name = draw(st.sampled_from(sorted(SHAPES)))
    return mk("arr", name, *[draw(index(s, bound)) for s in SHAPES[name]])


@st.composite
def deltas(draw, bound):
    s = draw(st.sampled_from(sorted(FREE)))
    return mk("delta", None, draw(index(s, bound)), draw(index(s, bound)))


@st.composite
def terms(draw, depth=4, bound=(), derivatives=False, smooth=False):
    """A term; below a derivative only smooth ones, so that it has one everywhere."""
    kinds = SMOOTH if smooth else (*UNARY, "add", "add", "mul", "mul", "mul", "quotient", "max", "sum", "sum", "others", "power")
    kind = draw(st.sampled_from((*kinds, "D") if derivatives else kinds)) if depth else "leaf"

    def inner(around=bound, smoothly=smooth):
        return draw(terms(depth - 1, around, derivatives and not smooth, smoothly))
    match kind:
        case "leaf":
            leaf = st.one_of(entries(bound), entries(bound), deltas(bound), st.sampled_from(NUMBERS), st.just(mk("size", "N")))
            return draw(leaf)
        case "add" | "mul" | "max":
            return mk(kind, None, inner(), inner())
        case "quotient":
            return mk("mul", None, inner(), mk("inv", None, inner()))
        case "power":
            base = inner()
            return mk("mul", None, base, mk("mul", None, base, base)) if draw(st.booleans()) else mk("mul", None, base, base)
        case "sum" | "others":
            s = draw(st.sampled_from(("N", "N", "M")))
            body = inner((*bound, s))
            if kind == "others":
                away = mk("delta", None, bd(0, s), draw(index(s, (*bound, s))))
                body = mk("mul", None, mk("add", None, num(1), mk("neg", None, away)), body)
            return mk("sum", s, body)
        case "D":
            return mk("D", None, inner(smoothly=True), draw(entries(bound)))
    return mk(kind, None, inner())
