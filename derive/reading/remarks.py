"""Relations that claim nothing: ranges, conditions, assignments, examples in numbers, shapes."""
from __future__ import annotations

from dataclasses import replace

from .chains import Chain
from .cues import ASSIGNS, LET
from .decimals import disagreement, numbers, written_out
from .hypotheses import Hypothesis
from .judge import Verdict
from .progress import Progress
from .stated import fixed_places, summed_to_one
from .syntax import Dots, Name, Number, Product, Script, Syntax, bare, walk
from .table import Table, is_letter, names, plain, subscript_parts, written

INDICES = frozenset("ijklmnNMK")
NOT_EQUATIONS = {"≠": "a condition", "≈": "an approximation", "∝": "a proportionality", "~": "a distribution",
    "←": "an assignment", "→": "an arrow",
                  "∈": "a membership", "∉": "a membership", "⊂": "an inclusion", "≻": "an order of matrices",
                  "≺": "an order of matrices"}


def remark(r: Progress, chain: Chain, n: int, sign: str, left: Syntax, right: Syntax) -> Verdict | None:
    """Relations that claim nothing: ranges of indices, values of entries, hypotheses about fixed places, places of extremes."""
    if isinstance(left, Dots) or isinstance(right, Dots) or is_letter(bare(left)) and any(isinstance(x, Dots)
        for x in walk(right)):
        return Verdict("not_an_equation", "the range of an index")
    extremes = {x.text for t in (left, right) for x in walk(t) if isinstance(x, Name)}
    if extremes & {"argmax", "argmin"}:
        return Verdict("not_an_equation", "the place of a largest or smallest value")
    if isinstance(left, Script) and isinstance(left.base, Name) and name_of(left.sub) in ("max", "min") and extremes & {"max",
        "min"} \
            and len(walked := list(walk(right))) < 8 and walked:
        return Verdict("definition", "the largest entry")
    if n == 0 and len(chain.signs) == 1 and is_fixed_place(left) and isinstance(right, Number):
        return Verdict("definition", "said of a fixed place")
    name = summed_to_one(left, right)
    taken = name not in r.table.definitions and Hypothesis("normalised", name) in r.stated.hypotheses
    if name and len(chain.signs) == 1 and taken:
        return Verdict("definition", f"said of {name}: taken as a hypothesis")
    if sign in "<>≤≥" and all(x.text in INDICES for t in (left, right) for x in walk(t) if isinstance(x, Name)) and names(left):
        return Verdict("not_an_equation", "a condition on indices")
    if chain.region.display:
        return None
    if sign in "<>≤≥" and (is_letter(bare(left)) or isinstance(bare(left), Name) and isinstance(right, Number)):
        return Verdict("not_an_equation", "a condition")
    if (names(left) | names(right)) & r.numbers.keys():
        return Verdict("not_an_equation", "about the numbers of an example")
    if plain(left) and (isinstance(right, Number) or name_of(right) in ("𝟏", "𝟎")) and n:
        return Verdict("not_an_equation", "a value given to a name")
    if n == 0 and plain(left) and names(left) & r.table.seen_before and ASSIGNS.search(r.document.prose(chain.region)):
        return Verdict("not_an_equation", "an assignment")
    if isinstance(bare(left), Name) and isinstance(right, Number):
        return Verdict("not_an_equation", "a value given to a name")
    if plain(left) and isinstance(left, Script) and isinstance(right, Number):
        return Verdict("not_an_equation", "a condition on an entry")
    if n == 0 and plain(left) and plain(right) and not LET.search(r.document.prose(chain.region)[-30:]) \
        and not (names(left) | names(right)) & r.table.definitions.keys() \
            and (names(left) & r.table.seen_before or isinstance(left, Script) and isinstance(right, Script)):
        return Verdict("not_an_equation", "a condition")
    if next(fixed_places(chain), None) is not None:
        return Verdict("definition", "said of fixed places: taken as a hypothesis")
    return None


def example(r: Progress, left: Syntax, right: Syntax) -> Verdict | None:
    """An example in numbers: agreement to the printed precision, or what differs."""
    if not (written_out(left) or written_out(right)):
        return None
    value = numbers(right, r.numbers)
    known = numbers(left, r.numbers)
    if known is None and written(left) in r.equations:
        known = numbers(r.equations[written(left)], r.numbers)
    if known is None or value is None or plain(left) and written(left) not in r.numbers:
        if value is not None and plain(left):
            r.numbers[written(left)] = value
        return Verdict("not_an_equation", "numbers of an example")
    differs = disagreement(known, value)
    if differs is None:
        return Verdict("not_an_equation", "numbers that agree to the printed precision")
    return Verdict("refuted", f"the numbers differ: {differs}", "D101")


def is_fixed_place(t: Syntax) -> bool:
    return isinstance(t, Script) and isinstance(t.base, Name) and not t.base.bold and t.sup is None \
        and bool(subscript_parts(t.sub)) \
        and all(isinstance(bare(p), Number) for p in subscript_parts(t.sub))


def declared(table: Table, left: Syntax, right: Syntax) -> Table:
    """x ∈ R^{a × b} declares a shape."""
    right, left = bare(right), bare(left)
    if isinstance(right, Name) and right.text == "R" and isinstance(left, Name):
        return replace(table, shapes={**table.shapes, left.text: ("1", "1")})
    if not (isinstance(right, Script) and isinstance(right.base, Name) and right.base.text == "R" and plain(left)):
        return table
    sup = bare(right.sup) if right.sup is not None else None
    sizes = [written(x) for x in map(bare, sup.factors)] if isinstance(sup, Product) and set(sup.signs) <= {"", "×"} else \
        [written(sup)] if isinstance(sup, Name | Number) else []
    if not sizes or len(sizes) > 2 or not isinstance(left, Name):
        return table
    rows, cols = (*sizes, "1")[:2]
    return replace(table, shapes={**table.shapes, left.text: (rows, cols)})


def name_of(t: Syntax | None) -> str:
    t = bare(t) if t is not None else None
    return t.text if isinstance(t, Name) else ""
