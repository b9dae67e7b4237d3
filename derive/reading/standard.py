"""The standard functions: entry by entry, of whole vectors, with and without brackets around their argument."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from .ir import ONE, ZERO, Node, Value, add, apply, fresh, inv, mul, neg, scalar
from .syntax import (
    Big,
    Dots,
    Group,
    Name,
    Number,
    Product,
    Script,
    Syntax,
    Unreadable,
    bare,
    walk,
)
from .table import subscript_letters

if TYPE_CHECKING:
    from .elaborate import Elaborator
    from .scope import Scope


Items = list[tuple[str, Syntax]]


def _sigmoid(x: Node) -> Node:
    return inv(add(ONE, apply("exp", neg(x))))


def _tanh(x: Node) -> Node:
    up, down = apply("exp", x), apply("exp", neg(x))
    return mul(add(up, neg(down)), inv(add(up, down)))


def _maximum(x: Node, y: Node) -> Node:
    """The number 0 stands last: the sign of x, not of -x, then decides."""
    return apply("max", y, x) if x == ZERO else apply("max", x, y)


ENTRYWISE: dict[str, Callable[[Node], Node]] = {
    "log": lambda x: apply("log", x), "exp": lambda x: apply("exp", x), "sqrt": lambda x: apply("sqrt", x), "sigmoid": _sigmoid,
    "abs": lambda x: apply("abs", x), "tanh": _tanh, "relu": lambda x: _maximum(ZERO, x),
    "softplus": lambda x: apply("log", add(ONE, apply("exp", x)))}
OF_VECTORS = frozenset(("softmax", "logsoftmax", "logsumexp", "diag", "tr"))
UNKNOWN = frozenset(("max", "min", "argmax", "argmin", "lim", "sign", "sin", "cos", "sinh", "cosh", "det"))
ONE_ARGUMENT = ENTRYWISE.keys() | OF_VECTORS | UNKNOWN


def scripted_after(e: Elaborator, v: Value, t: Syntax, brackets: Group, s: Scope) -> Value:
    """Scripts that stand behind the brackets belong to the value."""
    if not isinstance(t, Script):
        return v
    if t.primes:
        raise Unreadable("a prime behind the argument of a function", t.start, t.end)
    v = e.component(v, t.sub, s) if t.sub is not None else v
    return e.powered(v, replace(t, sub=None), s)


def standard(e: Elaborator, items: Items, n: int, s: Scope, t: Syntax, name: Name, brackets: Group | None) -> tuple[Value, int]:
    if isinstance(t, Script) and (t.primes or t.sub is not None and name.text not in OF_VECTORS):
        raise Unreadable(f"{name.text} with a subscript or a prime is not read", t.start, t.end)
    if name.text in UNKNOWN:
        return _extreme(e, items, n, s, t, name, brackets)
    if n + 1 >= len(items) or items[n + 1][0]:
        raise Unreadable(f"{name.text} without an argument", t.start, t.end)
    if name.text == "log" and isinstance(t, Name) and (product := _product_sign(items[n + 1][1])) is not None:
        return e.factor([("", product), ("", Group(t.start, t.end, "", (_log_of(items[n + 2:], t),)))], 0, s)[0], len(items)
    if brackets is not None and len(brackets.parts) != 1:
        raise Unreadable(f"{name.text} has one argument, found {len(brackets.parts)}", brackets.start, brackets.end)
    if brackets is not None:
        v, after = of(e, name.text, brackets.parts[0], s, t), n + 2
        v = scripted_after(e, v, items[n + 1][1], brackets, s)
    else:
        argument, after = _open_argument(e, items, n + 1, s, name)
        v = _apply(e, name.text, argument, t)
    if isinstance(t, Script):
        v = e.component(v, t.sub, s) if t.sub is not None else v
        v = e.powered(v, replace(t, sub=None), s)
    return v, after


def _product_sign(t: Syntax) -> Syntax | None:
    """The sum sign in the place of a product sign: the logarithm of a product is the sum of the logarithms."""
    match t:
        case Big(kind="prod"):
            return replace(t, kind="sum")
        case Script(base=Big(kind="prod") as big):
            return replace(t, base=replace(big, kind="sum"))
    return None


def _log_of(rest: Items, t: Syntax) -> Syntax:
    if not rest:
        raise Unreadable("a product without factors", t.start, t.end)
    body = Product(rest[0][1].start, rest[-1][1].end, ("", *[sign for sign, _ in rest[1:]]), tuple(x for _, x in rest))
    return Product(t.start, body.end, ("", ""), (Name(t.start, t.end, "log"), Group(body.start, body.end, "(", (body,))))


def _open_argument(e: Elaborator, items: Items, n: int, s: Scope, name: Name) -> tuple[Value, int]:
    """The argument of a function without brackets: the next factor, and a number in front of it."""
    v, after = e.factor(items, n, s)
    if isinstance(items[n][1], Number) and after < len(items) and not items[after][0]:
        right, after = e.factor(items, after, s)
        v = e.algebra.product(v, right, items[n][1])
    if after < len(items) and not items[after][0] and not _ends_argument(items[after][1]):
        e.note("D002", f"what {name.text} applies to is taken to end before the next factor: put it in brackets", items[after][1])
    return v, after


def _ends_argument(t: Syntax) -> bool:
    first = t.base if isinstance(t, Script) else t
    return isinstance(first, Name) and first.text in ONE_ARGUMENT or isinstance(first, Big | Group)


def of(e: Elaborator, name: str, argument: Syntax, s: Scope, t: Syntax) -> Value:
    """A standard function of an argument; softmax(x_i) is the entry i of softmax(x)."""
    inner = bare(argument)
    if name in ("softmax", "logsoftmax") and isinstance(inner, Script) and isinstance(inner.base, Name) and inner.sup is None \
            and len(subscript_letters(inner.sub)) == 1:
        whole = _apply(e, name, e.value(replace(inner.base, bold=True), s) if inner.base.text in s.params else _vector(e,
            inner.base, s), t)
        assert inner.sub is not None
        return e.component(whole, inner.sub, s)
    return _apply(e, name, e.value(argument, s), t)


def _vector(e: Elaborator, name: Name, s: Scope) -> Value:
    v = e.name(name, s)
    return v if not v.scalar else e.whole(name.text, e.sets.new(), None)


def _apply(e: Elaborator, name: str, v: Value, t: Syntax) -> Value:
    if name in ENTRYWISE:
        return e.algebra.map(ENTRYWISE[name], v)
    if name in ("diag", "tr") and not v.scalar:
        return _diagonal(e, name, v, t)
    if v.scalar:
        raise Unreadable(f"{name} of {e.algebra.shape(v)} is not read", t.start, t.end)
    row = v.rows is None or v.cols is not None                # matrices: row by row
    over = v.cols if row else v.rows
    assert over is not None

    def total(i: Node | None, j: Node | None) -> Node:
        k = fresh("k", over)
        return Node("sum", k.data, (apply("exp", v.entry(i, k) if row else v.entry(k, j)),))
    if name == "logsumexp":
        return Value(v.rows if row else None, None if row else v.cols, lambda i, j: apply("log", total(i, j)))
    if name == "softmax":
        return Value(v.rows, v.cols, lambda i, j: mul(apply("exp", v.entry(i, j)), inv(total(i, j))))
    return Value(v.rows, v.cols, lambda i, j: add(v.entry(i, j), neg(apply("log", total(i, j)))))


def _diagonal(e: Elaborator, name: str, v: Value, t: Syntax) -> Value:
    """diag of a vector is a matrix, diag of a matrix its diagonal, tr the sum of that."""
    own = v.rows if v.rows is not None else v.cols
    assert own is not None
    if v.rows is None or v.cols is None:
        def entry(i: Node | None, j: Node | None) -> Node:
            assert i is not None and j is not None
            return mul(Node("delta", None, (i, j)), v.entry(i if v.cols is None else None, i if v.rows is None else None))
        if name == "tr":
            raise Unreadable(f"tr of {e.algebra.shape(v)} is not read", t.start, t.end)
        return Value(own, own, entry)
    e.sets.join(v.rows, v.cols)
    if name == "diag":
        return Value(own, None, lambda i, j: v.entry(i, i))
    k = fresh("k", own)
    return scalar(Node("sum", k.data, (v.entry(k, k),)))


def _extreme(e: Elaborator, items: Items, n: int, s: Scope, t: Syntax, name: Name, brackets: Group | None) -> tuple[Value, int]:
    """max of two numbers is read; anything else is a number of which nothing is known."""
    dotted = brackets is not None and any(isinstance(x, Dots) for x in walk(brackets))
    if name.text == "max" and brackets is not None and len(brackets.parts) == 2 and isinstance(t, Name) and not dotted:
        a, b = [e.value(p, s) for p in brackets.parts]
        return e.algebra.combine(_maximum, a, b, brackets, "maximum"), n + 2
    if name.text == "max" and brackets is not None:
        whole = _entries_of(brackets)
        if whole is not None:
            v = e.value(whole, s)
            if v.rows is not None and v.cols is None:
                e.opaque.add("max")                           # an entry; that no other is larger is not used
                return scalar(v.entry(e.index(Name(t.start, t.end, "max"), s), None)), n + 2
    raise Unreadable(f"{name.text} is not read here; max(x, y) of two numbers is", t.start, t.end, "D202")


def _entries_of(brackets: Group) -> Syntax | None:
    """The vector in max(x) or max{x_1, ..., x_n}."""
    inner = [bare(f) for p in brackets.parts for f in (p.factors if isinstance(p, Product) else (p,))]
    if len(inner) == 1 and isinstance(inner[0], Name):
        return inner[0]
    bases = {x.base for x in inner if isinstance(x, Script)}
    rest = [x for x in inner if not isinstance(x, Script | Dots)]
    return next(iter(bases)) if len(bases) == 1 and not rest and any(isinstance(x, Dots) for x in inner) else None
