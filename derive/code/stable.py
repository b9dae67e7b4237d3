"""The forms that are computed: stable for logits of any size, and each one a theorem that the kernel has replayed.

A form is proposed by rewriting (logarithms spread, z replaced by z - m for an arbitrary m, the label taken out of sums)
and used only if the engine proves it equal to what was claimed. m becomes the row maximum when the form is lowered.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..engine.equality import Hints, normalizer, prove
from ..engine.forms import factors, neg, product
from ..engine.record import Record
from ..kernel.conditions import ONE, ZERO
from ..kernel.context import FUNCTION
from ..kernel.errors import DeriveError, ProofError
from ..kernel.replay import Proof, Step
from ..kernel.terms import Term, bd, mk, open_, shift, subst_index
from .errors import CannotGenerate

NO_HINTS = Hints()
Reason = tuple[object, ...]


@dataclass(frozen=True)
class Form:
    """A theorem whose right side is computed. `outside`: m stands outside a shift-invariant expression too, so that
    the limit at infinite logits is kept. `where`: an equation x = y and the value where it holds, by theorem `special`."""
    theorem: str
    value: Term
    outside: bool = False
    where: tuple[Term, Term, Term] | None = None
    special: str = ""

    @property
    def theorems(self) -> tuple[str, ...]:
        return (self.theorem, self.special) if self.special else (self.theorem,)


def copied(record: Record) -> Record:
    """The same record, replayed: what is proved for code is not added to the proof of the entry."""
    new = Record()
    for kind, *item in record.items:
        getattr(new, {"theorem": "prove"}.get(kind, kind))(*item)
    return new


def fresh(record: Record, letter: str) -> str:
    """A name that the record does not know yet."""
    taken = record.context.arrays.keys() | record.context.definitions.keys()
    return next(name for n in range(len(taken) + 1) if (name := f"{letter}{n or ''}") not in taken)


class Stabilizer:
    """Proves forms in a copy of a record. `array` is the array of logits over one index set."""

    def __init__(self, record: Record, array: str) -> None:
        sets = record.context.arrays.get(array, ())
        if len(sets) != 1 or sets == FUNCTION:
            raise CannotGenerate(f"{array} is an array over {sets or 'nothing'}; logits have one index")
        self.record, self.array, self.set = copied(record), array, sets[0]
        self.scalar = fresh(self.record, "m")
        self.record.declare(self.scalar)
        self.m = mk("arr", self.scalar)

    # ------------------------------------------------------------ what is proposed
    def exposed(self, t: Term) -> Term:
        """Definitions unfolded, logarithms of products, quotients and exponentials spread."""
        if t.op == "arr" and t.data in self.record.context.definitions:
            return self.exposed(self.record.context.unfold(t))
        new = mk(t.op, t.data, *map(self.exposed, t.args))
        return spread(new.args[0]) if new.op == "log" else new

    def moved(self, t: Term) -> Term:
        """z replaced by z - m."""
        entry = mk("arr", self.array, bd(0, self.set))
        return self.record.context.substitute(t, {self.array: mk("add", None, entry, neg(self.m))})

    def _candidates(self, value: Term) -> Iterator[tuple[Term, bool]]:
        """The value does not change when z moves by m; it changes by a term in m alone; or it is computed as it stands."""
        exposed = self.exposed(value)
        if _has(exposed, "exp") and self.array in exposed.names:
            shifted = self.moved(exposed)
            change = normalizer(self.record, NO_HINTS)(mk("add", None, exposed, neg(shifted)))[0]
            yield shifted, False
            if change.names == {self.scalar}:
                yield mk("add", None, change, shifted), True
        yield exposed, False

    # ------------------------------------------------------------ what is proved
    def form(self, name: str, left: Term, value: Term, hints: Hints = NO_HINTS) -> Form:
        """left = value, in the first stable spelling that the kernel accepts. Raises ProofError if it accepts none."""
        for candidate, outside in self._candidates(value):
            proof = self.proof(left, candidate, hints)
            if proof is not None:
                self.record.conclude(name, mk("eq", None, left, candidate), proof)
                return Form(name, candidate, outside)
        raise ProofError(f"{left} = {value}: no stable form was proved, nor the value as it stands")

    def plain(self, form: Form, left: Term, value: Term, hints: Hints = NO_HINTS) -> Form | None:
        """left = value without a shift, where `form` has one and the kernel accepts that too; None otherwise."""
        exposed = self.exposed(value)
        if self.scalar not in form.value.names or (proof := self.proof(left, exposed, hints)) is None:
            return None
        name = f"{form.theorem}, not shifted"
        self.record.conclude(name, mk("eq", None, left, exposed), proof)
        return Form(name, exposed)

    def proof(self, left: Term, right: Term, hints: Hints) -> Proof | None:
        """A proof under no other equations than those given."""
        try:
            found = prove(self.record, left, right, hints)
        except DeriveError:
            return None
        stray = [h for h in (found.theorem.hypotheses if found else ()) if h not in hints.given and h != _inhabited(self.set)]
        return found.proof if found and not stray else None

    # ------------------------------------------------------------ one-hot labels
    def picked(self, value: Term, hypothesis: Term) -> Term:
        """The value with one-hot labels put in: a sum of y[j] f(j) is f(k)."""
        left, right = hypothesis.args[0].args

        def put(t: Term) -> Term:
            if t.op == "arr" and t.data == left.data:
                return open_(right, t.args)
            new = mk(t.op, t.data, *map(put, t.args))
            return _collapsed(new) if new.op == "sum" else new
        return put(value)

    def apart(self, form: Form, name: str, left: Term, k: Term, hints: Hints) -> Form:
        """The form with the label k taken out of its sums, where nothing cancels any more; the form itself if there is none.
        f(i)/S - delta(i,k) becomes f(i)/S elsewhere and -(sum of the others)/S at k."""
        sums = [t for t in _subterms(form.value) if t.op == "sum" and not t.depth and not t.names & {k.data}]
        if len(sums) != 1:
            return form
        (total,) = sums
        others = mk("sum", total.data, mk("mul", None, away(bd(0, k.data[1]), k), total.args[0]))
        self._lemma(f"{name}, the label taken out", total, mk("add", None, open_(total.args[0], [k]), others))
        lemma = f"{name}, the label taken out"
        split = self.record.theorems[lemma].sides[1]
        new, steps = _rewritten(form.value, total, split, ("lemma", lemma, ()))
        first: Proof = ("lines", (left, form.value, new), (_by(("lemma", form.theorem, ())), ("join", steps, ())))
        found = _complement(new, k, split, others)
        self.record.conclude(f"{name}, split", mk("eq", None, left, new), first)
        if found is None:
            return Form(f"{name}, split", new, form.outside)
        i, value = found
        last = ("cases", k, i, _by_deltas(new, value, {i: k}, ONE), _by_deltas(new, value, {}, ZERO, (i, k)))
        proof: Proof = ("lines", (left, new, value), (_by(("lemma", f"{name}, split", ())), last))
        self.record.conclude(name, mk("eq", None, left, value), proof)
        return Form(name, value, form.outside)

    def _lemma(self, name: str, left: Term, right: Term) -> None:
        if name not in self.record.theorems:
            proof = self.proof(left, right, Hints())
            if proof is None:
                raise ProofError(f"no proof of {left} = {right}")
            self.record.prove(name, mk("eq", None, left, right), proof)

    def at_peak(self, form: Form, name: str, left: Term, k: Term, hints: Hints) -> Form:
        """Where the label has the largest logit, m = z[k]: log(1 + the others), which keeps the digits of a small loss."""
        at_label = mk("arr", self.array, k)
        others = [t for t in _subterms(form.value) if t.op == "sum"]
        if len(others) != 1 or form.value.op == "D" or self.array not in form.value.names:
            return form
        equal = mk("eq", None, at_label, self.m)
        value = mk("log", None, mk("add", None, ONE, others[0]))
        if equal not in self.record.context.given:
            self.record.assume(equal)
        proof = self.proof(left, value, replace(hints, given=(*hints.given, equal)))
        if proof is None:
            return form
        self.record.conclude(name, mk("eq", None, left, value), proof)
        return replace(form, where=(at_label, self.m, value), special=name)

    def beside_label(self, form: Form, name: str, left: Term, k: Term, hints: Hints) -> Form:
        """log(1 + the others / e^z[k]), which keeps the digits of a small loss without a shift; the form itself if it is not
        that."""
        others = [t for t in _subterms(form.value) if t.op == "sum"]
        if len(others) != 1:
            return form
        ratio = mk("mul", None, others[0], mk("inv", None, mk("exp", None, mk("arr", self.array, k))))
        value = mk("log", None, mk("add", None, ONE, ratio))
        proof = self.proof(left, value, hints)
        if proof is None:
            return form
        self.record.conclude(name, mk("eq", None, left, value), proof)
        return Form(name, value)


# ---------------------------------------------------------------- pieces of terms
def spread(t: Term) -> Term:
    """log t, with the logarithm taken inside products, quotients and exponentials."""
    match t.op:
        case "mul":
            return mk("add", None, spread(t.args[0]), spread(t.args[1]))
        case "inv":
            return neg(spread(t.args[0]))
        case "exp":
            return t.args[0]
    return mk("log", None, t)


def away(i: Term, k: Term) -> Term:
    """1 - delta(i,k)."""
    return mk("add", None, ONE, neg(mk("delta", None, i, k)))


def _inhabited(s: str) -> Term:
    return mk("le", None, ONE, mk("size", s))


def _subterms(t: Term) -> set[Term]:
    return {t}.union(*map(_subterms, t.args))


def _has(t: Term, op: str) -> bool:
    return any(u.op == op for u in _subterms(t))


def _by(*reasons: Reason) -> Proof:
    return ("join", tuple(((), True, reason) for reason in reasons), ())


def _collapsed(t: Term) -> Term:
    """sum_j delta(j,k) f(j) is f(k); sum_j delta(j,k) is 1."""
    parts = factors(t.args[0])
    here = bd(0, t.data)
    for n, d in enumerate(parts):
        if d.op == "delta" and here in d.args and d.args[0] is not d.args[1]:
            k = d.args[1] if d.args[0] is here else d.args[0]
            return open_(product(parts[:n] + parts[n + 1:]), [shift(k, -1)])
    return t


def _rewritten(t: Term, old: Term, new: Term, reason: Reason, path: tuple[int, ...] = ()) -> tuple[Term, tuple[Step, ...]]:
    """Every occurrence of a closed subterm replaced, with the steps."""
    if t is old:
        return new, ((path, True, reason),)
    args, steps = [], list[Step]()
    for n, a in enumerate(t.args):
        changed, more = _rewritten(a, old, new, reason, (*path, n))
        args.append(changed)
        steps += more
    return mk(t.op, t.data, *args), tuple(steps)


def _complement(t: Term, k: Term, split: Term, others: Term) -> tuple[Term, Term] | None:
    """For t = f(i)/S - delta(i,k): the index i, and (1 - delta(i,k)) f(i)/S - delta(i,k) (others/S)."""
    if t.op != "add" or t.args[1].op != "neg" or t.args[1].args[0].op != "delta":
        return None
    delta, inverse = t.args[1].args[0], mk("inv", None, split)
    rest, i = t.args[0], delta.args[0] if delta.args[1] is k else delta.args[1]
    if rest.op != "mul" or rest.args[1] is not inverse or rest.args[0] is not open_(others.args[0].args[1], [i]):
        return None
    elsewhere = mk("mul", None, mk("mul", None, away(i, k), rest.args[0]), inverse)
    return i, mk("add", None, elsewhere, neg(mk("mul", None, delta, mk("mul", None, others, inverse))))


def _by_deltas(left: Term, right: Term, put: dict[Term, Term], value: Term, pair: tuple[Term, Term] | None = None) -> Proof:
    """left = right once every delta of the pair is replaced by its value, by field arithmetic."""
    (old, new) = next(iter(put.items())) if put else pair or (ONE, ONE)
    i, k = (new, new) if put else (old, new)
    sides = [subst_index(t, {a.data: b for a, b in put.items()}) for t in (left, right)]
    delta = mk("delta", None, i, k)
    values = (("?S", i.data[1]), ("?i", i)) if put else (("?S", i.data[1]), ("?i", i), ("?j", k))
    reason = ("law", "delta_refl" if put else "delta_apart", values)
    (_, first), (b, last) = (_rewritten(t, delta, value, reason) for t in sides)
    return ("join", (*first, ((), True, ("field", b))), last)
