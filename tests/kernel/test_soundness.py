"""Random proofs: whatever the kernel accepts must hold at random values that meet its hypotheses, sizes 0 and kinks included."""

from __future__ import annotations

import random

import pytest

from derive.kernel.errors import DeriveError
from derive.kernel.laws.rows import LAWS
from derive.kernel.replay import Replay
from derive.kernel.terms import bd, indices, ix, mk, num, shift, sort

from .attacks import All, J, add, apart, arr, delta, eq, inv, le, lt, mul, ne, one, p, ratio, unless, world, z, zero
from .numeric import Unclear, model, same

ARRAYS = {**dict.fromkeys("xvwq", ()), **dict.fromkeys("zyp", ("N",)), "m": ("M",), "A": ("N", "M")}
LETTERS = [(letter, s) for letter in "ijkpq" for s in "NM"]
GIVEN = (
    All(lt(zero, arr("y", bd(0, "N")))),
    eq(arr("v"), one),
    All(eq(p(bd(0, "N")), one)),
    le(zero, arr("w")),
    ne(arr("q"), zero),
    All(unless(ix("i", "N"), bd(0, "N"), ne(add(z(ix("i", "N")), mk("neg", None, z(bd(0, "N")))), zero))),
    le(num(1), mk("size", "M")),
    apart(ix("i", "N"), ix("j", "N")),
)


def random_index(rng, s, bound):
    inside = [bd(len(bound) - 1 - n, b) for n, b in enumerate(bound) if b == s]
    return rng.choice(inside) if inside and rng.random() < 0.75 else ix(rng.choice("ijk"), s)


def random_term(rng, size, bound=()):
    if size <= 0:
        name = rng.choice(("x", "v", "w", "q", "z", "z", "y", "p", "m", "A", "a", "e", "0", "1", "N"))
        if name in "01N":
            return mk("size", "N") if name == "N" else num(name)
        return arr(name, *[random_index(rng, s, bound) for s in {**ARRAYS, "a": (), "e": ("N",)}[name]])
    kind = rng.choice(
        (
            "neg",
            "inv",
            "exp",
            "log",
            "sqrt",
            "step",
            "abs",
            "add",
            "add",
            "mul",
            "mul",
            "mul",
            "max",
            "delta",
            "sum",
            "sum",
            "sum",
            "D",
            "fun",
            "off",
            "div",
        )
    )
    inner = random_term(rng, size - 1, bound)
    if kind in ("delta", "off"):
        d = delta(random_index(rng, "N", bound), random_index(rng, "N", bound))
        return mul(d if kind == "delta" else add(one, mk("neg", None, d)), inner)
    if kind == "div":
        return mul(random_term(rng, 0, bound), inv(inner))
    if kind == "sum":
        s = rng.choice("NNM")
        return mk("sum", s, random_term(rng, size - 1, (*bound, s)))
    if kind == "D":
        return mk(
            "D", None, inner, rng.choice((arr("x"), arr("v"), z(random_index(rng, "N", bound)), p(random_index(rng, "N", bound))))
        )
    if kind in ("add", "mul", "max"):
        return mk(kind, None, inner, random_term(rng, size // 2, bound))
    return mk(kind, ("h", 0) if kind == "fun" else None, inner)


def match(pattern, t, values, under=0):
    """Values of metavariables for which the pattern is (perhaps) t; what cannot be read off is left to chance."""
    if (
        pattern.op == "meta"
        and all(a.op == "bd" for a in pattern.args)
        and len(pattern.args) == under
        or pattern.op == "meta"
        and not pattern.args
    ):
        try:
            values.setdefault(pattern.data, t if pattern.args else shift(t, -under))
        except DeriveError:
            values.setdefault(pattern.data, t)
    elif pattern.op == "imeta":
        values.setdefault(pattern.data[0], t)
    elif pattern.op == t.op and len(pattern.args) == len(t.args):
        if type(pattern.data) is str and pattern.data[:1] == "?":
            values.setdefault(pattern.data, t.data)
        for a, b in zip(pattern.args, t.args, strict=True):
            match(a, b, values, under + (t.op in ("sum", "all")))


def random_path(rng, t):
    path, bound = [], ()
    while t.args and rng.random() < 0.75:
        choices = [n for n, a in enumerate(t.args) if sort(a) == "r" and (t.op != "D" or n == 0 or rng.random() < 0.02)]
        if not choices:
            break
        n = rng.choice(choices)
        bound = (*bound, t.data) if t.op == "sum" else bound
        path.append(n)
        t = t.args[n]
    return tuple(path), t, bound


def random_reason(rng, dev, here, bound):
    kind = rng.random()
    if kind < 0.75:
        row, forward = LAWS[rng.choice(list(LAWS))], rng.random() < 0.75
        values = {}
        match(row.lhs if forward else row.rhs, here, values)
        for name in ("?f", "?g", "?c"):
            values.setdefault(name, random_term(rng, rng.randrange(2), (*bound, "N") if rng.random() < 0.4 else bound))
        for name, value in (("?S", "N"), ("?R", "M"), ("?t", rng.choice((arr("x"), z(random_index(rng, "N", bound)))))):
            values.setdefault(name, value)
        for name in ("?i", "?j"):
            values.setdefault(name, random_index(rng, "N", bound) if rng.random() < 0.9 else bd(len(bound), "N"))
        return forward, ("law", row.name, tuple(values.items()))
    if kind < 0.83:
        other = random_term(rng, rng.randrange(2), bound)
        return True, (
            "field",
            rng.choice(
                (
                    mul(here, one),
                    add(here, zero),
                    mul(here, mul(other, inv(other))),
                    mul(here, ratio),
                    *(here.args[:1] if here.args and sort(here.args[0]) == "r" else (here,)),
                )
            ),
        )
    if kind < 0.87:
        return True, ("differentiate",)
    if kind < 0.92:
        symbol = rng.choice((arr("a"), arr("e", random_index(rng, "N", bound)), here))
        return rng.random() < 0.5, ("unfold", symbol)
    if kind < 0.96:
        h = rng.choice(GIVEN)
        return rng.random() < 0.8, ("use", h, (random_index(rng, "N", bound),) if h.op == "all" else ())
    name = rng.choice(list(dev.theorems) or ["none"])
    return rng.random() < 0.8, (
        "lemma",
        name,
        tuple((letter, s, random_index(rng, s, bound)) for letter, s in LETTERS if rng.random() < 0.6),
    )


def random_proof(rng, dev):
    """A term and steps that the kernel accepts from it."""
    t = start = random_term(rng, rng.randrange(1, 5))
    if dev.theorems and rng.random() < 0.3:
        start = t = rng.choice(list(dev.theorems.values())).sides[0]
        if rng.random() < 0.6:
            start = t = mk("sum", "N", t) if rng.random() < 0.5 else mk("D", None, t, rng.choice((arr("x"), z(ix("i", "N")))))
    steps = []
    for _ in range(40):
        path, here, bound = random_path(rng, t)
        try:
            forward, reason = random_reason(rng, dev, here, bound)
            new = Replay(dev).rewrite(t, path, forward, reason)[0]
        except (DeriveError, LookupError, TypeError, AttributeError):
            continue
        if new.weight < 300:
            t, steps = new, [*steps, (path, forward, reason)]
    return start, t, steps


def counterexample(rng, dev, th):
    """A valuation that meets the hypotheses and not the conclusion."""
    free = indices(th.conclusion, *th.hypotheses)
    definitions = {name: body for name, (_, body) in dev.context.definitions.items()}
    for _ in range(25):
        sizes = {s: rng.choice((1, 2)) if any(letter[1] == s for letter in free) else rng.choice((0, 1, 2)) for s in "NM"}
        at = model(rng, ARRAYS, sizes, LETTERS, definitions=definitions)
        for key in at.values:
            if key[0] in "vp" and rng.random() < 0.8:
                at.values[key] = 1.0
            elif key[0] == "y" and rng.random() < 0.8:
                at.values[key] = rng.choice((0.5, 1.0, 2.0))
        try:
            if all(at.holds(h) for h in th.hypotheses):
                left, right = map(at.value, th.sides)
                if not same(left, right, 1e-2):
                    return sizes, at.letters, at.values, left, right
        except Unclear:
            continue
    return None


def search(seed, rounds):
    rng, dev, steps, proved = random.Random(seed), world(*GIVEN), 0, 0
    for n in range(rounds):
        start, end, proof = random_proof(rng, dev)
        if not proof:
            continue
        th = dev.prove(str(n), eq(start, end), J(*proof))
        steps, proved = steps + len(proof), proved + 1
        found = counterexample(rng, dev, th)
        assert found is None, (th, proof, found)
        if rng.random() < 0.5 or len(dev.theorems) > 30:
            del dev.theorems[str(n)]
    return steps, proved


def test_random_proofs_hold():
    steps, proved = search(1, 150)
    assert proved > 75 and steps > 150


@pytest.mark.soundness
@pytest.mark.parametrize("seed", range(2, 12))
def test_many_random_proofs_hold(seed):
    search(seed, 400)
