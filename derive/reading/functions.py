"""Applications: the standard functions, functions of the document, and the question whether f(x) is a product."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from .ir import ONE, ZERO, Node, Value, add, apply, fresh, inv, mul, neg, places, scalar
from .syntax import (
    Additive,
    Big,
    Dots,
    Group,
    Name,
    Number,
    Product,
    Quotient,
    Related,
    Root,
    Script,
    Syntax,
    Unreadable,
    bare,
    walk,
)
from .table import Definition, head, opaque, subscript_letters, subscript_parts, written

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
FUNCTION_NAMES = frozenset(("f", "g", "h", "F", "G", "sigma", "phi", "psi", "varphi", "P", "S", "Phi", "Psi", "rho", "H", "J",
    "L", "ℓ"))


def application(e: Elaborator, items: Items, n: int, s: Scope) -> tuple[Value, int] | None:
    """A function and its argument, or None where the item stands for itself."""
    t = items[n][1]
    h = head(t) if isinstance(t, Script) else None
    if h is not None and not h.letters and h.name in e.table.definitions and e.table.definitions[h.name].params:
        t = Name(t.start, t.end, h.name)                      # D_{KL}(p, q)
    name = t if isinstance(t, Name) else t.base if isinstance(t, Script) and isinstance(t.base, Name) else None
    if name is None or name.text in s.params:
        return None
    following = items[n + 1] if n + 1 < len(items) else None
    brackets = _brackets(following)
    if isinstance(t, Name) and brackets is not None and opaque(brackets) \
            and name.text not in ONE_ARGUMENT | e.table.definitions.keys():
        v = _named(e, f"{name.text}{written(brackets)}", t, s)
        return _scripted_after(e, v, items[n + 1][1], brackets, s), n + 2
    if name.text in ONE_ARGUMENT and name.text not in e.table.definitions:
        return _standard(e, items, n, s, t, name, brackets)
    if brackets is None or not is_function(e, t, name, brackets, s):
        return None
    v = call(e, t, name, brackets, s)
    return _scripted_after(e, v, items[n + 1][1], brackets, s), n + 2


def _brackets(following: tuple[str, Syntax] | None) -> Group | None:
    """The brackets that stand directly behind a name."""
    if following is None or following[0]:
        return None
    t = following[1]
    t = t.base if isinstance(t, Script) else t
    return t if isinstance(t, Group) and t.bracket in ("(", "[", "{") else None


def _scripted_after(e: Elaborator, v: Value, t: Syntax, brackets: Group, s: Scope) -> Value:
    """Scripts that stand behind the brackets belong to the value."""
    if not isinstance(t, Script):
        return v
    if t.primes:
        raise Unreadable("a prime behind the argument of a function", t.start, t.end)
    v = e.component(v, t.sub, s) if t.sub is not None else v
    return e.powered(v, replace(t, sub=None), s)


# ---------------------------------------------------------------- standard functions
def _standard(e: Elaborator, items: Items, n: int, s: Scope, t: Syntax, name: Name, brackets: Group | None) -> tuple[Value, int]:
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
        v = _scripted_after(e, v, items[n + 1][1], brackets, s)
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


def is_norm(t: Script) -> bool:
    """‖x‖² and ‖x‖ with a 2 or an F below."""
    below, above = (None if x is None else bare(x) for x in (t.sub, t.sup))
    kind = isinstance(below, Number | Name) and below.text in ("2", "F")
    return not t.primes and (kind or below is None and isinstance(above, Number) and above.value == 2)


def norm(e: Elaborator, t: Script, inner: Group, s: Scope) -> Value:
    """A Euclidean or Frobenius norm, and its square as the sum of squares that it is: that has no kink at 0."""
    v = e.value(inner.parts[0], s) if len(inner.parts) == 1 else e.group(inner, s)
    square = e.algebra.combine(mul, v, v, t, "square")
    i, j = (None if n is None else fresh("k", n) for n in (v.rows, v.cols))
    total = square.entry(i, j)
    for x in (x for x in (j, i) if x is not None):
        total = Node("sum", x.data, (total,))
    above = None if t.sup is None else bare(t.sup)
    if isinstance(above, Number) and above.value == 2 and not e.roots:
        return scalar(total)
    return e.powered(scalar(apply("sqrt", total)), replace(t, sub=None), s)


def has_roots(trees: Iterable[Syntax]) -> bool:
    """Whether a root or a norm stands in trees that is not squared: squared norms are then squares of roots, too."""
    parts = [x for t in trees for x in walk(t)]
    squared = {id(bare(x.base)) for x in parts if isinstance(x, Script) and is_norm(x) and x.sup is not None}
    return any(isinstance(x, Root) or isinstance(x, Group) and x.bracket == "‖" and id(x) not in squared for x in parts)


def length(e: Elaborator, v: Value, t: Group) -> Value:
    """The absolute value of a number, the Euclidean length of a vector."""
    if v.scalar:
        return scalar(apply("abs", v.node))
    square = e.algebra.combine(mul, v, v, t, "square")
    if v.rows is None or v.cols is not None:
        raise Unreadable(f"the norm of {e.algebra.shape(v)} is not read", t.start, t.end)
    k = fresh("k", v.rows)
    return scalar(apply("sqrt", Node("sum", k.data, (square.entry(k, None),))))


# ---------------------------------------------------------------- functions of the document
def is_function(e: Elaborator, t: Syntax, name: Name, brackets: Group, s: Scope) -> bool:
    """Whether a name with brackets behind it is an application; else it is a product."""
    d = e.table.taking(name.text, len(brackets.parts))
    if isinstance(t, Script) and t.primes:
        return True
    if d is not None:
        plain = [bare(p) for p in brackets.parts]
        behind = e.table.behind(name.text)
        return bool(d.params) or all(isinstance(p, Name) and (p.text in behind or p.bold) for p in plain)
    if isinstance(t, Script) or name.text in e.table.indexed or name.text in ("e", "∂", "∇"):
        return False
    if brackets.bracket != "(":
        return any(isinstance(p, Related) for p in brackets.parts)
    if any(isinstance(p, Related) for p in brackets.parts) or len(brackets.parts) > 1:
        return True
    argument = bare(brackets.parts[0])
    named = name.text in FUNCTION_NAMES or len(name.text) > 2 and name.text.isascii() and name.text.lower() not in _GREEK
    simple = isinstance(argument, Name) or isinstance(argument, Script) and isinstance(argument.base, Name)
    compound = any(isinstance(x, Additive | Product | Quotient) for x in walk(argument))
    return named or simple and not compound and name.text not in e.table.scalars and name.text.lower() not in _GREEK


_GREEK = frozenset(("alpha", "beta", "gamma", "lambda", "mu", "eta", "theta", "tau", "epsilon", "varepsilon", "delta",
    "kappa", "nu", "omega"))


def call(e: Elaborator, t: Syntax, name: Name, brackets: Group, s: Scope) -> Value:
    """The value of a function of the document at arguments."""
    d = e.table.taking(name.text, len(brackets.parts))
    if d is not None and not (isinstance(t, Script) and t.primes):
        v = _defined(e, d, brackets, s)
        return e.component(v, t.sub, s) if isinstance(t, Script) and t.sub is not None else v
    if d is not None:
        return _derived(e, d, t, name, brackets, s)
    return _unknown(e, t, name, brackets, s)


def _derived(e: Elaborator, d: Definition, t: Syntax, name: Name, brackets: Group, s: Scope) -> Value:
    """f'(x) for a defined f and a variable x."""
    argument = bare(brackets.parts[0])
    assert isinstance(t, Script)
    base = argument.base if isinstance(argument, Script) and argument.sup is None else argument
    if len(brackets.parts) != 1 or not isinstance(base, Name) or base.text in s.params or len(d.params) != 1 or d.letters:
        raise Unreadable(f"{name.text}' is read for a variable only: write the derivative as a fraction", t.start, t.end)
    from .derivatives import differentiate
    whole = Product(t.start, brackets.end, ("", ""), (name, brackets))
    return differentiate(e, whole, (argument,) * t.primes, s, t)


def _defined(e: Elaborator, d: Definition, brackets: Group, s: Scope) -> Value:
    arguments = [bare(p) for p in brackets.parts]
    arguments = [_same_letter(e, a, p) for a, p in zip(arguments, d.params, strict=False)] if len(arguments) == len(d.params) \
        else arguments
    same = [a.text for a in arguments if isinstance(a, Name)] == list(d.params) and not d.component
    if not d.params or same and not set(d.params) & s.params.keys():
        v = _unless_pointwise(e, d, s)
        if v is not None:
            return v
    if d.component:
        return _component(e, d, arguments, s)
    if len(arguments) != len(d.params):
        raise Unreadable(f"{d.name} has {len(d.params)} arguments, found {len(arguments)}", brackets.start, brackets.end)
    return with_arguments(e, d, [e.value(a, s) for a in arguments], s)


def _unless_pointwise(e: Elaborator, d: Definition, s: Scope) -> Value | None:
    try:
        return e.definition(d, s)
    except Unreadable:
        if d.name not in e.pointwise:
            raise
        return None


def _same_letter(e: Elaborator, a: Syntax, parameter: str) -> Syntax:
    """X, of which nothing is known, where the definition has x."""
    if isinstance(a, Name) and a.text != parameter and a.text.lower() == parameter and a.text not in e.table.definitions \
            and a.text not in e.table.indexed and not a.bold:
        e.note("D005", f"{a.text} is taken for {parameter}", a)
        return replace(a, text=parameter)
    return a


def _component(e: Elaborator, d: Definition, arguments: list[Syntax], s: Scope) -> Value:
    """S(x_i), where S(x)_i was meant all along."""
    a = arguments[0]
    if len(arguments) != 1 or not isinstance(a, Script) or not isinstance(a.base, Name) \
        or len(subscript_parts(a.sub)) != len(d.letters):
        raise Unreadable(f"{d.name} was defined for an entry such as {d.params[0]}_{d.letters[0]}", a.start, a.end)
    indices = [e.index(p, s) for p in subscript_parts(a.sub)]
    if a.base.text == d.params[0] and a.base.text not in s.params:
        if s.held & (e.table.behind(d.name) | {d.name}):
            return scalar(e._pick(e.unfolded(d, s), indices))
        return scalar(e.entry(d, indices))
    inner = with_arguments(e, d, [e.value(a.base, s)], s)
    return scalar(e._pick(inner, indices))


def with_arguments(e: Elaborator, d: Definition, values: list[Value], s: Scope) -> Value:
    """The body of a definition with values for its parameters; entry by entry where it was written for numbers."""
    if d.name in e.busy:
        raise Unreadable(f"the definition of {d.name} goes round in a circle", d.body.start, d.body.end)
    e.busy.add(d.name)
    notes = len(e.notes)
    try:
        return _body(e, d, values, s)
    except Unreadable:
        if len(values) != 1 or values[0].scalar or d.letters:
            raise
        v = values[0]
        return Value(v.rows, v.cols, lambda i, j: _body(e, d, [scalar(v.entry(i, j))], s).node)
    finally:
        e.busy.discard(d.name)
        del e.notes[notes:]


def _body(e: Elaborator, d: Definition, values: list[Value], s: Scope) -> Value:
    from .scope import Scope
    from .symbols import put
    inner = [fresh(x, e.sets.new()) for x in d.letters]
    scope = Scope(dict(zip(d.letters, inner, strict=True)), dict(zip(d.params, values, strict=True)), s.held,
        frozenset(d.letters))
    v = e.value(d.body, scope)
    if not d.letters:
        return v
    node = v.node
    rows, cols = inner[0].data[1], inner[1].data[1] if len(inner) > 1 else None
    return Value(rows, cols, lambda i, j: put(node, dict(zip(inner, places(rows, cols, i, j), strict=True))))


def _unknown(e: Elaborator, t: Syntax, name: Name, brackets: Group, s: Scope) -> Value:
    """An abstract function of a number, an array over an index (as p(x) under a sum over x), or an unknown number."""
    primes = t.primes if isinstance(t, Script) else 0
    argument = bare(brackets.parts[0])
    single = len(brackets.parts) == 1 and not isinstance(argument, Related)
    if single and isinstance(argument, Name) and (argument.text in s.letters or argument.text in e.free) and not primes:
        return scalar(e.array(name.text, [e.index(argument, s)]))
    if single and name.text not in ("P", "Loss", "L", "J", "H", "l", "ℓ"):
        v = e.value(argument, s)
        if name.text in e.arrays or name.text in e.free:
            raise Unreadable(f"{name.text} is a function here and a number elsewhere in the step", t.start, t.end)
        e.functions.add(name.text)
        if not v.scalar:
            e.opaque.add(name.text)                           # entry by entry, or a function of the whole vector
        return e.algebra.map(lambda x: Node("fun", (name.text, primes), (x,)), v)
    return _named(e, f"{name.text}{written(brackets)}", t, s)


def _named(e: Elaborator, text: str, t: Syntax, s: Scope) -> Value:
    """A number that is not looked into, unless the text defines it."""
    if text not in e.table.definitions:
        e.opaque.add(text)
    return e.symbol(text, t, s)
