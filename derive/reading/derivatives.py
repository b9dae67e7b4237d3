"""Derivatives as people write them: fractions, operators, primes, nabla; with respect to variables and to defined names.

A derivative with respect to a defined name holds that name fixed: its definition is put back after differentiation.
"""
from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from .ir import Node, Value, fresh, mul, places, scalar
from .syntax import Group, Name, Number, Product, Quotient, Script, Syntax, Unreadable, bare
from .table import head, names

if TYPE_CHECKING:
    from .elaborate import Elaborator
    from .scope import Scope

Items = list[tuple[str, Syntax]]
SIGNS = ("∂", "d")


def _factors(t: Syntax) -> list[Syntax]:
    t = bare(t)
    return [f for x in t.factors for f in ([x] if not isinstance(bare(x), Product) or not isinstance(x, Group)
        else _factors(x))] \
        if isinstance(t, Product) and not any(x.strip("·×") for x in t.signs) else [t]


def _order(t: Syntax, sign: str) -> int:
    """1 for ∂, 2 for ∂², 0 for anything else."""
    t = bare(t)
    if isinstance(t, Name) and t.text == sign:
        return 1
    if isinstance(t, Script) and isinstance(t.base, Name) and t.base.text == sign and t.sub is None and t.sup is not None:
        sup = bare(t.sup)
        return int(sup.value) if isinstance(sup, Number) and sup.value in (2, 3) else 0
    return 0


def parts(t: Quotient) -> tuple[Syntax | None, tuple[Syntax, ...]] | None:
    """What is differentiated (None for an operator) and by which variables; None when the fraction is no derivative."""
    above, below = _factors(t.above), _factors(t.below)
    for sign in SIGNS:
        order = _order(above[0], sign)
        if not order:
            continue
        if sign == "d" and (len(below) < 2 or not _order(below[0], sign)):
            continue
        body: Syntax | None = None
        if len(above) > 1:
            whole = bare(t.above)
            assert isinstance(whole, Product)
            body = above[1] if len(above) == 2 else Product(above[1].start, above[-1].end, ("", *whole.signs[2:]),
                tuple(above[1:])) \
                if len(above) == len(whole.factors) else Product(above[1].start, above[-1].end, ("",) * (len(above) - 1),
                    tuple(above[1:]))
        variables = _variables(below, sign, body is None)
        return (body, variables) if variables else None
    return None


def _variables(below: list[Syntax], sign: str, bare_allowed: bool) -> tuple[Syntax, ...]:
    out: list[Syntax] = []
    n = 0
    while n < len(below):
        if not _order(below[n], sign):
            return (below[0],) if len(below) == 1 and bare_allowed else ()
        if n + 1 >= len(below):
            return ()
        variable, times = below[n + 1], 1
        sup = bare(variable.sup) if isinstance(variable, Script) and variable.sup is not None else None
        if isinstance(variable, Script) and isinstance(sup, Number) and sup.value in (2, 3) and n + 2 == len(below) and n == 0 \
                and not (isinstance(variable.base, Name) and variable.base.text == "sigma"):
            variable, times = replace(variable, sup=None) if variable.sub is not None else variable.base, int(sup.value)
        n += 2
        if n < len(below) and not _order(below[n], sign):
            variable = Product(variable.start, below[-1].end, ("",) * (len(below) - n + 1), (variable, *below[n:]))
            n = len(below)
        out += [variable] * times
    return tuple(out)


def leibniz(e: Elaborator, t: Quotient, s: Scope) -> Value | None:
    """A fraction that is a derivative; None for any other fraction."""
    found = parts(t)
    if found is None:
        return _stray(e, t, s)
    body, variables = found
    if body is None:
        raise Unreadable("a derivative of nothing", t.start, t.end)
    return differentiate(e, body, variables, s, t)


def _stray(e: Elaborator, t: Quotient, s: Scope) -> Value | None:
    """∂ above without ∂ below is left out."""
    above = bare(t.above)
    if isinstance(above, Product) and _order(above.factors[0], "∂") and not above.signs[1]:
        e.note("D005", "∂ stands above the bar but not below it; it is left out", t)
        rest = above.factors[1] if len(above.factors) == 2 else replace(above, signs=("", *above.signs[2:]),
            factors=above.factors[1:])
        return e.quotient(replace(t, above=rest), s)
    return None


def operator(e: Elaborator, items: Items, n: int, s: Scope) -> tuple[Value, int] | None:
    """d/dx in front of what it applies to: brackets, or else the rest of the product; nabla with its variable below."""
    t = items[n][1]
    slashed = _slashed(items, n)
    if slashed is not None:
        quotient, after = slashed
        return differentiate(e, *quotient, s, t), after
    if isinstance(t, Script) and isinstance(t.base, Name) and t.base.text in ("∂", "∇") and t.sub is not None and t.sup is None:
        variables: tuple[Syntax, ...] = (bare(t.sub),)
        one = True
    elif isinstance(t, Quotient) and (found := parts(t)) is not None and found[0] is None:
        variables, one = found[1], False
    else:
        return None
    rest = items[n + 1:]
    if not rest:
        raise Unreadable("a derivative of nothing", t.start, t.end)
    taken = _extent(rest, one)
    body: Syntax = rest[0][1] if taken == 1 else \
        Product(rest[0][1].start, rest[taken - 1][1].end, ("", *[sign for sign, _ in rest[1:taken]]), tuple(x for _,
            x in rest[:taken]))
    return differentiate(e, body, variables, s, t), n + 1 + taken


def _extent(rest: Items, one: bool) -> int:
    """How many factors an operator takes."""
    first = rest[0][1]
    first = first.base if isinstance(first, Script) else first
    if isinstance(first, Group) and first.bracket:
        return 1
    if isinstance(first, Number) or isinstance(first, Quotient) and isinstance(bare(first.above), Number):
        return len(rest)
    applied = len(rest) > 1 and not rest[1][0] and isinstance(bare(rest[1][1]), Group)
    if one:
        return 2 if applied else 1
    return len(rest)


def _slashed(items: Items, n: int) -> tuple[tuple[Syntax, tuple[Syntax, ...]], int] | None:
    """{∂ y}/{∂ z} and ∂y/∂z."""
    t = items[n][1]
    if isinstance(t, Group) and not t.bracket and n + 1 < len(items) and items[n + 1][0] == "/" \
        and isinstance(items[n + 1][1], Group):
        found = parts(Quotient(t.start, items[n + 1][1].end, bare(t), bare(items[n + 1][1])))
        return ((found[0], found[1]), n + 2) if found is not None and found[0] is not None else None
    for sign in SIGNS:
        if n + 3 < len(items) and _order(t, sign) and not items[n + 1][0] and items[n + 2][0] == "/" \
            and _order(items[n + 2][1], sign) \
                and not items[n + 3][0]:
            return (items[n + 1][1], (items[n + 3][1],)), n + 4
    return None


def primed(e: Elaborator, t: Script, s: Scope) -> Value:
    """(...)' by the variable of the derivative that the chain began with."""
    if s.by is None:
        raise Unreadable("a prime does not say by what one differentiates: write the derivative as a fraction", t.start, t.end)
    base: Syntax = t.base if t.sub is None else replace(t, primes=0, sup=None)
    return differentiate(e, base, (s.by,) * t.primes, s, t)


# ---------------------------------------------------------------- what a derivative means
def differentiate(e: Elaborator, body: Syntax, variables: tuple[Syntax, ...], s: Scope, t: Syntax) -> Value:
    """The derivative of a tree by each variable in turn."""
    if len(variables) > 1:
        inner = Quotient(t.start, t.end, Product(t.start, t.end, ("", ""), (Name(t.start, t.end, "∂"), body)),
                         Product(t.start, t.end, ("", ""), (Name(t.start, t.end, "∂"), variables[-1])))
        return differentiate(e, inner, variables[:-1], s, t)
    variable = bare(variables[0])
    if isinstance(variable, Script) and (h := head(variable)) is not None and h.name.endswith("^2") \
            and h.name in e.table.definitions.keys() | s.held:
        return _by(e, body, h.name, [], s, t, Name(variable.start, variable.end, h.name))
    if isinstance(variable, Script) and variable.sup is not None and isinstance(variable.base, Name) \
            and e.is_label(variable.base, variable.sup, s):
        label = e.labelled(variable.base.text, variable.sup, variable)
        variable = replace(variable, sup=None, base=replace(variable.base, text=label))
        variable = variable if isinstance(variable, Script) and variable.sub is not None else variable.base
    if isinstance(variable, Script) and variable.sup is not None:
        raise Unreadable("a derivative by a power or by a name with a superscript is not read", variable.start, variable.end)
    base = variable.base if isinstance(variable, Script) else variable
    if not isinstance(base, Name) or isinstance(variable, Script) and variable.primes:
        raise Unreadable("a derivative by something that is not a variable", variable.start, variable.end)
    name, indices = e.subscripted(base, variable.sub if isinstance(variable, Script) else None, s)
    if name in s.params:
        raise Unreadable(f"a derivative by the parameter {name}", variable.start, variable.end)
    return _by(e, body, name, indices, s, t, base)


def _by(e: Elaborator, body: Syntax, name: str, indices: list[Node], s: Scope, t: Syntax, at: Name) -> Value:
    held = s.held | _held(e, body, name)
    inner = replace(s, held=held)
    target = f"{name}~" if name in held else name
    unknown = _unknown(e, body, name, s)
    if unknown:
        return _gradient(e, unknown, name, indices, s, at)
    v = e.value(body, inner)
    rows, cols = e.shape(name, at) if not indices else (None, None)

    def derivative(entry: Node, place: list[Node]) -> Node:
        d = Node("D", None, (entry, e.array(target, place)))
        return Node("local", tuple(sorted(held - s.held)), (d,)) if held - s.held else d
    if indices or rows is None and cols is None:
        return Value(v.rows, v.cols, lambda i, j: derivative(v.entry(i, j), indices))
    if v.scalar:
        return Value(rows, cols, lambda i, j: derivative(v.node, places(rows, cols, i, j)))
    if v.cols is None and v.rows is not None and cols is None:
        return Value(v.rows, rows, lambda i, j: derivative(v.entry(i, None), [x for x in (j,) if x is not None]))
    raise Unreadable(f"the derivative of {e.algebra.shape(v)} by an array", t.start, t.end)


def _held(e: Elaborator, body: Syntax, name: str) -> frozenset[str]:
    """Defined names held fixed: the one by which we differentiate, and its siblings where the body mentions them directly."""
    own = frozenset((name,)) if name in e.table.definitions else frozenset[str]()
    whole = head(body)
    d = e.table.definitions.get(whole.name) if whole is not None else None
    if d is None or name not in d.mentioned():
        return own
    return own | (e.siblings & d.mentioned() & e.table.definitions.keys() - {whole.name if whole else ""})


def closure(e: Elaborator, body: Syntax) -> frozenset[str]:
    found = names(body)
    return found.union(*[e.table.behind(n) for n in found])


def _unknown(e: Elaborator, body: Syntax, name: str, s: Scope) -> str:
    """The name of a quantity without definition that is differentiated; "" where the body can be differentiated."""
    reached = closure(e, body) | {n for p in s.params for n in (p,)}
    if name in reached or s.params:
        return ""
    whole = head(body)
    if whole is not None and whole.name not in e.table.definitions and not whole.letters and whole.name not in e.table.bold:
        return whole.name
    free = sorted(n for n in reached if n not in e.table.definitions and len(n) < 8)
    raise Unreadable(f"nothing says how {' or '.join(free[:3]) or 'it'} depends on {name}", body.start, body.end, "D202")


def _gradient(e: Elaborator, loss: str, name: str, indices: list[Node], s: Scope, at: Name) -> Value:
    """The derivative of a quantity C that nothing defines, by way of the names by which the chain differentiates it as well
    and through which alone it can depend on this one: the sum of dC/dt dt/dv, with the others held. Else a symbol."""
    rows, cols = e.shape(name, at) if not indices else (None, None)
    ends = _cut(e, name)
    if loss in e.table.called:
        return _slope(e, loss, name, rows, cols, indices, at)
    if not ends:
        if not any(name in d.mentioned() or name == n for n, d in e.table.definitions.items()):
            e.opaque.add(f"∂{loss}/∂{name}")
        return Value(rows, cols, lambda i, j: e.array(f"∂{loss}/∂{name}", indices or places(rows, cols, i, j)))

    def entry(i: Node | None, j: Node | None) -> Node:
        place = indices or places(rows, cols, i, j)
        terms = [_through(e, loss, end, name, place, s, frozenset(ends), at) for end in ends]
        return reduce(lambda a, b: Node("add", None, (a, b)), terms)
    return Value(rows, cols, entry)


def _slope(e: Elaborator, name: str, variable: str, rows: int | None, cols: int | None, indices: list[Node], at: Name) -> Value:
    """dc/dx where c stands for c(x) with a number x."""
    if indices or rows is not None or cols is not None or variable in e.table.definitions:
        raise Unreadable(f"nothing says how {name} depends on {variable}", at.start, at.end, "D202")
    e.functions.add(name)
    x = e.array(variable, [])
    return scalar(Node("D", None, (Node("fun", (name, 0), (x,)), x)))


def _cut(e: Elaborator, name: str) -> list[str]:
    """Names by which the chain differentiates through which every path from a name leads on; [] where there are none."""
    others = (e.siblings & e.table.definitions.keys()) - {name}
    found, todo, seen = set[str](), [name], {name}
    while todo:
        here = todo.pop()
        onward = [n for n, d in e.table.definitions.items() if here in d.mentioned() and not d.params and n != here]
        if not onward:
            e.opaque |= {f"∂/∂{name}"} if found else set()    # some paths, not all: the symbols are related
            return []
        found |= others & set(onward)
        todo += [n for n in onward if n not in others and n not in seen]
        seen |= set(onward)
    return sorted(found)


def _through(e: Elaborator, loss: str, end: str, name: str, place: list[Node], s: Scope, others: frozenset[str],
    at: Name) -> Node:
    """One summand of the chain rule: the derivative by `end`, times that of `end` with the other intermediates held."""
    from .scope import Scope
    d = e.table.definitions[end]
    held = (others - {end}) & d.mentioned() | (frozenset((name,)) & e.table.definitions.keys())
    v = e.definition(d, Scope(held=held))
    i = None if v.rows is None else fresh("i", v.rows)
    j = None if v.cols is None else fresh("j", v.cols)
    inner = [x for x in (i, j) if x is not None]
    derivative = Node("D", None, (v.entry(i, j), e.array(f"{name}~" if name in held else name, place)))
    derivative = Node("local", tuple(sorted(held)), (derivative,)) if held else derivative
    outer = _gradient(e, loss, end, inner, s, at).node if inner else _gradient(e, loss, end, [], s, Name(at.start, at.end,
        end)).node
    term = mul(outer, derivative)
    for x in reversed(inner):
        term = Node("sum", x.data, (term,))
    return term
