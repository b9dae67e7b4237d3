"""The verdict on one step: a proof that the kernel replays, a hypothesis of the table, another reading, a counterexample.

Nothing is proved here but by engine.equality.prove; nothing is refuted but by engine.counterexample.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from ..engine.congruence import prove_by_parts
from ..engine.counterexample import Counterexample, counterexample
from ..engine.equality import Hints, Proved, normalizer, prove
from ..engine.sampling import witness
from ..kernel.conditions import ONE, ZERO, discharge, domain, relation, split, wrap
from ..kernel.context import Context
from ..kernel.errors import DeriveError
from ..kernel.field import field_equal
from ..kernel.replay import Development, Theorem
from ..kernel.terms import Term, bd, indices, mk, shift, subst_index
from . import hypotheses as hyp
from .elaborate import Elaborator, Note, Scope
from .hypotheses import Hypothesis
from .ir import Node, ShapeError, Value, walk
from .lowering import Lowering
from .relations import turned
from .syntax import Name, Number, Related, Script, Syntax, Unreadable, bare
from .syntax import walk as walk_syntax
from .table import Table, is_letter, subscript_parts
from .wording import said


@dataclass(frozen=True)
class Step:
    """left = right, with what the chain around it says."""
    left: Syntax
    right: Syntax
    conditions: tuple[Related, ...] = ()
    outer: frozenset[str] = frozenset()
    by: Syntax | None = None
    siblings: frozenset[str] = frozenset()
    before: tuple[Syntax, ...] = ()


@dataclass(frozen=True)
class Stated:
    """What the document states: hypotheses of the table, and relations."""
    hypotheses: tuple[Hypothesis, ...] = ()
    relations: tuple[Related, ...] = ()


@dataclass(frozen=True)
class Attempt:
    """A step in kernel terms. `fixed` stands for conditions of the step; `given` for what the document states."""
    elaborator: Elaborator
    context: Context
    left: Term
    right: Term
    fixed: tuple[Term, ...]
    given: tuple[Term, ...]
    apart: tuple[tuple[Term, Term], ...]
    presupposed: frozenset[Term]
    letters: tuple[frozenset[str], frozenset[str]]

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(self.elaborator.notes)


@dataclass(frozen=True)
class Verdict:
    """outcome, what was needed for it, and what was noticed on the way."""
    outcome: str
    message: str = ""
    code: str = ""
    hypotheses: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    notes: tuple[Note, ...] = ()
    help: str = ""
    tried: tuple[Hypothesis, ...] = field(default=())


# ---------------------------------------------------------------- from syntax to kernel terms
def attempt(table: Table, step: Step, stated: Stated) -> Attempt:
    """The step in kernel terms. Raises Unreadable."""
    e = Elaborator(table, step.siblings, _plain_numbers(table, step), exponents(step.left) | exponents(step.right))
    scope = Scope(outer=step.outer, by=step.by)
    left, right = e.value(step.left, scope), e.value(step.right, scope)
    sides = _entries(e, left, right, step.right)
    letters = (free_letters(sides[0]), free_letters(sides[1]))
    conditions = [c for c in (_condition(e, c, scope) for c in step.conditions) if c is not None]
    earlier = [_earlier(e, t, scope) for t in step.before]
    relations = [r for r in (_relation(e, c, scope) for c in stated.relations if _places_known(e, c)) if r is not None]
    low = Lowering(e)
    terms = [low.term(x) for x in sides]
    fixed, equal = [low.term(c) for c in conditions if c.op != "same"], [c.args for c in conditions if c.op == "same"]
    fixed += [mk("apart", None, a, b) for a, b in _constants(e, low)]
    given = [_closed(low, r, low.term(r)) for r in relations]
    presupposed = frozenset(low.presupposed).union(*[domain(low.dev.context, low.term(n)) for n in earlier if n is not None])
    for a, b in equal:
        put = {low.index(b).data: low.index(a)}
        terms, fixed, given = [[subst_index(t, put) for t in group] for group in (terms, fixed, given)]
        presupposed = frozenset(subst_index(t, put) for t in presupposed)
    return _assumed(e, low, terms, fixed, given, presupposed, letters, stated)


def _assumed(e: Elaborator, low: Lowering, terms: list[Term], fixed: list[Term], given: list[Term], presupposed: frozenset[Term],
             letters: tuple[frozenset[str], frozenset[str]], stated: Stated) -> Attempt:
    ctx = low.dev.context
    if _related(e):
        e.opaque.add("∂")
    for h in hyp.chosen(stated.hypotheses, {letter for letter, _ in indices(*terms)}):
        condition = hyp.term(ctx, h, *terms)
        given += [condition] if condition is not None else []
    fixed = [c for c in fixed if not (c.op == "apart" and c.args[0] is c.args[1])]
    apart = tuple((c.args[0], c.args[1]) for c in fixed if c.op == "apart")
    return Attempt(e, ctx, terms[0], terms[1], tuple(dict.fromkeys(fixed)), tuple(dict.fromkeys(given)), apart, presupposed,
        letters)


def _plain_numbers(table: Table, step: Step) -> bool:
    """Whether a step speaks of numbers: it has a name without index that is known as a number and elsewhere as an array."""
    if any(isinstance(x, Script) and x.sup is not None and bare(x.sup) in (Name(0, 0, "T"), Name(0, 0, "⊤"))
           for side in (step.left, step.right) for x in walk_syntax(side)):
        return False
    indexed = {id(x.base) for side in (step.left, step.right) for x in walk_syntax(side) if isinstance(x, Script)
        and x.sub is not None}
    bare_names = {x.text for side in (step.left, step.right) for x in walk_syntax(side) if isinstance(x, Name)
        and id(x) not in indexed}
    return bool(bare_names & table.scalars & table.indexed)


def _related(e: Elaborator) -> bool:
    """Whether two symbols for derivatives of one quantity belong to names that flow into the same definition."""
    names = [n.rsplit("/∂", 1)[1] for n in e.arrays if n.startswith("∂")]
    flows = [{n} | e.table.behind(n) for n in e.table.definitions]
    return any(a in f and b in f for k, a in enumerate(names) for b in names[k + 1:] for f in flows)


def exponents(t: Syntax) -> frozenset[str]:
    """The vectors whose entries stand in exponents of e."""
    raised = [bare(x.sup) for x in walk_syntax(t) if isinstance(x, Script) and x.base == Name(0, 0, "e") and x.sup is not None]
    return frozenset(x.base.text for x in raised if isinstance(x, Script) and isinstance(x.base, Name))


def free_letters(t: Node) -> frozenset[str]:
    """Index letters of a node that the author wrote and nothing binds."""
    return frozenset(x.data[0] for x in walk(t) if x.op == "ix" and "." not in x.data[0])


def _entries(e: Elaborator, left: Value, right: Value, t: Syntax) -> tuple[Node, Node]:
    """Both sides at the same free indices."""
    if left.scalar and right.scalar:
        return left.node, right.node
    shaped = right if left.scalar else left
    zero = [v.entry(None, None) for v in (left, right) if v.scalar]
    if zero and not (zero[0].op == "num"):
        raise ShapeError(f"one side is a number, the other {e.algebra.shape(shaped)}", t)
    if not zero:
        e.algebra.combine(lambda a, b: a, left, right, t, "equation")
    place = [None if s is None else _free(e, s) for s in (shaped.rows, shaped.cols)]
    return left.entry(*place), right.entry(*place)


def _free(e: Elaborator, s: int) -> Node:
    letter = next(x for x in "ijklmnpqrst" if x not in e.free)
    e.free[letter] = Node("ix", (letter, s))
    return e.free[letter]


def _condition(e: Elaborator, c: Related, scope: Scope) -> Node | None:
    """i = j ("same"), i ≠ j, a relation between values, or None where it speaks of what the step does not mention."""
    if len(c.sides) == 2 and c.signs[0] in ("=", "≠") and all(is_letter(bare(x)) or isinstance(bare(x), Number) for x in c.sides):
        i, j = e.same_set(*[e.index(x, scope) for x in c.sides])
        return Node("same" if c.signs[0] == "=" else "apart", None, (i, j))
    found = _relation(e, c, scope)
    if found is None and _mentioned(e, c):
        raise Unreadable("the condition of this step is not read", c.start, c.end)
    return found


def _relation(e: Elaborator, c: Related, scope: Scope) -> Node | None:
    """A relation as a condition node; None where it speaks of what the step does not mention, or is not read."""
    found = turned(c.sides, c.signs[0])
    if found is None or not _mentioned(e, c):
        return None
    op, *sides = found
    before = len(e.notes)
    try:
        return Node(op, None, tuple(e.number(x, scope) for x in sides))
    except Unreadable:
        return None
    finally:
        del e.notes[before:]


def _mentioned(e: Elaborator, c: Related) -> bool:
    from .table import names
    known = e.arrays.keys() | e.defined.keys() | set(e.sets.names)
    return frozenset[str]().union(*map(names, c.sides)) - {"e"} <= known


def _places_known(e: Elaborator, c: Related) -> bool:
    """Whether the fixed places of which a relation speaks stand in the step."""
    return all(x.text in e.free for side in c.sides for t in walk_syntax(side) if isinstance(t, Script)
               for x in subscript_parts(t.sub) if isinstance(x, Number))


def _earlier(e: Elaborator, t: Syntax, scope: Scope) -> Node | None:
    """A side before this step, for what it presupposes."""
    before = len(e.notes)
    try:
        v = e.value(t, scope)
        return v.node if v.scalar else None
    except Unreadable:
        return None
    finally:
        del e.notes[before:]


def _constants(e: Elaborator, low: Lowering) -> Iterator[tuple[Term, Term]]:
    """Fixed places such as 1 and 2 are different."""
    fixed = [low.index(x) for letter, x in sorted(e.free.items()) if letter.isdigit()]
    yield from ((a, b) for n, a in enumerate(fixed) for b in fixed[n + 1:] if a.data[1] == b.data[1])


def _closed(low: Lowering, node: Node, t: Term) -> Term:
    """A relation for all values of its letters."""
    for letter, s in sorted(indices(t)):
        if not letter.isdigit():
            t = mk("all", s, subst_index(shift(t, 1), {(letter, s): bd(0, s)}))
    return t


# ---------------------------------------------------------------- proving
def proof(a: Attempt, extra: Iterable[Term] = ()) -> Proved | None:
    """A proof under what is given, the conditions of the step and extra hypotheses."""
    extra = tuple(extra)
    dev = Development()
    dev.context = a.context
    equations = [c for c in a.fixed if c.op != "apart"]
    for h in (*a.fixed, *a.given, *extra):
        dev.assume(h)
    hints = Hints(given=(*equations, *a.given, *extra), apart=a.apart)
    try:
        found = prove(dev, a.left, a.right, hints)
    except (DeriveError, RecursionError):
        found = None
    return found if found is not None else prove_by_parts(dev, a.left, a.right, hints)


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
    known = {*a.fixed, *a.given, *extra}
    left = presupposed(ctx, domain(ctx, a.left) | a.presupposed)
    right = presupposed(ctx, domain(ctx, a.right))
    out = [h for h in _unstated(p.theorem, left, known)
           if not (split(h)[1].op == "ne" and _follows(h, left | right) or _restated(a, h, left))]
    new = [h for h in sorted(right - left, key=repr) if split(h)[1].op == "lt" and h not in known and not _implied(h, known)]
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


def _restated(a: Attempt, h: Term, known: frozenset[Term]) -> bool:
    """Whether a sign is presupposed of a term with the same normal form."""
    frames, core = split(h)
    same = [split(c)[1] for c in sorted(known, key=repr) if split(c)[0] == frames == () and split(c)[1].op == core.op]
    dev = Development()
    dev.context = a.context
    convert = normalizer(dev, Hints())
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


def has_witness(a: Attempt, p: Proved) -> bool:
    """Whether the hypotheses of a theorem can be met, at sizes 1 or 2."""
    conclusion = mk("eq", None, a.left, a.right)
    hypotheses = {h for h in p.theorem.hypotheses if not _abstract(h)}
    return not hypotheses or witness(p.theorem.context, conclusion, hypotheses) is not None


def _abstract(h: Term) -> bool:
    """A presupposition about an abstract function: it has no value to try."""
    return h.op == "fun" or any(_abstract(x) for x in h.args)


def differs(a: Attempt, extra: Iterable[Term] = ()) -> bool:
    """Whether a few small points already show that no proof can be found: a search saved."""
    return counterexample(a.context, a.left, a.right, [*a.fixed, *a.given, *extra], (2,), 4) is not None


def decide(a: Attempt, unstated: bool = True) -> Verdict | None:
    """proved, or proved_under a hypothesis of the table; None where no proof was found."""
    plain = None if differs(a) else proof(a)
    if plain is not None and has_witness(a, plain):
        return _proved(a, plain, ())
    if not unstated:
        return None
    for combination in hyp.candidates(a.context, a.left, a.right):
        terms = [t for h in combination if (t := hyp.term(a.context, h, a.left, a.right)) is not None]
        if len(terms) < len(combination) or all(t in a.given for t in terms):
            continue
        found = None if differs(a, terms) else proof(a, terms)
        if found is not None and has_witness(a, found):
            return _proved(a, found, combination, terms)
    return None


def _proved(a: Attempt, p: Proved, tried: tuple[Hypothesis, ...], extra: Iterable[Term] = ()) -> Verdict:
    rest = needed(a, p, extra)
    used = tuple(h for h in tried if (t := hyp.term(a.context, h, a.left, a.right)) is None or t in p.theorem.hypotheses)
    stated = tuple(said(h) for h in (*a.given, *a.fixed) if h in p.theorem.hypotheses)
    unstated = (*map(str, used), *map(said, rest))
    if not unstated:
        return Verdict("proved", hypotheses=stated, notes=a.notes)
    kinked = bool(rest) and not used and all(split(h)[1].op == "ne" for h in rest)
    message = f"holds if {' and '.join(unstated)}, which the text does not state"
    return Verdict("proved_under", message, "D301" if kinked else "D201", (*stated, *unstated), notes=a.notes, tried=tried)


# ---------------------------------------------------------------- refuting
def refute(a: Attempt) -> Counterexample | None:
    """A counterexample under what is stated; none where something stands in the step that was not understood."""
    if a.elaborator.opaque:
        return None
    given = [*a.fixed, *a.given]
    found = counterexample(a.context, a.left, a.right, given)
    if found is not None and found.at.sizes and set(found.at.sizes.values()) == {1}:
        larger = counterexample(a.context, a.left, a.right, given, (2, 3))
        return found if larger is not None else None
    return found


def capped(v: Verdict, note: Note | None = None) -> Verdict:
    """A proof that rests on a reading is proved_under at most."""
    notes = (*v.notes, *([note] if note is not None else []))
    caps = [n for n in notes if n.caps]
    if v.outcome == "proved" and caps:
        return replace(v, outcome="proved_under", code=caps[0].code, message=caps[0].message, notes=notes)
    if v.outcome == "proved_under" and caps:
        return replace(v, code=caps[0].code, message=f"{caps[0].message}; then it {v.message}", notes=notes)
    return replace(v, notes=notes)
