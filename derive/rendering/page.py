"""What is on the page of an entry, before any format: definitions, theorems, chains with rules and reasons, limits.

Everything mathematical on it is a layout of a term of a replayed theorem.
"""
from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ..engine.matrix import recorded_form
from ..engine.record import Record
from ..engine.textbook import AT_OUTPUTS, COPY, Part
from ..kernel.conditions import discharge, domain
from ..kernel.context import FUNCTION
from ..kernel.replay import Theorem
from ..kernel.terms import Term, indices, ix, mk, open_, subst_index
from .layout import Layout, Notation, Partial, Relation, Symbol, layout, matrix_layout, names_of
from .messages import HEADINGS, RULES


@dataclass(frozen=True)
class Computation:
    """What generated code computes: theorems of a record about spellings of what the page speaks of."""
    record: Record
    theorems: tuple[str, ...]


NO_LAYERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Subject:
    """What a page is made from. claims: (theorem, about); letters: how the author called bound indices; alphabet: the
    author's letters of each set; places: the letters at which each symbol is defined; layers: superscripts of names."""
    name: str
    title: str
    record: Record
    parts: Sequence[Part]
    claims: Sequence[tuple[str, str]]
    letters: Mapping[Term, str]
    alphabet: Mapping[str, Sequence[str]]
    places: Mapping[str, Sequence[str]]
    meaning: Mapping[str, str]
    ladder: Mapping[str, bool | None]
    layers: Mapping[str, str] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    accuracy: Mapping[str, Mapping[str, float | str]] = field(default_factory=dict)
    computed: Computation | None = None


@dataclass(frozen=True)
class Spelling:
    """A theorem that code computes the right side of, and the laws that prove it."""
    relation: Layout
    hypotheses: tuple[Layout, ...]
    laws: tuple[str, ...]


@dataclass(frozen=True)
class Line:
    value: Layout
    title: str
    reason: str
    laws: tuple[str, ...]
    hypotheses: tuple[Layout, ...]


@dataclass(frozen=True)
class Section:
    """A chain: start = line 1 = line 2 ...; nested sections are cases of the one before."""
    heading: tuple[str, Mapping[str, Layout | str]]
    nested: bool
    start: Layout
    lines: tuple[Line, ...]
    hypotheses: tuple[Layout, ...]
    theorem: str
    cases: tuple[tuple[Layout, Layout], ...]                  # (value, condition) of each case that the lines merge
    closes: Layout | None = None                              # the inequality that the sign of the last line gives
    spent: tuple[Layout, ...] = ()                            # the hypotheses behind that sign


@dataclass(frozen=True)
class Statement:
    about: str
    relation: Relation
    hypotheses: tuple[Layout, ...]
    vector: tuple[Layout, Layout] | None                      # the same in matrix form, where that was proved

    @property
    def left(self) -> Layout:
        return self.relation.left

    @property
    def right(self) -> Layout:
        return self.relation.right


@dataclass(frozen=True)
class Page:
    name: str
    title: str
    symbols: tuple[tuple[Layout, str, str], ...]
    definitions: tuple[tuple[Layout, Layout], ...]
    statements: tuple[Statement, ...]
    sections: tuple[Section, ...]
    presuppositions: tuple[Layout, ...]
    ladder: Mapping[str, bool | None]
    laws: tuple[str, ...]
    digest: str
    notation: Notation
    remarks: tuple[str, ...]
    accuracy: tuple[tuple[str, ...], ...]                     # a table with its heading, of worst errors; or nothing
    spellings: tuple[Spelling, ...] = ()
    arbitrary: tuple[Layout, ...] = ()                        # in the spellings; the largest values in the code


def page(subject: Subject) -> Page:
    """The page of a proved subject."""
    builder = _PageBuilder(subject)
    ctx = subject.record.context
    about = {t for name, _ in subject.claims for t in _spoken_of(subject.record.theorems[name].conclusion)}
    presupposed = sorted({c for t in about for c in domain(ctx, t) if c not in discharge(ctx, c)}, key=repr)
    laws = sorted({law for name, _ in subject.claims for law in subject.record.theorems[name].laws})
    digest = hashlib.sha256(subject.record.text().encode()).hexdigest()
    return Page(subject.name, subject.title, builder.symbols(), builder.definitions(),
                tuple(builder.statement(name, about) for name, about in subject.claims),
                tuple(builder.section(p) for p in subject.parts), tuple(builder.show(c) for c in presupposed),
                subject.ladder, tuple(laws), digest, builder.notation, subject.remarks,
                accuracy_table(subject.accuracy), builder.spellings(), builder.arbitrary())


def accuracy_table(errors: Mapping[str, Mapping[str, float | str]]) -> tuple[tuple[str, ...], ...]:
    """Worst errors by function and format, with a heading; nothing where nothing was measured."""
    formats = sorted({f for row in errors.values() for f in row}, key=lambda f: ("exact" in f, f[:1] != "f", f))
    rows = [(name, *[str(row.get(f, "")) for f in formats]) for name, row in sorted(errors.items())]
    return (("function", *formats), *rows) if rows else ()


def _spoken_of(conclusion: Term) -> tuple[Term, ...]:
    """What a theorem presupposes something about: the function that it differentiates, or both its sides."""
    left, right = conclusion.args
    return (left.args[0],) if left.op == "D" else (left, right)


def notation_of(record: Record, letters: Mapping[Term, str], alphabet: Mapping[str, Sequence[str]],
                parts: Sequence[Part], layers: Mapping[str, str] = NO_LAYERS) -> Notation:
    """How the names and indices of a record are printed. Indices of intermediates are tried first."""
    partials = {n: _ratio(n) for n in record.context.definitions if n.rstrip(COPY).endswith(AT_OUTPUTS)}
    through = [name for p in reversed(parts) if p.heading == "derivative" for t in p.about[:1] for name in sorted(indices(t))]
    first = {s: [letter for letter, own in through if own == s] for s in alphabet}
    return Notation(letters, {s: list(dict.fromkeys([*first[s], *alphabet[s]])) for s in alphabet}, partials, COPY, layers)


NESTED = ("case_equal", "case_apart", "merged")
OF_A_PAIR = (*NESTED, "fact_equal", "fact_apart")


class _PageBuilder:
    def __init__(self, subject: Subject) -> None:
        self.subject, self.record = subject, subject.record
        self.notation = notation_of(subject.record, subject.letters, subject.alphabet, subject.parts, subject.layers)

    def show(self, t: Term, reserved: frozenset[str] = frozenset()) -> Layout:
        return layout(t, self.notation, reserved)

    def _own(self) -> dict[str, tuple[str, ...]]:
        """Arrays and scalars that the entry speaks of, with their sets; auxiliary ones left out."""
        ctx = self.record.context
        shapes = {**{n: sets for n, (sets, _) in ctx.definitions.items()}, **ctx.arrays}
        return {n: sets for n, sets in shapes.items() if not n.endswith(COPY) and n not in self.notation.partials}

    def symbols(self) -> tuple[tuple[Layout, str, str], ...]:
        sizes = sorted({s for sets in self._own().values() for s in sets if sets != FUNCTION})
        rows = [(s, ()) for s in sizes] + sorted(self._own().items(), key=lambda row: list(self.subject.meaning).index(row[0])
                                                 if row[0] in self.subject.meaning else 99)
        kinds = {(): "scalar", FUNCTION: "function"}
        return tuple((self._bold(n, sets not in kinds), self.subject.meaning.get(n, ""), kinds.get(sets, " × ".join(sets)))
                     for n, sets in rows)

    def definitions(self) -> tuple[tuple[Layout, Layout], ...]:
        out = []
        for name, (sets, body) in self.record.context.definitions.items():
            if name in self._own():
                letters = [ix(c, s) for c, s in zip(self.subject.places[name], sets, strict=True)]
                out.append((self.show(mk("arr", name, *letters)), self.show(open_(body, letters))))
        return tuple(out)

    def statement(self, name: str, about: str) -> Statement:
        theorem = self.record.theorems[name]
        reserved = frozenset(names_of(theorem.conclusion, *theorem.hypotheses))
        shown = self.show(theorem.conclusion, reserved)
        assert isinstance(shown, Relation)
        vector = self._vector(name, *theorem.sides) if theorem.conclusion.op == "eq" else None
        return Statement(about, shown, self._hypotheses(theorem, reserved), vector)

    def _vector(self, name: str, left: Term, _: Term) -> tuple[Layout, Layout] | None:
        """The theorem in matrix form, where the record holds the proof of that form; a Jacobian has the rows of the target."""
        form = recorded_form(self.record, name) if left.op == "D" else None
        if form is None:
            return None
        target, variable = (self._bold(str(t.data).rstrip(COPY), bool(t.args)) for t in left.args)
        shown = matrix_layout(form, self.show, {*self._own(), *self.subject.alphabet}, self.notation.layers)
        return Partial(target, variable), shown

    def _bold(self, name: str, bold: bool) -> Symbol:
        return Symbol(name, bold=bold, layer=self.notation.layers.get(name, ""))

    def _hypotheses(self, theorem: Theorem, reserved: frozenset[str] = frozenset()) -> tuple[Layout, ...]:
        return tuple(self.show(h, reserved) for h in sorted(theorem.hypotheses, key=repr))

    def spellings(self) -> tuple[Spelling, ...]:
        """What code computes, each at the letters at which the page defines a symbol."""
        computed, out = self.subject.computed, list[Spelling]()
        if computed is None:
            return ()
        for name in computed.theorems:
            theorem = computed.record.theorems[name]
            left = theorem.sides[0]
            places = self.subject.places.get(str(left.data), []) if left.op == "arr" else []
            letters = {i.data: ix(c, i.data[1]) for i, c in zip(left.args, places, strict=False)}
            hypotheses = sorted([h for h in theorem.hypotheses if h.args[-1].op != "size"], key=repr)
            shown = [self.show(subst_index(t, letters)) for t in (theorem.conclusion, *hypotheses)]
            out.append(Spelling(shown[0], tuple(shown[1:]), tuple(sorted(theorem.laws))))
        first = {(s.relation, s.hypotheses): s for s in reversed(out)}
        return tuple(s for s in out if first[s.relation, s.hypotheses] is s)

    def arbitrary(self) -> tuple[Layout, ...]:
        """The numbers in spellings that the theorem may choose freely."""
        computed = self.subject.computed
        if computed is None:
            return ()
        fresh = computed.record.context.arrays.keys() - self.record.context.arrays.keys()
        names = {n for name in computed.theorems for n in computed.record.theorems[name].conclusion.names}
        return tuple(Symbol(str(n)) for n in sorted(fresh & names, key=str) if str(n).startswith("m"))

    def section(self, part: Part) -> Section:
        theorem = self.record.theorems[part.theorem]
        terms = [theorem.sides[0], *[q.sides[1] for q in theorem.parts], *theorem.hypotheses]
        reserved = frozenset(names_of(*terms))
        start, lines = self.show(theorem.sides[0], reserved), list[Line]()
        for key, line in zip(part.rules, theorem.parts, strict=True):
            new = Line(self.show(line.sides[1], reserved), RULES[key].title, RULES[key].reason, tuple(sorted(line.laws)),
                       self._hypotheses(line))
            if lines and lines[-1].value == new.value:        # a line that reads the same is no line of its own
                lines[-1] = _both(lines[-1], new)
            else:
                lines.append(new)
        words: dict[str, Layout | str] = {"partial": start}
        words["about"] = next((about for name, about in self.subject.claims if name == part.theorem.split(",")[0]), "")
        if part.heading in OF_A_PAIR:
            words |= {sign: self._relation(part.about, sign) for sign in ("equal", "apart")}
        told = ("apart",) if part.heading in OF_A_PAIR else ()   # the heading says so
        hypotheses = tuple(self.show(h) for h in sorted(theorem.hypotheses, key=repr) if h.op not in told)
        return Section((HEADINGS[part.heading], words), part.heading in NESTED, start, tuple(lines), hypotheses, part.theorem,
                       self._case_values(part), None if part.closes is None else self.show(part.closes),
                       tuple(map(self.show, part.spent)))

    def _relation(self, pair: Sequence[Term], sign: str) -> Layout:
        i, j = (Symbol(str(t.data[0])) for t in pair)
        return Relation("eq" if sign == "equal" else "ne", i, j)

    def _case_values(self, part: Part) -> tuple[tuple[Layout, Layout], ...]:
        values = [self.show(self.record.theorems[name].sides[1]) for name in part.cases]
        return tuple((value, self._relation(part.about, sign)) for value, sign in zip(values, ("equal", "apart"), strict=False))


def _both(first: Line, second: Line) -> Line:
    """One line for two steps with the same result."""
    hypotheses = tuple(dict.fromkeys((*first.hypotheses, *second.hypotheses)))
    return replace(first, laws=tuple(sorted({*first.laws, *second.laws})), hypotheses=hypotheses)


def _ratio(name: str) -> tuple[str, str]:
    above, below = name.rstrip(COPY).removesuffix(AT_OUTPUTS).split("/")
    return above[1:], below[1:]
