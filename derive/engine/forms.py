"""Forms that people write: pure functions from a term to an equal one, to be shown as the next line of a derivation.

They only propose; each line is proved afterwards. An addend is a term with a sign.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from ..kernel.conditions import ONE, ZERO, guard
from ..kernel.terms import Term, bd, indices, ix, mk, open_, shift, subst_index
from .matching import match
from .nesting import nested

Addend = tuple[int, Term]


def neg(t: Term) -> Term:
    return t.args[0] if t.op == "neg" else t if t is ZERO else mk("neg", None, t)


def rebuilt(t: Term, args: list[Term]) -> Term:
    return mk(t.op, t.data, *args)


def replace(t: Term, f: Callable[[Term], Term | None]) -> Term:
    """Replace outermost subterms where f answers with a term."""
    new = f(t)
    return new if new is not None else rebuilt(t, [replace(a, f) for a in t.args]) if t.args else t


def addends(t: Term, sign: int = 1) -> list[Addend]:
    match t.op:
        case "add":
            return addends(t.args[0], sign) + addends(t.args[1], sign)
        case "neg":
            return addends(t.args[0], -sign)
    return [] if t is ZERO else [(sign, t)]


def total(parts: list[Addend]) -> Term:
    """The sum of addends, in order."""
    if not parts:
        return ZERO
    terms = [t if sign > 0 else neg(t) for sign, t in parts]
    return nested("add", terms)


def factors(t: Term) -> list[Term]:
    return factors(t.args[0]) + factors(t.args[1]) if t.op == "mul" else [] if t is ONE else [t]


def product(parts: list[Term]) -> Term:
    if not parts:
        return ONE
    return nested("mul", parts)


def tidy(t: Term) -> Term:
    """Without zeros and ones; signs out of products and sums, as far as the addends."""
    if not t.args or t.op == "D":
        return t
    args = [tidy(a) for a in t.args]
    match t.op:
        case "neg" | "add":
            return total(addends(rebuilt(t, args)))
        case "mul":
            return _tidy_product(args)
        case "sum":
            return neg(rebuilt(t, [args[0].args[0]])) if args[0].op == "neg" else ZERO if args[0] is ZERO else rebuilt(t, args)
        case "inv" if args[0] is ONE:
            return ONE
    return rebuilt(t, args)


def _tidy_product(args: list[Term]) -> Term:
    if ZERO in args:
        return ZERO
    signs = sum(a.op == "neg" for a in args)
    body = product([f for a in args for f in factors(a.args[0] if a.op == "neg" else a)])
    return neg(body) if signs % 2 else body


def compared(left: Term, right: Term) -> tuple[Term, Term]:
    """The sides of an inequality as it is written: y < x for 0 < x - y."""
    if left is ZERO and right.op == "neg":
        return right.args[0], left
    if left is ZERO and right.op == "add" and right.args[1].op == "neg":
        return right.args[1].args[0], right.args[0]
    return left, right


def difference(left: Term, right: Term) -> Term:
    """right - left: the term whose sign left < right is about."""
    return right if left is ZERO else neg(left) if right is ZERO else mk("add", None, right, neg(left))


def signed(op: str, left: Term, right: Term) -> Term:
    """A relation with its inequality as the sign of a difference, 0 < right - left, from which `compared` reads the sides back;
    = and != stay as they are."""
    if op in ("eq", "ne") or left is ZERO:
        return mk(op, None, left, right)
    minus = mk("neg", None, left)                             # -(-x) too: x would be read back as another side
    return mk(op, None, ZERO, minus if right is ZERO else mk("add", None, right, minus))


def length(t: Term) -> int:
    """How much there is to read."""
    return 1 + sum(map(length, t.args))


def alike(s: Term, t: Term) -> bool:
    """Whether s and t differ in the order of addends and factors alone."""
    return _sorted(s) == _sorted(t)


def _sorted(t: Term) -> tuple[object, ...]:
    if t.op in ("add", "neg"):
        return "add", tuple(sorted(((sign, _sorted(u)) for sign, u in addends(t)), key=repr))
    parts = factors(t) if t.op == "mul" else list(t.args)
    return (t.op, t.data, tuple(sorted(map(_sorted, parts), key=repr) if t.op == "mul" else map(_sorted, parts)))


def with_delta(t: Term, i: Term, j: Term, value: Term) -> Term:
    """Every delta(i,j) in t replaced by 1 or 0."""
    if t.op == "delta" and t.args in ((i, j), (j, i)):
        return value
    if t.op in ("sum", "all"):
        i, j = shift(i, 1), shift(j, 1)
    return rebuilt(t, [with_delta(a, i, j, value) for a in t.args]) if t.args else t


def reflexive(t: Term) -> Term:
    """delta(i,i) = 1, and 1 - delta(i,i) = 0."""
    def value(u: Term) -> Term | None:
        frame = guard(u)
        return {"when": ONE, "unless": ZERO}[frame[0]] if frame is not None and frame[1] is frame[2] else None
    return replace(t, value)


def split_sums(t: Term) -> Term:
    """Each sum with a delta(j,i) inside: the term j = i, and the sum over j != i."""
    out: list[Addend] = []
    for sign, part in addends(t):
        i = _delta_partner(part.args[0]) if part.op == "sum" else None
        if i is None:
            out.append((sign, part))
            continue
        body, here = part.args[0], bd(0, part.data)
        single = tidy(reflexive(open_(body, [i])))
        away = mk("add", None, ONE, mk("neg", None, mk("delta", None, here, shift(i, 1))))
        rest = tidy(with_delta(body, here, shift(i, 1), ZERO))
        others = [(s, mk("sum", part.data, product([away, u]))) for s, u in addends(rest)]
        out += [(sign * s, u) for s, u in addends(single)] + [(sign * s, u) for s, u in others]
    return total(out)


def _delta_partner(t: Term) -> Term | None:
    """The index i of a delta(j,i), where j is bound at level 0 and i outside."""
    if t.op == "delta":
        a, b = t.args
        outside = [i for i in (a, b) if not (i.op == "bd" and i.data[0] == 0)]
        return shift(outside[0], -1) if len(outside) == 1 else None
    return None if t.op in ("sum", "all") else next((i for a in t.args if (i := _delta_partner(a)) is not None), None)


def over_the_others(t: Term) -> Term:
    """A sum minus one of its terms as the sum over the other indices, in t and in the numerator of a quotient."""
    if t.op == "mul" and t.args[1].op == "inv":
        return product([over_the_others(t.args[0]), t.args[1]])
    parts = addends(t)
    for whole in [u for sign, u in parts if sign > 0 and u.op == "sum"]:
        for i in sorted({n for n in indices(t) if n[1] == whole.data}):
            single = (-1, open_(whole.args[0], [ix(*i)]))
            if single in parts:
                away = mk("add", None, ONE, mk("neg", None, mk("delta", None, bd(0, i[1]), ix(*i))))
                parts[parts.index((1, whole))] = (1, mk("sum", whole.data, product([away, whole.args[0]])))
                parts.remove(single)
                return total(parts)
    return t


def each_addend(t: Term, f: Callable[[Term], Term]) -> Term:
    """f on every addend; in a sum over j != i, on what is summed."""
    out: list[Addend] = []
    for sign, part in addends(t):
        parts = factors(part.args[0]) if part.op == "sum" else []
        if parts and (g := guard(parts[0])) and g[0] == "unless":
            inner = [(s, mk("sum", part.data, product([parts[0], u]))) for s, u in addends(f(product(parts[1:])))]
            out += [(sign * s, u) for s, u in inner]
        else:
            out += [(sign * s, u) for s, u in addends(f(part))]
    return total(out)


def factored(t: Term) -> Term:
    """Factors out of sums, then the factor that most addends share out of those addends."""
    return _grouped([(s, _out_of_sum(u)) for s, u in addends(t)])


def _out_of_sum(t: Term) -> Term:
    if t.op != "sum":
        return t
    parts = factors(t.args[0])
    inside = [f for f in parts if any(level == 0 for level, _ in f.loose)]
    outside = [shift(f, -1) for f in parts if f not in inside]
    return product([*outside, mk("sum", t.data, product(inside))]) if outside and inside else t


def _grouped(parts: list[Addend]) -> Term:
    counts: Counter[Term] = Counter()
    for _, t in parts:
        counts.update({f: 1 for f in factors(t) if f.op not in ("num", "inv")})
    best = [f for f, n in counts.items() if n > 1]
    if not best:
        return total(parts)
    common = min(best, key=lambda f: (-counts[f], f.op == "sum", repr(f)))
    inside = [(s, product(_without(factors(t), common))) for s, t in parts if common in factors(t)]
    rest = [(s, t) for s, t in parts if common not in factors(t)]
    if inside[0][0] < 0 and all(s < 0 for s, _ in inside):
        return total([(-1, product([common, _grouped([(1, t) for _, t in inside])])), *rest])
    return total([(1, product([common, _grouped(inside)])), *rest])


def _without(parts: list[Term], f: Term) -> list[Term]:
    n = parts.index(f)
    return parts[:n] + parts[n + 1:]


class Folding:
    """A definition a[i] := key[i] / rest, to be read backwards: key[i] = a[i] * rest. Not for a[i] := key[i] * rest, which
    would divide by what may be 0, and not where the key is a variable, which may stand anywhere."""

    def __init__(self, name: str, sets: tuple[str, ...], body: Term) -> None:
        self.letters = tuple((f"?{n}", s) for n, s in enumerate(sets))
        at = [ix(*letter) for letter in self.letters]
        self.symbol = mk("arr", name, *at)
        parts = factors(open_(body, at))
        keys = [f for f in parts if f.op not in ("inv", "num")]
        fit = len(keys) == 1 and sets and keys[0].op not in ("arr", "neg") and set(self.letters) <= indices(keys[0])
        self.key = keys[0] if fit else None
        whole = open_(body, at)
        self.whole = whole if whole.op in ("sqrt", "exp", "log", "fun") and set(self.letters) <= indices(whole) else None
        rest = [f for f in parts if f is not self.key]
        self.over = product([f.args[0] if f.op == "inv" else mk("inv", None, f) for f in rest])

    def __call__(self, t: Term) -> Term:
        """t with the key written as a[i] * (1/rest), except inside what the definition divides by; a root, a logarithm or
        an exponential that is a definition as a whole, by its symbol."""
        def apply(u: Term) -> Term | None:
            same = match(self.whole, u, frozenset(self.letters)) if self.whole is not None else None
            if same is not None:
                return subst_index(self.symbol, same)
            if self.key is not None and self.over.args and match(self.over, u, frozenset(self.letters)) is not None:
                return u
            found = match(self.key, u, frozenset(self.letters)) if self.key is not None else None
            return subst_index(product([self.symbol, self.over]), found) if found is not None else None
        return replace(t, apply)
