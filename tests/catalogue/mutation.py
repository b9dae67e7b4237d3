"""Wrong claims near the true ones: seeded mutations of the claims of an entry, those that are true after all left out.

What is true is decided by the reference evaluator, at points that meet the hypotheses by construction.
"""
from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import Any

from engine.reference import Kink, Reference

from derive.algebra.bridge import Writer
from derive.algebra.derivation import opened
from derive.algebra.fresh import fresh
from derive.algebra.statement import Claim, Entry
from derive.kernel.errors import DeriveError
from derive.kernel.terms import bd, ix, mk, num, open_

LETTERS, SIZES, POINTS = "ijk", (1, 2, 3, 4), 3


@dataclass(frozen=True)
class Wrong:
    """An entry with one claim, which is false; `kinds` are the mutations that made it so."""
    entry: Entry
    kinds: tuple[str, ...]


def places(t, path=()) -> Iterator[tuple[Any, tuple[int, ...]]]:
    yield t, path
    for n, a in enumerate(t.args):
        yield from places(a, (*path, n))


def put(t, path, new):
    if not path:
        return new
    n = path[0]
    return mk(t.op, t.data, *t.args[:n], put(t.args[n], path[1:], new), *t.args[n + 1:])


def neg(t):
    return mk("neg", None, t)


def other_indices(t, path, whole):
    """Every index that could stand at this place: the free letters, and the letters bound there (reused on purpose)."""
    binders = [u.data for n in range(len(path)) if (u := subterm(whole, path[:n])).op == "sum"]
    return [ix(c, "N") for c in LETTERS] + [bd(level, s) for level, s in enumerate(reversed(binders))]


def subterm(t, path):
    return subterm(t.args[path[0]], path[1:]) if path else t


# kind -> (where it applies, what may stand there instead: f(rng, term, path, whole))
MUTATIONS = {
    "sign": (lambda t: t.op in ("arr", "sum", "mul", "delta", "exp"), lambda rng, t, *_: neg(t)),
    "sign dropped": (lambda t: t.op == "neg", lambda rng, t, *_: t.args[0]),
    "factor 2": (lambda t: t.op in ("arr", "sum", "mul", "delta", "exp"), lambda rng, t, *_: mk("mul", None, num(2), t)),
    "dropped term": (lambda t: t.op in ("add", "mul"), lambda rng, t, *_: rng.choice(t.args)),
    "plus for times": (lambda t: t.op == "mul", lambda rng, t, *_: mk("add", None, *t.args)),
    "index": (lambda t: t.op in ("ix", "bd"), lambda rng, t, path, whole: rng.choice(other_indices(t, path, whole))),
    "delta is 1": (lambda t: t.op == "delta", lambda rng, t, *_: num(1)),
    "delta is 0": (lambda t: t.op == "delta", lambda rng, t, *_: num(0)),
    "other array": (lambda t: t.op == "arr" and len(t.args) == 1, lambda rng, t, *_: mk("arr", rng.choice("zay"), *t.args)),
    "exp for log": (lambda t: t.op in ("exp", "log"), lambda rng, t, *_: mk({"exp": "log", "log": "exp"}[t.op], None, *t.args)),
    "exp or log around": (lambda t: t.op == "arr", lambda rng, t, *_: mk(rng.choice(("exp", "log")), None, t)),
    "inverse dropped": (lambda t: t.op == "inv", lambda rng, t, *_: t.args[0]),
    "sum dropped": (lambda t: t.op == "sum", lambda rng, t, *_: open_(t.args[0], [ix(rng.choice(LETTERS), "N")])),
    "squared": (lambda t: t.op in ("arr", "sum"), lambda rng, t, *_: mk("mul", None, t, t)),
    "1 for y or a": (lambda t: t.op == "arr", lambda rng, t, *_: num(1)),
}


def mutated(rng, t) -> tuple[Any, str]:
    kind = rng.choice([*MUTATIONS])
    fits, change = MUTATIONS[kind]
    found = [(u, path) for u, path in places(t) if fits(u)]
    if not found:
        return t, kind
    u, path = rng.choice(found)
    return put(t, path, change(rng, u, path, t)), kind


def starts(entry, reader, context):
    """The claims as terms, with their hypotheses: as stated, and with the definitions unfolded."""
    for claim in entry.claims:
        value = reader.term(fresh(claim.value))
        yield claim, value
        yield claim, unfolded(context, value)


def unfolded(ctx, t):
    t = ctx.unfold(t) if t.op == "arr" and t.data in ctx.definitions else t
    return mk(t.op, t.data, *[unfolded(ctx, a) for a in t.args])


def points(rng, ctx, claim):
    """References at values that meet the hypotheses of a claim: labels that sum to 1, one-hot labels, or any."""
    about = str(claim.given)
    for n, _ in product(SIZES, range(POINTS)):
        letters = {(c, "N"): rng.randrange(n) for c in LETTERS}
        values = {(name, (p,)): Fraction(rng.randrange(-30, 30), rng.choice((7, 8, 9))) for name in ctx.arrays for p in range(n)}
        y = [Fraction(rng.randrange(1, 9), 5) for _ in range(n)]
        if "KroneckerDelta" in about:
            y = [Fraction(int(p == letters["k", "N"])) for p in range(n)]
        elif claim.given:
            y = [q / sum(y) for q in y]
        yield Reference({"N": n}, letters, values | {("y", (p,)): q for p, q in enumerate(y)}, ctx.definitions)


def is_false(rng, ctx, start, value, claim):
    for at in points(rng, ctx, claim):
        try:
            if not at.agree(start, value):
                return True
        except Kink:
            continue
    return False


def wrong_claims(entry: Entry, count: int, seed: int) -> Iterator[Wrong]:
    """`count` different false claims near the claims of an entry, one to three mutations away, or with a hypothesis dropped."""
    rng = random.Random(f"{entry.name} {seed}")
    _, reader, record = opened(entry)
    ctx = record.context
    start = mk("D", None, *[reader.term(fresh(e)) for e in entry.derivative])
    write, seen = Writer({n: sets for n, (sets, _) in ctx.definitions.items()} | dict(ctx.arrays)), set()
    sources = list(starts(entry, reader, ctx))
    while count:
        claim, value = rng.choice(sources)
        kinds = []
        if claim.given and rng.random() < 0.15:
            claim = replace(claim, given=())
            kinds.append("hypothesis dropped")
        for _ in range(rng.choice((0, 1)) if kinds else rng.choice((1, 1, 1, 2, 2, 3))):
            value, kind = mutated(rng, value)
            kinds.append(kind)
        try:
            said = write.expression(value)
            read = reader.term(fresh(said))                   # SymPy may have simplified it: what it is now is the claim
        except DeriveError:
            continue
        if (read, claim.given) in seen or not is_false(rng, ctx, start, read, claim):
            continue
        seen.add((read, claim.given))
        count -= 1
        yield Wrong(replace(entry, claims=(Claim(said, claim.given),), code={}), tuple(kinds))
