"""The checker: replays a proof step by step and returns a Theorem. It substitutes and compares; it never searches.

    step    (path, forward, reason)           path: argument positions; forward: the equation is used from left to right
    reason  ("law", name, values) ("field", result) ("differentiate",) ("unfold", symbol) ("use", hypothesis, indices)
            ("lemma", name, indices) ("chain", ((theorem, u), ...))
    proof   ("join", steps, steps) ("cases", i, j, same, other) ("lines", terms, proofs) ("sign", difference, proof)
            ("trichotomy", term, positive, zero, negative) ("restate", proof, ((condition, indices, term, proof), ...))
"""
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any

from . import evaluate, field
from .conditions import NONE, ZERO, Conditions, around, discharge, domain, expand, known, near, nonempty, relation, split, wrap
from .context import Context, Sets
from .errors import ProofError, located, require
from .laws.rows import LAWS
from .terms import BINDERS, IndexName, Term, bd, indices, instantiate, ix, mk, num, open_, shift, sort, subst_index

Reason = tuple[Any, ...]
Step = tuple[tuple[int, ...], bool, Reason]
Proof = tuple[Any, ...]
Equation = tuple[Term, Term, Conditions]                      # left = right under conditions
_seal = object()


@dataclass(frozen=True)
class Theorem:
    """For all values of its names that meet the hypotheses, the conclusion holds. `parts` are the lines of a chain."""
    seal: object
    context: Context
    hypotheses: Conditions
    conclusion: Term
    laws: frozenset[str]
    parts: tuple["Theorem", ...] = ()
    witness: evaluate.Valuation | None = None

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

    def prove(self, name: str, goal: Term, proof: Proof, witness: evaluate.Valuation | None = None) -> Theorem:
        """Replay; with a witness, check that the hypotheses can be met. Raises ProofError with the step that fails."""
        require(name not in self.theorems, ProofError, "theorem {} is proved twice", name)
        th = replace(Replay(self).prove(goal, proof), witness=witness)
        if witness is not None:
            evaluate.check_witness(self.context, th.hypotheses, indices(goal, *th.hypotheses), witness)
        return self.theorems.setdefault(name, th)


class Replay:
    """One proof in a development: its hypotheses and laws, and every free index that a step has mentioned."""

    def __init__(self, dev: Development) -> None:
        self.dev, self.ctx = dev, dev.context
        self.hypotheses, self.laws, self.free = set[Term](), set[str](), set[IndexName]()
        self.parts: tuple[Theorem, ...] = ()

    # ---------------------------------------------------------------- what a reason proves at a place
    def _law(self, here: Term, name: str, values: Iterable[tuple[str, Any]]) -> Equation:
        row, put = LAWS[name], dict(values)
        conditions = NONE.union(*[expand(self.ctx, instantiate(c, put)) for c in row.when])
        return instantiate(row.lhs, put), instantiate(row.rhs, put), conditions

    def _derivative(self, here: Term) -> Equation:
        """D of an abstract function, by the chain rule, and D of an entry of the variable."""
        require(here.op == "D", ProofError, "{} is not a derivative", here)
        body, variable = here.args
        if body.op == "fun":
            outer = mk("fun", (body.data[0], body.data[1] + 1), *body.args)
            return here, mk("mul", None, outer, mk("D", None, *body.args, variable)), domain(self.ctx, body)
        require((body.op, body.data) == ("arr", variable.data), ProofError, "{} is not an entry of {}", body, variable.data)
        deltas = [mk("delta", None, a, b) for a, b in zip(body.args, variable.args, strict=True)] or [num(1)]
        return here, reduce(lambda product, d: mk("mul", None, product, d), deltas), NONE

    def _use(self, here: Term, hypothesis: Term, at: tuple[Term, ...]) -> Equation:
        frames, core = split(hypothesis)                      # an index that the core does not mention would vanish unseen
        fit = core.op == "eq" and {kind for kind, *_ in frames} <= {"all"} and len(at) == len(frames) == len(core.loose)
        require(fit and hypothesis in self.ctx.given, ProofError, "{} is not given as an equation at {}", hypothesis, at)
        left, right = open_(core, at).args
        return left, right, frozenset({hypothesis})

    def _theorem(self, name: str) -> Theorem:
        theorems = self.dev.theorems
        require(name in theorems and self.ctx.extends(theorems[name].context), ProofError, "no theorem {} in this context", name)
        return theorems[name]

    def _lemma(self, here: Term, name: str, at: Iterable[tuple[str, str, Term]]) -> Equation:
        th, put = self._theorem(name), {(letter, s): value for letter, s, value in at}
        require(all(sort(i) == "i" and i.data[1] == s for (_, s), i in put.items()), ProofError, "{} does not fit {}", put, th)
        left, right = [subst_index(t, put) for t in th.sides]
        return left, right, frozenset(subst_index(h, put) for h in th.hypotheses)

    def _chain(self, here: Term, through: Sequence[tuple[str, Term]]) -> Equation:
        """D F[p := u] / z = sum over intermediates p and their indices j of (dF/dp_j)[p := u] * D u_j / z."""
        require(here.op == "D" and through, ProofError, "{} is not a derivative, or no theorem is named", here)
        parts, variable = [(self._theorem(name), u) for name, u in through], here.args[1]
        outer, values = parts[0][0].sides[0].args[0], {th.sides[0].args[1].data: u for th, u in parts}
        fit = len(values) == len(parts) and not self.ctx.depends(outer, variable.data)
        require(fit, ProofError, "the chain rule needs each intermediate once, and {} without {}", outer, variable)
        terms = [self._through(outer, th, u, values, variable) for th, u in parts]
        conditions = NONE.union([self.ctx.substitute(c, values) for c in domain(self.ctx, outer)], *[more for _, more in terms])
        total = reduce(lambda a, b: mk("add", None, a, b), [term for term, _ in terms])
        return mk("D", None, self.ctx.substitute(outer, values), variable), total, conditions

    def _through(self, outer: Term, th: Theorem, u: Term, values: dict[str, Term], variable: Term) -> tuple[Term, Conditions]:
        """One summand of the chain rule and its conditions, for every index of the intermediate."""
        left, right = th.sides
        names = [i.data for i in left.args[1].args]
        fit = mk("D", None, outer, mk("arr", left.args[1].data, *[ix(*name) for name in names])) is left
        fit = fit and len({*names} - outer.names) == len(names) and {*u.loose} <= {(n, s) for n, (_, s) in enumerate(names[::-1])}
        require(fit, ProofError, "the chain rule needs D {} / p at free indices of its own, and u at no others", outer)
        self.free |= indices(th.conclusion, *th.hypotheses).difference(names)     # a substitution may make an index vanish
        right, *hypotheses = [self.ctx.substitute(_bind(t, names), values) for t in (right, *th.hypotheses)]
        term = mk("mul", None, right, mk("D", None, u, shift(variable, len(names))))
        term = reduce(lambda body, name: mk("sum", name[1], body), reversed(names), term)
        return term, wrap([("all", s) for _, s in names], domain(self.ctx, u) | {*hypotheses})

    # ---------------------------------------------------------------- steps
    def rewrite(self, t: Term, path: Sequence[int], forward: bool, reason: Reason, binders: int = 0) -> tuple[Term, Conditions]:
        """t with the subterm at path replaced, and the conditions under which that is right."""
        if not path:
            return self._replaced(t, forward, reason, binders)
        n, part = path[0], t.args[path[0]]
        require(n >= 0 and (t.op != "D" or n == 0) and sort(part) == "r", ProofError, "no subterm at {} of {}", path, t)
        new, conditions = self.rewrite(part, path[1:], forward, reason, binders + (t.op in BINDERS))
        nearby = [near(self.ctx, c, t.args[1].data) for c in conditions] if t.op == "D" else [around(t, n, conditions)]
        return mk(t.op, t.data, *t.args[:n], new, *t.args[n + 1:]), NONE.union(*nearby)

    def _replaced(self, t: Term, forward: bool, reason: Reason, binders: int) -> tuple[Term, Conditions]:
        """What a reason puts in the place of t. It is checked here, since its conditions may be discharged on the way up."""
        left, right, conditions = REASONS[reason[0]](self, t, *reason[1:])
        old, new = (left, right) if forward else (right, left)
        require(old is t, ProofError, "found {}, the reason is about {}", t, old)
        for part in (new, *conditions):
            self.ctx.well_formed(part, binders)
            self.free |= indices(part)
        return new, conditions

    def run(self, t: Term, steps: tuple[Step, ...]) -> Iterable[Term]:
        """The term after each step."""
        for number, (path, forward, reason) in enumerate(steps, 1):
            name = str(reason[1] if reason[0] == "law" else reason[0])
            with located(f"step {number} ({name} at {list(path)})"):
                t, conditions = self.rewrite(t, path, forward, reason)
                self._rest({name}, conditions)
            yield t

    def _rest(self, laws: Iterable[str], conditions: Iterable[Term]) -> None:
        """The proof rests on these."""
        self.laws.update(laws)
        self.hypotheses.update(*[discharge(self.ctx, c) for c in conditions])

    # ---------------------------------------------------------------- proofs
    def prove(self, goal: Term, proof: Proof) -> Theorem:
        """goal: an equation or an inequality, closed. Raises ProofError with the step that does not follow."""
        self.ctx.well_formed(goal)
        match proof:
            case ("join", left, right) if goal.op == "eq":
                ends = [[side, *self.run(side, steps)][-1] for side, steps in zip(goal.args, (left, right), strict=True)]
                require(ends[0] is ends[1], ProofError, "the sides end at {} and {}", *ends)
            case ("cases", Term(op="ix") as i, Term(op="ix") as j, same, other):
                self._sub(subst_index(goal, {j.data: i}), same)
                self._sub(goal, other, without={mk("apart", None, i, j), mk("apart", None, j, i)})
                self.laws.add("cases")
            case ("trichotomy", Term() as x, positive, zero, negative):
                cases = relation("lt", x), mk("eq", None, x, ZERO), relation("lt", mk("neg", None, x))
                for h, inner in zip(cases, (positive, zero, negative), strict=True):
                    self._sub(goal, inner, without={h})
                self.laws.add("trichotomy")
            case ("lines", (a, *_, b) as terms, proofs) if mk("eq", None, a, b) is goal and len(terms) == len(proofs) + 1:
                for n, (left, right, inner) in enumerate(zip(terms, terms[1:], proofs, strict=False), 1):
                    with located(f"line {n}"):
                        self.parts += (self._sub(mk("eq", None, left, right), inner),)
            case ("restate", inner, restated):
                self._sub(goal, inner)
                for one in restated:
                    self._restate(*one)
            case ("sign", Term() as difference, inner) if goal.op in ("lt", "le", "ne"):
                term, claim = mk("add", None, goal.args[1], mk("neg", None, goal.args[0])), relation(goal.op, difference)
                self._sub(mk("eq", None, term, difference), inner)
                self._rest({"sign"}, {claim})
                require(known(self.ctx, claim), ProofError, "the sign table does not know {}", claim)
            case _:
                raise ProofError(f"{proof[0]} does not prove {goal}")
        shown = {nonempty(s) for _, s in indices(goal, *self.hypotheses)}     # a free index shows that its set has an element
        assumed = frozenset(nonempty(s) for _, s in self.free)                # one met only on the way assumes it
        return Theorem(_seal, self.ctx, (assumed | self.hypotheses) - shown, goal, frozenset(self.laws), self.parts)

    def _sub(self, goal: Term, proof: Proof, names: Sequence[IndexName] = (), without: Iterable[Term] = ()) -> Theorem:
        """Prove a part; what it rests on is added here, for all values of the names."""
        part = Replay(self.dev)
        th = part.prove(goal, proof)
        self.free |= (part.free | indices(goal, *part.hypotheses)).difference(names)
        self._rest(th.laws, wrap([("all", s) for _, s in names], [_bind(h, names) for h in part.hypotheses.difference(without)]))
        return th

    def _restate(self, condition: Term, at: tuple[Term, ...], term: Term, proof: Proof) -> None:
        """A condition on a sign, left over, holds because its term (opened at fresh indices) equals a friendlier one."""
        frames, core = split(condition)
        names = [i.data for i in at if i.op == "ix"]
        left_over = condition in self.hypotheses and frames == tuple(("all", s) for _, s in names)
        fresh, n = len({*names} - condition.names) == len(at), 1 if core.args[0] is ZERO else 0
        fit = left_over and fresh and core.args[1 - n] is ZERO and core.op in (("lt", "le", "ne") if n else ("ne",))
        require(fit, ProofError, "{} is no sign that is left over for all {}, which are fresh indices", condition, at)
        self.hypotheses.discard(condition)
        self._sub(mk("eq", None, open_(core, at).args[n], term), proof, names)
        self._rest((), wrap(frames, [_bind(relation(core.op, term), names)]))


REASONS: dict[str, Callable[..., Equation]] = {               # what each proves at a place
    "law": Replay._law, "differentiate": Replay._derivative, "use": Replay._use, "lemma": Replay._lemma, "chain": Replay._chain,
    "field": lambda _, here, result: (here, result, field.field_equal(here, result)),
    "unfold": lambda replay, _, symbol: (symbol, replay.ctx.unfold(symbol), NONE)}


def _bind(t: Term, names: Sequence[IndexName]) -> Term:
    """t below one more binder for each name; the names become the bound indices."""
    return subst_index(shift(t, len(names)), {name: bd(n, name[1]) for n, name in enumerate(reversed(names))})
