"""What a proof needed that nobody stated: hypotheses that the step neither states nor presupposes as it is written."""
from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..engine.equality import Hints, Proved, normalizer
from ..kernel.conditions import ONE, ZERO, discharge, domain, relation, split, wrap
from ..kernel.context import Context
from ..kernel.errors import DeriveError
from ..kernel.field import field_equal
from ..kernel.replay import Development, Theorem
from ..kernel.terms import Term, mk
from .attempts import Attempt


def needed_by(a: Attempt, theorem: Theorem) -> tuple[Term, ...]:
    """The hypotheses of a theorem about a step that it neither states nor presupposes."""
    left = presupposed(a.context, domain(a.context, a.left) | domain(a.context, a.right) | a.presupposed)
    return tuple(_unstated(theorem, left, {*a.fixed, *a.given}))


def _unstated(theorem: Theorem, presupposed_: frozenset[Term], known: set[Term]) -> Iterator[Term]:
    """The hypotheses of a theorem, in order, that are neither known nor presupposed, nor say that a set has an element."""
    for h in sorted(theorem.hypotheses - known, key=repr):
        if not (_has_an_element(h) or h in presupposed_ or _implied(h, known)):
            yield h


def _has_an_element(h: Term) -> bool:
    core = split(h)[1]
    return core.op == "le" and core.args[0] is ONE and core.args[1].op == "size"


def needed(a: Attempt, p: Proved, extra: Iterable[Term] = ()) -> tuple[Term, ...]:
    """The hypotheses of a theorem that neither the step states nor its formulas presuppose, and what its right side
    presupposes anew: that a number is positive."""
    ctx = p.theorem.context
    extra = tuple(extra)
    known = {*a.fixed, *a.given, *extra}
    defined = [domain(ctx, mk("arr", name)) for name, (sets, _) in ctx.definitions.items() if not sets]
    left = presupposed(ctx, (domain(ctx, a.left) | a.presupposed).union(*defined))    # a quantity presupposes what defines it
    right = presupposed(ctx, domain(ctx, a.right))
    out = [h for h in _unstated(p.theorem, left, known)
           if not (split(h)[1].op == "ne" and _follows(h, left | right) or _restated(a, h, left, extra))]
    new = [h for h in sorted(right - left, key=repr) if split(h)[1].op == "lt" and h not in known
           and not (_implied(h, known) or _restated(a, h, left, extra))]
    return tuple(dict.fromkeys([*out, *new]))


def presupposed(ctx: Context, conditions: Iterable[Term]) -> frozenset[Term]:
    """Conditions that have to be met, and what follows from them: the factors of what is not 0 are not 0."""
    out, todo = set[Term](), [d for c in conditions for d in discharge(ctx, c)]
    while todo:
        c = todo.pop()
        if c not in out:
            out.add(c)
            todo += [d for part in _consequences(c) for d in discharge(ctx, part)]
    return frozenset(out)


def _consequences(c: Term) -> Iterator[Term]:
    frames, core = split(c)
    if core.op == "lt" and core.args[0] is ZERO:
        yield from wrap(frames, [relation("ne", core.args[1])])
    if core.op == "ne" and core.args[1] is ZERO and core.args[0].op in ("mul", "neg", "inv"):
        yield from wrap(frames, [relation("ne", part) for part in core.args[0].args])


def _follows(h: Term, known: frozenset[Term]) -> bool:
    """Whether a number is not 0 because it is, up to arithmetic, a product of numbers that are presupposed not to be."""
    frames, core = split(h)
    if h in known:
        return True
    terms = [split(c)[1].args[0] for c in sorted(known, key=repr) if split(c)[0] == frames and split(c)[1].op == "ne"]
    products = [*terms, *[mk("mul", None, s, t) for n, s in enumerate(terms) for t in terms[n:]]][:60]
    return core.args[1] is ZERO and any(_same(core.args[0], t) for t in products)


def _restated(a: Attempt, h: Term, known: frozenset[Term], extra: Iterable[Term]) -> bool:
    """Whether a sign is presupposed of a term with the same normal form, under what the document states."""
    frames, core = split(h)
    same = [split(c)[1] for c in sorted(known, key=repr) if split(c)[0] == frames == () and split(c)[1].op == core.op]
    dev = Development()
    dev.context = a.context
    assumed = (*a.given, *extra)
    for given in assumed:
        dev.assume(given)
    convert = normalizer(dev, Hints(given=assumed))
    n = int(core.op == "lt")
    return core.op in ("lt", "ne") and any(convert(c.args[n])[0] is convert(core.args[n])[0] for c in same)


def _same(s: Term, t: Term) -> bool:
    for other in (t, mk("neg", None, t)):
        try:
            if not field_equal(s, other):
                return True
        except DeriveError:
            continue
    return False


def _implied(h: Term, known: set[Term]) -> bool:
    """Whether a hypothesis is a known one, seen below quantifiers and guards, or the other way round."""
    while h.op in ("all", "when", "unless") and h not in known:
        h = h.args[-1]
    return h in known or h.op == "apart" and mk("apart", None, h.args[1], h.args[0]) in known
