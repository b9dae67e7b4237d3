"""The checker: replays a proof step by step and returns a Theorem. It substitutes and compares; it never searches.

    step    (path, forward, reason)           path: argument positions; forward: the equation is used from left to right
    reason  ("law", name, values) ("field", result) ("differentiate",) ("unfold", symbol) ("use", hypothesis, indices)
            ("lemma", name, indices) ("chain", ((theorem, u), ...))
    proof   ("join", steps, steps) ("cases", i, j, same, other) ("lines", terms, proofs) ("sign", difference, proof)
            ("restate", proof, ((condition, indices, term, proof), ...))
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from .conditions import NONE, ONE, ZERO, Conditions, around, discharge, domain, expand, forall, near, nonempty, relation, split
from .context import Context, Sets
from .errors import DeriveError, ProofError
from .evaluate import Valuation, check_witness
from .field import field_equal
from .laws.rows import LAWS
from .terms import BINDERS, IndexName, Term, bd, indices, instantiate, mk, open_, shift, sort, subst_index

Reason = tuple[Any, ...]
Step = tuple[tuple[int, ...], bool, Reason]
Proof = tuple[Any, ...]
Equation = tuple[Term, Term, Conditions]
_seal = object()


@dataclass(frozen=True)
class Theorem:
    """For all values of its names that meet the hypotheses, the conclusion holds. `parts` are the lines of a chain."""
    seal: object
    context: Context
    hypotheses: Conditions
    conclusion: Term
    laws: frozenset[str]
    parts: tuple[Theorem, ...] = ()
    witness: Valuation | None = None

    def __post_init__(self) -> None:
        if self.seal is not _seal:
            raise ProofError("theorems come from replay only")

    def __repr__(self) -> str:
        return f"{'; '.join(sorted(map(repr, self.hypotheses)))} |- {self.conclusion}"

    @property
    def sides(self) -> tuple[Term, Term]:
        if self.conclusion.op != "eq":
            raise ProofError(f"{self.conclusion} is not an equation")
        return self.conclusion.args[0], self.conclusion.args[1]


class Development:
    """A context that only grows, and the theorems replayed in it, by name: the one door to a Theorem."""

    def __init__(self) -> None:
        self.context = Context()
        self.theorems: dict[str, Theorem] = {}

    def declare(self, name: str, sets: Sets = ()) -> None:
        self.context = self.context.declare(name, sets)

    def define(self, name: str, sets: Sets, body: Term) -> None:
        self.context = self.context.define(name, sets, body)

    def assume(self, hypothesis: Term) -> None:
        self.context = self.context.assume(hypothesis)

    def prove(self, name: str, goal: Term, proof: Proof, witness: Valuation | None = None) -> Theorem:
        """Replay; with a witness, check that the hypotheses can be met. Raises ProofError with the step that fails."""
        return self.add(name, Replay(self).prove(goal, proof), witness)

    def add(self, name: str, theorem: Theorem, witness: Valuation | None = None) -> Theorem:
        """Name a theorem that was replayed in this context, with a witness for its hypotheses."""
        if name in self.theorems or not self.context.extends(theorem.context):
            raise ProofError(f"theorem {name} is proved twice, or belongs to another context")
        if witness is not None:
            check_witness(self.context, theorem.hypotheses, indices(theorem.conclusion, *theorem.hypotheses), witness)
        self.theorems[name] = replace(theorem, witness=witness)
        return self.theorems[name]


class Replay:
    """One proof in a development: its hypotheses and laws, and every free index that a step has mentioned."""

    def __init__(self, dev: Development) -> None:
        self.dev, self.ctx = dev, dev.context
        self.hypotheses: set[Term] = set()
        self.laws: set[str] = set()
        self.free: set[IndexName] = set()
        self.parts: tuple[Theorem, ...] = ()

    # ---------------------------------------------------------------- what a reason proves: left = right under conditions
    def equation(self, reason: Reason, here: Term) -> Equation:
        match reason:
            case ("law", str(name), tuple(values)) if name in LAWS:
                return self._law(name, dict(values))
            case ("field", Term() as result):
                self.ctx.well_formed(result)
                return here, result, field_equal(here, result)
            case ("differentiate",) if here.op == "D":
                return self._differentiate(here, *here.args)
            case ("unfold", Term() as symbol):
                self.ctx.well_formed(symbol)
                return symbol, self.ctx.unfold(symbol), NONE
            case ("use", Term() as hypothesis, tuple(at)):
                return self._use(hypothesis, at)
            case ("lemma", str(name), tuple(at)):
                th, values = self._theorem(name), {(letter, s): value for letter, s, value in at}
                if any(sort(value) != "i" or value.data[1] != s for (_, s), value in values.items()):
                    raise ProofError(f"the indices {at} do not fit {name}")
                left, right, *conditions = [subst_index(t, values) for t in (*th.sides, *th.hypotheses)]
                return left, right, frozenset(conditions)
            case ("chain", tuple(through)) if here.op == "D" and through:
                return self._chain(through, here.args[1])
        raise ProofError(f"no reason {reason!r} at {here}")

    def _law(self, name: str, values: dict[str, Any]) -> Equation:
        for value in values.values():
            if type(value) is not str:
                self.ctx.well_formed(value)
        row = LAWS[name]
        conditions = NONE.union(*[expand(self.ctx, instantiate(c, values)) for c in row.when])
        return instantiate(row.lhs, values), instantiate(row.rhs, values), conditions

    def _differentiate(self, here: Term, body: Term, variable: Term) -> Equation:
        if body.op == "fun":
            outer = mk("fun", (body.data[0], body.data[1] + 1), *body.args)
            return here, mk("mul", None, outer, mk("D", None, *body.args, variable)), domain(self.ctx, body)
        if body.op != "arr" or body.data != variable.data:
            raise ProofError(f"{body} is not an entry of the variable {variable.data}")
        result = ONE
        for a, b in zip(body.args, variable.args, strict=True):
            d = mk("delta", None, a, b)
            result = d if result is ONE else mk("mul", None, result, d)
        return here, result, NONE

    def _use(self, hypothesis: Term, at: tuple[Any, ...]) -> Equation:
        body = hypothesis
        for index in at:
            if body.op != "all" or sort(index) != "i" or all(level for level, _ in body.args[0].loose):
                raise ProofError(f"{hypothesis} does not take the indices {at}")
            body = open_(body.args[0], [index])
        if hypothesis not in self.ctx.given or body.op != "eq":
            raise ProofError(f"{hypothesis} is not given, or is not an equation at {at}")
        return body.args[0], body.args[1], frozenset({hypothesis})

    def _theorem(self, name: str) -> Theorem:
        th = self.dev.theorems.get(name)
        if th is None or not self.ctx.extends(th.context):
            raise ProofError(f"no theorem {name} in this context")
        return th

    def _chain(self, through: tuple[Any, ...], variable: Term) -> Equation:
        """D F[p := u] / z = sum over intermediates p and their indices j of (dF/dp_j)[p := u] * D u_j / z."""
        parts = [(self._theorem(name), u) for name, u in through]
        if any(th.sides[0].op != "D" for th, _ in parts):
            raise ProofError("the chain rule needs theorems about derivatives")
        outer, values = parts[0][0].sides[0].args[0], {th.sides[0].args[1].data: u for th, u in parts}
        if self.ctx.depends(outer, variable.data) or len(values) != len(parts):
            raise ProofError(f"{outer} depends on {variable.data} directly, or an intermediate is named twice")
        conditions = frozenset(self.ctx.substitute(c, values) for c in domain(self.ctx, outer))
        total = ZERO
        for th, u in parts:
            if th.sides[0].args[0] is not outer:
                raise ProofError(f"theorems about {outer} and {th.sides[0].args[0]} do not go together")
            term, more = self._through(th, u, values, variable)
            total, conditions = term if total is ZERO else mk("add", None, total, term), conditions | more
        return mk("D", None, self.ctx.substitute(outer, values), variable), total, conditions

    def _through(self, th: Theorem, u: Term, values: dict[str, Term], variable: Term) -> tuple[Term, Conditions]:
        """One summand of the chain rule and its conditions."""
        (outer, place), right = th.sides[0].args, th.sides[1]
        names, n = [i.data for i in place.args], len(place.args)
        if any(i.op != "ix" for i in place.args) or len(set(names)) != n or set(names) & outer.names:
            raise ProofError(f"the chain rule needs a derivative by {place.data} at free indices of its own")
        if any(level >= n or names[-1 - level][1] != s for level, s in u.loose):
            raise ProofError(f"{u} has an index that {place.data} has not")
        self.ctx.well_formed(u)
        self.free |= indices(right, outer, *th.hypotheses).difference(names)      # a substitution may make an index vanish
        bound = {name: bd(n - 1 - k, name[1]) for k, name in enumerate(names)}
        right, *hypotheses = [self.ctx.substitute(subst_index(shift(t, n), bound), values) for t in (right, *th.hypotheses)]
        term, conditions = mk("mul", None, right, mk("D", None, u, shift(variable, n))), domain(self.ctx, u) | {*hypotheses}
        for _, s in reversed(names):
            term, conditions = mk("sum", s, term), forall(s, conditions)
        return term, conditions

    # ---------------------------------------------------------------- steps
    def rewrite(self, t: Term, path: tuple[int, ...], forward: bool, reason: Reason) -> tuple[Term, Conditions]:
        """t with the subterm at path replaced, and the conditions under which that is right."""
        above: list[tuple[Term, int]] = []
        for n in path:
            if not 0 <= n < len(t.args) or t.op == "D" and n != 0 or sort(t.args[n]) != "r":
                raise ProofError(f"no subterm at {path} of {t}")
            above.append((t, n))
            t = t.args[n]
        left, right, conditions = self.equation(reason, t)
        old, new = (left, right) if forward else (right, left)
        if old is not t:
            raise ProofError(f"found {t}, the reason is about {old}")
        binders = sum(outer.op in BINDERS for outer, _ in above)
        for part in (new, *conditions):                       # checked here, since `near` may discharge a condition
            self.ctx.well_formed(part)
            self.free |= indices(part)
            if part.depth > binders:
                raise ProofError(f"{part} has a loose index")
        for outer, n in reversed(above):
            conditions = near(self.ctx, conditions, outer.args[1].data) if outer.op == "D" else around(outer, n, conditions)
            new = mk(outer.op, outer.data, *outer.args[:n], new, *outer.args[n + 1:])
        return new, conditions

    def run(self, t: Term, steps: tuple[Step, ...]) -> Iterable[Term]:
        """The term after each step."""
        for number, (path, forward, reason) in enumerate(steps, 1):
            name = reason[1] if reason[0] == "law" else reason[0]
            try:
                t, conditions = self.rewrite(t, path, forward, reason)
                self._need(str(name), t, conditions)
            except (DeriveError, LookupError, TypeError, ValueError, AttributeError) as e:
                raise ProofError(f"step {number} ({name} at {list(path)}): {e}") from e
            yield t

    def _need(self, law: str, t: Term, conditions: Iterable[Term]) -> None:
        self.laws.add(law)
        self.free |= indices(t, *conditions)
        for c in conditions:
            self.ctx.well_formed(c, closed=True)
            self.hypotheses |= discharge(self.ctx, c)

    # ---------------------------------------------------------------- proofs
    def prove(self, goal: Term, proof: Proof) -> Theorem:
        """goal: an equation or an inequality, closed. Raises ProofError with the step that does not follow."""
        self.ctx.well_formed(goal, closed=True)
        match proof:
            case ("join", left, right) if goal.op == "eq":
                ends = [[side, *self.run(side, steps)][-1] for side, steps in zip(goal.args, (left, right), strict=True)]
                if ends[0] is not ends[1]:
                    raise ProofError(f"the sides end at {ends[0]} and {ends[1]}")
            case ("cases", Term(op="ix") as i, Term(op="ix") as j, same, other) if i.data[1] == j.data[1]:
                self._include(Replay(self.dev).prove(subst_index(goal, {j.data: i}), same))
                self._include(Replay(self.dev).prove(goal, other), without={mk("apart", None, i, j), mk("apart", None, j, i)})
                self.laws.add("cases")
                self.free |= {i.data, j.data}
            case ("lines", (_, *_) as terms, proofs) if goal.op == "eq" and (terms[0], terms[-1]) == goal.args \
                    and len(terms) == len(proofs) + 1:
                for n, (left, right, inner) in enumerate(zip(terms, terms[1:], proofs, strict=False), 1):
                    self._line(n, mk("eq", None, left, right), inner)
            case ("restate", inner, restated):
                self._include(Replay(self.dev).prove(goal, inner))
                for one in restated:
                    self._restate(*one)
            case ("sign", Term() as difference, inner) if goal.op in ("lt", "le", "ne"):
                self._sign(goal.op, mk("add", None, goal.args[1], mk("neg", None, goal.args[0])), difference, inner)
            case _:
                raise ProofError(f"{proof[0]} does not prove {goal}")
        return Theorem(_seal, self.ctx, self._of(goal), goal, frozenset(self.laws), self.parts)

    def _line(self, n: int, goal: Term, proof: Proof) -> None:
        try:
            self.parts += (Replay(self.dev).prove(goal, proof),)
        except DeriveError as e:
            raise ProofError(f"line {n}: {e}") from e
        self._include(self.parts[-1])

    def _include(self, th: Theorem, without: Iterable[Term] = ()) -> None:
        self.hypotheses |= th.hypotheses.difference(without)
        self.laws |= th.laws
        self.free |= indices(th.conclusion, *th.hypotheses)

    def _restate(self, condition: Term, at: tuple[Term, ...], term: Term, proof: Proof) -> None:
        """A condition on a sign, left over, holds because its term (opened at fresh indices) equals a friendlier one."""
        frames, core = split(condition)
        names = [i.data for i in at if i.op == "ix"]
        if condition not in self.hypotheses or core.op not in ("lt", "le", "ne") \
                or core.args[0] is not ZERO and (core.op != "ne" or core.args[1] is not ZERO) \
                or [("all", s) for _, s in names] != list(frames) or len({*names} - condition.names) != len(at):
            raise ProofError(f"{condition} is not a condition on a sign left over, or its indices are not fresh")
        core = open_(core, at)
        n = 0 if core.args[1] is ZERO and core.op == "ne" else 1
        th = Replay(self.dev).prove(mk("eq", None, core.args[n], term), proof)
        self.hypotheses.discard(condition)
        self.laws |= th.laws
        self.free |= indices(term, *th.hypotheses).difference(names)
        needed: Conditions = th.hypotheses | {relation(core.op, term)}
        for name in reversed(names):
            needed = forall(name[1], [subst_index(shift(c, 1), {name: bd(0, name[1])}) for c in needed])
        self.hypotheses |= NONE.union(*[discharge(self.ctx, c) for c in needed])

    def _sign(self, want: str, term: Term, difference: Term, proof: Proof) -> None:
        self._include(Replay(self.dev).prove(mk("eq", None, term, difference), proof))
        left = discharge(self.ctx, relation(want, difference))
        if relation(want, difference) in left - self.ctx.given:
            raise ProofError(f"the sign table does not know {relation(want, difference)}")
        self._need("sign", difference, left)

    def _of(self, goal: Term) -> Conditions:
        """A free index of goal or hypotheses shows that its set has an element; one met only on the way assumes it."""
        sets = {s for _, s in indices(goal, *self.hypotheses)}
        assumed = {nonempty(s) for _, s in self.free if s not in sets}
        return frozenset((self.hypotheses | assumed).difference(nonempty(s) for s in sets))

