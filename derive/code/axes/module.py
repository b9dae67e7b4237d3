"""From the functions of an entry to the text of a module and of its tests: the templates of a target arrange what is given.

Deterministic: the header has a hash of the theorems and the templates, and no date.
"""
from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from ...engine.record import Record
from ...kernel.terms import Term
from ..errors import CannotGenerate
from ..linear import text
from ..module import Module, definition, statements
from ..spelling import environment
from .functions import Function, Functions, functions, identifier
from .spelling import Speller

FILES = ("entry.py.j2", "axes.py.j2", "test_entry.py.j2")
LETTERS = "abcdefgh"
WIDTH, LINE = 92, 130                                         # of a line of a docstring without its indentation, and of code


@dataclass(frozen=True)
class Types:
    """How a language calls what a public function takes and gives, what a kernel takes and gives, and what checking gives."""
    taken: str
    given: str
    array: str
    result: str
    checked: str


TARGETS = {"numpy": Types("npt.ArrayLike", "Any", "Array", "Any", "given, dtype"),
           "torch": Types("Any", "Tensor", "Tensor", "Tensor", "given"), "jax": Types("Any", "Array", "Array", "Array", "given")}


@dataclass(frozen=True)
class Source:
    """What a module is made from: theorems by the names of their claims, and how the page speaks of the entry."""
    record: Record
    claims: Sequence[str]
    title: str
    meaning: Mapping[str, str]
    template_root: Path
    module_name: str


@dataclass(frozen=True)
class EntryModule(Module):
    """A module with what each of its functions computes, and why others are missing."""
    functions: tuple[Function, ...]
    missing: Mapping[str, str]


def generate(source: Source, target: str = "numpy") -> Module:
    """The module of an entry. Raises CannotGenerate (nothing to compute, no such target), CannotLower or ProofError."""
    if target not in TARGETS:
        raise CannotGenerate(f"no backend {target!r}; accepted: {', '.join(TARGETS)}")
    if not source.module_name.isidentifier():
        raise CannotGenerate(f"{source.module_name!r} is no Python name; accepted are identifiers")
    templates = environment(source.template_root)
    made = functions(source.record, source.claims)
    names = {n: identifier(n) for f in made.functions for n in f.program.inputs}
    facts = _Facts(source, made, Speller(templates, target, names)).facts()
    facts["digest"] = _digest(source, target, facts)
    text, test = (templates.get_template(f"{target}/{f}").render(facts).rstrip("\n") + "\n" for f in (FILES[0], FILES[2]))
    return EntryModule(text, test, made.record, made.functions, made.missing)


def _digest(source: Source, target: str, facts: Mapping[str, Any]) -> str:
    """A hash of what is arranged and of the templates, whatever the line ends of the checkout."""
    parts = [repr(facts), *[(source.template_root / target / f).read_text(encoding="utf-8") for f in FILES]]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class _Facts:
    """What the templates arrange."""
    source: Source
    made: Functions
    speller: Speller

    def facts(self) -> dict[str, Any]:
        every = self.made.functions
        names = list(dict.fromkeys(n for f in every for t in self._spoken_of(f) for n in self._defined(t)))
        functions = [self._function(f) for f in every]
        for f in functions:
            f["gradients"] = [g for g in functions if g["of"] == f["name"] and set(g["names"]) <= set(f["names"])]
        return {
            "title": plain(self.source.title), "module_name": self.source.module_name,
            "definitions": [line for n in names for line in lines(definition(self.made.record.context, n))],
            "peaks": self.made.peaks, "functions": functions,
            "exported": sorted(f.name for f in every),
            "positive": any(f.positive for f in every),
            "rows": ", ".join(f'"{f.name}"' for f in every if f.batch and any(map(self._axes, f.program.inputs))),
            "operators": sorted(set[str]().union(*[f.program.operators() for f in every])),
        }

    def _spoken_of(self, f: Function) -> list[Term]:
        about = [self.made.record.theorems[name].conclusion for name in (*([f.theorem] if f.theorem else []), *f.forms)]
        return [f.symbol, *about]

    def _defined(self, t: Term) -> list[str]:
        """The definitions that a term speaks of, innermost first."""
        definitions, found = self.made.record.context.definitions, list[str]()
        for n in sorted(n for n in t.names if n in definitions):
            found += [m for m in (*self._defined(definitions[n][1]), n) if m not in found]
        return found

    def _axes(self, name: str) -> tuple[str, ...]:
        return self.made.record.context.arrays[name]

    def _function(self, f: Function) -> dict[str, Any]:
        about = [f.theorem] if f.theorem else []
        arguments = [self._argument(f, n) for n in f.program.inputs]
        names = [a["name"] for a in arguments]
        return {"name": f.name, "names": names, "what": self._what(f), "arguments": arguments,
                "shape": _shape([i.data[1] for i in f.axes], self._rows(f)),
                "theorem": statements(self.made.record, about),
                "forms": [line for name in f.forms for line in statements(self.made.record, [name])],
                "body": self.speller.lines(f.program), "value": self.speller.expression(f.program.results[0]),
                **self._layout(f.name, names, arguments), **self._differentiated(f)}

    def _layout(self, name: str, names: Sequence[str], arguments: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """The lines that may be too long."""
        types = TARGETS[self.speller.target]
        checked = [f'("{a["name"]}", {a["name"]}, {a["axes"]})' for a in arguments]
        shapes = [f'"{a["name"]}": {_tuple(a["sets"])}' for a in arguments]
        return {"signature": bracketed(f"def {name}(", [f"{n}: {types.taken}" for n in names], f") -> {types.given}:"),
                "kernel": bracketed(f"def _{name}(", [f"{n}: {types.array}" for n in names], f") -> {types.result}:"),
                "call": bracketed(f"    {types.checked} = _arguments(", checked, ")"),
                "shapes": bracketed(f'    "{name}": {{', shapes, "},")}

    def _rows(self, f: Function) -> bool:
        """Whether axes may come before those that are named: rows, or anything where arguments are numbers."""
        return f.batch or not any(map(self._axes, f.program.inputs))

    def _what(self, f: Function) -> str:
        meaning = self.source.meaning.get(str(f.symbol.data), "") if f.is_value else ""
        return f"{text(f.symbol)}{': ' + plain(meaning) if meaning else ''}"

    def _argument(self, f: Function, name: str) -> dict[str, Any]:
        sets, meaning = self._axes(name), self.source.meaning.get(name, "")
        rows = self._rows(f) and (bool(sets) or not f.batch)
        said = _shape(sets, rows) if sets or not rows else "a number, or an array of them"
        axes = ("...", *sets) if rows else sets
        return {"name": identifier(name), "axes": _tuple(axes), "sets": sets,
                "lines": lines(f"{identifier(name)}: {plain(meaning) + ', ' if meaning else ''}{said}")}

    def _differentiated(self, f: Function) -> dict[str, str]:
        """For a gradient: the function that it is the derivative of, the argument by which, and subscripts: of the slope with
        an axis for each index, and of what a gradient by the result is turned into."""
        if f.is_value:
            return {"of": "", "by": "", "slope": "", "pullback": ""}
        target, variable = f.symbol.args
        letters = {i: LETTERS[n] for n, i in enumerate(f.axes)}
        of, by, axes = ("".join(letters[i] for i in indices) for indices in (target.args, variable.args, f.axes))
        return {"of": identifier(str(target.data)), "by": identifier(str(variable.data)), "slope": f"{of}{by}->{axes}",
                "pullback": f"...{of},...{axes}->...{by}"}


def _tuple(axes: Sequence[str]) -> str:
    return "(" + ", ".join(f'"{s}"' for s in axes) + (",)" if len(axes) == 1 else ")")


def _shape(axes: Sequence[str], rows: bool) -> str:
    """In words: shape (N,), or also (..., N)."""
    exact = "(" + ", ".join(axes) + ("," if len(axes) == 1 else "") + ")"
    if rows:
        return f"shape {exact} or ({', '.join(('...', *axes))})" if axes else "one number for each row"
    return f"shape {exact}" if axes else "a number"


# ---------------------------------------------------------------- text
def plain(words: str) -> str:
    """Words that fit into a docstring."""
    return words.replace("\\", "/").replace('"', "'").rstrip(".")


def lines(words: str) -> list[str]:
    return wrap(words, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)


def bracketed(head: str, items: Sequence[str], tail: str) -> str:
    """A statement with items in brackets, broken where a line would be too long."""
    indent = " " * (len(head) - len(head.lstrip()))
    whole, inner = head + ", ".join(items) + tail, f"{indent}    " + ", ".join(items)
    if len(whole) <= LINE:
        return whole
    rows = [inner] if len(inner) <= LINE else [f"{indent}    {item}," for item in items]
    return "\n".join([head, *rows, indent + tail])
