"""A proof of the kernel as a Coq proof: one `by_law` for each step that the kernel replays, a `transitivity` for each line.

Every step names its law and its place; Coq infers the rest from the goal, or finds it written out. Nothing is searched
but side conditions, by the same tables of signs and of smoothness that the kernel has.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..engine.record import Record
from ..engine.sampling import variables_of
from ..kernel.conditions import guard, relation, split
from ..kernel.errors import require
from ..kernel.field import field_equal
from ..kernel.laws.operators import OPERATORS
from ..kernel.laws.rows import LAWS, Row
from ..kernel.replay import Proof, Reason, Replay, Step
from ..kernel.terms import BINDERS, IndexName, Term, indices, mk, open_, shift, subst_index
from .errors import NotCertified
from .fractions import Fractions
from .names import Names
from .operators import SPELLING
from .spelling import PRODUCT, UNARY, Scope
from .statement import Statement

INDENT = "  "


@dataclass(frozen=True)
class Script:
    """Writes the proofs of one development."""
    dev: Record
    names: Names
    statements: Mapping[str, Statement]                       # of the theorems that a proof may use
    fractions: Fractions
    rules: Mapping[str, Sequence[str]]                        # what the lines of a theorem's chain are called

    def proof(self, name: str, goal: Term, proof: Proof) -> list[str]:
        """The lines of a proof of a theorem, after the introduction of its variables."""
        writer = _Writer(self, self.statements[name].scope, self.statements[name])
        writer.check(goal, proof)
        return ["tidied.", *writer.prove(goal, proof, self.rules.get(name, ()))]


    def differentiable(self, name: str) -> tuple[str, ...]:
        """The space, the point, the place and the function of a theorem about a derivative."""
        statement = self.statements[name]
        left = statement.conclusion.args[0]
        leaf = _Leaf(self, statement, statement.scope, True)
        return (*leaf.space(left.args[1]), leaf.scope.function_of(left.args[1].data, left.args[0]))


    def presupposed(self, name: str) -> list[str]:
        """The conditions that proofs of the development have put into friendlier terms, for the smoothness of a target."""
        statement = self.statements[name]
        writer, variables = _Writer(self, statement.scope, statement), set(statement.variables)
        found = {one[0]: one for item in self.dev.items if item[0] == "theorem" for one in _restatements(item[3])}
        own = [one for one in found.values() if indices(one[0]) <= set(statement.indices)
               and set(variables_of(self.dev.context, [one[0]])) <= variables]
        return [line for one in own for line in writer.restated(*one)]


@dataclass(frozen=True)
class _Writer:
    script: Script
    scope: Scope
    statement: Statement

    # ---------------------------------------------------------------- proofs
    def check(self, goal: Term, proof: Proof) -> None:
        """Refuse a proof that speaks of an index which the statement does not have."""
        used = _indices(proof) | indices(goal)
        missing = sorted(n for n in used if n not in self.statement.indices)
        require(not missing, NotCertified, "the proof speaks of indices {} that the statement does not have", missing)

    def prove(self, goal: Term, proof: Proof, rules: Sequence[str] = ()) -> Iterator[str]:
        match proof:
            case ("join", left, right):
                yield from self._steps(goal.args[0], left)
                if right:
                    yield "symmetry."
                    yield from self._steps(goal.args[1], right)
                yield "reflexivity."
            case ("cases", i, j, same, other):
                a, b = self.scope.index(i), self.scope.index(j)
                yield f"destruct (Nat.eq_dec {a} {b}) as [equal|apart]."
                yield from _block([f"subst {b}.", *self.prove(subst_index(goal, {j.data: i}), same)], f"{{ (* {a} = {b} *)")
                yield from _block(self.prove(goal, other), f"{{ (* {a} <> {b} *)")
            case ("lines", terms, proofs):
                yield from self._lines(terms, proofs, rules)
            case ("restate", inner, restated):
                for one in reversed(restated):
                    yield from self.restated(*one)
                yield from self.prove(goal, inner, rules)
            case _:
                raise NotCertified(f"a proof by {proof[0]} has no form in a certificate")

    def _lines(self, terms: Sequence[Term], proofs: Sequence[Proof], rules: Sequence[str]) -> Iterator[str]:
        for n, (left, right, inner) in enumerate(zip(terms, terms[1:], proofs, strict=False)):
            note = f"(* {rules[n]} *)" if n < len(rules) else ""
            if n < len(proofs) - 1:
                yield f"transitivity ({self.scope.show(right)})."
            yield from _block(["tidied.", *self.prove(mk("eq", None, left, right), inner)], f"{{ {note}".rstrip())

    def restated(self, condition: Term, at: tuple[Term, ...], term: Term, proof: Proof) -> Iterator[str]:
        """A condition in friendlier terms, as a hypothesis for the proof that leaves it over."""
        frames, core = split(condition)
        n = 0 if core.op == "ne" else 1
        names, inner = self.script.names, self.scope
        yield f"assert ({self.scope.show(condition)})."
        lines = []
        for i in at:
            letter = inner.fresh()
            inner = replace(inner, taken=inner.taken | {letter})
            names.indices[i.data] = letter
            lines.append(f"intros {letter} H{letter}.")
        left = open_(core, at).args[n]
        writer = replace(self, scope=inner)
        lines += [f"apply (equal_{core.op} {inner.show(left, 0)} {inner.show(term, 0)}); [ tidied | tidied; sign ]."]
        yield from _block([*lines, *writer.prove(mk("eq", None, left, term), proof)], "{")
        for i in at:
            del names.indices[i.data]

    # ---------------------------------------------------------------- steps
    def _steps(self, t: Term, steps: Sequence[Step]) -> Iterator[str]:
        replay = Replay(self.script.dev)
        for path, forward, reason in steps:
            yield f"by_law {_argument(self._at(t, path, forward, reason, self.scope))}."
            t, _ = replay.rewrite(t, path, forward, reason)

    def _at(self, t: Term, path: Sequence[int], forward: bool, reason: Reason, scope: Scope) -> str:
        """The equation that a reason proves at a place of t, as an equation about t."""
        if not path:
            return self._reason(t, forward, reason, scope)
        n, part = path[0], t.args[path[0]]
        match t.op:
            case "sum":
                k = scope.fresh()
                return f"in_sum (fun {k} H{k} => {self._at(part, path[1:], forward, reason, scope.bind(k))})"
            case "D":
                moving, inner = scope.moved(t.args[1])
                return f"in_D (fun {moving} => {self._at(part, path[1:], forward, reason, inner)})"
        inner_text = self._at(part, path[1:], forward, reason, scope)
        frame = guard(t.args[1 - n]) if t.op == "mul" else None
        if frame:
            return f"where_{'equal' if frame[0] == 'when' else 'apart'}_{'lr'[n]} (fun _ => {inner_text})"
        return f"{SPELLING[t.op].lemmas[n]} {_argument(inner_text)}"

    def _reason(self, here: Term, forward: bool, reason: Reason, scope: Scope) -> str:
        leaf = _Leaf(self.script, self.statement, scope, forward)
        match reason:
            case ("law", name, values):
                return leaf.turned(leaf.law(LAWS[name], dict(values)))
            case ("field", result):
                return leaf.turned(leaf.field(here, result))
            case ("differentiate",):
                return leaf.turned(leaf.differentiate(here))
            case ("unfold", symbol):
                return leaf.turned(leaf.unfold(symbol))
            case ("use", hypothesis, at):
                ranges = [part for i in at for part in (scope.index(i), scope.within(i))]
                return leaf.turned(" ".join([self.statement.hypothesis(hypothesis), *ranges]))
            case ("lemma", name, at):
                return leaf.turned(leaf.lemma(name, {(letter, s): value for letter, s, value in at}))
            case ("chain", through):
                return leaf.turned(leaf.chain(here, through))
        raise NotCertified(f"a step by {reason[0]} has no form in a certificate")


@dataclass(frozen=True)
class _Leaf:
    """The equation of one reason, in the scope of its place."""
    script: Script
    statement: Statement
    scope: Scope
    forward: bool

    def turned(self, equation: str) -> str:
        return equation if self.forward else f"eq_sym ({equation})"

    # ---------------------------------------------------------------- laws
    def law(self, row: Row, values: dict[str, Any]) -> str:
        sets, metas, places = parameters(row)
        variable = values.get("?t")
        shown = variable is not None or not self.forward or not inferable(row)
        parts = [row.name, *(self.space(variable) if variable is not None else [])]
        parts += [self.scope.names.sets[values[s]] if shown else "_" for s in sets]
        parts += [self._value(values[m], metas[m], variable if not independent(row, m) else None) if shown else "_" for m in metas]
        parts += [self.scope.index(values[i]) if shown else "_" for i in places]
        parts += [self.scope.within(values[i]) for i in places]
        return " ".join([*parts, *["_"] * obligations(row)])

    def _value(self, value: Term, arity: int, variable: Term | None) -> str:
        """What a metavariable stands for: a function of the indices it may use, and of the variable in a law of derivatives."""
        scope, letters = self.scope, []
        for _ in range(arity):
            letters.append(scope.fresh())
            scope = scope.bind(letters[-1])
        inner = scope.show(value) if variable is None else scope.function_of(variable.data, value)
        return _argument(f"fun {' '.join(letters)} => {inner}" if letters else inner)

    def space(self, variable: Term) -> list[str]:
        """The space, the point and the place of a variable."""
        place = "tt"
        for i in reversed(variable.args):
            place = f"({self.scope.index(i)}, {place})"
        return [self._shape([i.data[1] for i in variable.args]), _argument(self.scope.array(variable.data)), place]

    def _shape(self, sets: Sequence[str]) -> str:
        space = "scalar"
        for s in reversed(sets):
            space = f"(array {self.scope.names.sets[s]} {space})"
        return space

    # ---------------------------------------------------------------- computed steps
    def field(self, here: Term, result: Term) -> str:
        lemma, atoms, inferred = self.script.fractions.lemma(here, result, field_equal(here, result))
        shown = self.forward and inferred
        values = ["_" if shown else _argument(self.scope.show(a)) for a in atoms]
        return " ".join([lemma.name, *values, *["_"] * len(lemma.conditions)])

    def differentiate(self, here: Term) -> str:
        body, variable = here.args
        if body.op == "fun":
            name = self.scope.names.arrays[body.data[0]]
            inner = self.scope.function_of(variable.data, body.args[0])
            return " ".join(["d_fun", *self.space(variable), name, str(body.data[1]), inner, "_", "_"])
        places = [*map(self.scope.index, variable.args), *map(self.scope.index, body.args)]
        return " ".join([f"d_entry_{len(variable.args)}", _argument(self.scope.array(variable.data)), *places])

    def unfold(self, symbol: Term) -> str:
        head = self.scope.head(symbol.data)
        arguments = [*head[1:], *map(self.scope.index, symbol.args)]
        return " ".join([f"{head[0]}_def", *(["_"] * len(arguments) if self.forward else arguments)])

    def lemma(self, name: str, at: Mapping[IndexName, Term]) -> str:
        other = self.script.statements[name]
        places = [at.get(i, mk("ix", i)) for i in other.indices]
        return " ".join([theorem_name(self.script.names, name), *[self.scope.names.sets[s] for s in other.sizes],
                         *[self.scope.argument(v) for v in other.variables], *map(self.scope.index, places),
                         *["_"] * len(other.functions), *map(self.scope.within, places), *["_"] * len(other.hypotheses)])

    # ---------------------------------------------------------------- the chain rule
    def chain(self, here: Term, through: Sequence[tuple[str, Term]]) -> str:
        """D F[p := u] / z by the library's chain rule, and the value of each D F / p by its theorem."""
        variable, dev = here.args[1], self.script.dev
        partials = [dev.theorems[name].sides[0] for name, _ in through]
        outer, intermediates = partials[0].args[0], [left.args[1] for left in partials]
        require(len(through) <= 2, NotCertified, "a chain rule through {} intermediates at once has no form yet", len(through))
        shapes = [self._shape([i.data[1] for i in p.args]) for p in intermediates]
        space = shapes[0] if len(shapes) == 1 else f"(both {' '.join(shapes)})"
        q = self.scope.fresh("q")
        seen = [q] if len(shapes) == 1 else [f"(fst {q})", f"(snd {q})"]
        inner = replace(self.scope, values={**self.scope.values, **{p.data: v for p, v in zip(intermediates, seen, strict=True)}},
                        taken=self.scope.taken | {q})
        moving, moved = self.scope.moved(variable)
        values = _tuple(_function(moved, u, len(p.args)) for p, (_, u) in zip(intermediates, through, strict=True))
        now = {p.data: _function(self.scope, u, len(p.args)) for p, (_, u) in zip(intermediates, through, strict=True)}
        along = " ".join(self._each(u, variable, [i.data[1] for i in p.args], self.scope)
                         for p, (_, u) in zip(intermediates, through, strict=True))
        rule = " ".join(["chain", space, f"(fun {q} => {inner.show(outer)})", f"(fun {moving} => {values})",
                         self.scope.show(variable, 0), _tuple(now.values()), "_", "_", along if len(shapes) == 1 else f"(each_both {along})"])
        at_values = replace(self.scope, values={**self.scope.values, **now})
        terms = [self._summand(at_values, left, u, variable, name) for left, (name, u) in zip(partials, through, strict=True)]
        shown, proofs = [" + ".join(t[0] for t in terms), [t[1] for t in terms]]
        return f"eq_trans ({rule} : _ = {shown}) {proofs[0] if len(proofs) == 1 else f'(in_add {proofs[0]} {proofs[1]})'}"

    def _summand(self, scope: Scope, left: Term, u: Term, variable: Term, name: str) -> tuple[str, str]:
        """Sum over the places of an intermediate of D F / p times D u / z, and the proof that its first factor is known."""
        places, inner = left.args[1].args, scope
        letters = []
        for _ in places:
            letters.append(inner.fresh())
            inner = inner.bind(letters[-1])
        at = {i.data: mk("bd", (len(places) - 1 - n, i.data[1])) for n, i in enumerate(places)}
        partial = inner.show(subst_index(shift(left, len(places)), at), PRODUCT)
        text = f"{partial} * {inner.show(mk('D', None, u, shift(variable, len(places))), UNARY)}"
        known = replace(self, scope=inner).lemma(name, at)
        proof = f"in_mul_l ({known})"
        for letter, place in zip(reversed(letters), reversed(places), strict=True):
            text = f"Sum {scope.names.sets[place.data[1]]} (fun {letter} => {text})"
            proof = f"in_sum (fun {letter} H{letter} => {proof})"
        return text, f"({proof})"

    def _each(self, u: Term, variable: Term, sets: Sequence[str], scope: Scope) -> str:
        """That every entry of an intermediate is differentiable."""
        if not sets:
            leaf = replace(self, scope=scope)
            return f"(each_scalar (smooth_partial {' '.join(self._partial(leaf, u, variable))} _))"
        k = scope.fresh()
        return f"(each_array (fun {k} H{k} => {self._each(u, variable, sets[1:], scope.bind(k))}))"

    def _partial(self, leaf: _Leaf, u: Term, variable: Term) -> list[str]:
        space, point, place = self.space(variable)
        return [space, point, leaf.scope.function_of(variable.data, u), place]


def _tuple(texts: Iterable[str]) -> str:
    first, *more = texts
    return f"({', '.join([first, *more])})" if more else first


def _function(scope: Scope, u: Term, rank: int) -> str:
    """An intermediate as a function of its indices, which are the innermost bound ones of u."""
    letters = []
    for _ in range(rank):
        letters.append(scope.fresh())
        scope = scope.bind(letters[-1])
    text = scope.show(u)
    ending = "".join(f" {letter}" for letter in letters)
    if u.op == "arr" and text.endswith(ending):               # fun j => a N z j is a N z
        return _argument(text.removesuffix(ending))
    return f"(fun {' '.join(letters)} => {text})" if letters else _argument(text)


def theorem_name(names: Names, name: str) -> str:
    return names.arrays[f"theorem {name}"]


def parameters(row: Row) -> tuple[list[str], dict[str, int], list[str]]:
    """The index sets, the real metavariables (but the variable of a derivative) with their arities, and the indices of a
    law, in order."""
    sets: dict[str, None] = {}
    metas: dict[str, int] = {}
    places: dict[str, None] = {}

    def visit(t: Term) -> None:
        match t.op:
            case "sum" | "size":
                sets.setdefault(t.data)
            case "imeta":
                sets.setdefault(t.data[1])
                places.setdefault(t.data[0])
            case "meta" if t.data != "?t":
                metas[t.data] = max(metas.get(t.data, 0), sum(a.op == "bd" for a in t.args))
        for a in t.args:
            visit(a)
    visit(row.lhs)
    return list(sets), metas, list(places)


def independent(row: Row, meta: str) -> bool:
    return any(c.op == "indep" and c.args[0].data == meta for c in row.when)


def obligations(row: Row) -> int:
    """How many conditions the lemma of a law has beside the ranges of its indices."""
    return sum(len(conditions(c, row)) for c in row.when)


def conditions(c: Term, row: Row) -> list[Term]:
    """A side condition of a row as the lemma has it: `smooth` of an operator is that of its arguments and its own domain."""
    if c.op == "indep":
        return []
    if c.op != "smooth" or c.args[0].op == "meta":
        return [] if c.op == "smooth" and independent(row, c.args[0].data) else [c]
    inner = c.args[0]
    parts = [p for a in inner.args for p in conditions(mk("smooth", None, a), row)]
    own = [d for d in domain_of(inner)]
    return [mk("all", inner.data, p) if inner.op in BINDERS else p for p in parts] + own


def domain_of(t: Term) -> list[Term]:
    smooth = OPERATORS[t.op].smooth
    return [mk("ne", None, *t.args)] if smooth == "ne2" else [relation(smooth, t.args[0])] if smooth else []


def inferable(row: Row) -> bool:
    """Whether the left side shows every metavariable, each as a function of bound indices alone."""
    return all(all(a.op == "bd" for a in t.args) for t in _metas(row.lhs))


def _metas(t: Term) -> Iterator[Term]:
    if t.op == "meta":
        yield t
    for a in t.args:
        yield from _metas(a)


def _indices(value: Any) -> set[IndexName]:
    """The free indices that a proof mentions, but for those that it introduces itself."""
    match value:
        case Term():
            return indices(value)
        case ("restate", inner, restated):
            own = {i.data for _, at, _, _ in restated for i in at}
            return _indices(inner) | set().union(*[_indices(one) for one in restated]) - own
        case ("lemma", str(), at):
            return set().union(*[_indices(v) for _, _, v in at]) if at else set()
        case ("chain", _):
            return set()
        case tuple() | list():
            return set().union(*map(_indices, value)) if value else set()
    return set()


def _restatements(value: Any) -> Iterator[tuple[Any, ...]]:
    """Everything that a proof restates, wherever in it."""
    if isinstance(value, tuple) and value and value[0] == "restate":
        yield from value[2]
    if isinstance(value, tuple):
        for part in value:
            yield from _restatements(part)


def _argument(text: str) -> str:
    return text if " " not in text or text[0] == "(" and text[-1] == ")" and _closed(text) else f"({text})"


def _closed(text: str) -> bool:
    """Whether the first bracket closes at the end."""
    depth = 0
    for n, c in enumerate(text):
        depth += (c == "(") - (c == ")")
        if depth == 0:
            return n == len(text) - 1
    return False


def _block(lines: Any, opening: str) -> Iterator[str]:
    yield opening
    yield from (f"{INDENT}{line}" for line in lines)
    yield "}"
