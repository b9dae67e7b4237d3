"""What is computed for a definition or a gradient: stable spellings, each a theorem that the kernel has replayed.

A spelling is proposed by rewriting (logarithms of quotients of exponentials, shifts by an arbitrary m, 1 - sigma(z) as
sigma(-z), sigma(z) - y for hard y, sinh/cosh as tanh) and used only if the engine proves it equal; m becomes the largest
value when it is lowered.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ...engine.equality import Hints, prove
from ...engine.forms import neg
from ...engine.record import Record
from ...kernel.conditions import ONE, nonempty
from ...kernel.errors import DeriveError
from ...kernel.terms import Term, bd, indices, ix, mk, open_, shift, subst_index
from ..stable import copied, fresh
from . import patterns as p
from .lowering import Peak


@dataclass(frozen=True)
class Form:
    """letters: the free indices of `value`, in the order of axes; `theorem` says that it is what was asked for, "" if that is
    how it is defined or claimed; `special`: the theorem behind operations that are computed by cases."""
    letters: tuple[Term, ...]
    value: Term
    theorem: str = ""
    special: tuple[str, ...] = ()

    @property
    def theorems(self) -> tuple[str, ...]:
        return (*([self.theorem] if self.theorem else []), *self.special)


LETTERS = "ijkl"
SOFTPLUS = "log(1 + e^x), computed from e^x where x <= 0 and from e^-x where x > 0"


class Forms:
    """Proves forms in a copy of a record. `peaks`: the arbitrary numbers that the theorems speak of."""

    def __init__(self, record: Record) -> None:
        self.record = copied(record)
        self.ctx = record.context                             # without what is declared here
        self.peaks: dict[str, Peak] = {}
        self._found: dict[tuple[Term, str], str] = {}
        self._definitions: dict[str, Form] = {}

    # ------------------------------------------------------------ what is asked for
    def definition(self, name: str) -> Form:
        """The form of a definition at letters of its own."""
        if name not in self._definitions:
            letters = tuple(ix(LETTERS[n], s) for n, s in enumerate(self.ctx.definitions[name][0]))
            symbol = mk("arr", name, *letters)
            body = self.ctx.unfold(symbol)
            self._definitions[name] = self._form(f"{name}, as computed", letters, symbol, body, Hints())
        return self._definitions[name]

    def gradient(self, name: str, letters: tuple[Term, ...], theorem: str) -> Form:
        """The form of the right side of a theorem, for the free indices in the order of letters."""
        known = self.record.theorems[theorem]
        left, value = known.sides
        hints = Hints(lemmas=(theorem,), given=tuple(sorted(known.hypotheses & known.context.given, key=repr)))
        return self._form(f"{name}, as computed", letters, left, value, hints)

    def reached(self, t: Term) -> list[str]:
        """The definitions that the computation of a term needs, innermost first."""
        found: list[str] = []
        for n in sorted(n for n in t.names if isinstance(n, str)):
            if n in self.ctx.definitions:
                found += [m for m in (*self.reached(self.definition(n).value), n) if m not in found]
            elif n in self.peaks:
                found += [m for m in self.reached(self.peaks[n].body) if m not in found]
        return found

    def _form(self, name: str, letters: tuple[Term, ...], left: Term, value: Term, hints: Hints) -> Form:
        new = self.rewritten(value)
        new = new if new is value else signed(new)
        if new is value or not self._proved(name, left, new, hints):
            return Form(letters, value, "", self._special(value))
        return Form(letters, new, name, self._special(new))

    def _special(self, t: Term) -> tuple[str, ...]:
        """The theorem behind max(x, 0) + log(1 + e^-|x|), where that is computed."""
        if all(p.softplus_argument(u) is None for u in subterms(t)):
            return ()
        if SOFTPLUS not in self.record.theorems:
            x = mk("arr", fresh(self.record, "x"))
            self.record.declare(x.data)
            self._proved(SOFTPLUS, p.softplus(x), p.add(x, p.softplus(neg(x))), Hints())
        return (SOFTPLUS,)

    def _proved(self, name: str, left: Term, right: Term, hints: Hints) -> bool:
        """Whether the kernel accepts it under no other hypotheses than those given."""
        try:
            found = prove(self.record, left, right, hints)
        except DeriveError:
            return False
        sizes = {nonempty(s) for s in _sets(left) | _sets(right)}
        if found is None or found.theorem.hypotheses - {*hints.given} - sizes:
            return False
        self.record.conclude(name, mk("eq", None, left, right), found.proof)
        return True

    # ------------------------------------------------------------ rewriting
    def rewritten(self, t: Term) -> Term:
        """A spelling of t that does not overflow or cancel where t would; t itself where nothing is known."""
        match t.op:
            case "sum":
                return self._below(t, self.rewritten)
            case "neg":
                return neg(self.rewritten(t.args[0]))
            case "log" if self._has_exp(t.args[0]):
                return self._log(t.args[0])
            case "add":
                return self._complement(t) or self._residual(t) or self._rebuilt(t)
            case "mul" if t.args[1].op == "inv":
                return self._quotient(t.args[0], t.args[1].args[0]) or self._rebuilt(t)
        return self._rebuilt(t)

    def _rebuilt(self, t: Term) -> Term:
        return t if t.op in ("arr", "D", "delta", "fun") else mk(t.op, t.data, *map(self.rewritten, t.args))

    def _below(self, t: Term, f: Callable[[Term], Term]) -> Term:
        """A sum with its body rewritten at a letter that is free nowhere else."""
        i = ix(f"%{t.weight}.{len(indices(t))}", t.data)
        return mk("sum", t.data, _closed(f(open_(t.args[0], [i])), i))

    def _has_exp(self, t: Term) -> bool:
        return t.op == "exp" or any(map(self._has_exp, t.args)) or self._is_defined(t) and self._has_exp(self.ctx.unfold(t))

    def _is_defined(self, t: Term) -> bool:
        return t.op == "arr" and t.data in self.ctx.definitions

    def _log(self, t: Term) -> Term:
        """log t, with the logarithm taken inside."""
        u = self._sigmoid_argument(t)
        if u is not None:
            return neg(p.softplus(neg(u)))
        if p.one_plus_exp(t) is not None:
            return p.log(t)
        match t.op:
            case "arr" if self._is_defined(t) and self._has_exp(t):
                return self._log(self.ctx.unfold(t))
            case "mul" if t.args[0].op == "exp" and t.args[1].op == "inv" and self._is_total(t.args[1].args[0]):
                m = self._peak(t.args[1].args[0])             # u - m first: the large parts cancel before digits are lost
                return p.add(p.add(t.args[0].args[0], neg(m)), neg(p.log(_shifted(t.args[1].args[0], m))))
            case "mul":
                return p.add(self._log(t.args[0]), self._log(t.args[1]))
            case "inv":
                return neg(self._log(t.args[0]))
            case "exp":
                return t.args[0]
            case "sum" if self._is_total(t):
                m = self._peak(t)
                return p.add(m, p.log(_shifted(t, m)))
        return p.log(self.rewritten(t))

    def _quotient(self, top: Term, bottom: Term) -> Term | None:
        """e^u_i / sum_k e^u_k, e^u / (1 + e^u) and sinh u / cosh u."""
        if top.op == "exp" and p.one_plus_exp(bottom) is top.args[0]:
            return p.sigmoid(top.args[0])
        if top.op == "exp" and self._is_total(bottom) and self._instance(top, bottom):
            m = self._peak(bottom)
            return p.mul(p.exp(p.add(top.args[0], neg(m))), p.inv(_shifted(bottom, m)))
        u = self._tanh_argument(p.mul(top, p.inv(bottom)))
        return None if u is None else p.tanh(u)

    def _tanh_argument(self, t: Term) -> Term | None:
        """u where t is defined as sinh(u)/cosh(u) or 1 - 2/(1 + e^2u)."""
        if self._is_defined(t):
            return self._tanh_argument(self.ctx.unfold(t))
        if t.op != "mul" or t.args[1].op != "inv":
            return p.tanh_by_sigmoid(t)
        parts = [p.hyperbolic_argument(self.ctx.unfold(x)) for x in (t.args[0], t.args[1].args[0]) if self._is_defined(x)]
        if len(parts) < 2 or parts[0] is None or parts[1] is None or parts[0][1] is not parts[1][1]:
            return None
        return parts[0][1] if (parts[0][0], parts[1][0]) == ("sinh", "cosh") else None

    def _is_total(self, t: Term) -> bool:
        """Whether a term is a sum of exponentials."""
        return t.op == "sum" and t.args[0].op == "exp"

    def _instance(self, top: Term, bottom: Term) -> bool:
        """Whether a term is a summand."""
        own = {ix(*name) for name in indices(top) if name[1] == bottom.data}
        return any(open_(bottom.args[0], [i]) is top for i in sorted(own, key=repr))

    def _complement(self, t: Term) -> Term | None:
        """1 - sigma(u) as sigma(-u), and 1 - tanh(u)^2 as 1 / cosh(u)^2."""
        x = p.one_minus(t)
        u = None if x is None else self._sigmoid_argument(x)
        if u is not None:
            return p.sigmoid(neg(u))
        square = x is not None and x.op == "mul" and x.args[0] is x.args[1]
        v = self._tanh_argument(x.args[0]) if x is not None and square else None
        if v is not None:
            return p.inv(p.mul(p.cosh(v), p.cosh(v)))
        w = p.tanh_by_sigmoid(t)
        return None if w is None else p.tanh(w)

    def _residual(self, t: Term) -> Term | None:
        """sigma(u) - y as (1 - y) sigma(u) - y sigma(-u): nothing cancels where y is 0 or 1."""
        a, y = t.args[0], t.args[1].args[0] if t.args[1].op == "neg" else None
        if y is None or y.op != "arr" or y.data not in self.ctx.arrays or not self._is_defined(a):
            return None
        u = self._sigmoid_argument(a)
        if u is None:
            return None
        return p.add(p.mul(p.add(ONE, neg(y)), a), neg(p.mul(y, p.sigmoid(neg(u)))))

    def _sigmoid_argument(self, t: Term) -> Term | None:
        """u where t is defined as 1/(1 + e^-u), e^u/(1 + e^u) or 1 minus one of these."""
        if self._is_defined(t):
            return self._sigmoid_argument(self.ctx.unfold(t))
        w = p.one_plus_exp(t.args[0]) if t.op == "inv" else None
        if w is not None:
            return neg(w)
        if t.op == "mul" and t.args[1].op == "inv" and t.args[0].op == "exp":
            u = t.args[0].args[0]
            return u if p.one_plus_exp(t.args[1].args[0]) is u else None
        x = p.one_minus(t)
        inner = None if x is None else self._sigmoid_argument(x)
        return None if inner is None else neg(inner)

    # ------------------------------------------------------------ arbitrary numbers
    def _peak(self, t: Term) -> Term:
        """For sum_k e^u_k: an arbitrary number for all values of the other indices of u."""
        others = sorted(indices(t))
        letters = tuple(ix(f"%{n}", s) for n, (_, s) in enumerate(others))
        body = subst_index(t.args[0].args[0], dict(zip(others, letters, strict=True)))
        if (body, t.data) not in self._found:
            name = fresh(self.record, "m")
            self.record.declare(name, tuple(s for _, s in others))
            self.peaks[name] = Peak(t.data, letters, body)
            self._found[body, t.data] = name
        return mk("arr", self._found[body, t.data], *[ix(*i) for i in others])


def signed(t: Term) -> Term:
    """Signs out of products, sums over sets and sums of negative terms; what is subtracted as a whole stays whole."""
    args = [signed(a) for a in t.args]
    negative = [a.op == "neg" for a in args]
    bare = [a.args[0] if a.op == "neg" else a for a in args]
    match t.op:
        case "neg":
            return neg(args[0])
        case "mul" if any(negative):
            product = mk("mul", None, *bare)
            return product if all(negative) else neg(product)
        case "add" | "sum" if all(negative):
            return neg(mk(t.op, t.data, *bare))
    return mk(t.op, t.data, *args)


def _shifted(t: Term, m: Term) -> Term:
    """sum_k e^(u_k - m)."""
    return mk("sum", t.data, p.exp(p.add(t.args[0].args[0], neg(shift(m, 1)))))


def _closed(t: Term, i: Term) -> Term:
    """The body of a binder in the place of a letter."""
    return subst_index(shift(t, 1), {i.data: bd(0, i.data[1])})


def _sets(t: Term) -> set[str]:
    return {u.data for u in subterms(t) if u.op in ("sum", "size")} | {s for _, s in indices(t)}


def subterms(t: Term) -> Iterator[Term]:
    yield t
    for a in t.args:
        yield from subterms(a)
