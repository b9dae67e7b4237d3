"""The verdict on a claim: as written, with a name defined anew, in other readings, and at last what is wrong with it."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from ..kernel.errors import DeriveError
from .attempts import Attempt, Step, attempt
from .chains import Chain
from .cues import CONDITION, SQUARED
from .defining import redefined
from .derivatives import parts
from .diagnosis import diagnosed
from .environments import split_case
from .inequalities import judged as inequality
from .judge import Verdict, capped, decide, differs, refute, unread
from .limits import OutOfTime, time_limit
from .progress import Progress, condition_tree, tree
from .readings import Reading, aliased, readings, renamed_name
from .relations import turned
from .scope import Note
from .syntax import Additive, Environment, Name, Quotient, Related, Script, Syntax, Unreadable, bare, walk
from .table import Definition, head, names
from .tokens import tokens


def compared(r: Progress, chain: Chain, step: Step, sign: str) -> Verdict:
    """The verdict on an inequality; undecided for a sign that compares nothing, and where the sentence around it may say when
    it holds."""
    try:
        with time_limit(r.timeout):
            found = capped(inequality(r.table, step, r.stated, sign))
        unsure = found.outcome == "refuted" and not chain.region.display
        return Verdict("undecided", "it does not hold for all values", "D202", notes=found.notes) if unsure else found
    except Unreadable as e:
        return unread(e)
    except OutOfTime:
        return Verdict("undecided", f"no answer within {r.timeout:g} s", "D202")
    except (DeriveError, RecursionError):
        return Verdict("undecided", "the sign of the difference is not known", "D202")


def judged(r: Progress, chain: Chain, n: int, step: Step) -> Verdict:
    try:
        with time_limit(r.timeout):
            found = _verdict(r, chain, n, step)
        unsure = found.outcome == "refuted" and any(CONDITION.match(hint) for hint in chain.hints)
        return Verdict("undecided", "it does not hold everywhere; the condition beside it is not read", "D202",
                       notes=found.notes) if unsure else found
    except OutOfTime:
        return Verdict("undecided", f"no answer within {r.timeout:g} s", "D202")
    except (TypeError, AttributeError, LookupError, ValueError, AssertionError, ArithmeticError, RecursionError) as e:
        return Verdict("undecided", f"a fault of derive, please report it with this line: {type(e).__name__}: {e}", "D901")


def _verdict(r: Progress, chain: Chain, n: int, step: Step) -> Verdict:
    first: Attempt | Unreadable
    if r.aliases.keys() & (names(step.left) | names(step.right)) and not r.aliases.keys() & r.table.definitions.keys():
        step = aliased(step, r.aliases)
        said = ", ".join(f"{a} for {b}" for a, b in sorted(r.aliases.items()))
        note = Note("D005", f"{said} as before", step.right.start, step.right.end)
    else:
        note = None
    try:
        first = attempt(r.table, step, r.stated)
        found = decide(first, unstated=False)
        if found is not None:
            return capped(found, note)
    except Unreadable as e:
        first = e
    except (DeriveError, RecursionError) as e:
        first = Unreadable(f"not understood: {e}", step.right.start, step.right.end)
    again = redefined(r, chain, n, step, new=True)
    if again is None and isinstance(first, Attempt):
        found = decide(first)
        if found is not None:
            return capped(found, note)
    again = again or redefined(r, chain, n, step, misfit=isinstance(first, Unreadable))
    if again is not None:
        return again
    if isinstance(first, Attempt) and not differs(first) and refute(first) is None:    # it is read as it is meant
        return Verdict("undecided", "both sides agree at the points that were tried, but no proof was found", "D202",
                       notes=first.notes)
    for reading in (*_squared(r, chain, step), *readings(r.table, step, _numerals(chain))):
        try:
            found = decide(attempt(reading.table, reading.step, r.stated), unstated=True)
        except (DeriveError, RecursionError):
            continue
        if found is not None:
            if reading.alias is not None:
                _keep_alias(r, *reading.alias)
            return capped(found, reading.note)
    if isinstance(first, Unreadable):
        rows = _rows(step)
        return _together([_verdict(r, chain, n, row) for row in rows]) if rows else unread(first)
    return diagnosed(r.table, step, r.stated, first, r.document.source.text)


def _rows(step: Step) -> list[Step]:
    """A case distinction on values, row by row: each row is claimed under its own condition."""
    whole = bare(step.right)
    out: list[Step] = []
    for row in whole.rows if isinstance(whole, Environment) and whole.kind == "cases" else ():
        value, said = split_case(row)
        t, c = tree(value), condition_tree(said)
        if isinstance(t, Unreadable) or not isinstance(c, Related) or turned(c.sides, c.signs[0]) is None:
            return []
        out.append(replace(step, right=t, conditions=(*step.conditions, c)))
    return out


_WORST = ("refuted", "unread", "undecided", "proved_under", "proved")


def _together(found: list[Verdict]) -> Verdict:
    """The worst of several verdicts, with the hypotheses and notes of all."""
    worst = min(found, key=lambda v: _WORST.index(v.outcome))
    return replace(worst, hypotheses=tuple(dict.fromkeys(h for v in found for h in v.hypotheses)),
                   notes=tuple(dict.fromkeys(n for v in found for n in v.notes)))


def _keep_alias(r: Progress, name: str, base: str) -> None:
    """A name that was taken for another stays so; a vector without a name gets the name."""
    if base != "score":
        r.aliases[name] = base
        return
    definitions = {k: replace(d, body=renamed_name(d.body, "score", name)) for k, d in r.table.definitions.items()}
    r.table = replace(r.table, definitions=definitions, indexed=r.table.indexed | {name})


def _squared(r: Progress, chain: Chain, step: Step) -> Iterator[Reading]:
    """(a - y) f'(z) where the prose speaks of squared errors: the loss is half their sum, and a = f(z)."""
    start = max(r.document.text.rfind("\n\n", 0, chain.region.start), 0)
    found = parts(step.left) if isinstance(step.left, Quotient) else None
    loss = head(found[0]) if found is not None and found[0] is not None else None
    outer = next((x for x in walk(step.right) if isinstance(x, Script) and x.primes and isinstance(x.base, Name)), None)
    errors = [[bare(y) for y in x.terms] for x in walk(step.right) if isinstance(x, Additive) and x.signs == (1, -1)]
    if not SQUARED.search(r.document.text, start, chain.region.start) or loss is None or outer is None or not errors \
        or found is None:
        return
    names_of = [y.base if isinstance(y, Script) else y for y in (*errors[0], bare(found[1][0]))]
    output, target, variable = [y.text if isinstance(y, Name) else "" for y in names_of]
    assert isinstance(outer.base, Name)
    if not all((output, target, variable)):
        return
    text = rf"\frac{{1}}{{2}} \sum_k ({output}_k - {target}_k)^2"
    table = r.table.forget(outer.base.text)
    for name, letters, body in ((loss.name, (), _formula(text)), (output, ("k",), _formula(rf"{outer.base.text}({variable}_k)"))):
        table = table.forget(name).define(Definition(name, letters, (), body)) if body is not None else table
    table = replace(table, indexed=table.indexed | {output, target, variable})
    at = step.right
    yield Reading(step, Note("D105",
        f"holds if {loss.name} is half the sum of squared errors: without the factor 1/2 it is twice this",
                             at.start, at.end), table)


def _formula(text: str) -> Syntax | None:
    found = tree(tuple(tokens(text, 0, len(text))))
    return found if isinstance(found, Syntax) else None


def _numerals(chain: Chain) -> tuple[str, ...]:
    return tuple(sorted({t.text for s in chain.sides for a, t in pairwise(s) if a.kind == "SUB"
        and t.kind == "NUM"}))
