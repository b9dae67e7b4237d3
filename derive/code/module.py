"""From a plan to the text of a module and of its tests: the templates of a target arrange what is decided here.

Deterministic: the header names the theorems and a hash of what the module was made from, and no date.
"""
from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path
from textwrap import wrap
from typing import Any

from ..engine.record import Record
from ..kernel.context import Context
from ..kernel.terms import Term, ix, mk
from .errors import CannotGenerate
from .linear import text
from .plan import Plan, plan
from .program import Program
from .schedule import Block, Kernel
from .spelling import Speller, environment

WIDTH = 92                                                    # of a line of a docstring, without its indentation
LETTERS = "ijkl"


@dataclass(frozen=True)
class Module:
    """source and test are files; `record` holds the theorems that the source computes, for a proof file."""
    source: str
    test: str
    record: Record

    @property
    def digest(self) -> str:
        """What evidence is keyed by: the source, which names the hash of its theorems and templates."""
        return hashlib.sha256(self.source.encode()).hexdigest()


@dataclass(frozen=True)
class Target:
    """The templates of one language."""
    root: Path
    name: str = "numpy"
    files: tuple[str, ...] = ("module.py.j2", "operators.py.j2", "test_module.py.j2")

    def digest(self, statements: Sequence[str]) -> str:
        """A hash of theorems and templates, whatever the line ends of the checkout."""
        parts = [*statements, *[(self.root / self.name / f).read_text(encoding="utf-8") for f in self.files]]
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def generate(record: Record, theorems: Sequence[str], roles: Mapping[str, str], title: str, template_root: Path,
             module_name: str = "generated") -> Module:
    """The NumPy module for theorems about a derivative. Raises CannotGenerate, CannotLower or ProofError."""
    for name in (module_name, *roles.values()):
        _check_name(name)
    target, planned = Target(template_root), plan(record, theorems, roles)
    templates = environment(template_root)
    computed = [name for p in _computed(planned) for name in p.theorems]
    statements = [repr(planned.record.theorems[name]) for name in (*theorems, *computed)]
    facts = {"title": _plain(title), "module_name": module_name, "digest": target.digest([title, *roles.values(), *statements]),
             **_facts(planned, Speller(templates, target.name))}
    source, test = (templates.get_template(f"{target.name}/{f}").render(facts).rstrip("\n") + "\n"
                    for f in ("module.py.j2", "test_module.py.j2"))
    return Module(source, test, planned.record)


def _check_name(name: str) -> None:
    """Names go into code: nothing but identifiers does."""
    if not name.isidentifier() or iskeyword(name):
        raise CannotGenerate(f"{name!r} is no Python name; accepted are identifiers")


def _plain(title: str) -> str:
    """A title that fits into a docstring."""
    return "\n".join(wrap(title.replace("\\", "/").replace('"', "'"), WIDTH)).rstrip(".")


def _computed(planned: Plan) -> list[Kernel | Program]:
    loss = planned.loss
    return [*[f.program for f in planned.functions], *((*loss.hard, *loss.soft) if loss else ())]


def _facts(planned: Plan, speller: Speller) -> dict[str, Any]:
    """What the templates arrange: kernels, public functions, theorems as text, the operators in use."""
    computed, record = _computed(planned), planned.record
    loss = planned.loss
    exported = [f.name for f in planned.functions]
    exported += [loss.name, f"{loss.name}_grad", f"{loss.name}_value_and_grad"] if loss else []
    return {
        "kernels": [_kernel(k, speller, record) for k in computed if isinstance(k, Kernel)],
        "programs": [_program(p, speller, record) for p in computed if isinstance(p, Program)],
        "functions": [{"name": f.name, "kernel": f.program.name, "rank": f.rank, "theorems": statements(record, f.stated)}
                      for f in planned.functions],
        "loss": loss.name if loss else "",
        "scalar": planned.scalar,
        "theorems": statements(record, planned.theorems),
        "definitions": [line for name in planned.definitions for line in _lines(definition(record.context, name))],
        "operators": sorted(set().union(*[b.operators() for k in computed
                                          for b in (k.blocks if isinstance(k, Kernel) else (k,))])),
        "exported": sorted(exported),
    }


def _program(p: Program, speller: Speller, record: Record) -> dict[str, Any]:
    (result,) = p.results
    return {"name": p.name, "inputs": p.inputs, "lines": speller.lines(p), "result": speller.owned(result, p.inputs),
            "theorems": statements(record, p.theorems)}


def _kernel(k: Kernel, speller: Speller, record: Record) -> dict[str, Any]:
    return {"name": k.name, "inputs": k.inputs, "results": k.results, "scaled": k.scaled,
            "plain": k.plain and _block(k.plain, speller, record), "shifted": _block(k.shifted, speller, record)}


def _block(b: Block, speller: Speller, record: Record) -> dict[str, Any]:
    low, high = (n and speller.expression(n) for n in (b.low, b.high))
    before, after = ([speller.statement(line) for line in lines] for lines in (b.before, b.after))
    return {"before": before, "low": low, "high": high, "after": after, "theorems": statements(record, b.theorems)}


def statements(record: Record, names: Sequence[str]) -> list[str]:
    """Theorems as indented lines of text: hypotheses first, then what follows."""
    out: list[str] = []
    for name in names:
        theorem = record.theorems[name]
        given = sorted(text(h) for h in theorem.hypotheses if h.op != "le")
        out += _lines(f"if {' and '.join(given)}: {text(theorem.conclusion)}" if given else text(theorem.conclusion))
    return out


def definition(ctx: Context, name: str) -> str:
    """name[i] = body."""
    sets, _ = ctx.definitions[name]
    symbol = mk("arr", name, *[ix(LETTERS[n], s) for n, s in enumerate(sets)])
    body: Term = ctx.unfold(symbol)
    return f"{text(symbol)} = {text(body)}"


def _lines(statement: str) -> list[str]:
    return wrap(statement, WIDTH, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
