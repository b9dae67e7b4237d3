"""A step in kernel terms: both sides at the same indices, with the conditions and hypotheses that speak of them."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..engine.forms import signed
from ..kernel.conditions import domain
from ..kernel.context import Context
from ..kernel.terms import Term, bd, indices, mk, shift, subst_index
from . import hypotheses as hyp
from .elaborate import Elaborator
from .hypotheses import Hypothesis
from .ir import Node, ShapeError, Value, walk
from .lowering import Lowering
from .norms import has_roots
from .relations import turned
from .scope import Note, Scope
from .shapes import shaped
from .syntax import Name, Number, Related, Script, Syntax, Unreadable, bare
from .syntax import walk as walk_syntax
from .table import Table, is_letter, names, subscript_parts


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
    """What the document states: hypotheses of the table, and relations. `weights` are the names that it treats as labels or
    as probabilities: it calls them so, or they stand beside a logarithm or in it."""
    hypotheses: tuple[Hypothesis, ...] = ()
    relations: tuple[Related, ...] = ()
    weights: frozenset[str] = frozenset()


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
    weights: frozenset[str] = frozenset()

    @property
    def notes(self) -> tuple[Note, ...]:
        return tuple(self.elaborator.notes)


def attempt(table: Table, step: Step, stated: Stated) -> Attempt:
    """The step in kernel terms. Raises Unreadable."""
    table = shaped(table, step.left, step.right)
    e = Elaborator(table, step.siblings, _plain_numbers(table, step), exponents(step.left) | exponents(step.right),
                   has_roots(table.bodies(step.left, step.right)))
    scope = Scope(outer=step.outer, by=step.by)
    left, right = e.value(step.left, scope), e.value(step.right, scope)
    sides = _entries(e, left, right, step.right)
    letters = (free_letters(sides[0]), free_letters(sides[1]))
    conditions = [c for c in (_condition(e, c, scope) for c in step.conditions) if c is not None]
    earlier = [_earlier(e, t, scope) for t in step.before]
    relations = [r for r in (_relation(e, c, scope) for c in stated.relations if _places_known(e, c)) if r is not None]
    low = Lowering(e)
    terms = [low.term(x) for x in sides]
    told = [low.term(c) for c in conditions if c.op != "same"]
    fixed = [signed(c.op, *c.args) if c.op in ("lt", "le") else c for c in told]
    equal = [c.args for c in conditions if c.op == "same"]
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
        letters, stated.weights)


def _plain_numbers(table: Table, step: Step) -> bool:
    """Whether a step speaks of numbers: it has a name without index that is known as a number and elsewhere as an array."""
    if any(isinstance(x, Script) and x.sup is not None and bare(x.sup) in (Name(0, 0, "T"), Name(0, 0, "⊤"))
           for side in (step.left, step.right) for x in walk_syntax(side)):
        return False
    indexed = {id(x.base) for side in (step.left, step.right) for x in walk_syntax(side) if isinstance(x, Script)
        and x.sub is not None}
    bare_names = {x.text for side in (step.left, step.right) for x in walk_syntax(side) if isinstance(x, Name)
        and id(x) not in indexed}
    entries = {x.base.text for side in (step.left, step.right) for x in walk_syntax(side) if isinstance(x, Script)
               and isinstance(x.base, Name) and x.sub is not None}
    numbers = table.scalars.union(*[set(d.params) - entries for d in table.definitions.values() if d.of_numbers])
    return bool(bare_names & numbers & table.indexed - table.bold)


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
    """Whether a step has all names of which a relation speaks; y_1 is an entry of y where y has entries."""
    known = e.arrays.keys() | e.defined.keys() | set(e.sets.names)
    said = frozenset[str]().union(*map(names, c.sides)) - {"e", "T", "⊤"}
    return all(n in known or n.rpartition("_")[0] in known & e.table.indexed for n in said)


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
