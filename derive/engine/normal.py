"""The normal form: definitions unfolded, derivatives carried out, sums over index sets in canonical pieces.

A normal form is a sum of monomials of atoms; inside a sum over a set nothing is left that does not need its index.
"""
from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ..kernel.conditions import ONE, ZERO, discharge, known, relation
from ..kernel.errors import DeriveError, ProofError
from ..kernel.field import Arithmetic, Monomial, Polynomial, times
from ..kernel.replay import Development, Theorem
from ..kernel.terms import IndexName, Term, indices, mk, num, open_, shift, subst_index
from .conversion import Result, at, at_all, below, keep, law, step, then
from .division import cancelled
from .forms import addends, total
from .matching import match
from .nesting import factors_of, nested
from .order import key
from .prenex import in_order, prenex

LARGEST_POWER = 8                                             # exp(n x) is written as a product up to here


class Rule:
    """A theorem or hypothesis `left = right`, used from left to right wherever its indices match."""

    def __init__(self, left: Term, right: Term, letters: Iterable[IndexName], kind: str, subject: object) -> None:
        self.left, self.right, self.letters = left, right, tuple(letters)
        self.kind, self.subject = kind, subject
        self.permutes = match(left, right, frozenset(self.letters)) is not None   # as A[i,j] = A[j,i]: must not go round

    def apply(self, t: Term) -> Result | None:
        found = match(self.left, t, frozenset(self.letters))
        if found is None or len(found) < len(self.letters):
            return None
        new = subst_index(self.right, found)
        if self.kind == "use":
            return step(new, "use", self.subject, tuple(found[n] for n in self.letters))
        return step(new, "lemma", self.subject, tuple((*n, found[n]) for n in self.letters))


def hypothesis_rule(hypothesis: Term) -> Rule | None:
    """A given equation, quantified or not, as a rule; None for inequalities and guarded hypotheses."""
    body, letters = hypothesis, list[IndexName]()
    while body.op == "all":
        letters.append((f"?{len(letters)}", body.data))
        body = body.args[0]
    if body.op != "eq":
        return None
    left, right = (open_(side, [mk("ix", n) for n in letters]) for side in body.args)
    return Rule(left, right, letters, "use", hypothesis)


def lemma_rule(name: str, theorem: Theorem, exact: bool = False) -> Rule:
    """A theorem as a rule for every value of the free indices of its left side, or `exact`, as it stands."""
    left, right = theorem.sides
    return Rule(left, right, () if exact else sorted(indices(left)), "lemma", name)


def vanishing(dev: Development, t: Term) -> tuple[str, ...]:
    """For a given t = 0: the name of the theorem that solves it for an entry of an array, if t is one with others or a sign."""
    parts = addends(t)
    entries = [(sign, u) for sign, u in parts if u.op == "arr" and not any(_within(u, v) for _, v in parts if v is not u)]
    if t.op == "arr" or not entries:
        return ()
    sign, x = max(entries, key=lambda part: key(part[1]))
    value = total([(-sign * s, u) for s, u in parts if u is not x])
    name = f"{t} = 0, solved"
    if name not in dev.theorems:
        whole, place = (t, (1,)) if sign > 0 else (mk("neg", None, t), (1, 0))
        steps = (((), True, ("field", mk("add", None, value, whole))), (place, True, ("use", mk("eq", None, t, ZERO), ())),
                 ((), True, ("field", value)))
        dev.prove(name, mk("eq", None, x, value), ("join", steps, ()))
    return (name,)


def _within(x: Term, t: Term) -> bool:
    return t is x or any(_within(x, a) for a in t.args)


class Normalizer:
    """Normal forms in a development. `kept` symbols stay folded; `rules` are used; `apart` pairs are different; `cleared`: sums
    in denominators are written without inverses of exponentials."""

    def __init__(self, dev: Development, kept: Iterable[str] = (), rules: Iterable[Rule] = (),
                 apart: Iterable[tuple[Term, Term]] = (), given: Iterable[Term] = (), cleared: bool = False) -> None:
        self.cleared = cleared
        self.dev, self.ctx, self.kept, self.given = dev, dev.context, frozenset(kept), frozenset(given)
        self.stated = frozenset((h.args[0], h.args[1]) for h in self.given if h.op == "apart")
        self.apart = frozenset(p for i, j in (*apart, *self.stated) for p in ((i, j), (j, i)))
        self.pairs = {i.data[1]: (i, j) for i, j in self.stated if mk("eq", None, mk("size", i.data[1]), num(2)) in self.given}
        self.lemmas = [r for r in rules if r.left.op == "D"]
        self.rules: list[Rule] = []
        for rule in rules:
            if rule.left.op != "D":
                self.rules.append(rule if rule.left.op == "arr" else self._normalized(rule))
        self._memo: dict[Term, Result] = {}
        self._keys: dict[Term, tuple[int, str]] = {}

    def _normalized(self, rule: Rule) -> Rule:
        """The rule with its left side in normal form: an auxiliary theorem where the form differs."""
        self._memo, self._keys = {}, {}
        left, steps = self(rule.left)
        self._memo = {}
        if left is rule.left or rule.kind != "use":
            return rule
        name = f"{rule.left} in normal form"
        if name not in self.dev.theorems:
            opened = tuple(mk("ix", n) for n in rule.letters)
            back = [((), False, ("use", rule.subject, opened)), *steps]
            self.dev.prove(name, mk("eq", None, left, rule.right), ("join", (), tuple(back)))
        return self._solved(Rule(left, rule.right, rule.letters, "lemma", name))

    def _solved(self, rule: Rule) -> Rule:
        """x + rest = value as x = value - rest, for the last addend that is an entry of an array."""
        parts = addends(rule.left) if self.pairs else []
        entries = [t for sign, t in parts if t.op == "arr" and sign > 0]
        if not entries:
            return rule
        x = max(entries, key=self.key)
        rest = total([(sign, t) for sign, t in parts if t is not x])
        value, whole = mk("add", None, rule.right, mk("neg", None, rest)), mk("add", None, rule.left, mk("neg", None, rest))
        name = f"{rule.subject}, solved"
        if name not in self.dev.theorems:
            steps = (((), True, ("field", whole)), ((0,), True, ("lemma", rule.subject, ())))
            self.dev.prove(name, mk("eq", None, x, value), ("join", steps, ()))
        return Rule(x, value, rule.letters, "lemma", name)

    # ------------------------------------------------------------ order
    def key(self, t: Term) -> tuple[int, str]:
        if t not in self._keys:
            self._keys[t] = key(t)
        return self._keys[t]

    # ------------------------------------------------------------ the normal form of a term
    def __call__(self, t: Term) -> Result:
        if t not in self._memo:
            self._memo[t] = self._use_rules(self._normal(t))
        return self._memo[t]

    def _use_rules(self, result: Result) -> Result:
        for rule in self.rules:
            used = rule.apply(result[0])
            if used is not None and (not rule.permutes or self.key(used[0]) < self.key(result[0])):
                return then((used[0], result[1] + used[1]), self)
        return result

    def _normal(self, t: Term) -> Result:
        match t.op:
            case "num" | "size" | "pi":
                return keep(t)
            case "arr":
                if t.data not in self.ctx.definitions or t.data in self.kept:
                    return keep(t)
                return then(step(self.ctx.unfold(t), "unfold", t), self)
            case "delta":
                return self._delta(t)
            case "D":
                return then(self.differentiate(t), self)
            case "sum":
                return then(at(t, 0, self), self.sum)
            case "exp" | "log" | "sqrt" | "erf" | "abs" | "max" | "step":
                return then(at_all(t, self), self._function)
            case "inv" if self.cleared:
                return then(then(at_all(t, self), self._inverted), self.arithmetic)
        return then(at_all(t, self), self.arithmetic)

    def _delta(self, t: Term) -> Result:
        i, j = t.args
        s = i.data[1]
        if i is j:
            return law("delta_refl", i=i, S=s)
        if (i, j) in self.apart and ((i, j) in self.stated or (j, i) not in self.stated):
            return law("delta_apart", i=i, j=j, S=s)
        if (j, i) in self.stated:
            return then(law("delta_sym", i=i, j=j, S=s), self)
        return law("delta_sym", i=i, j=j, S=s) if self.key(i) > self.key(j) else keep(t)

    # ------------------------------------------------------------ arithmetic
    def arithmetic(self, t: Term) -> Result:
        """One field step to the canonical sum of monomials; arguments are already normal."""
        try:
            new = self._written(t)
        except ProofError:
            return keep(t)
        plain = keep(t) if new is t else step(new, "field", new)
        squared, steps = self._squares_of_roots(new)
        return then((squared, plain[1] + steps), self.arithmetic) if steps else plain

    def _squares_of_roots(self, t: Term) -> Result:
        """sqrt(2) sqrt(2) as 2 in each monomial, above and below. Powers of other roots stay: sqrt(u)/u and 1/sqrt(u) would
        come apart."""
        if t.op in ("add", "neg"):
            return at_all(t, self._squares_of_roots)
        factors = factors_of(t)
        for f in dict.fromkeys(factors):
            root = f.args[0] if f.op == "inv" else f
            of_number = root.op == "sqrt" and root.args[0].op in ("num", "size", "pi")
            if of_number and factors.count(f) > 1 and self.known("le", root.args[0]):
                return self._square_of_root(t, factors, f, root)
        return keep(t)

    def _square_of_root(self, t: Term, factors: list[Term], f: Term, root: Term) -> Result:
        rest = [g for n, g in enumerate(factors) if n not in [m for m, h in enumerate(factors) if h is f][:2]]
        square = mk("mul", None, root, root)
        turned = nested("mul", [square if f is root else mk("inv", None, square), *rest])
        first = [] if turned is t else step(turned, "field", turned)[1]

        def inside(u: Term) -> Result:
            return law("sqrt_sq", f=root.args[0]) if u is square else at(u, 0, inside)
        new, more = inside(turned)
        return new, first + more

    def _written(self, t: Term) -> Term:
        """t as a sum of monomials; a second time where 1/(1/sum) left a sum as a factor."""
        reading = Arithmetic(opaque=False)
        p = cancelled(reading, reading.read(t), self.key)
        new = self.write(reading, p)
        return self._written(new) if any(e < 0 and atom in reading.wide for m in p for atom, e in m) else new

    def write(self, reading: Arithmetic, p: Polynomial) -> Term:
        """A polynomial as a term: monomials in order, those with a minus sign last."""
        rows = sorted(p.items(), key=lambda row: (row[1] < 0, [(self.key(a), e) for a, e in self.ordered(row[0])]))
        terms = [self.monomial(reading, m, c) for m, c in rows]
        return nested("add", terms) if terms else ZERO

    def ordered(self, m: Monomial) -> list[tuple[Term, int]]:
        return sorted(m, key=lambda pair: (pair[1] < 0, self.key(pair[0])))

    def monomial(self, reading: Arithmetic, m: Monomial, c: Fraction) -> Term:
        factors: list[Term] = []
        for atom, e in self.ordered(m):
            base = atom
            if atom in reading.wide:
                base, e = self.write(reading, reading.wide[atom]), -e
            factors += [mk("inv", None, base) if e < 0 else base] * abs(e)
        if abs(c) != 1 or not factors:
            factors.insert(0, num(abs(c)))
        product = nested("mul", factors)
        return mk("neg", None, product) if c < 0 else product

    def fraction(self, t: Term, every: bool = False) -> Term:
        """t over one denominator, the product of the denominators that are sums, or of every one; t itself without any."""
        reading = Arithmetic(opaque=False)
        try:
            p = reading.read(t)
            tops = {atom: max((dict(m).get(atom, 0) for m in p), default=0) for atom in reading.wide}
            below = [atom.args[0] for atom, top in tops.items() for _ in range(top)]
            p = reading.clear(p)
            for atom in sorted({a for m in p for a, e in m if e < 0}, key=self.key) if every else ():
                low = -min(dict(m).get(atom, 0) for m in p)
                below, p = below + [atom] * low, times(p, {((atom, low),): Fraction(1)})
            cleared = self.write(reading, p)
        except DeriveError:
            return t
        return mk("mul", None, cleared, mk("inv", None, nested("mul", below))) if below else t

    def _without_exponentials(self, t: Term) -> Term:
        """1 + e^-x as (e^x + 1)/e^x: a sum known to be positive, without exponentials below or in every addend; else t itself."""
        reading = Arithmetic(opaque=False)
        try:
            p = reading.read(t)
        except ProofError:
            return t
        powers = {atom: min(dict(m).get(atom, 0) for m in p) for m in p for atom, _ in m if atom.op == "exp"}
        low = [(atom, e) for atom, e in sorted(powers.items(), key=lambda row: self.key(row[0])) if e]
        if not low:
            return t
        rest = self.write(reading, times(p, {tuple((atom, -e) for atom, e in low): Fraction(1)}))
        common = nested("mul", [atom if e > 0 else mk("inv", None, atom) for atom, e in low for _ in range(abs(e))])
        return mk("mul", None, rest, common) if self.known("lt", rest) else t

    def _inverted(self, t: Term) -> Result:
        """1/(1 + e^-x) as e^x/(e^x + 1)."""
        parted = self._without_exponentials(t.args[0]) if t.args[0].op == "add" else t.args[0]
        if parted is t.args[0]:
            return keep(t)
        rest, common = parted.args
        turned = mk("mul", None, mk("inv", None, common), mk("inv", None, rest))
        return step(turned, "field", turned)

    # ------------------------------------------------------------ functions of one argument
    def _function(self, t: Term) -> Result:
        a = t.args[0]
        match t.op:
            case "exp":
                return self._exp(t, a)
            case "log" if a.op == "add" and (single := self.fraction(a)) is not a and single.args[0].op != "add":
                return then((mk("log", None, single), below(0, step(single, "field", single)[1])), self)
            case "log" if a.op == "add" and (parted := self._without_exponentials(a)) is not a:
                return then((mk("log", None, parted), below(0, step(parted, "field", parted)[1])), self._log_of)
            case "log":
                return self._log(t, a)
            case "sqrt":
                return self._sqrt(t, a)
            case "erf" if a.op == "neg":
                return law("erf_neg", f=a.args[0])
            case "step":
                for name, want, u in (("step_pos", "lt", a), ("step_nonpos", "le", mk("neg", None, a))):
                    if self.known(want, u) or self.known(want, normal := self(u)[0]) or self._given(want, normal):
                        return law(name, f=a)
            case "abs":
                return then(law("abs_step", f=a), self)
            case "max":
                return then(law("max_step", f=a, g=t.args[1]), self)
        return keep(t)

    def known(self, want: str, t: Term) -> bool:
        """Whether a sign follows from what is given (and sets that have an element)."""
        condition = relation(want, t)
        found = discharge(self.ctx, condition) if known(self.ctx, condition) else {condition}
        return all(h in self.given or h.op == "le" and h.args[0] is ONE for h in found)

    def _given(self, want: str, normal: Term) -> bool:
        """Whether a term of this normal form is a positive multiple of one that is given to be positive."""
        signs = [h.args[1] for h in self.given if h.op == "lt" and h.args[0] is ZERO]
        return want in ("lt", "le") and any(self.multiple(normal, u) is not None for u in signs)

    def multiple(self, normal: Term, u: Term) -> Term | None:
        """c u with a positive number c, where that has this normal form."""
        ratio = _leading(normal) / _leading(self(u)[0])
        found = u if ratio == 1 else mk("mul", None, num(ratio), u)
        return found if ratio > 0 and self(found)[0] is normal else None

    def _exp(self, t: Term, a: Term) -> Result:
        if a is ZERO:
            return law("exp_zero")
        if a.op == "add":
            return then(law("exp_add", f=a.args[0], g=a.args[1]), self)
        if a.op == "neg":
            return then(law("exp_neg", f=a.args[0]), self)
        if a.op == "log" and self.known("lt", a.args[0]):
            return law("exp_log", f=a.args[0])
        if a.op == "mul" and a.args[0].op == "num" and a.args[0].data in range(2, LARGEST_POWER + 1):
            rest = mk("mul", None, num(a.args[0].data - 1), a.args[1])
            split = mk("add", None, a.args[1], rest)
            return then((mk("exp", None, split), below(0, step(split, "field", split)[1])), self._raw_exp_add)
        return keep(t)

    def _raw_exp_add(self, t: Term) -> Result:
        return then(law("exp_add", f=t.args[0].args[0], g=t.args[0].args[1]), self)

    def _sqrt(self, t: Term, a: Term) -> Result:
        """The root of a square, whose factors stand in pairs."""
        factors = factors_of(a)
        if len(factors) < 2 or factors[::2] != factors[1::2]:
            return keep(t)
        half = nested("mul", factors[::2])
        square = mk("mul", None, half, half)
        first = [] if square is a else below(0, step(square, "field", square)[1])
        root, last = law("sqrt_of_sq", f=half)
        return then((root, first + last), self)

    def _log_of(self, t: Term) -> Result:
        """The logarithm of a product of positive factors."""
        return then(law("log_mul", f=t.args[0].args[0], g=t.args[0].args[1]), self)

    def _log(self, t: Term, a: Term) -> Result:
        if a is ONE:
            return law("log_one")
        if a.op == "exp":
            return law("log_exp", f=a.args[0])
        if a.op == "inv":
            return then(law("log_inv", f=a.args[0]), self)
        if a.op == "num" and a.data > 0 and a.data.denominator > 1:
            return self._log_of_fraction(t, a)
        if a.op == "mul" and self.known("lt", a.args[0]) and self.known("lt", a.args[1]):
            return then(law("log_mul", f=a.args[0], g=a.args[1]), self)
        return keep(t)

    def _log_of_fraction(self, t: Term, a: Term) -> Result:
        """log(p/q) as log p - log q."""
        top, below_it = num(a.data.numerator), mk("inv", None, num(a.data.denominator))
        parted = below_it if top is ONE else mk("mul", None, top, below_it)
        turned = mk("log", None, parted), below(0, step(parted, "field", parted)[1])
        if top is ONE:
            return then(turned, lambda u: law("log_inv", f=u.args[0].args[0]))
        split = then(turned, lambda u: law("log_mul", f=top, g=below_it))
        return then(split, lambda u: at(u, 1, lambda w: law("log_inv", f=w.args[0].args[0])))

    # ------------------------------------------------------------ sums over an index set
    def sum(self, t: Term) -> Result:
        """A sum whose body is normal: term by term, factors out, deltas used up."""
        s, body = t.data, t.args[0]
        if s in self.pairs:
            i, j = self.pairs[s]
            return then(law("sum_pair", S=s, f=body, i=i, j=j), self)
        if body.op in ("add", "neg"):
            values = dict(zip("fg", body.args, strict=False))
            return then(then(law(f"sum_{body.op}", S=s, **values), lambda u: at_all(u, self._sum_again)), self.arithmetic)
        if not _uses_index(body):
            return then(law("sum_const", S=s, c=shift(body, -1)), self.arithmetic)
        factors = factors_of(body)
        outside = [f for f in factors if not _uses_index(f)]
        inside = [f for f in factors if _uses_index(f)]
        if outside:
            out, rest = nested("mul", outside), nested("mul", inside)
            moved = law("sum_mul_left", S=s, c=shift(out, -1), f=rest)
            return then(then(self._reordered(t, [out, rest], moved), lambda u: at(u, 1, self._sum_again)), self.arithmetic)
        deltas = [f for f in inside if f.op == "delta"]
        if not deltas:
            return then(prenex(t, self.arithmetic), in_order)
        n = inside.index(deltas[0])
        return self._sum_delta(t, deltas[0], inside[:n] + inside[n + 1:])

    def _sum_again(self, t: Term) -> Result:
        return self._use_rules(self.sum(t)) if t.op == "sum" else keep(t)

    def _reordered(self, t: Term, factors: list[Term], result: Result) -> Result:
        """The result, after a field step that brings the body of the sum into the given factors."""
        body = nested("mul", factors)
        first = [] if body is t.args[0] else below(0, step(body, "field", body)[1])
        return result[0], first + result[1]

    def _sum_delta(self, t: Term, delta: Term, others: list[Term]) -> Result:
        s, rest = t.data, nested("mul", others) if others else ONE
        i, j = delta.args
        steps = []
        if i.op != "bd" or i.data[0] != 0:
            i, j = j, i
            steps = below(0, below(0, law("delta_sym", i=j, j=i, S=s)[1]))
        picked, last = law("sum_delta", S=s, i=shift(j, -1), f=rest)
        return then(self._reordered(t, [delta, rest], (picked, steps + last)), self)

    # ------------------------------------------------------------ derivatives
    def differentiate(self, t: Term) -> Result:
        """One step that carries a derivative inwards."""
        body, v = t.args
        if not self.ctx.depends(body, v.data):
            return law("d_const", c=body, t=v)
        for rule in self.lemmas:
            used = rule.apply(t)
            if used is not None:
                return used
        a = body.args
        match body.op:
            case "arr" if body.data == v.data:
                return self._entry(t, body, v)
            case "arr":
                return mk("D", None, self.ctx.unfold(body), v), below(0, step(body, "unfold", body)[1])
            case "fun":
                outer = mk("fun", (body.data[0], body.data[1] + 1), a[0])
                return step(mk("mul", None, outer, mk("D", None, a[0], v)), "differentiate")
            case "add":
                return law("d_add", f=a[0], g=a[1], t=v)
            case "mul":
                return self._product(t, a[0], a[1], v)
            case "sum":
                return law("d_sum", S=body.data, f=a[0], t=v)
            case "abs":
                new, steps = law("abs_step", f=a[0])
                return mk("D", None, new, v), below(0, steps)
            case "max":
                new, steps = then(law("max_step", f=a[0], g=a[1]), self._at_zero)
                return mk("D", None, new, v), below(0, steps)
            case "D":
                return at(t, 0, self)
        return law(f"d_{body.op}", f=a[0], t=v)

    def _at_zero(self, t: Term) -> Result:
        """The max_step of f and 0 with step(f) for step(f - 0), so that the kink reads f != 0."""
        f, difference = t.args[1].args[0].args[0], t.args[1].args[1].args[0]
        if t.args[0] is not ZERO:
            return keep(t)
        return at(t, 1, lambda u: at(u, 1, lambda w: at(w, 0, lambda _: step(f, "field", f) if difference is not f else keep(f))))

    def _entry(self, t: Term, entry: Term, v: Term) -> Result:
        deltas = [mk("delta", None, i, j) for i, j in zip(entry.args, v.args, strict=True)]
        new = ONE
        for d in deltas:
            new = d if new is ONE else mk("mul", None, new, d)
        return step(new, "differentiate")

    def _product(self, t: Term, f: Term, g: Term, v: Term) -> Result:
        if not self.ctx.depends(f, v.data):
            return law("d_mul_left", c=f, f=g, t=v)
        if not self.ctx.depends(g, v.data):
            turned = mk("mul", None, g, f)
            new, steps = law("d_mul_left", c=g, f=f, t=v)
            return new, below(0, step(turned, "field", turned)[1]) + steps
        return law("d_mul", f=f, g=g, t=v)


def _uses_index(t: Term) -> bool:
    return any(level == 0 for level, _ in t.loose)


def _leading(t: Term) -> Fraction:
    """The number in front of the first addend that is no number; 1 without one."""
    sign, first = next((part for part in addends(t) if part[1].op != "num"), (1, ONE))
    factors = factors_of(first)
    return Fraction(sign) * (factors[0].data if factors[0].op == "num" else 1)
