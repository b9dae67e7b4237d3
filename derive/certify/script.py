"""A proof of the kernel as a Coq proof: one `by_law` for each step that the kernel replays, a `transitivity` for each line.

Every step names its law and its place; Coq infers the rest from the goal, or finds it written out. Nothing is searched
but side conditions, by the same tables of signs and of smoothness that the kernel has.
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..engine.sampling import variables_of
from ..kernel.conditions import guard, split
from ..kernel.errors import require
from ..kernel.laws.rows import LAWS
from ..kernel.replay import Proof, Reason, Replay, Step
from ..kernel.terms import IndexName, Term, indices, mk, open_, subst_index
from .chain import chain
from .errors import NotCertified
from .operators import SPELLING
from .spelling import Scope
from .statement import Statement
from .steps import Equation, Sources, argument

INDENT = "  "


@dataclass(frozen=True)
class Script:
    """Writes the proofs of one development."""
    sources: Sources
    rules: Mapping[str, Sequence[str]]                        # what the lines of a theorem's chain are called

    def proof(self, name: str, goal: Term, proof: Proof) -> list[str]:
        """The lines of a proof of a theorem, after the introduction of its variables."""
        writer = _Writer(self, self.sources.statements[name].scope, self.sources.statements[name])
        writer.check(goal, proof)
        return ["tidied.", *writer.prove(goal, proof, self.rules.get(name, ()))]

    def differentiable(self, name: str) -> tuple[str, ...]:
        """The space, the point, the place and the function of a theorem about a derivative; nothing for another."""
        statement = self.sources.statements[name]
        if not statement.differentiates:
            return ()
        left = statement.conclusion.args[0]
        leaf = Equation(self.sources, statement, statement.scope, True)
        return (*leaf.space(left.args[1]), leaf.scope.function_of(left.args[1].data, left.args[0]))

    def presupposed(self, name: str) -> list[str]:
        """The conditions that proofs of the development have put into friendlier terms, for the smoothness of a target."""
        statement = self.sources.statements[name]
        writer, variables = _Writer(self, statement.scope, statement), set(statement.variables)
        found = {one[0]: one for item in self.sources.dev.items if item[0] == "theorem" for one in _restatements(item[3])}
        own = [one for one in found.values() if indices(one[0]) <= set(statement.indices)
               and set(variables_of(self.sources.dev.context, [one[0]])) <= variables]
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
            case ("sign", difference, inner):
                low, high = goal.args
                sides = [self.scope.show(t, 0) for t in (low, high, difference)]
                yield f"apply (sign_{goal.op} {' '.join(sides)}); [ tidied | tidied; sign ]."
                yield from self.prove(mk("eq", None, mk("add", None, high, mk("neg", None, low)), difference), inner)
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
        core = split(condition)[1]
        n = 0 if core.op == "ne" else 1
        inner = self.scope
        yield f"assert ({self.scope.show(condition)})."
        lines = []
        for i in at:
            letter = inner.fresh()
            inner = replace(inner, places={**inner.places, i.data: letter}, taken=inner.taken | {letter})
            lines.append(f"intros {letter} H{letter}.")
        left = open_(core, at).args[n]
        writer = replace(self, scope=inner)
        lines += [f"apply (equal_{core.op} {inner.show(left, 0)} {inner.show(term, 0)}); [ tidied | tidied; sign ]."]
        yield from _block([*lines, *writer.prove(mk("eq", None, left, term), proof)], "{")

    # ---------------------------------------------------------------- steps
    def _steps(self, t: Term, steps: Sequence[Step]) -> Iterator[str]:
        replay = Replay(self.script.sources.dev)
        for path, forward, reason in steps:
            yield f"by_law {argument(self._at(t, path, forward, reason, self.scope))}."
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
        return f"{SPELLING[t.op].lemmas[n]} {argument(inner_text)}"

    def _reason(self, here: Term, forward: bool, reason: Reason, scope: Scope) -> str:
        leaf = Equation(self.script.sources, self.statement, scope, forward)
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
                return leaf.turned(chain(leaf, here, through))
        raise NotCertified(f"a step by {reason[0]} has no form in a certificate")


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


def _block(lines: Any, opening: str) -> Iterator[str]:
    yield opening
    yield from (f"{INDENT}{line}" for line in lines)
    yield "}"
