"""From an indexed value to a matrix expression, and the proof that its entries are that value.

Vectors are columns; a gradient has the shape of its variable; a Jacobian da_j/dz_i has rows j and columns i. Recognition goes
by addends and factors and may fail: an expression counts once the kernel has replayed that its entries are the value.
"""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from ..kernel.conditions import ONE
from ..kernel.errors import DeriveError
from ..kernel.replay import Theorem
from ..kernel.terms import Term, bd, indices, ix, mk, open_, shift, subst_index
from .equality import Hints, prove
from .forms import addends, factors, product, tidy, total
from .record import Record

IN_MATRIX_FORM = ", in matrix form"
ELEMENTWISE = ("fun", "exp", "log", "sqrt", "abs", "step")


@dataclass(frozen=True)
class Array:
    """A vector or a matrix by its name."""
    name: str
    sets: tuple[str, ...]


@dataclass(frozen=True)
class Ones:
    """The vector of ones over a set."""
    over: str


@dataclass(frozen=True)
class Unit:
    """The unit vector e_k."""
    index: Term


@dataclass(frozen=True)
class Identity:
    over: str


@dataclass(frozen=True)
class Diag:
    vector: Expression


@dataclass(frozen=True)
class Dot:
    """u^T v, a scalar."""
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Scale:
    """A scalar (a term without the indices of the expression, or a dot product) times an expression."""
    factor: Term | Dot
    body: Expression


@dataclass(frozen=True)
class Sum:
    parts: tuple[tuple[int, Expression], ...]


@dataclass(frozen=True)
class Product:
    """Matrix times matrix, or matrix times vector."""
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Transpose:
    body: Expression


@dataclass(frozen=True)
class Outer:
    """u v^T."""
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Hadamard:
    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Divide:
    """Entry by entry."""
    above: Expression
    below: Expression


@dataclass(frozen=True)
class Elementwise:
    """A function of one real (an operator of terms, with its data) of every entry."""
    op: str
    data: tuple[str, int] | None
    body: Expression


Expression = (Array | Ones | Unit | Identity | Diag | Scale | Sum | Product | Transpose | Outer | Hadamard | Divide
              | Elementwise)


# ---------------------------------------------------------------- what an expression means
def shape(e: Expression) -> tuple[str, ...]:
    """The index sets of rows and columns; a vector has one."""
    match e:
        case Array(_, sets):
            return sets
        case Ones(over):
            return (over,)
        case Unit(k):
            return (k.data[1],)
        case Identity(over):
            return over, over
        case Diag(v):
            return shape(v) * 2
        case Sum(((_, first), *_)) | Hadamard((first, *_)):
            return shape(first)
        case Transpose(body):
            return shape(body)[::-1]
        case Scale(_, body) | Divide(body, _) | Elementwise(_, _, body):
            return shape(body)
        case Product(a, b):
            return shape(a)[:1] + shape(b)[1:]
        case Outer(u, v):
            return shape(u) + shape(v)
    raise DeriveError(f"{e} has no parts")


def entry(e: Expression, at: tuple[Term, ...]) -> Term:
    """The entry at index terms, rows first."""
    match e:
        case Array(name):
            return mk("arr", name, *at)
        case Ones():
            return ONE
        case Unit(k):
            return mk("delta", None, at[0], k)
        case Identity():
            return mk("delta", None, *at)
        case Diag(v):
            return mk("mul", None, mk("delta", None, *at), entry(v, at[:1]))
        case Scale(factor, body):
            return mk("mul", None, _dotted(factor) if isinstance(factor, Dot) else factor, entry(body, at))
        case Sum(parts):
            return total([(sign, entry(p, at)) for sign, p in parts])
        case Product(a, b):
            row, column, inner = _moved(at[:1]), _moved(at[1:]), bd(0, shape(b)[0])
            return mk("sum", inner.data[1], mk("mul", None, entry(a, (*row, inner)), entry(b, (inner, *column))))
        case Transpose(body):
            return entry(body, at[::-1])
        case Outer(u, v):
            return mk("mul", None, entry(u, at[:1]), entry(v, at[1:]))
        case Hadamard(parts):
            return product([entry(p, at) for p in parts])
        case Divide(above, below):
            return mk("mul", None, entry(above, at), mk("inv", None, entry(below, at)))
        case Elementwise(op, data, body):
            return mk(op, data, entry(body, at))


def _dotted(d: Dot) -> Term:
    inner = bd(0, shape(d.left)[0])
    return mk("sum", inner.data[1], mk("mul", None, entry(d.left, (inner,)), entry(d.right, (inner,))))


def _moved(at: tuple[Term, ...]) -> tuple[Term, ...]:
    return tuple(shift(i, 1) for i in at)


# ---------------------------------------------------------------- recognition
class _Unrecognised(Exception):
    """No matrix expression that this module knows has these entries."""


def matrix_form(value: Term, places: tuple[Term, ...]) -> Expression | None:
    """The vector or matrix whose entry at `places` (free indices, the row first) is the value, or None."""
    try:
        plain = tidy(value)
        e = _vector(plain, *places) if len(places) == 1 else _upright(plain, *places) if len(places) == 2 else None
    except _Unrecognised:
        return None
    known = {i.data for i in places} | indices(value)
    return e if e is not None and indices(entry(e, places)) <= known else None


def _vector(t: Term, i: Term) -> Expression:
    return _summed([(sign, _vector_product(u, i)) for sign, u in addends(t)])


def _vector_product(t: Term, i: Term) -> Expression:
    own, rest = _split(_flat(t), i)
    above = [_vector_factor(f, i) for f in own if f.op != "inv"]
    below = [_vector(f.args[0], i) for f in own if f.op == "inv"]
    return _scaled(rest, _divided(above or [Ones(i.data[1])], below))


def _vector_factor(f: Term, i: Term) -> Expression:
    match f.op:
        case "arr" if f.args == (i,):
            return Array(f.data, (i.data[1],))
        case "delta":
            return Unit(f.args[1] if f.args[0] is i else f.args[0])
        case "add":
            return _vector(f, i)
        case "sum":
            b, parts = _opened(f)
            both, only = _split(parts, i)
            return _multiplied(_upright(product(both), i, b), _vector(product(only), b))
        case op if op in ELEMENTWISE:
            return Elementwise(op, f.data, _vector(f.args[0], i))
    raise _Unrecognised


def _matrix(t: Term, i: Term, j: Term) -> Expression:
    return _summed([(sign, _matrix_product(u, i, j)) for sign, u in addends(t)])


def _upright(t: Term, i: Term, j: Term) -> Expression:
    """The matrix, or the other way round and transposed where that has fewer transposes in it: (A - Y)^T for A^T - Y^T."""
    e = _matrix(t, i, j)
    other = Transpose(_matrix(t, j, i))
    return other if _transposes(other) < _transposes(e) else e


def _transposes(e: object) -> int:
    if isinstance(e, tuple):
        return sum(map(_transposes, e))
    return isinstance(e, Transpose) + sum(map(_transposes, vars(e).values())) if isinstance(e, Expression | Dot) else 0


def _matrix_product(t: Term, i: Term, j: Term) -> Expression:
    own, rest = _split(_flat(t), i, j)
    spread = _spread(own, i, j)
    if spread is not None:
        return _scaled(rest, _matrix(spread, i, j))
    same = [f for f in own if f.op == "delta" and {*f.args} == {i, j}]
    if same:
        others = product([f for f in own if f is not same[0]])
        diagonal = subst_index(others, {j.data: i})
        return _scaled(rest, Identity(i.data[1]) if diagonal is ONE else Diag(_vector(tidy(diagonal), i)))
    with_i, with_j = _split(own, i)[0], _split(own, j)[0]
    both = [f for f in with_i if f in with_j]
    rows, columns = ([f for f in fs if f not in both] for fs in (with_i, with_j))
    if not both:
        return _scaled(rest, Outer(_vector(product(rows), i), _vector(product(columns), j)))
    body = _matrix_quotient(both, i, j)
    body = _multiplied(Diag(_vector(product(rows), i)), body) if rows else body
    body = _multiplied(body, Diag(_vector(product(columns), j))) if columns else body
    return _scaled(rest, body)


def _matrix_quotient(both: list[Term], i: Term, j: Term) -> Expression:
    above = [_matrix_factor(f, i, j) for f in both if f.op != "inv"]
    below = [_matrix(f.args[0], i, j) for f in both if f.op == "inv"]
    return _divided(above or [Outer(Ones(i.data[1]), Ones(j.data[1]))], below)


def _spread(parts: list[Term], i: Term, j: Term) -> Term | None:
    """A product with a sum in which delta(i,j) stands, multiplied out: a_i (delta_ij - a_j) = a_i delta_ij - a_i a_j."""
    for f in parts if len(parts) > 1 else ():
        if f.op == "add" and any(g.op == "delta" and {*g.args} == {i, j} for _, u in addends(f) for g in factors(u)):
            others = [g for g in parts if g is not f]
            return total([(sign, product([*others, u])) for sign, u in addends(f)])
    return None


def _matrix_factor(f: Term, i: Term, j: Term) -> Expression:
    match f.op:
        case "arr" if f.args == (i, j):
            return Array(f.data, (i.data[1], j.data[1]))
        case "arr" if f.args == (j, i):
            return Transpose(Array(f.data, (j.data[1], i.data[1])))
        case "add":
            return _upright(f, i, j)
        case "sum":
            return _matrix_sum(f, i, j)
        case op if op in ELEMENTWISE:
            return Elementwise(op, f.data, _matrix(f.args[0], i, j))
    raise _Unrecognised


def _matrix_sum(f: Term, i: Term, j: Term) -> Expression:
    """sum_b p_ib w_b q_bj = P diag(w) Q."""
    inside = addends(_multiplied_out(_flat(f.args[0]), i, j))
    if len(inside) > 1:
        return _matrix(total([(sign, mk("sum", f.data, u)) for sign, u in inside]), i, j)
    b, parts = _opened(f)
    with_i, others = _split(parts, i)
    with_j, between = _split(others, j)
    if _split(with_i, j)[0]:
        raise _Unrecognised
    left, right = _upright(product(with_i), i, b), _upright(product(with_j), b, j)
    return _multiplied(_multiplied(left, Diag(_vector(product(between), b))) if between else left, right)


def _multiplied_out(parts: list[Term], i: Term, j: Term) -> Term:
    """Factors with the first sum that mentions both indices multiplied out, so that what stands in it comes apart."""
    for f in parts:
        if f.op == "add" and {i.data, j.data} <= f.names:
            others = [g for g in parts if g is not f]
            return total([(sign, product([*others, u])) for sign, u in addends(f)])
    return product(parts)


# ---------------------------------------------------------------- factors, and what is built from them
def _split(parts: Iterable[Term], *places: Term) -> tuple[list[Term], list[Term]]:
    """Factors that mention one of the indices, and the rest."""
    parts = list(parts)
    own = [f for f in parts if any(i.data in f.names for i in places)]
    return own, [f for f in parts if f not in own]


def _flat(t: Term) -> list[Term]:
    """The factors of a product, those inside inverses and those that need not stand inside a sum too."""
    out: list[Term] = []
    for f in factors(t):
        if f.op == "inv":
            out += [mk("inv", None, g) for g in _flat(f.args[0])] or [f]
        elif f.op == "sum":
            inner = _flat(f.args[0])
            inside = [g for g in inner if any(level == 0 for level, _ in g.loose)]
            out += [shift(g, -1) for g in inner if g not in inside]
            out.append(mk("sum", f.data, product(inside)) if inside else mk("size", f.data))
        else:
            out.append(f)
    return out


def _opened(t: Term) -> tuple[Term, list[Term]]:
    """A fresh index for a sum, and the factors of its body there."""
    name = next(n for n in (f"?{n}" for n in count()) if (n, t.data) not in t.names)
    b = ix(name, t.data)
    return b, _flat(open_(t.args[0], [b]))


def _scaled(rest: list[Term], body: Expression) -> Expression:
    """Scalar factors before an expression: sums as dot products where they are."""
    dots = {f: _dot(f) for f in rest if f.op == "sum"}
    plain = [f for f in rest if dots.get(f) is None]
    for f in reversed(rest):
        d = dots.get(f)
        body = body if d is None else Scale(d, body)
    return Scale(product(plain), body) if plain else body


def _dot(t: Term) -> Dot | None:
    b, parts = _opened(t)
    try:
        left = _vector(product(parts[:-1]), b)
        return Dot(left, _vector(parts[-1], b))
    except _Unrecognised:
        return None


def _summed(parts: list[tuple[int, Expression]]) -> Expression:
    if not parts:
        raise _Unrecognised
    return parts[0][1] if len(parts) == 1 and parts[0][0] > 0 else Sum(tuple(parts))


def _divided(above: list[Expression], below: list[Expression]) -> Expression:
    return Divide(_hadamard(above), _hadamard(below)) if below else _hadamard(above)


def _hadamard(parts: list[Expression]) -> Expression:
    turned = [p.body for p in parts if isinstance(p, Transpose)]
    if len(turned) == len(parts) > 1:
        return Transpose(_hadamard(turned))
    return parts[0] if len(parts) == 1 else Hadamard(tuple(parts))


def _multiplied(a: Expression, b: Expression) -> Expression:
    return b if isinstance(a, Identity) else a if isinstance(b, Identity) else Product(a, b)


# ---------------------------------------------------------------- theorems
@dataclass(frozen=True)
class Form:
    """A matrix expression, and the equation that says so."""
    expression: Expression
    goal: Term


def form_of(theorem: Theorem) -> Form | None:
    """The matrix form of a theorem D(F, v) = value. For da_i/dz_i, the diagonal, the goal is the whole Jacobian."""
    left, value = theorem.sides
    if left.op != "D" or left.args[0].op != "arr":
        return None
    (target, variable), i = left.args, left.args[1].args
    if target.args == i and len(i) == 1:
        return _jacobian_of_diagonal(target, variable, value)
    places = (*target.args, *i)
    e = matrix_form(value, places) if len({*places}) == len(places) else None
    return None if e is None else Form(e, mk("eq", None, value, entry(e, places)))


def _jacobian_of_diagonal(target: Term, variable: Term, value: Term) -> Form | None:
    (i,) = target.args
    letter, s = i.data
    e, j = matrix_form(value, (i,)), ix(f"{letter}'", s)
    if e is None:
        return None
    whole = mk("D", None, mk("arr", target.data, j), variable)
    return Form(Diag(e), mk("eq", None, whole, entry(Diag(e), (j, i))))


def proved_form(record: Record, name: str) -> Expression | None:
    """The matrix form of a theorem of the record, proved there under no other hypotheses; None where there is no proof."""
    form = form_of(record.theorems[name])
    if form is None:
        return None
    value, entries = form.goal.args
    for kept in (tuple(record.context.definitions), ()):
        try:
            found = prove(record, value, entries, Hints(kept=kept))
        except DeriveError:
            continue
        if found is not None and found.theorem.hypotheses <= record.theorems[name].hypotheses:
            record.conclude(f"{name}{IN_MATRIX_FORM}", form.goal, found.proof)
            return form.expression
    return None


def recorded_form(record: Record, name: str) -> Expression | None:
    """The matrix form of a theorem, if the record holds its proof."""
    proof, form = record.theorems.get(f"{name}{IN_MATRIX_FORM}"), form_of(record.theorems[name])
    return form.expression if proof is not None and form is not None and proof.conclusion is form.goal else None
