"""The checker: replays a proof step by step and returns a Theorem. It substitutes and compares; it never searches.

    step    (path, forward, reason)           path: argument positions; forward: the equation is used from left to right
    reason  ("law", name, values) ("field", result) ("differentiate",) ("unfold", symbol) ("use", hypothesis, indices)
            ("lemma", name, indices) ("chain", ((theorem, u), ...))
    proof   ("join", steps, steps) ("cases", i, j, same, other) ("lines", terms, proofs) ("sign", difference, proof)
            ("restate", proof, ((condition, indices, term, proof), ...))
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from .conditions import NONE, ONE, ZERO, Conditions, around, discharge, domain, expand, near, nonempty, relation, split, wrap
from .context import Context, Sets
from .errors import ProofError, located, require
from .evaluate import Valuation, check_witness
from .field import field_equal
from .laws.rows import LAWS, Row
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
        require(self.seal is _seal, ProofError, "theorems come from replay only")

    def __repr__(self) -> str:
        return f"{'; '.join(sorted(map(repr, self.hypotheses)))} |- {self.conclusion}"

    @property
    def sides(self) -> tuple[Term, Term]:
        require(self.conclusion.op == "eq", ProofError, "{} is not an equation", self.conclusion)
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
        require(name not in self.theorems, ProofError, "theorem {} is proved twice", name)
        th = Replay(self).prove(goal, proof)
        if witness is not None:
            check_witness(self.context, th.hypotheses, indices(goal, *th.hypotheses), witness)
        self.theorems[name] = replace(th, witness=witness)
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
                return self._law(LAWS[name], dict(values))
            case ("field", Term() as result):
                return here, result, field_equal(here, result)
            case ("differentiate",) if here.op == "D":
                return here, *self._differentiate(*here.args)
            case ("unfold", Term() as symbol):
                return symbol, self.ctx.unfold(symbol), NONE
            case ("use", Term() as hypothesis, tuple(at)) if hypothesis in self.ctx.given:
                return self._use(hypothesis, at)
            case ("lemma", str(name), tuple(at)):
                return self._lemma(self._theorem(name), {(letter, s): value for letter, s, value in at})
            case ("chain", tuple(through)) if here.op == "D" and through:
                return self._chain([(self._theorem(name), u) for name, u in through], here.args[1])
        raise ProofError(f"no reason {reason!r} at {here}")

    def _law(self, row: Row, values: dict[str, Any]) -> Equation:
        for value in values.values():
            if type(value) is not str:
                self.ctx.well_formed(value)
        conditions = NONE.union(*[expand(self.ctx, instantiate(c, values)) for c in row.when])
        return instantiate(row.lhs, values), instantiate(row.rhs, values), conditions

    def _differentiate(self, body: Term, variable: Term) -> tuple[Term, Conditions]:
        if body.op == "fun":
            outer = mk("fun", (body.data[0], body.data[1] + 1), *body.args)
            return mk("mul", None, outer, mk("D", None, *body.args, variable)), domain(self.ctx, body)
        require((body.op, body.data) == ("arr", variable.data), ProofError, "{} is not an entry of {}", body, variable.data)
        deltas = [mk("delta", None, a, b) for a, b in zip(body.args, variable.args, strict=True)] or [ONE]
        return reduce(lambda product, d: mk("mul", None, product, d), deltas), NONE

    def _use(self, hypothesis: Term, at: tuple[Term, ...]) -> Equation:
        body = hypothesis
        for index in at:                                      # an index that the body does not mention would vanish unseen
            mentions = body.op == "all" and any(level == 0 for level, _ in body.args[0].loose)
            require(mentions and sort(index) == "i", ProofError, "{} does not take the indices {}", hypothesis, at)
            body = open_(body.args[0], [index])
        require(body.op == "eq", ProofError, "{} is not an equation at {}", hypothesis, at)
        return body.args[0], body.args[1], frozenset({hypothesis})

    def _theorem(self, name: str) -> Theorem:
        known = name in self.dev.theorems and self.ctx.extends(self.dev.theorems[name].context)
        require(known, ProofError, "no theorem {} in this context", name)
        return self.dev.theorems[name]

    def _lemma(self, th: Theorem, at: dict[IndexName, Term]) -> Equation:
        fit = all(sort(value) == "i" and value.data[1] == s for (_, s), value in at.items())
        require(fit, ProofError, "the indices {} do not fit {}", at, th)
        left, right = [subst_index(side, at) for side in th.sides]
        return left, right, frozenset(subst_index(h, at) for h in th.hypotheses)

    def _chain(self, parts: list[tuple[Theorem, Term]], variable: Term) -> Equation:
        """D F[p := u] / z = sum over intermediates p and their indices j of (dF/dp_j)[p := u] * D u_j / z."""
        require(all(th.sides[0].op == "D" for th, _ in parts), ProofError, "the chain rule needs theorems about derivatives")
        outer, values = parts[0][0].sides[0].args[0], {th.sides[0].args[1].data: u for th, u in parts}
        fit = len(values) == len(parts) and all(th.sides[0].args[0] is outer for th, _ in parts)
        fit = fit and not self.ctx.depends(outer, variable.data)
        require(fit, ProofError, "the chain rule is about one function, here {}, without {}, by each p once", outer, variable)
        terms = [self._through(th, u, values, variable) for th, u in parts]
        conditions = NONE.union([self.ctx.substitute(c, values) for c in domain(self.ctx, outer)], *[more for _, more in terms])
        total = reduce(lambda a, b: mk("add", None, a, b), [term for term, _ in terms])
        return mk("D", None, self.ctx.substitute(outer, values), variable), total, conditions

    def _through(self, th: Theorem, u: Term, values: dict[str, Term], variable: Term) -> tuple[Term, Conditions]:
        """One summand of the chain rule and its conditions, for every index of the intermediate."""
        (outer, place), right = th.sides[0].args, th.sides[1]
        names = [i.data for i in place.args]
        own = all(i.op == "ix" for i in place.args) and len(set(names) - outer.names) == len(names)
        require(own, ProofError, "the chain rule needs a derivative by {} at free indices of its own", place.data)
        fit = set(u.loose) <= {(level, s) for level, (_, s) in enumerate(reversed(names))}
        require(fit, ProofError, "{} has an index that {} has not", u, place.data)
        self.ctx.well_formed(u)
        self.free |= indices(outer, right, *th.hypotheses).difference(names)      # a substitution may make an index vanish
        right, *hypotheses = [self.ctx.substitute(_bind(t, names), values) for t in (right, *th.hypotheses)]
        term = mk("mul", None, right, mk("D", None, u, shift(variable, len(names))))
        for _, s in reversed(names):
            term = mk("sum", s, term)
        return term, wrap([("all", s) for _, s in names], domain(self.ctx, u) | {*hypotheses})

    # ---------------------------------------------------------------- steps
    def rewrite(self, t: Term, path: tuple[int, ...], forward: bool, reason: Reason) -> tuple[Term, Conditions]:
        """t with the subterm at path replaced, and the conditions under which that is right."""
        above: list[tuple[Term, int]] = []
        for n in path:
            real = 0 <= n < len(t.args) and (t.op != "D" or n == 0) and sort(t.args[n]) == "r"
            require(real, ProofError, "no subterm at {} of {}", path, t)
            above.append((t, n))
            t = t.args[n]
        left, right, conditions = self.equation(reason, t)
        old, new = (left, right) if forward else (right, left)
        require(old is t, ProofError, "found {}, the reason is about {}", t, old)
        binders = sum(outer.op in BINDERS for outer, _ in above)
        for part in (new, *conditions):                       # here, since a condition may be discharged on the way up
            self.ctx.well_formed(part)
            require(part.depth <= binders, ProofError, "{} has a loose index", part)
            self.free |= indices(part)
        for outer, n in reversed(above):
            conditions = near(self.ctx, conditions, outer.args[1].data) if outer.op == "D" else around(outer, n, conditions)
            new = mk(outer.op, outer.data, *outer.args[:n], new, *outer.args[n + 1:])
        return new, conditions

    def run(self, t: Term, steps: tuple[Step, ...]) -> Iterable[Term]:
        """The term after each step."""
        for number, (path, forward, reason) in enumerate(steps, 1):
            name = str(reason[1] if reason[0] == "law" else reason[0])
            with located(f"step {number} ({name} at {list(path)})"):
                t, conditions = self.rewrite(t, path, forward, reason)
                self._need(name, conditions)
            yield t

    def _need(self, law: str, conditions: Iterable[Term]) -> None:
        self.laws.add(law)
        self.hypotheses |= NONE.union(*[discharge(self.ctx, c) for c in conditions])

    # ---------------------------------------------------------------- proofs
    def prove(self, goal: Term, proof: Proof) -> Theorem:
        """goal: an equation or an inequality, closed. Raises ProofError with the step that does not follow."""
        self.ctx.well_formed(goal, closed=True)
        match proof:
            case ("join", left, right) if goal.op == "eq":
                ends = [[side, *self.run(side, steps)][-1] for side, steps in zip(goal.args, (left, right), strict=True)]
                require(ends[0] is ends[1], ProofError, "the sides end at {} and {}", *ends)
            case ("cases", Term(op="ix") as i, Term(op="ix") as j, same, other):
                self._sub(subst_index(goal, {j.data: i}), same)
                self._sub(goal, other, without={mk("apart", None, i, j), mk("apart", None, j, i)})
                self.laws.add("cases")
            case ("lines", (_, *_) as terms, proofs) if goal.op == "eq" and len(terms) == len(proofs) + 1:
                require((terms[0], terms[-1]) == goal.args, ProofError, "the lines do not lead from side to side of {}", goal)
                for n, (left, right, inner) in enumerate(zip(terms, terms[1:], proofs, strict=False), 1):
                    with located(f"line {n}"):
                        self.parts += (self._sub(mk("eq", None, left, right), inner),)
            case ("restate", inner, restated):
                self._sub(goal, inner)
                for one in restated:
                    self._restate(*one)
            case ("sign", Term() as difference, inner) if goal.op in ("lt", "le", "ne"):
                self._sign(goal.op, mk("add", None, goal.args[1], mk("neg", None, goal.args[0])), difference, inner)
            case _:
                raise ProofError(f"{proof[0]} does not prove {goal}")
        return Theorem(_seal, self.ctx, self._of(goal), goal, frozenset(self.laws), self.parts)

    def _sub(self, goal: Term, proof: Proof, without: Iterable[Term] = ()) -> Theorem:
        """Prove a part; what it rests on is added here."""
        th = Replay(self.dev).prove(goal, proof)
        self.laws |= th.laws
        self.hypotheses |= th.hypotheses.difference(without)
        self.free |= indices(goal, *th.hypotheses)
        return th

    def _restate(self, condition: Term, at: tuple[Term, ...], term: Term, proof: Proof) -> None:
        """A condition on a sign, left over, holds because its term (opened at fresh indices) equals a friendlier one."""
        frames, core = split(condition)
        names = [i.data for i in at if i.op == "ix"]
        left_over = condition in self.hypotheses and frames == tuple(("all", s) for _, s in names)
        require(left_over, ProofError, "{} is not a condition left over for all {}", condition, at)
        require(len({*names} - condition.names) == len(at), ProofError, "{} are not fresh indices", at)
        n = 1 if core.args[0] is ZERO else 0
        a_sign = core.op in ("lt", "le", "ne") and core.args[1 - n] is ZERO and (n or core.op == "ne")
        require(a_sign, ProofError, "{} is not a condition on a sign", condition)
        th = Replay(self.dev).prove(mk("eq", None, open_(core, at).args[n], term), proof)
        self.hypotheses.discard(condition)
        self.laws |= th.laws
        self.free |= indices(th.conclusion, *th.hypotheses).difference(names)
        needed = wrap(frames, [_bind(c, names) for c in (*th.hypotheses, relation(core.op, term))])
        self.hypotheses |= NONE.union(*[discharge(self.ctx, c) for c in needed])

    def _sign(self, want: str, term: Term, difference: Term, proof: Proof) -> None:
        self._sub(mk("eq", None, term, difference), proof)
        claim = relation(want, difference)
        self._need("sign", [claim])
        known = claim in self.ctx.given or claim not in discharge(self.ctx, claim)
        require(known, ProofError, "the sign table does not know {}", claim)

    def _of(self, goal: Term) -> Conditions:
        """A free index of goal or hypotheses shows that its set has an element; one met only on the way assumes it."""
        sets = {s for _, s in indices(goal, *self.hypotheses)}
        assumed = {nonempty(s) for _, s in self.free if s not in sets}
        return frozenset((self.hypotheses | assumed).difference(nonempty(s) for s in sets))


def _bind(t: Term, names: Sequence[IndexName]) -> Term:
    """t below one more binder for each name; the names become the bound indices."""
    last = len(names) - 1
    return subst_index(shift(t, len(names)), {name: bd(last - n, name[1]) for n, name in enumerate(names)})
