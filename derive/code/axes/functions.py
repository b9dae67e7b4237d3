"""Which functions an entry gives: one for each symbol that is differentiated, one for each gradient, as programs.

Everything follows from the theorems: the weakest hypotheses win, then the order in which the claims are stated.
"""
from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from keyword import iskeyword

from ...engine.record import Record
from ...engine.textbook import COPY
from ...kernel.conditions import discharge, domain
from ...kernel.context import FUNCTION, Context
from ...kernel.terms import Term, mk
from ..errors import CannotGenerate, CannotLower
from ..question import sizes_known
from .forms import Form, Forms
from .lowering import Lowering
from .node import Program, program

RESERVED = frozenset([
    *dir(builtins), "np", "npt", "Any", "Array", "Tensor", "math", "torch", "jax", "jnp", "ctx", "given", "dtype", "result",
    "found", "slope", "upstream", "peak", "erf", "erf_of_each", "eye", "above", "arguments", "fitted"])


@dataclass(frozen=True)
class Function:
    """`symbol`: what it computes, with an axis of the result for each of `axes`; `theorem`: what says so ("" for a value);
    `hypotheses`: what that assumes; `forms`: the theorems about what is computed; `batch`: rows may come before the axes."""
    name: str
    symbol: Term
    axes: tuple[Term, ...]
    program: Program
    theorem: str
    hypotheses: tuple[Term, ...]
    forms: tuple[str, ...]
    batch: bool
    positive: bool                                            # whether its arguments are taken positive, as in a logarithm

    @property
    def is_value(self) -> bool:
        return self.symbol.op != "D"


@dataclass(frozen=True)
class Functions:
    """`record` has the theorems of the entry and those of the forms; `missing`: name -> why there is no such function."""
    record: Record
    functions: tuple[Function, ...]
    missing: Mapping[str, str] = field(default_factory=dict)
    peaks: tuple[str, ...] = ()


def functions(record: Record, claims: Sequence[str]) -> Functions:
    """The functions for the theorems that claims name. Raises CannotGenerate where there is none."""
    chosen = _chosen(record, claims)
    forms, found, missing = Forms(record), list[Function](), dict[str, str]()
    order = _order(record.context, [str(left.args[1].data) for left in chosen])
    for target in dict.fromkeys(left.args[0] for left in chosen):
        wanted = [(target, "")] + [(left, name) for left, name in chosen.items() if left.args[0] is target]
        for symbol, theorem in wanted:
            name = function_name(symbol)
            try:
                found.append(_function(forms, name, symbol, theorem, order))
            except CannotLower as e:
                missing[name] = str(e)
    names = [f.name for f in found]
    if not found or len({*names}) < len(names):
        reasons = "; ".join(dict.fromkeys(missing.values())) or "it states no derivative"
        raise CannotGenerate(f"no function: {reasons}")
    return Functions(forms.record, tuple(found), missing, tuple(forms.peaks))


def _order(ctx: Context, variables: Sequence[str]) -> tuple[str, ...]:
    """The order of arguments: what is differentiated by comes first."""
    own = [n for n, sets in ctx.arrays.items() if sets != FUNCTION and not n.endswith(COPY)]
    return tuple(dict.fromkeys([v for v in variables if v in own] + own))


def function_name(symbol: Term) -> str:
    """C, C_grad_z."""
    parts = [symbol] if symbol.op != "D" else list(symbol.args)
    return "_grad_".join(identifier(str(t.data)) for t in parts)


def identifier(name: str) -> str:
    """A name of the entry as a name of Python. Raises CannotGenerate."""
    if not name.isidentifier():
        raise CannotGenerate(f"{name!r} is no Python name; accepted are identifiers")
    return f"{name}_" if iskeyword(name) or name in RESERVED else name


def _chosen(record: Record, claims: Sequence[str]) -> dict[Term, str]:
    """For each derivative that a claim is about, the theorem that is computed."""
    derivatives = [record.theorems[claim].conclusion.args[0] for claim in claims if record.theorems[claim].conclusion.op == "eq"]
    about = {left: theorems_about(record, claims, left) for left in derivatives if left.op == "D"}
    return {left: names[0] for left, names in about.items() if names}


def theorems_about(record: Record, claims: Sequence[str], left: Term) -> list[str]:
    """The theorems that say how to compute a derivative: the weakest hypotheses first, then claims, as they are stated."""
    names = [n for n, th in record.theorems.items() if th.conclusion.op == "eq" and th.sides[0] is left
             and _computable(th.sides[1])]
    first = {name: n for n, name in enumerate(claims)}
    return sorted(names, key=lambda n: (len(sizes_known(record.theorems[n].hypotheses)), first.get(n, len(first))))


def _computable(t: Term) -> bool:
    """Whether a right side says how to compute something: it has no derivative left, nor copies of symbols."""
    return t.op != "D" and not any(isinstance(n, str) and n.endswith(COPY) for n in t.names) and all(map(_computable, t.args))


def _function(forms: Forms, name: str, symbol: Term, theorem: str, order: Sequence[str]) -> Function:
    ctx, known = forms.ctx, forms.record.theorems.get(theorem)
    if symbol.op == "D":
        axes = tuple(dict.fromkeys((*symbol.args[0].args, *symbol.args[1].args)))
        form = forms.gradient(name, axes, theorem)
    else:
        axes = symbol.args
        form = forms.definition(symbol.data)
    reached = forms.reached(form.value) if symbol.op == "D" else [*forms.reached(form.value), str(symbol.data)]
    _check_functions(ctx, [form.value, *[forms.definition(n).value for n in reached]])
    needed = _arrays(forms, form.value)
    made, batch = _lowered(forms, form, needed, order)
    theorems = [name for n in reached for name in forms.definition(n).theorems] + [*form.theorems]
    hypotheses = tuple(sorted(sizes_known(known.hypotheses), key=repr)) if known else ()
    return Function(name, symbol, axes, made, theorem, hypotheses, tuple(dict.fromkeys(theorems)), batch,
                     _needs_positive(ctx, symbol))


def _check_functions(ctx: Context, terms: Sequence[Term]) -> None:
    abstract = sorted({n for t in terms for n in _abstract(t)})
    if abstract:
        raise CannotLower(f"{', '.join(abstract)} is any smooth function: nothing to compute")


def _abstract(t: Term) -> set[str]:
    own = {str(t.data[0])} if t.op == "fun" else set()
    return own.union(*map(_abstract, t.args))


def _arrays(forms: Forms, t: Term) -> tuple[str, ...]:
    """The arguments that a computation reads."""
    found, todo = set[str](), [t]
    while todo:
        for n in todo.pop().names:
            if isinstance(n, str) and n not in found:
                found.add(n)
                todo += [forms.peaks[n].body] if n in forms.peaks else []
                todo += [forms.definition(n).value] if n in forms.ctx.definitions else []
    return tuple(n for n, sets in forms.ctx.arrays.items() if n in found and sets != FUNCTION and not n.endswith(COPY))


def _lowered(forms: Forms, form: Form, needed: tuple[str, ...], order: Sequence[str]) -> tuple[Program, bool]:
    """For rows before the axes too, where every argument has one axis at most, over one set; else for the shapes as they are."""
    sets = [forms.ctx.arrays[n] for n in needed]
    one = len({*filter(None, sets)}) == 1 and all(len(s) < 2 for s in sets)
    if one:
        try:
            made = _program(forms, form, needed, True, order)
            if all(len(forms.ctx.arrays[n]) < 2 for n in made.inputs):
                return made, True
        except CannotLower:
            pass                                              # for the shapes as they are, then
    return _program(forms, form, needed, False, order), False


def _program(forms: Forms, form: Form, needed: tuple[str, ...], batch: bool, order: Sequence[str]) -> Program:
    arrays = {n: forms.ctx.arrays[n] for n in order}
    ctx = Context(arrays | dict.fromkeys(forms.peaks, ()), forms.ctx.definitions)
    known = {n: (f.letters, f.value) for n in forms.reached(form.value) for f in [forms.definition(n)]}
    low = Lowering(ctx, known, forms.peaks, batch, frozenset(needed), tuple(i.data[1] for i in form.letters))
    node = low.lower(form.value, form.letters)
    names = {n: identifier(name) for n, name in low.names.items()}
    return program(low.make, arrays, (node,), names,
                   [identifier(n) for n in (*forms.ctx.definitions, *order) if n.isidentifier()])


def _needs_positive(ctx: Context, symbol: Term) -> bool:
    """Whether the function that is differentiated takes logarithms or roots of what may be negative."""
    target = symbol.args[0] if symbol.op == "D" else mk("arr", symbol.data, *symbol.args)
    left = frozenset[Term]().union(*[discharge(ctx, c) for c in domain(ctx, target)])
    return any(_core(c).op in ("lt", "le") for c in sizes_known(left))


def _core(c: Term) -> Term:
    return _core(c.args[-1]) if c.op in ("all", "when", "unless") else c
