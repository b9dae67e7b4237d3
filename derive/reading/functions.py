"""Functions of the document: applications, their derivatives, and the question whether f(x) is a product."""
from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from .ir import Node, Value, fresh, places, scalar
from .standard import ONE_ARGUMENT, Items, scripted_after, standard
from .syntax import (
    Additive,
    Group,
    Name,
    Product,
    Quotient,
    Related,
    Script,
    Syntax,
    Unreadable,
    bare,
    walk,
)
from .table import Definition, head, opaque, subscript_parts, written

if TYPE_CHECKING:
    from .elaborate import Elaborator
    from .scope import Scope

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
        return scripted_after(e, v, items[n + 1][1], brackets, s), n + 2
    if name.text in ONE_ARGUMENT and name.text not in e.table.definitions:
        return standard(e, items, n, s, t, name, brackets)
    if brackets is None or not is_function(e, t, name, brackets, s):
        return None
    v = call(e, t, name, brackets, s)
    return scripted_after(e, v, items[n + 1][1], brackets, s), n + 2


def _brackets(following: tuple[str, Syntax] | None) -> Group | None:
    """The brackets that stand directly behind a name."""
    if following is None or following[0]:
        return None
    t = following[1]
    t = t.base if isinstance(t, Script) else t
    return t if isinstance(t, Group) and t.bracket in ("(", "[", "{") else None


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
