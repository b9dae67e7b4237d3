"""What is wrong with a step that has a counterexample: a sign, an index, a factor, a sum left out. Each guess is proved first."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, pairwise

from ..engine.numbers import FLOAT, evaluate
from ..engine.sampling import valuations, variables_of
from ..kernel.errors import DeriveError
from ..kernel.terms import Term, indices, ix, mk, num
from .attempts import Attempt, Stated, Step, attempt
from .derivatives import parts
from .judge import Verdict, decide, proof, refute
from .limits import OutOfTime, time_limit
from .readings import Reading, former, further, put, rewritten
from .syntax import Additive, Big, Environment, Group, Name, Number, Product, Quotient, Related, Script, Syntax, bare, walk
from .table import STANDARD, Table, is_letter, subscript_letters, subscript_parts

SECONDS = 2.0
FACTORS = tuple(Fraction(n, d) for n, d in ((2, 1), (1, 2), (-2, 1), (-1, 2), (3, 1), (1, 3), (4, 1), (1, 4)))


@dataclass(frozen=True)
class Guess:
    """A changed right side that may be the one that was meant."""
    code: str
    message: str
    right: Syntax
    help: str = ""
    left: Syntax | None = None                                # where the left side is changed


def diagnosed(table: Table, step: Step, stated: Stated, a: Attempt, text: str) -> Verdict:
    """refuted with a counterexample, a code and, where one is found, the right side that would be right; or undecided."""
    against = refute(a)
    others = (*islice(further(table, step), 4), *islice(former(table, step), 4))
    if against is not None and (unknown := _unknown(table, step, a)):
        return Verdict("undecided", f"nothing says what {unknown} is", "D202", notes=a.notes)
    if against is None or not all(_refuted(reading, stated) for reading in others):
        return Verdict("undecided", "no proof and no counterexample was found", "D202", notes=a.notes)
    wrong = Verdict("refuted", "the sides differ", "D101", counterexample=against, notes=a.notes)
    pattern = next((n for n in a.notes if n.code == "D104" and n.caps), None)
    if pattern is not None:
        return replace(wrong, code="D104", message=pattern.message)
    try:
        with time_limit(SECONDS):
            return _explained(table, step, stated, a, wrong, text)
    except OutOfTime:
        return wrong


def _unknown(table: Table, step: Step, a: Attempt) -> str:
    """A name that stands here for the first time, on the right side, or a function of which only one side speaks: the step
    says what it is, and nothing can be wrong with that. "" where there is none."""
    left, right = table.mentioned(step.left), table.mentioned(step.right)
    new = right - left - table.seen_before - table.definitions.keys() - STANDARD
    arrays = {n for n in new if n in a.elaborator.arrays and not n.startswith("∂")}
    return next(iter(sorted(arrays | a.elaborator.functions & (left ^ right))), "")


def _refuted(reading: Reading, stated: Stated) -> bool:
    """Whether a step is false with another definition of one of its names, too."""
    try:
        return refute(attempt(reading.table, reading.step, stated)) is not None
    except (DeriveError, RecursionError):
        return True


def _explained(table: Table, step: Step, stated: Stated, a: Attempt, wrong: Verdict, text: str) -> Verdict:
    if proof(replace(a, right=mk("neg", None, a.right))) is not None:
        return replace(wrong, code="D102", message="sign: the right side is the negative of the left",
            help=negated(step.right, text))
    for guess in guesses(step, a, text):
        if _holds(table, replace(step, left=guess.left or step.left, right=guess.right), stated):
            return replace(wrong, code=guess.code, message=guess.message, help=guess.help)
    turned = decide(replace(a, right=mk("neg", None, a.right)))
    if turned is not None and turned.hypotheses:
        under = " and ".join(turned.hypotheses)
        return replace(wrong, code="D102", message=f"sign: the right side is the negative of the left, if {under}",
                       help=negated(step.right, text))
    factor = _factor(a)
    if factor:
        return replace(wrong, code="D105", message=f"factor: the left side is {factor} times the right side")
    divisor = _divisor(table, step, stated, a, text)
    if divisor:
        return replace(wrong, code="D105", message=divisor)
    only = _only_where(a)
    return replace(wrong, message=f"the sides differ; they agree only where {only}") if only else wrong


def _holds(table: Table, step: Step, stated: Stated) -> bool:
    try:
        return proof(attempt(table, step, stated)) is not None
    except (DeriveError, RecursionError):
        return False


# ---------------------------------------------------------------- guesses, by the mistakes that people make
def guesses(step: Step, a: Attempt, text: str) -> Iterator[Guess]:
    """Right sides near the one that is written."""
    yield from _signs(step.right, text)
    yield from _sums(step, a, text)
    yield from _orders(step.right, text)
    yield from _indices(step, a, text)
    yield from _cases(step.right)


def _signs(t: Syntax, text: str) -> Iterator[Guess]:
    """One addend with the other sign, also inside brackets and fractions."""
    for x in walk(t):
        if isinstance(x, Additive) and not (len(x.terms) == 1 and x is t):
            for n, term in enumerate(x.terms):
                flipped = replace(x, signs=(*x.signs[:n], -x.signs[n], *x.signs[n + 1:]))
                new = put(t, x, flipped)
                yield Guess("D102", f"sign: {_shown(term, text)} has the wrong sign", new)


def _sums(step: Step, a: Attempt, text: str) -> Iterator[Guess]:
    """A chain rule without its sum."""
    for letter in sorted(a.letters[1] - a.letters[0]):
        if letter.isalpha() and len(letter) == 1:
            at = step.right.start
            sign = Script(at, at, Big(at, at, "sum"), Name(at, at, letter))
            group = Group(at, step.right.end, "(", (step.right,))
            new = Product(at, step.right.end, ("", ""), (sign, group))
            yield Guess("D103", f"the sum over {letter} is missing", new, rf"\sum_{letter} {_shown(step.right, text)}")
    yield from _diagonals(step, a)


def _diagonals(step: Step, a: Attempt) -> Iterator[Guess]:
    """A chain rule through one entry alone, dC/da_i da_i/dz_i, where every entry counts."""
    factors = step.right.factors if isinstance(step.right, Product) else ()
    free = next(x for x in "kmlnpqrst" if x not in a.letters[0] | a.letters[1])
    for first, second in pairwise(factors):
        by = _derivative(first)
        inner = _derivative(second)
        if by is None or inner is None or inner[0] is None or bare(by[1][0]) != bare(inner[0]):
            continue
        entry = bare(by[1][0])
        letters = subscript_letters(entry.sub) if isinstance(entry, Script) else ()
        if isinstance(entry, Script) and len(letters) == 1 and entry.sub is not None:
            at = step.right.start
            moved = replace(entry, sub=Name(at, at, free))
            right = _moved(step.right, (by[1][0], inner[0]), moved)
            sign = Script(at, at, Big(at, at, "sum"), Name(at, at, free))
            whole = Product(at, step.right.end, ("", ""), (sign, Group(at, step.right.end, "(", (right,))))
            yield Guess("D103", f"the sum over all entries is missing: not the entry {letters[0]} alone depends on the variable",
                        whole)


def _moved(t: Syntax, places: tuple[Syntax, ...], new: Syntax) -> Syntax:
    """t with a new tree at several places."""
    found: Syntax = rewritten(t, lambda x: new if any(x is place for place in places) else None)
    return found


def _derivative(t: Syntax) -> tuple[Syntax | None, tuple[Syntax, ...]] | None:
    return parts(t) if isinstance(t, Quotient) else None


def _indices(step: Step, a: Attempt, text: str) -> Iterator[Guess]:
    """One index exchanged for another letter of the step."""
    letters = sorted(x for x in a.letters[0] | a.letters[1] | step.outer if x.isalpha() and len(x) == 1)
    signs = [t.sub for side in (step.left, step.right) for t in walk(side) if isinstance(t, Script) and isinstance(t.base, Big)]
    bound = {x.text for sub in signs if sub is not None for x in walk(sub) if isinstance(x, Name) and is_letter(x)}
    for place in _places(step.right):
        for letter in dict.fromkeys([*letters, *sorted(bound)]):
            if letter != place.text:
                new = put(step.right, place, Name(place.start, place.end, letter))
                changed = text[step.right.start:place.start] + letter + text[place.end:step.right.end]
                yield Guess("D104", f"index: {letter} is meant, not {place.text}", new, " ".join(changed.split()))
    for place in _places(step.left):
        for letter in letters if isinstance(place, Number) else ():
            new = put(step.left, place, Name(place.start, place.end, letter))
            yield Guess("D104", f"index: {letter} is meant, not {place.text}, on the left side", step.right, left=new)


def _places(t: Syntax) -> Iterator[Name | Number]:
    """Indices of names, and what is left out of sums."""
    for x in walk(t):
        if isinstance(x, Script) and isinstance(x.base, Name):
            yield from (p for p in map(bare, subscript_parts(x.sub)) if isinstance(p, Number) or isinstance(p, Name)
                and is_letter(p))
        if isinstance(x, Script) and isinstance(x.base, Big) and x.sub is not None:
            related = [r for r in walk(x.sub) if isinstance(r, Related) and r.signs == ("≠",)]
            yield from (y for r in related for y in [bare(r.sides[1])] if isinstance(y, Name | Number))


def _orders(t: Syntax, text: str) -> Iterator[Guess]:
    """Matrices in the other order, or with a transpose too much or too little."""
    for x in walk(t):
        if not isinstance(x, Product) or not _matrices(x):
            continue
        for n, (left, right) in enumerate(pairwise(x.factors)):
            turned = replace(x, factors=(*x.factors[:n], right, left, *x.factors[n + 2:]))
            shown = f"{_shown(right, text)} {_shown(left, text)}"
            yield Guess("D107", "shape: the factors stand in the wrong order", put(t, x, turned), shown)
        for n, factor in enumerate(x.factors):
            new = factor.base if _transposed(factor) and isinstance(factor, Script) else \
                Script(factor.start, factor.end, factor, sup=Name(factor.start, factor.end, "⊤"))
            changed = replace(x, factors=(*x.factors[:n], new, *x.factors[n + 1:]))
            yield Guess("D107", f"shape: {_shown(factor, text)} is transposed too often or not at all", put(t, x, changed))


def _transposed(t: Syntax) -> bool:
    return isinstance(t, Script) and t.sup is not None and bare(t.sup) in (Name(0, 0, "T"), Name(0, 0, "⊤"))


def _matrices(t: Syntax) -> bool:
    return any(_transposed(x) or isinstance(x, Name) and x.bold for x in walk(t))


def _cases(t: Syntax) -> Iterator[Guess]:
    """Cases with their conditions exchanged."""
    for x in walk(t):
        if isinstance(x, Environment) and x.kind == "cases" and len(x.rows) == 2 and all(len(row) > 1 for row in x.rows):
            first, second = x.rows
            swapped = replace(x, rows=((first[0], *second[1:]), (second[0], *first[1:])))
            new = put(t, x, swapped)
            yield Guess("D106", "the conditions of the cases are exchanged", new)


# ---------------------------------------------------------------- factors and single values
def _factor(a: Attempt) -> str:
    """A number, a size or a number's root by which the sides differ, proved."""
    candidates: list[tuple[str, Term]] = [(str(q), num(q)) for q in FACTORS]
    for s in _sizes(a):
        size = mk("size", s)
        candidates += [(s, size), (f"1/{s}", mk("inv", None, size))]
    for name in variables_of(a.context, [a.left, a.right]):
        if not a.context.arrays[name]:
            x = mk("arr", name)
            root = mk("sqrt", None, x)
            candidates += [(name, x), (f"1/{name}", mk("inv", None, x)), (f"√{name}", root), (f"1/√{name}", mk("inv", None,
                root))]
    for shown, factor in candidates:
        right = mk("mul", None, factor, a.right)
        if _agrees(a, right) and proof(replace(a, right=right)) is not None:
            return shown
    return ""


def _divisor(table: Table, step: Step, stated: Stated, a: Attempt, text: str) -> str:
    """A definition behind the step divides by something else than the size that makes the step hold."""
    for name in sorted(table.mentioned(step.left, step.right) & table.definitions.keys()):
        d = table.definitions[name]
        for x, size in ((x, s) for x in _divisors(d.body) for s in _sizes(a) if x != Name(0, 0, s)):
            body = put(d.body, x, Name(x.start, x.end, size))
            if _holds(replace(table, definitions={**table.definitions, name: replace(d, body=body)}), step, stated):
                return f"factor: the definition of {name} divides by {_shown(x, text)}; with {size} this step holds"
    return ""


def _divisors(t: Syntax) -> list[Name | Number]:
    """The names and numbers by which something is divided."""
    below = [x.below for x in walk(t) if isinstance(x, Quotient)]
    below += [f for x in walk(t) if isinstance(x, Product) for sign, f in zip(x.signs, x.factors, strict=True) if sign == "/"]
    return [y for y in map(bare, below) if isinstance(y, Name | Number)]


def _sizes(a: Attempt) -> list[str]:
    """The index sets of a step, by the names of their sizes."""
    named = {t.data for t in _subterms(a.left, a.right) if t.op in ("sum", "size")}
    return sorted({s for _, s in indices(a.left, a.right)} | named)


def _subterms(*terms: Term) -> Iterator[Term]:
    for t in terms:
        yield t
        yield from _subterms(*t.args)


def _agrees(a: Attempt, right: Term) -> bool:
    """Whether the left side has the value of another right side at a few points."""
    tried = 0
    for at in valuations(a.context, [a.left, right], [*a.fixed, *a.given], (2,), 6):
        try:
            x, y = [evaluate(a.context, t, at, FLOAT) for t in (a.left, right)]
        except (DeriveError, ArithmeticError, TypeError):
            continue
        tried += 1
        if not abs(x - y) <= 1e-7 * (1 + abs(x)):
            return False
    return tried > 0


def _only_where(a: Attempt) -> str:
    """An entry whose value 1 or 0 makes the step true."""
    free = sorted(indices(a.left, a.right))
    for name in variables_of(a.context, [a.left, a.right]):
        sets = a.context.arrays[name]
        for letter, s in free if len(sets) == 1 else ():
            for value in (1, 0) if s == sets[0] else ():
                if proof(a, [mk("eq", None, mk("arr", name, ix(letter, s)), num(value))]) is not None:
                    return f"{name}_{letter} = {value}"
    return ""


def negated(t: Syntax, text: str) -> str:
    """The negative of a side, in its own LaTeX."""
    shown = _shown(t, text)
    if isinstance(t, Additive) and len(t.terms) == 1:
        inner = bare(t.terms[0])
        if t.signs[0] < 0:
            inner = inner.parts[0] if isinstance(inner, Group) and len(inner.parts) == 1 else inner
            return _shown(inner, text)
    return f"-({shown})" if isinstance(t, Additive) else f"-{shown}"


def _shown(t: Syntax, text: str) -> str:
    return " ".join(text[t.start:t.end].split())
