"""The textbook strategy: from definitions and claims to chains of lines, each proved and recorded as one theorem.

It proposes the lines with `forms`, proves every relation sign with `equality`, and knows no particular loss.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..kernel.conditions import ZERO
from ..kernel.context import Context
from ..kernel.errors import ProofError
from ..kernel.replay import Proof, Reason, Step, Theorem
from ..kernel.terms import Term, bd, mk, subst_index
from . import forms
from .conversion import Result, below, everywhere, keep, law, step, then
from .counterexample import Counterexample, counterexample
from .equality import Hints, normalizer, prove
from .equality import Proved as Found
from .normal import Normalizer
from .record import Record

COPY = "'"                                                    # a' is the intermediate a as an independent variable


OUTERMOST = {"log": "log", "mul": "product_rule"}             # the rule that carries a derivative into an operator


class NotProved(ProofError):
    """The engine found no proof of left = right; with a counterexample if it is false."""

    def __init__(self, left: Term, right: Term, against: Counterexample | None = None) -> None:
        super().__init__(f"{left} = {right} is false: {against}" if against else f"no proof found of {left} = {right}")
        self.left, self.right, self.counterexample = left, right, against


@dataclass(frozen=True)
class Claim:
    """What the derivative is said to be, under hypotheses."""
    value: Term
    given: tuple[Term, ...] = ()
    name: str = ""


@dataclass(frozen=True)
class Statement:
    """The derivative of `target` (a defined symbol) by `variable`; `through` maps an intermediate to its own derivative,
    written for the indices of `places` (intermediate, variable), or to None if the engine is to find it."""
    target: Term
    variable: Term
    claims: tuple[Claim, ...]
    through: tuple[tuple[Term, Term | None], ...] = ()
    given: tuple[Term, ...] = ()                              # for a statement without claims


@dataclass(frozen=True)
class Part:
    """One displayed chain: the theorem's name, a rule for each relation sign, what the heading speaks of, and for a
    merged form the theorems of its cases (equal indices first)."""
    heading: str
    theorem: str
    rules: tuple[str, ...]
    about: tuple[Term, ...] = ()
    cases: tuple[str, ...] = ()


class Chain:
    """A chain of lines under construction."""

    def __init__(self, start: Term) -> None:
        self.terms, self.rules, self.proofs = [start], list[str](), list[Proof | None]()

    @property
    def end(self) -> Term:
        return self.terms[-1]

    def line(self, rule: str, new: Term, proof: Proof | None = None) -> None:
        if new is not self.end:
            self.terms.append(new)
            self.rules.append(rule)
            self.proofs.append(proof)


class Textbook:
    """Derives a statement in a record; `parts` are the displayed chains in order."""

    def __init__(self, record: Record, statement: Statement) -> None:
        self.record, self.statement = record, statement
        self.parts: list[Part] = []
        self.claimed: list[str] = []                          # the theorem of each claim, in order

    # ------------------------------------------------------------ lines and chains
    def prove_line(self, left: Term, right: Term, hints: Hints) -> Proof:
        """A proof of one line: first with all symbols folded, then unfolding what is needed."""
        ctx = self.record.context
        defined = tuple(ctx.definitions)
        used = [n for n in defined if n in left.names | right.names]
        for kept in dict.fromkeys([defined, *[tuple(n for n in defined if n != m) for m in used], ()]):
            found = prove(self.record, left, right, replace(hints, kept=kept))
            if found is not None and self._clean(found, hints):
                return found.proof
        raise NotProved(left, right, counterexample(ctx, left, right, hints.given))

    def _clean(self, found: Found, hints: Hints) -> bool:
        """No hypothesis but those given, indices known to differ, and the presuppositions of what is written."""
        return all(h in hints.given or h.op != "eq" for h in found.theorem.hypotheses)

    def finish(self, heading: str, name: str, chain: Chain, hints: Hints, about: Iterable[Term] = (),
               cases: tuple[str, ...] = ()) -> Theorem:
        proofs = tuple(p or self.prove_line(a, b, hints)
                       for a, b, p in zip(chain.terms, chain.terms[1:], chain.proofs, strict=False))
        theorem = self.record.conclude(name, mk("eq", None, chain.terms[0], chain.end), ("lines", tuple(chain.terms), proofs))
        self.parts.append(Part(heading, name, tuple(chain.rules), tuple(about), cases))
        return theorem

    # ------------------------------------------------------------ the whole derivation
    def run(self) -> None:
        """Prove every claim. Raises NotProved with the first that has no proof."""
        s = self.statement
        first = next((c for c in s.claims if not c.given), None)
        start = mk("D", None, s.target, s.variable)
        try:
            base = self._through_intermediates(first) if s.through else \
                self._directly(_ratio(s.target, s.variable), s.target, s.variable, first.value if first else None)
            self.claimed = [self._claim(claim, base) for claim in s.claims] or [self._simplified(base)]
        except NotProved as e:
            for claim in s.claims:
                against = counterexample(self.record.context, start, claim.value, claim.given)
                if against is not None:
                    raise NotProved(start, claim.value, against) from e
            raise

    def _simplified(self, base: str) -> str:
        """Without a claim: what the derivative comes to under the hypotheses of the statement."""
        if not self.statement.given:
            return base
        hints = Hints(given=self.statement.given)
        return self._claim(Claim(self.presented(self.record.theorems[base].sides[1], hints), hints.given, "simplified"), base)

    def _claim(self, claim: Claim, base: str) -> str:
        """The theorem under its hypotheses, from the one without; its name."""
        theorem = self.record.theorems[base]
        start, known = theorem.sides
        if known is claim.value and not claim.given:
            return base
        chain = Chain(start)
        chain.line("theorem", known, _by(("lemma", base, ())))
        hints = Hints(given=claim.given)
        used = normalizer(self.record, replace(hints, kept=tuple(self.record.context.definitions)))(known)[0]
        chain.line("hypothesis", used if sorted(forms.addends(used), key=repr) != sorted(forms.addends(claim.value), key=repr)
                   else claim.value)
        chain.line("rewrite", claim.value)
        self.finish("theorem", claim.name, chain, hints, claim.given)
        return claim.name

    # ------------------------------------------------------------ a derivative from its definition
    def _directly(self, name: str, target: Term, variable: Term, claim: Term | None, given: tuple[Term, ...] = ()) -> str:
        """D target / variable by the rules of differentiation, by cases where a delta of two free indices appears."""
        start = mk("D", None, target, variable)
        chain = Chain(start)
        chain.line("definition", mk("D", None, self.record.context.unfold(target), variable), _by(("unfold", target), at=(0,)))
        self._outermost(chain)
        chain.line("differentiate", forms.tidy(self._evaluated(chain.end)))
        hints = Hints(given=given)
        found = claim if claim is not None else self.presented(chain.end, hints)
        pair = self._delta_pair(chain.end)
        if pair is None:
            chain.line("simplify", self.presented(chain.end, hints))
            chain.line("rewrite", found)
            self.finish("derivative", name, chain, hints, (target, variable))
            return name
        raw = self.finish("derivative", f"{name}, differentiated", chain, hints, (target, variable))
        cases = self._cases(name, raw, pair, hints)
        merged = Chain(start)
        merged.line("merge", found, self._merged(start, found, pair, cases, hints))
        self.finish("merged", name, merged, hints, pair, cases)
        return name

    def _outermost(self, chain: Chain) -> None:
        """Carry the derivative in by one law: a quotient at once, a sum or a product with its constants."""
        convert = Normalizer(self.record)
        steps: list[Step] = []
        t, body = chain.end, chain.end.args[0]
        if body.op == "mul" and body.args[1].op == "inv" and self.record.context.depends(body.args[1], t.args[1].data):
            new, steps = law("d_quot", f=body.args[0], g=body.args[1].args[0], t=t.args[1])
            chain.line("quotient_rule", new, ("join", tuple(steps), ()))
            return
        rule = "linearity" if self._linear(t) else OUTERMOST.get(body.op, "chain_rule_outer")
        if body.op in ("num", "size", "arr"):
            return
        while (place := _first_derivative(t)) is not None and (not steps or rule == "linearity"):
            if rule == "linearity" and not self._linear(_at(t, place)):
                break
            new, more = convert.differentiate(_at(t, place))
            steps += [((*place, *path), forward, reason) for path, forward, reason in more]
            t = _put(t, place, new)
        chain.line(rule, t, ("join", tuple(steps), ()))

    def _linear(self, derivative: Term) -> bool:
        """Whether a sign, a sum or a constant factor can come out of a derivative."""
        body, v = derivative.args
        constant = body.op == "mul" and any(not self.record.context.depends(f, v.data) for f in body.args)
        return (body.op in ("neg", "add", "sum") or constant) and self.record.context.depends(body, v.data)

    def _evaluated(self, t: Term) -> Term:
        """Every derivative in t carried out."""
        convert = Normalizer(self.record, kept=self.record.context.definitions)
        return forms.replace(t, lambda u: convert(u)[0] if u.op == "D" else None)

    def presented(self, t: Term, hints: Hints) -> Term:
        """A form that people write: definitions folded back, cancelled, factored."""
        folded = t
        ctx = self.record.context
        for name, (sets, body) in reversed(list(ctx.definitions.items())):
            folded = forms.Folding(name, sets, body)(folded)
        convert = normalizer(self.record, replace(hints, kept=tuple(ctx.definitions)))
        return forms.factored(convert(forms.tidy(folded))[0])

    def _delta_pair(self, t: Term) -> tuple[Term, Term] | None:
        if t.op == "delta" and all(i.op == "ix" for i in t.args):
            i, j = sorted(t.args, key=lambda x: str(x.data[0]))
            return i, j
        return next((p for a in t.args if (p := self._delta_pair(a)) is not None), None)

    def _cases(self, name: str, raw: Theorem, pair: tuple[Term, Term], hints: Hints) -> tuple[str, str]:
        """i = j and i != j, each as a chain from the differentiated line."""
        (i, j), (start, end) = pair, raw.sides
        same = Chain(subst_index(start, {j.data: i}))
        same.line("so_far", subst_index(end, {j.data: i}), _by(("lemma", f"{name}, differentiated", ((*j.data, i),))))
        same.line("case_equal", forms.tidy(forms.reflexive(same.end)))
        same.line("simplify", self.presented(same.end, hints))
        self.finish("case_equal", f"{name}, {i} = {j}", same, hints, pair)
        other = Chain(start)
        other.line("so_far", end, _by(("lemma", f"{name}, differentiated", ())))
        apart = replace(hints, apart=(*hints.apart, pair))
        other.line("case_apart", forms.tidy(forms.with_delta(end, i, j, ZERO)))
        other.line("simplify", self.presented(other.end, apart))
        self.finish("case_apart", f"{name}, {i} != {j}", other, apart, pair)
        return f"{name}, {i} = {j}", f"{name}, {i} != {j}"

    def _merged(self, start: Term, found: Term, pair: tuple[Term, Term], names: tuple[str, str], hints: Hints) -> Proof:
        """Both cases say what the merged form says."""
        i, j = pair
        same_value, other_value = (self.record.theorems[n].sides[1] for n in names)
        same = self.prove_line(same_value, subst_index(found, {j.data: i}), hints)
        other = self.prove_line(other_value, found, replace(hints, apart=(*hints.apart, pair)))

        def after(name: str, value: Term, rest: Proof, goal: tuple[Term, Term]) -> Proof:
            lemma = _by(("lemma", name, ()))
            return ("lines", (goal[0], value, goal[1]), (lemma, rest)) if value is not goal[1] else lemma
        to_i = {j.data: i}
        return ("cases", i, j, after(names[0], same_value, same, (subst_index(start, to_i), subst_index(found, to_i))),
                after(names[1], other_value, other, (start, found)))

    # ------------------------------------------------------------ the chain rule through intermediates
    def _through_intermediates(self, claim: Claim | None) -> str:
        """Jacobians of the intermediates, derivatives by them, the chain rule, and what it comes to."""
        s = self.statement
        inner = [self._directly(_ratio(a, s.variable), a, s.variable, value) for a, value in s.through]
        outer = self._outer_function()
        partials = [self._directly(_ratio(outer, a), outer, _copy(a), None) for a, _ in s.through]
        for given in dict.fromkeys(c.given for c in s.claims):
            self._specialised(outer, given)
        return self._chained(inner, outer, partials, claim)

    def _outer_function(self) -> Term:
        """The target as a function of the intermediates alone: a copy of its definition with copied variables."""
        record, names = self.record, [a.data for a, _ in self.statement.through]
        body, _ = self._exposed(self.statement.target)
        for name in names:
            record.declare(name + COPY, record.context.definitions[name][0])
        body = forms.replace(body, lambda u: _copy(u) if u.op == "arr" and u.data in names else None)
        record.define(self.statement.target.data + COPY, (), body)
        return mk("arr", self.statement.target.data + COPY)

    def _exposed(self, t: Term) -> Result:
        """Unfold what hides an intermediate."""
        ctx, names = self.record.context, [a.data for a, _ in self.statement.through]

        def unfold(u: Term) -> Result:
            hides = u.op == "arr" and u.data not in names and any(n in _all_names(ctx, u) for n in names)
            return then(step(ctx.unfold(u), "unfold", u), self._exposed) if hides and u.data in ctx.definitions else keep(u)
        return everywhere(t, unfold)

    def _specialised(self, outer: Term, given: tuple[Term, ...]) -> None:
        """The same derivative the way textbooks do it where the labels are one-hot: first the sum, then two cases."""
        deltas = [h for h in given if h.op == "all" and h.args[0].op == "eq" and h.args[0].args[1].op == "delta"]
        if not deltas or len(self.statement.through) != 1:
            return
        hints, ctx = Hints(given=given), self.record.context
        chain, one_hot = Chain(outer), f"{_plain(outer)}, one-hot"
        chain.line("definition", ctx.unfold(outer), _by(("unfold", outer)))
        used = normalizer(self.record, hints)(chain.end)[0]
        chain.line("one_hot", used)
        self.finish("one_hot_value", one_hot, chain, hints, deltas)
        (k,) = [i for i in deltas[0].args[0].args[1].args if i.op == "ix"]
        place = _copy(self.statement.through[0][0])
        (j,) = place.args
        names = []
        for heading, at in (("case_apart", j), ("case_equal", k)):
            extra = replace(hints, apart=((j, k),)) if at is j else hints
            case = Chain(mk("D", None, outer, subst_index(place, {j.data: at})))
            value = mk("D", None, used, case.end.args[1])
            case.line("one_hot_value", value, _by(("lemma", one_hot, ()), at=(0,)))
            case.line("differentiate", normalizer(self.record, extra)(case.end)[0])
            names.append(f"{_ratio(outer, place)}, one-hot, {j} {'!=' if at is j else '='} {k}")
            self.finish(heading, names[-1], case, extra, (k, j) if at is k else (j, k))
        merged = Chain(mk("D", None, outer, place))
        general = self.record.theorems[_ratio(outer, place)].sides[1]
        other, same = names
        merged.line("merge", general, self._merged(merged.end, general, (k, j), (same, other), hints))
        self.finish("merged", f"{_ratio(outer, place)}, one-hot", merged, hints, (j, k), (same, other))

    def _chained(self, inner: list[str], outer: Term, partials: list[str], claim: Claim | None) -> str:
        record, s = self.record, self.statement
        substituted = {a.data + COPY: mk("arr", a.data, *_bound(a)) for a, _ in s.through}
        labels = []
        for (a, _), name in zip(s.through, partials, strict=True):
            label, sets = _ratio(s.target, a) + " at the outputs", record.context.definitions[a.data][0]
            letters = {i.data: b for i, b in zip(a.args, _bound(a), strict=True)}
            value = record.context.substitute(subst_index(record.theorems[name].sides[1], letters), substituted)
            record.define(label, sets, value)
            labels.append(mk("arr", label, *_bound(a)))
        start = mk("D", None, s.target, s.variable)
        chain = Chain(start)
        self._chain_rule(chain, outer, partials, labels)
        unfolded = forms.replace(chain.end, lambda u: record.context.unfold(u) if u in labels else None)
        jacobians = Normalizer(record, rules=normalizer(record, Hints(lemmas=tuple(inner))).lemmas)
        lemmas = Hints(lemmas=tuple(inner))
        chain.line("substitute", forms.tidy(forms.replace(unfolded, lambda u: _lemma(jacobians, u))))
        chain.line("split_sum", forms.split_sums(chain.end))
        convert = Normalizer(record, kept=record.context.definitions)
        chain.line("cancel", forms.each_addend(chain.end, lambda u: convert(u)[0]))
        chain.line("factor", forms.factored(chain.end))
        chain.line("join_sum", forms.factored(convert(chain.end)[0]))
        if claim is not None:
            chain.line("rewrite", claim.value)
        name = _ratio(s.target, s.variable)
        self.finish("chain_rule", name, chain, lemmas, (s.target, s.variable))
        return name

    def _chain_rule(self, chain: Chain, outer: Term, partials: list[str], labels: list[Term]) -> None:
        """The first line: one step of the kernel's chain rule, with the partial derivatives named."""
        s = self.statement
        through = tuple((self._about_body(name, outer), mk("arr", a.data, *_bound(a)))
                        for (a, _), name in zip(s.through, partials, strict=True))
        summands = []
        for (_, u), label in zip(through, labels, strict=True):
            term = mk("mul", None, label, mk("D", None, u, s.variable))
            for i in reversed(label.args):
                term = mk("sum", i.data[1], term)
            summands.append(term)
        value = summands[0]
        for t in summands[1:]:
            value = mk("add", None, value, t)
        unfold = below(0, self._exposed(s.target)[1])
        to_chain: list[Step] = [((), True, ("chain", through))]
        back: list[Step] = []
        for n, (label, summand) in enumerate(zip(labels, summands, strict=True)):
            path = _addend_path(n, len(summands)) + (0,) * (_depth(summand) + 1)
            back.append((path, False, ("unfold", label)))
        chain.line("chain_rule", value, ("join", (*unfold, *to_chain, *back), ()))

    def _about_body(self, name: str, outer: Term) -> str:
        """The partial derivative as a theorem about the unfolded function, which the chain rule composes."""
        left, right = self.record.theorems[name].sides
        body = mk("D", None, self.record.context.unfold(outer), left.args[1])
        steps = (((0,), False, ("unfold", outer)), ((), True, ("lemma", name, ())))
        self.record.prove(f"{name}, unfolded", mk("eq", None, body, right), ("join", steps, ()))
        return f"{name}, unfolded"


def _bound(a: Term) -> list[Term]:
    return [bd(len(a.args) - 1 - n, i.data[1]) for n, i in enumerate(a.args)]


def _copy(t: Term) -> Term:
    return mk("arr", t.data + COPY, *t.args)


def _plain(t: Term) -> str:
    return str(t.data).rstrip(COPY)


def _ratio(above: Term, below: Term) -> str:
    """The name of a theorem about a derivative."""
    return f"d{_plain(above)}/d{_plain(below)}"


def _by(*reasons: Reason, at: tuple[int, ...] = ()) -> Proof:
    """A proof by reasons applied from left to right at one place."""
    return ("join", tuple((at, True, reason) for reason in reasons), ())


def _all_names(ctx: Context, t: Term) -> set[str]:
    """Names in t and in the definitions that it reaches."""
    found: set[str] = set()
    todo = [t]
    while todo:
        for n in todo.pop().names:
            if isinstance(n, str) and n not in found:
                found.add(n)
                todo += [ctx.definitions[n][1]] if n in ctx.definitions else []
    return found


def _lemma(convert: Normalizer, t: Term) -> Term | None:
    if t.op != "D":
        return None
    return next((used[0] for rule in convert.lemmas if (used := rule.apply(t)) is not None), None)


def _depth(t: Term) -> int:
    return 1 + _depth(t.args[0]) if t.op == "sum" else 0


def _addend_path(n: int, count: int) -> tuple[int, ...]:
    """The place of addend n in ((a + b) + c) + ..."""
    return (0,) * (count - 1) if n == 0 else (*(0,) * (count - 1 - n), 1)


def _first_derivative(t: Term) -> tuple[int, ...] | None:
    if t.op == "D":
        return ()
    return next(((n, *p) for n, a in enumerate(t.args) if (p := _first_derivative(a)) is not None), None)


def _at(t: Term, path: tuple[int, ...]) -> Term:
    return _at(t.args[path[0]], path[1:]) if path else t


def _put(t: Term, path: tuple[int, ...], new: Term) -> Term:
    if not path:
        return new
    n = path[0]
    return mk(t.op, t.data, *t.args[:n], _put(t.args[n], path[1:], new), *t.args[n + 1:])

