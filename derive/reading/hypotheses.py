"""The closed table of hypotheses that may be tried where a text does not state them, and the words that do state them.

None pins a value at a free index: what is true only for y_i = 1 is not true.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..engine.sampling import variables_of
from ..kernel.context import FUNCTION, Context
from ..kernel.terms import Term, bd, indices, ix, mk, num

ONE_HOT = "a one-hot vector"
KINDS = ("normalised", "one-hot", "positive", "non-zero")
_ONE_HOT_WORDS = re.compile(r"one[\s$-]{0,6}hot|onehot|独热|其余.{0,8}为\s*0|其他.{0,8}为\s*0|indicator vector"
                            r"|(other|incorrect|wrong) class.{0,40}(always|are|is) \$?0", re.I)
CORRECT_CLASS = re.compile(r"(?:correct|true|right|target) class (?:(?:is|=|label is) )?\$?([a-z])\b(?! *class)", re.I)
CLASS_THAT_IS_CORRECT = re.compile(r"\$([a-z])\$,? (?:is|denotes|be|being) the (?:index of the )?"
                                   r"(?:correct|true|right|target|ground[ -]truth)\b", re.I)
_NORMALISED_WORDS = re.compile(r"sums?\s+(up\s+)?to\s+(one|1)|add\s?s?\s+up\s?to\s+1|总和为\s*1|和为\s*1"
                               r"|probability distribution"
                               r"|概率分布", re.I)
_LABEL_WORDS = re.compile(r"\blabels?\b|\btargets?\b|ground[ -]truth|true (class|distribution)|标签|真实", re.I)


@dataclass(frozen=True)
class Hypothesis:
    """What is assumed of which name. `letter` is the index at which a one-hot vector is 1, if the text names it."""
    kind: str
    name: str
    letter: str = ""

    def __str__(self) -> str:
        return {"normalised": f"the entries of {self.name} add up to 1", "one-hot": f"{self.name} is one-hot",
                "positive": f"{self.name} is positive", "non-zero": f"{self.name} is not 0"}[self.kind]


def term(ctx: Context, h: Hypothesis, left: Term, right: Term) -> Term | None:
    """The condition that a hypothesis states about an independent array; None where it does not fit."""
    sets = ctx.arrays.get(h.name)
    if sets is None or sets == FUNCTION or not sets and h.kind in ("normalised", "one-hot"):
        return None
    entry = mk("arr", h.name, *[bd(len(sets) - 1 - n, s) for n, s in enumerate(sets)])
    body: Term
    match h.kind:
        case "normalised" if (places := _written_out(sets, left, right)) is not None:
            first, second = (mk("arr", h.name, i) for i in places)
            return mk("eq", None, second, mk("add", None, num(1), mk("neg", None, first)))
        case "normalised":
            body = mk("eq", None, mk("sum", sets[-1], entry), num(1))
            sets = sets[:-1]
        case "one-hot" if len(sets) == 1:
            body = mk("eq", None, entry, mk("delta", None, bd(0, sets[0]), ix(h.letter or "k*", sets[0])))
        case "positive":
            body = mk("lt", None, num(0), entry)
        case "non-zero":
            body = mk("ne", None, entry, num(0))
        case _:
            return None
    for s in reversed(sets):
        body = mk("all", s, body)
    return body


def _written_out(sets: tuple[str, ...], left: Term, right: Term) -> tuple[Term, ...] | None:
    """The two fixed places of a set of two elements whose sums are written out."""
    if len(sets) != 1 or sets[0] in sets_summed(left, right):
        return None
    places = sorted(letter for letter, s in indices(left, right) if s == sets[0])
    return tuple(ix(p, sets[0]) for p in places) if len(places) == 2 and all(map(str.isdigit, places)) else None


def sets_summed(*terms: Term) -> set[str]:
    """The index sets over which terms sum."""
    return {s for t in terms for s in ({t.data} if t.op == "sum" else set()) | sets_summed(*t.args)}


def chosen(stated: tuple[Hypothesis, ...], letters: set[str]) -> Iterator[Hypothesis]:
    """One hypothesis of a kind for each name: a one-hot vector is 1 at the letter that the step mentions, if one was said."""
    for kind, name in dict.fromkeys((h.kind, h.name) for h in stated):
        said = [h for h in stated if (h.kind, h.name) == (kind, name)]
        yield next((h for h in said if h.letter in letters), Hypothesis(kind, name))


def candidates(ctx: Context, left: Term, right: Term, weights: frozenset[str]) -> Iterator[tuple[Hypothesis, ...]]:
    """Hypotheses to try, the weakest first. Only what the text treats as labels or probabilities (`weights`) may be one-hot, and
    no scores add up to 1: with such a hypothesis a plainly false step would look like one with a forgotten condition."""
    names = [n for n in variables_of(ctx, [left, right]) if not n.startswith("∂") and not n.endswith(("~", "]"))]
    arrays = [n for n in names if ctx.arrays[n]]
    scores = _exponents(ctx, (left, right)) - weights
    yield from ((Hypothesis("normalised", n),) for n in arrays if n not in scores)
    if len(arrays) > 1:
        yield tuple(Hypothesis("normalised", n) for n in arrays if n not in scores)
    yield from ((Hypothesis("one-hot", n),) for n in arrays if n in weights)
    yield from ((Hypothesis("positive", n),) for n in names)
    yield from ((Hypothesis("non-zero", n),) for n in names)
    if len(names) > 1:
        yield tuple(Hypothesis("positive", n) for n in names)
    for n in (n for n in arrays if n in weights):
        others = tuple(Hypothesis("positive", m) for m in names if m != n)
        yield from [(Hypothesis("one-hot", n), *others)] if others else []


def _exponents(ctx: Context, terms: tuple[Term, ...]) -> frozenset[str]:
    """The names in exponents of terms and of the definitions behind them."""
    out = frozenset[str]()
    for t in terms:
        unfolded = (ctx.definitions[t.data][1],) if t.op == "arr" and t.data in ctx.definitions else ()
        out |= frozenset(n for n in t.args[0].names if isinstance(n, str)) if t.op == "exp" else frozenset()
        out |= _exponents(ctx, (*t.args, *unfolded))
    return out


def _nearest(words: re.Pattern[str], line: str, names: list[tuple[int, str]]) -> Iterator[str]:
    """For each place where words stand, the name next to it."""
    for m in words.finditer(line):
        near = sorted((m.start() - at - len(n) if at < m.start() else at - m.end(), n) for at, n in names)
        yield from [n for distance, n in near[:1] if distance < 80]


def stated(line: str, names: list[tuple[int, str]]) -> Iterator[Hypothesis]:
    """What a line of prose says about the names that stand in it, each with its place in the line."""
    plain = re.sub(r"[$*]", " ", line)
    for words, kind in ((_ONE_HOT_WORDS, "one-hot"), (_NORMALISED_WORDS, "normalised")):
        yield from (Hypothesis(kind, n) for n in _nearest(words, plain, names))


def relabelled(line: str, names: list[tuple[int, str]]) -> list[str]:
    """The names that a line declares to be labels or one-hot: what they meant before is over."""
    plain = re.sub(r"[$*]", " ", line)
    return list(dict.fromkeys([*_nearest(_LABEL_WORDS, plain, names), *_nearest(_ONE_HOT_WORDS, plain, names)]))
