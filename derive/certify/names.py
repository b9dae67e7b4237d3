"""Names of a record as Coq identifiers: one to one, none a keyword or a name of the library."""
from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count

from ..kernel.terms import IndexName, Term, indices
from .operators import SPELLING

_KEYWORDS = (
    "Set Prop Type SProp as at by cofix do else end exists exists2 fix for forall fun if in let match mod return struct "
    "then using where with Theorem Lemma Definition Proof Qed")
_LIBRARY = (
    "Sum upd Smooth Derive is_derive R nat tt I S O fst snd pair inl inr true false eq ln exp sqrt sin cos tan PI pow "
    "scalar array both smooth space point get put total side sign step equal apart chain "
    "everything differentiable")
RESERVED = frozenset(f"{_KEYWORDS} {_LIBRARY}".split())
BINDERS = "jklmnpqrsuvw"


@dataclass(frozen=True)
class Names:
    """arrays and functions, index sets and free indices -> identifiers."""
    arrays: dict[str, str] = field(default_factory=dict)
    sets: dict[str, str] = field(default_factory=dict)
    indices: dict[IndexName, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=lambda: set(RESERVED | {row.spelled for row in SPELLING.values()}))

    def add_array(self, name: str, called: str = "") -> None:
        """An identifier for an array, or for a theorem that is called something."""
        if name not in self.arrays:
            self.arrays[name] = self._free(called or name)

    def add_terms(self, terms: Iterable[Term]) -> None:
        """Identifiers for the index sets and free indices of terms."""
        for t in terms:
            for u in _subterms(t):
                if u.op in ("sum", "size", "all") and u.data not in self.sets:
                    self.sets[u.data] = self._free(u.data)
            for name in sorted(indices(t)):
                self.add_set(name[1])
                if name not in self.indices:
                    self.indices[name] = self._free(name[0])

    def add_set(self, name: str) -> None:
        if name not in self.sets:
            self.sets[name] = self._free(name)

    def _free(self, name: str) -> str:
        base = re.sub(r"[^A-Za-z0-9_']", "_", name)
        base = base if re.match(r"(?!given\d)[A-GI-Za-z]|H$", base) else f"x{base}"    # H..., given1: names of hypotheses
        chosen = next(c for n in count() if (c := f"{base}{n or ''}") not in self.taken)
        self.taken.add(chosen)
        return chosen


def fresh(taken: Iterable[str], letters: str = BINDERS) -> str:
    """A letter for a bound variable that is not taken."""
    used = set(taken)
    return next(c for c in _letters(letters) if c not in used)


def _letters(letters: str) -> Iterator[str]:
    yield from letters
    for n in count(1):
        yield from (f"{c}{n}" for c in letters)


def _subterms(t: Term) -> Iterator[Term]:
    yield t
    for a in t.args:
        yield from _subterms(a)
