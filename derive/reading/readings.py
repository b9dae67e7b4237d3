"""Other readings of a step, each with the finding that it costs: an index as it was meant, a name without its index.

A reading is a change of the syntax trees; a step that holds in a reading is proved_under at most.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

from .attempts import Step
from .derivatives import parts
from .scope import Note
from .sums import bound_letters, free_letters
from .syntax import Big, Group, Name, Number, Quotient, Related, Script, Syntax, bare, walk
from .table import Table, names, subscript_parts


@dataclass(frozen=True)
class Reading:
    """A changed step or table. `alias`: (o, a) when o was taken for a, which then holds from there on."""
    step: Step
    note: Note | None
    table: Table
    alias: tuple[str, str] | None = None


def rewritten(t: Any, change: Callable[[Syntax], Syntax | None]) -> Any:
    """t with change(subtree) in place of each topmost subtree for which it is not None."""
    if isinstance(t, tuple):
        return tuple(rewritten(x, change) for x in t)
    if not isinstance(t, Syntax):
        return t
    new = change(t)
    if new is not None:
        return new
    return replace(t, **{f.name: rewritten(getattr(t, f.name), change) for f in fields(t) if f.name not in ("start", "end",
        "rows")})


def put(t: Any, place: Syntax, new: Syntax) -> Any:
    """t with a new tree at one place."""
    return rewritten(t, lambda x: new if x is place else None)


def renamed_name(t: Any, old: str, new: str) -> Any:
    """t with a name replaced everywhere."""
    return rewritten(t, lambda x: replace(x, text=new) if isinstance(x, Name) and x.text == old else None)


def readings(table: Table, step: Step, numerals: tuple[str, ...]) -> Iterator[Reading]:
    """Readings to try, in order."""
    yield from _reaching(table, step)
    yield from further(table, step)
    yield from former(table, step)
    yield from _aliases(table, step)
    yield from _sums(table, step)
    yield from _indices(table, step)
    yield from _omitted(table, step, numerals)


def _reaching(table: Table, step: Step) -> Iterator[Reading]:
    """A sum that reaches over a plus sign, where a later term has its letter and nothing else explains it."""
    bound = (_bound(step.left) | _bound(step.right)) & step.outer
    if bound:
        note = Note("D002", "a sum is taken to reach over what follows the plus sign: put brackets around its body",
                    step.left.start, step.left.end)
        yield Reading(replace(step, outer=step.outer - bound), note, table)


NEAR = 800                                                    # characters: "..., where s_i = ..."


def further(table: Table, step: Step) -> Iterator[Reading]:
    """Names that the text defines only after the step, and then with what is usual where it never does."""
    found = dict(table.further(table.mentioned(step.left, step.right), step.right.end))
    for d in [*found.values()]:
        found |= table.further(d.mentioned(), step.right.end)
    far = sorted(n for n, d in found.items() if d.body.start - step.right.end > NEAR)
    note = Note("D005", f"{', '.join(far)} is defined only further on", step.right.start, step.right.end) if far else None
    if found:
        yield Reading(step, note, replace(table, definitions={**table.definitions, **found}))
    for d in table.usual:
        if d.name in table.mentioned(step.left, step.right) - table.definitions.keys() - found.keys():
            taken = Note("D005", f"{d.name} is not defined; taken for the logistic function", step.right.start, step.right.end)
            yield Reading(step, taken, replace(table, definitions={**table.definitions, **found, d.name: d}))


def former(table: Table, step: Step) -> Iterator[Reading]:
    """A name with several definitions in the text: another one than the last is meant."""
    mentioned = names(step.left) | names(step.right)
    for name in sorted(n for n in mentioned | frozenset(m for n in mentioned for m in table.behind(n)) if n in table.former):
        for d in reversed(table.former[name]):
            note = Note("D006", f"{name} has several definitions; here another one than the last is meant", step.left.start,
                step.left.end)
            yield Reading(step, note, replace(table, definitions={**table.definitions, name: d}))


def _aliases(table: Table, step: Step) -> Iterator[Reading]:
    """A derivative by a name on which nothing rests: the name stands for the variable that something does rest on."""
    for variable in _variables(step):
        name = variable.base.text if isinstance(variable, Script) and isinstance(variable.base, Name) else getattr(variable,
            "text", "")
        mentioned = names(step.left) | names(step.right)
        behind = mentioned.union(*[table.behind(n) for n in mentioned])
        if name in table.definitions or any(name in table.behind(n) for n in table.definitions):
            continue
        bases = {b for n in behind & table.definitions.keys() if table.definitions[n].letters
                 for b in table.behind(n) if b not in table.definitions and b in table.indexed}
        for base in sorted(bases - {name}):
            def change(t: Syntax, name: str = name, base: str = base) -> Syntax | None:
                return replace(t, text=base) if isinstance(t, Name) and t.text == name else None
            note = Note("D005", f"nothing depends on {name}; {base} is meant, on which the definitions rest", variable.start,
                variable.end)
            yield Reading(_changed(step, change), note, table, (name, base))


def aliased(step: Step, aliases: dict[str, str]) -> Step:
    """The step with names put for what they were taken for before."""
    def change(t: Syntax) -> Syntax | None:
        return replace(t, text=aliases[t.text]) if isinstance(t, Name) and t.text in aliases else None
    return _changed(step, change) if aliases else step


def _variables(step: Step) -> Iterator[Syntax]:
    for side in (step.left, step.right):
        for t in walk(side):
            if isinstance(t, Quotient) and (found := parts(t)) is not None:
                yield from map(bare, found[1])


def _changed(step: Step, change: Callable[[Syntax], Syntax | None]) -> Step:
    by = rewritten(step.by, change) if step.by is not None else None
    return replace(step, left=rewritten(step.left, change), right=rewritten(step.right, change), by=by)


def _sums(table: Table, step: Step) -> Iterator[Reading]:
    """sum over i ≠ j that binds the letter of the left side, where the other one is meant."""
    turned: list[Syntax] = []

    def change(t: Syntax) -> Syntax | None:
        if not (isinstance(t, Script) and isinstance(t.base, Big) and isinstance(t.sub, Group) and len(t.sub.parts) == 1):
            return None
        part = t.sub.parts[0]
        if isinstance(part, Related) and part.signs == ("≠",) and bound_letters(t) <= step.outer:
            other = bare(part.sides[1])
            if isinstance(other, Name) and other.text not in step.outer:
                turned.append(t)
                return replace(t, sub=replace(t.sub, parts=(replace(part, sides=part.sides[::-1]),)))
        return None
    new = _changed(step, change)
    if turned:
        t = turned[0]
        letter, = bound_letters(t)
        yield Reading(new, Note("D003",
            f"the sum binds {letter}, which is a free index of the equation; the other letter is meant",
                                t.start, t.end), table)


def _indices(table: Table, step: Step) -> Iterator[Reading]:
    """A letter that stands on one side only, in the place of one that stands on the other only."""
    left, right = free_letters(step.left), free_letters(step.right)
    said = {x.text for c in step.conditions for x in map(bare, c.sides) if isinstance(x, Name)}
    for letter in sorted(left - right):
        yield from _missing(table, step, letter)
    for extra in sorted(right - left - said - table.fixed):
        for letter in sorted(left - {extra}):
            note = Note("D003", f"the index {extra} stands on the right side only; {letter} is meant", step.right.start,
                step.right.end)
            yield Reading(replace(step, right=renamed(step.right, extra, letter)), note, table)
        for place, letter in _places(step.left):
            if letter != extra:
                new = put(step.left, place, replace(place, text=extra))
                note = Note("D003", f"the index {extra} stands on the right side only; it is meant here too", place.start,
                    place.end)
                yield Reading(replace(step, left=new), note, table)


def _missing(table: Table, step: Step, letter: str) -> Iterator[Reading]:
    """A letter of the left side that the right side lacks: it is meant at one place."""
    for place, other in _places(step.right):
        if other != letter:
            new = put(step.right, place, replace(place, text=letter))
            note = Note("D003", f"the index {letter} stands on the left side only; it is meant here, not {other}",
                place.start, place.end)
            yield Reading(replace(step, right=new), note, table)


def _places(t: Syntax) -> Iterator[tuple[Name, str]]:
    for x in walk(t):
        if isinstance(x, Script) and isinstance(x.base, Name):
            yield from ((p, p.text) for p in subscript_parts(x.sub) if isinstance(p, Name) and len(p.text) == 1)


def renamed(t: Syntax, old: str, new: str) -> Syntax:
    """t with a free index letter replaced in its subscripts."""
    def change(x: Syntax) -> Syntax | None:
        return replace(x, text=new) if isinstance(x, Name) and x.text == old else None
    def scripts(x: Syntax) -> Syntax | None:
        if isinstance(x, Script) and x.sub is not None and not isinstance(x.base, Big):
            return replace(x, base=rewritten(x.base, scripts), sub=rewritten(x.sub, change),
                           sup=None if x.sup is None else rewritten(x.sup, scripts))
        if isinstance(x, Group) and len(x.parts) == 1 and isinstance(x.parts[0], Related):
            return rewritten(x, change)  # type: ignore[no-any-return]
        return None
    return rewritten(t, scripts)  # type: ignore[no-any-return]


def _omitted(table: Table, step: Step, numerals: tuple[str, ...]) -> Iterator[Reading]:
    """Names without their index: the index of the sum around them, a free one, or a fixed place of the chain."""
    bare_names = {n for side in (step.left, step.right) for n in _bare(side) if n in table.indexed}
    if not bare_names:
        return
    letters = sorted(step.outer | free_letters(step.left) | free_letters(step.right) | _bound(step.left) | _bound(step.right))
    for letter in (*letters, *numerals):
        new = _changed_bare(step, frozenset(bare_names), letter)
        said = ", ".join(sorted(bare_names))
        note = Note("D005", f"{said} without an index, taken as the entry {letter}", step.right.start, step.right.end)
        yield Reading(new, note, table)
    note = Note("D005", f"{', '.join(sorted(bare_names))} without an index, taken as numbers of their own", step.right.start,
        step.right.end)
    yield Reading(step, note, replace(table, indexed=table.indexed - bare_names, bold=table.bold - bare_names,
                                      definitions={k: d for k, d in table.definitions.items() if k not in bare_names}))


def with_scores(t: Syntax, letters: tuple[str, ...]) -> Syntax:
    """Index letters that stand in exponents of e alone become entries of a vector of scores."""
    wanted = frozenset(letters) | _bound(t)

    def change(x: Syntax) -> Syntax | None:
        if isinstance(x, Script) and x.base == Name(0, 0, "e") and x.sup is not None and x.sub is None:
            letter = bare(x.sup)
            if isinstance(letter, Name) and letter.text in wanted:
                return replace(x, sup=Script(letter.start, letter.end, Name(letter.start, letter.end, "score"), letter))
        return None
    return rewritten(t, change)  # type: ignore[no-any-return]


def _bound(t: Syntax) -> frozenset[str]:
    return frozenset[str]().union(*[bound_letters(x) for x in walk(t)])


def _bare(t: Syntax) -> frozenset[str]:
    """Names that stand without an index."""
    indexed = {id(x.base) for x in walk(t) if isinstance(x, Script) and x.sub is not None}
    return frozenset(x.text for x in walk(t) if isinstance(x, Name) and id(x) not in indexed and not x.bold)


def _changed_bare(step: Step, wanted: frozenset[str], letter: str) -> Step:
    def change(t: Syntax) -> Syntax | None:
        if isinstance(t, Script) and t.sub is not None and not isinstance(t.base, Big):
            return replace(t, sup=None if t.sup is None else rewritten(t.sup, change))
        if isinstance(t, Name) and t.text in wanted:
            from fractions import Fraction
            sub: Syntax = Number(t.start, t.end, Fraction(int(letter)), letter) if letter.isdigit() else Name(t.start, t.end,
                letter)
            return Script(t.start, t.end, t, sub)
        return None
    return _changed(step, change)
