"""What holds for a chain: conditions on indices that are said beside it or in the words before it."""
from __future__ import annotations

import re
from dataclasses import replace

from . import hypotheses as hyp
from .chains import Chain
from .cues import ELSE, IF, OTHER_CLASS
from .parsing import parse_condition
from .progress import Progress, tree
from .relations import SIGNS
from .syntax import Dots, Name, Related, Syntax, Unreadable, bare
from .table import is_letter


def conditions_of(r: Progress, chain: Chain) -> tuple[Related, ...]:
    """What holds for a chain: said beside it, or in the prose before its region."""
    between = r.document.prose(chain.region)
    if re.search(r"^[ \t]*#", between, re.M):
        r.pending = ()
    own: list[Related] = []
    for c in chain.conditions:
        try:
            t = parse_condition(c)
        except Unreadable:
            continue
        if isinstance(t, Related):
            own.append(t)
    own += _other_class(r, chain)
    if r.active is not None and (r.active[0] is chain.region):
        own += r.active[1]
    elif r.said and ELSE.search(between[-40:]) and not chain.region.display:
        own += [_negated(r.said)]
    elif r.pending and not is_condition(chain):
        r.active = (chain.region, r.pending)
        own += r.pending
        r.pending = ()
    return tuple(c for c in own if _usable(c))


def _other_class(r: Progress, chain: Chain) -> list[Related]:
    """"For an incorrect class j": j is not the class k that was said to be the correct one."""
    correct = hyp.CORRECT_CLASS.search(r.document.text)
    start = max(r.document.text.rfind("\n\n", 0, max(0, chain.region.start - 8)), 0)
    found = OTHER_CLASS.search(r.document.text, start, chain.region.start)
    if correct is None or found is None or found[1] == correct[1]:
        return []
    at = chain.region.start
    return [Related(at, at, (Name(at, at, found[1]), Name(at, at, correct[1])), ("≠",))]


def _usable(c: Related) -> bool:
    """Conditions on indices or on values; i = 1, ..., n says nothing."""
    return len(c.sides) == 2 and c.signs[0] in SIGNS and not any(isinstance(x, Dots) for x in c.sides)


def is_condition(chain: Chain) -> bool:
    """i = j or i ≠ j, inline."""
    if chain.region.display or len(chain.signs) != 1 or chain.signs[0].text not in ("=", "≠"):
        return False
    sides = [tree(s) for s in chain.sides]
    return all(isinstance(t, Syntax) and is_letter(bare(t)) for t in sides)


def remember(r: Progress, chain: Chain, left: Syntax | Unreadable, right: Syntax | Unreadable) -> None:
    prose, after = r.document.prose(chain.region), r.document.after(chain.region, 8)
    if isinstance(left, Syntax) and isinstance(right, Syntax) and (IF.search(prose[-40:]) or "时" in after[:4]
                                                                        or prose[-1:] in "(（" and after[:1] in ")）"):
        r.said = Related(left.start, right.end, (left, right), (chain.signs[0].text,))
        r.pending = (r.said,)


def _negated(c: Related) -> Related:
    return replace(c, signs=("≠" if c.signs[0] == "=" else "=",))
