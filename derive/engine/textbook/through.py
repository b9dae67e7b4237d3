"""The chain rule through intermediates: their derivatives, the derivatives by them, the sum, and what it comes to."""
from __future__ import annotations

from dataclasses import replace

from ...kernel.context import Context, Sets
from ...kernel.replay import Step
from ...kernel.terms import Term, mk, subst_index
from .. import forms
from ..conversion import Result, below, everywhere, keep, step, then
from ..equality import Hints, normalizer
from ..normal import Normalizer
from .book import COPY, Book, Chain, Claim, Statement, bound, by, copied, plain, ratio
from .direct import Direct

AT_OUTPUTS = " at the outputs"                                # ends the name of a derivative that is used as a symbol


class Through:
    """Chains for a statement with intermediates in a book."""

    def __init__(self, book: Book, statement: Statement) -> None:
        self.book, self.statement, self.direct = book, statement, Direct(book)

    def derive(self, claim: Claim | None) -> str:
        """Jacobians of the intermediates, derivatives by them, the chain rule, and what it comes to."""
        s = self.statement
        inner = [self.direct.derive(ratio(a, s.variable), a, s.variable, value) for a, value in s.through]
        outer = self._outer_function()
        partials = [self.direct.derive(ratio(outer, a), outer, copied(a), None) for a, _ in s.through]
        for given in dict.fromkeys(c.given for c in s.claims):
            self._specialised(outer, given)
        return self._chained(inner, outer, partials, claim)

    def _outer_function(self) -> Term:
        """The target as a function of the intermediates alone: a copy of its definition with copied variables."""
        record, names = self.book.record, [a.data for a, _ in self.statement.through]
        body, _ = self._exposed(self.statement.target)
        for name in names:
            if name + COPY not in record.context.arrays:
                record.declare(name + COPY, record.context.definitions[name][0])
        body = forms.replace(body, lambda u: copied(u) if u.op == "arr" and u.data in names else None)
        return mk("arr", self._defined(self.statement.target.data + COPY, (), body))

    def _defined(self, name: str, sets: Sets, body: Term) -> str:
        """A definition under this name, or the next free one that prints alike; the one that is there, if it is the same."""
        record = self.book.record
        while (found := record.context.definitions.get(name)) not in (None, (sets, body)):
            name += COPY
        if found is None:
            record.define(name, sets, body)
        return name

    def _exposed(self, t: Term) -> Result:
        """Unfold what hides an intermediate."""
        ctx, names = self.book.record.context, [a.data for a, _ in self.statement.through]

        def unfold(u: Term) -> Result:
            hides = u.op == "arr" and u.data not in names and any(n in _all_names(ctx, u) for n in names)
            return then(step(ctx.unfold(u), "unfold", u), self._exposed) if hides and u.data in ctx.definitions else keep(u)
        return everywhere(t, unfold)

    def _specialised(self, outer: Term, given: tuple[Term, ...]) -> None:
        """The same derivative the way textbooks do it where the labels are one-hot: first the sum, then two cases."""
        deltas = [h for h in given if h.op == "all" and h.args[0].op == "eq" and h.args[0].args[1].op == "delta"]
        if not deltas or len(self.statement.through) != 1 or f"{plain(outer)}, one-hot" in self.book.record.theorems:
            return
        hints, ctx = Hints(given=given), self.book.record.context
        chain, one_hot = Chain(outer), f"{plain(outer)}, one-hot"
        chain.line("definition", ctx.unfold(outer), by(("unfold", outer)))
        used = normalizer(self.book.record, hints)(chain.end)[0]
        chain.line("one_hot", used)
        self.book.finish("one_hot_value", one_hot, chain, hints, deltas)
        (k,) = [i for i in deltas[0].args[0].args[1].args if i.op == "ix"]
        place = copied(self.statement.through[0][0])
        (j,) = place.args
        names = []
        for heading, at in (("case_apart", j), ("case_equal", k)):
            extra = replace(hints, apart=((j, k),)) if at is j else hints
            case = Chain(mk("D", None, outer, subst_index(place, {j.data: at})))
            value = mk("D", None, used, case.end.args[1])
            case.line("one_hot_value", value, by(("lemma", one_hot, ()), at=(0,)))
            case.line("differentiate", normalizer(self.book.record, extra)(case.end)[0])
            names.append(f"{ratio(outer, place)}, one-hot, {j} {'!=' if at is j else '='} {k}")
            self.book.finish(heading, names[-1], case, extra, (k, j) if at is k else (j, k))
        merged = Chain(mk("D", None, outer, place))
        general = self.book.record.theorems[ratio(outer, place)].sides[1]
        other, same = names
        merged.line("merge", general, self.direct.merged(merged.end, general, (k, j), (same, other), hints))
        self.book.finish("merged", f"{ratio(outer, place)}, one-hot", merged, hints, (j, k), (same, other))

    def _chained(self, inner: list[str], outer: Term, partials: list[str], claim: Claim | None) -> str:
        record, s = self.book.record, self.statement
        substituted = {a.data + COPY: mk("arr", a.data, *bound(a)) for a, _ in s.through}
        labels = []
        for (a, _), name in zip(s.through, partials, strict=True):
            sets = record.context.definitions[a.data][0]
            letters = {i.data: b for i, b in zip(a.args, bound(a), strict=True)}
            value = record.context.substitute(subst_index(record.theorems[name].sides[1], letters), substituted)
            labels.append(mk("arr", self._defined(ratio(s.target, a) + AT_OUTPUTS, sets, value), *bound(a)))
        start = mk("D", None, s.target, s.variable)
        chain = Chain(start)
        self._chain_rule(chain, outer, partials, labels)
        unfolded = forms.replace(chain.end, lambda u: record.context.unfold(u) if u in labels else None)
        jacobians = Normalizer(record, rules=normalizer(record, Hints(lemmas=tuple(inner))).lemmas)
        lemmas = Hints(lemmas=tuple(inner), given=claim.given if claim else ())
        chain.line("substitute", forms.tidy(forms.replace(unfolded, lambda u: _lemma(jacobians, u))))
        chain.line("split_sum", forms.split_sums(chain.end))
        convert = Normalizer(record, kept=record.context.definitions)
        for rule, form in (("cancel", lambda t: forms.each_addend(t, lambda u: convert(u)[0])), ("factor", forms.factored),
                           ("join_sum", lambda t: forms.factored(convert(t)[0]))):
            if claim is None or not forms.alike(chain.end, claim.value):
                chain.line(rule, form(chain.end))
        if claim is not None:
            chain.line("rewrite", claim.value)
        name = ratio(s.target, s.variable)
        self.book.finish("chain_rule", name, chain, lemmas, (s.target, s.variable))
        return name

    def _chain_rule(self, chain: Chain, outer: Term, partials: list[str], labels: list[Term]) -> None:
        """The first line: one step of the kernel's chain rule, with the partial derivatives named."""
        s = self.statement
        through = tuple((self._about_body(name, outer), mk("arr", a.data, *bound(a)))
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
        left, right = self.book.record.theorems[name].sides
        body = mk("D", None, self.book.record.context.unfold(outer), left.args[1])
        steps = (((0,), False, ("unfold", outer)), ((), True, ("lemma", name, ())))
        self.book.record.prove(f"{name}, unfolded", mk("eq", None, body, right), ("join", steps, ()))
        return f"{name}, unfolded"


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
