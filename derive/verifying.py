"""derive verify: load a function from a file, find what an entry says that it may compute, and print what came of it.

The file is executed, and the function is called; nothing else of it is trusted.
"""
from __future__ import annotations

import importlib.util
import linecache
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any

from .catalogue.discovery import names as every_name
from .code.axes.functions import identifier, theorems_about
from .code.axes.module import EntryModule
from .code.errors import CannotGenerate, CannotLower, CannotVerify
from .code.question import Quantity, sizes_known
from .code.verification import Outcome, Subject, Verifier, parameters
from .engine.record import Record
from .evidence_store import evidence
from .kernel.replay import Theorem as Proved
from .kernel.terms import Term, mk
from .proving import Theorem, prove
from .rendering.layout import Layout, Notation, layout
from .rendering.page import notation_of
from .rendering.text import Text

CODES = {"refuted": "D411", "undecided": "D412", "proved_under": "D413"}
_number = count()


@dataclass(frozen=True)
class Report:
    """What is known of a function: an outcome for each way to call it."""
    function: str
    entry: str
    filename: str
    outcomes: tuple[Outcome, ...]
    first_line: int
    notation: Notation

    @property
    def verdict(self) -> str:
        """The best of the outcomes that the function accepts."""
        order = ("proved", "proved_under", "refuted", "undecided", "not_accepted")
        return min((o.verdict for o in self.outcomes), key=order.index)

    def show(self, t: Term) -> str:
        shown: Layout = layout(t, self.notation)
        return Text().show(shown)


def verify(target: str, against: str, arguments: Mapping[str, str] | None = None, computes: str = "", shape: str = "",
           reduction: str = "", labels: str = "") -> Report:
    """Verify FILE.py::FUNCTION against an entry. `arguments`: array of the entry -> parameter; `computes`: a quantity by name;
    `shape`: row or batch; `labels`: weights or integer. Raises CannotVerify for what makes no sense, and what proving raises."""
    filename, _, name = target.partition("::")
    namespace = loaded(Path(filename), name)
    theorem = prove(against)
    return examined(theorem, namespace, name, filename, arguments or {}, computes, shape, reduction, labels)


def pairs(text: str) -> dict[str, str]:
    """z=logits,y=labels as a mapping. Raises CannotVerify."""
    found = [part.partition("=") for part in text.split(",") if part.strip()]
    wrong = [left + sign + right for left, sign, right in found if not (left.strip() and right.strip())]
    if wrong:
        raise CannotVerify(f"--args {wrong[0]!r}; accepted is ARRAY=PARAMETER, as z=logits,y=labels")
    return {left.strip(): right.strip() for left, _, right in found}


def loaded(path: Path, name: str) -> dict[str, Any]:
    """The namespace of a file after it was executed, with the function in it. Raises CannotVerify."""
    if not name or not path.is_file():
        raise CannotVerify(f"{path}{'::' + name if name else ''}: accepted is FILE.py::FUNCTION, with a file that exists")
    module_name = f"_derive_verified_{next(_number)}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    if spec is None or spec.loader is None:
        raise CannotVerify(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise CannotVerify(f"{path}: executing the file raised {type(error).__name__}: {error}") from error
    if not callable(getattr(module, name, None)):
        found = sorted(n for n, v in vars(module).items() if callable(v) and getattr(v, "__module__", "") == module_name)
        raise CannotVerify(f"{path} has no function {name}; found {', '.join(found) or 'none'}")
    return vars(module)


def executed(source: str, name: str) -> dict[str, Any]:
    """The namespace of a source text, under a file name of its own."""
    filename = f"<{name}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    namespace: dict[str, Any] = {"__name__": f"_derive_{name}", "__file__": filename}
    exec(compile(source, filename, "exec"), namespace)
    return namespace


def examined(theorem: Theorem, namespace: dict[str, Any], name: str, filename: str, arguments: Mapping[str, str] | None = None,
             computes: str = "", shape: str = "", reduction: str = "", labels: str = "",
             fixed: Mapping[str, Any] | None = None, wanted: Quantity | None = None) -> Report:
    """Verify a function of a namespace; the arguments are those of `verify`, `fixed` are values of further parameters, and
    `wanted` is the quantity where that is known."""
    function = namespace[name]
    _check_choice("shape", shape, ("row", "batch"))
    _check_choice("labels", labels, ("weights", "integer"))
    _check_choice("reduction", reduction, ("mean", "sum", "none"))
    code = getattr(function, "__code__", None)
    if code is None:
        raise CannotVerify(f"{name} is no Python function, but {type(function).__name__}")
    record = theorem.derivation.record
    every = quantities_of(theorem)
    arrays = [n for n in record.context.arrays if any(n in q.inputs(record.context) for q in every)]
    named = _named(theorem.entry.name, arrays, name, parameters(function), arguments or {}, fixed or {})
    subject = Subject(function, code.co_filename, namespace, named, fixed or {})
    quantities = (wanted,) if wanted else _chosen(every, computes)
    verifier = Verifier(record, quantities, subject, (reduction,) if reduction else Verifier.reductions)
    modes = [m for m in verifier.modes() if (not shape or bool(m.batch) is (shape == "batch"))
             and (not labels or bool(m.integer) is (labels == "integer"))]
    outcomes = tuple(verifier.outcome(m) for m in modes)
    return Report(name, theorem.entry.name, filename, outcomes, code.co_firstlineno, _notation(theorem))


def _notation(theorem: Theorem) -> Notation:
    d = theorem.derivation
    return notation_of(d.record, d.reader.letters, d.alphabet, d.parts, d.entry.layers)


def _check_choice(what: str, value: str, accepted: Iterable[str]) -> None:
    if value and value not in accepted:
        raise CannotVerify(f"{what} {value!r}; accepted: {', '.join(accepted)}")


def quantities_of(theorem: Theorem) -> tuple[Quantity, ...]:
    """The defined symbols of an entry, the targets of its gradients first, and the gradients with their claims."""
    d = theorem.derivation
    gradients: dict[Term, list[tuple[Term, tuple[Term, ...]]]] = {}
    for claim, name in d.claims:
        proved: Proved = d.theorem(name)
        given = tuple(d.reader.condition(h) for h in claim.given)
        gradients.setdefault(proved.sides[0], []).append((proved.sides[1], given))
    sets = list(dict.fromkeys(given for claims in gradients.values() for _, given in claims if given))
    found = []
    for symbol, claims in gradients.items():
        target, variable = symbol.args
        axes = tuple(dict.fromkeys((*target.args, *variable.args)))
        weakest_first = (*_without_hypotheses(d.record, symbol), *sorted(claims, key=lambda c: len(c[1])))
        found.append(Quantity(Text().show(layout(symbol, Notation())), symbol, axes, weakest_first))
    ctx = d.record.context
    stated = {str(getattr(s, "base", s)) for s in d.entry.definitions}
    for name, (own, _) in ctx.definitions.items():
        if name not in stated:                                # a name of the chain's own
            continue
        letters = "ijkl"
        symbol = mk("arr", name, *[mk("ix", (letters[n], s)) for n, s in enumerate(own)])
        found.append(Quantity(name, symbol, symbol.args, ((symbol, ()), *[(symbol, given) for given in sets])))
    return tuple(found)


def _without_hypotheses(record: Record, symbol: Term) -> tuple[tuple[Term, tuple[Term, ...]], ...]:
    """What a gradient equals whatever the arguments are, where that was proved on the way to the claims."""
    name = theorems_about(record, (), symbol)[:1]
    return tuple((record.theorems[n].sides[1], ()) for n in name if not sizes_known(record.theorems[n].hypotheses))


def _chosen(quantities: tuple[Quantity, ...], computes: str) -> tuple[Quantity, ...]:
    if not computes:
        return quantities
    found = tuple(q for q in quantities if q.name == computes or computes in ("value", "gradient")
                  and q.is_value is (computes == "value"))
    if not found:
        raise CannotVerify(f"no quantity {computes!r}; accepted: value, gradient, {', '.join(q.name for q in quantities)}")
    return found


def _named(entry: str, arrays: Sequence[str], function: str, params: Mapping[str, bool], arguments: Mapping[str, str],
           fixed: Mapping[str, Any]) -> dict[str, str]:
    """Parameter -> array of the entry: by name, or as `arguments` says."""
    for array, parameter in arguments.items():
        if array not in arrays or parameter not in params:
            raise CannotVerify(f"{array}={parameter}: arrays of {entry} are {', '.join(arrays)}, "
                               f"parameters of {function} are {', '.join(params)}")
    turned = {parameter: array for array, parameter in arguments.items()}
    named = {p: turned.get(p, p) for p in params if p in turned or p in arrays and p not in arguments}
    missing = [p for p, needed in params.items() if needed and p not in named and p not in fixed]
    if missing or not named:
        hint = f"say which array each is, as --args {arrays[0]}={next(iter(missing or params), '...')}"
        raise CannotVerify(f"{function}({', '.join(params)}): {', '.join(missing) or 'no parameter'} is no array of "
                           f"{entry} ({', '.join(arrays)}); {hint}")
    return {p: a for p, a in named.items() if p not in fixed}


def generated(theorem: Theorem, source: str = "", only: str = "") -> Iterator[Report]:
    """Every public function of the generated module (or of another text in its place; or `only` one of an entry without roles)
    through the same door, in every way that it may be called."""
    if isinstance(theorem.module, EntryModule):
        yield from _of_entry(theorem, theorem.module, source, only)
        return
    roles = theorem.entry.code
    namespace = executed(source or theorem.to_code("numpy"), theorem.module_name)
    arguments = {roles[role]: parameter for role, parameter in (("logits", "z"), ("labels", "y")) if role in roles}
    for name, computes, reductions in _exported(roles):
        own = {array: p for array, p in arguments.items() if p in parameters(namespace[name])}
        for n, r in enumerate(reductions):                    # one row has no reduction: it is looked at once
            fixed = {"reduction": r} if "reduction" in parameters(namespace[name]) else {}
            yield examined(theorem, namespace, name, theorem.module_name, own, computes, "batch" if n else "", r, "", fixed)


def _of_entry(theorem: Theorem, module: EntryModule, source: str, only: str) -> Iterator[Report]:
    """The functions that an entry gives without roles: each for its own quantity, for rows and, where it takes them, batches."""
    namespace = executed(source or module.source, theorem.module_name)
    symbols = {q.symbol.data if q.is_value else q.symbol: q for q in quantities_of(theorem)}
    for f in [f for f in module.functions if only in ("", f.name)]:
        wanted = symbols[f.symbol.data if f.is_value else f.symbol]
        right = wanted.claims[0][0] if f.is_value else module.record.theorems[f.theorem].sides[1]
        wanted = replace(wanted, claims=((right, f.hypotheses),))        # no claim under stronger hypotheses stands in for it
        arguments = {n: identifier(n) for n in f.program.inputs}
        for shape in ("row", "batch") if f.batch else ("row",):
            yield examined(theorem, namespace, f.name, theorem.module_name, arguments, "", shape, "none", "weights",
                           wanted=wanted)


def _exported(roles: Mapping[str, str]) -> list[tuple[str, str, tuple[str, ...]]]:
    """Name, what it computes, and reductions of each public function."""
    if "loss" not in roles:
        return [(roles["value"], "value", ("none",)), (roles["derivative"], "gradient", ("none",))]
    loss, every = roles["loss"], ("mean", "sum", "none")
    return [(roles["activation"], "value", ("none",)), (loss, "value", every), (f"{loss}_grad", "gradient", every),
            (f"{loss}_value_and_grad", "", every)]


@dataclass(frozen=True)
class Verified:
    """What came of the generated module of an entry: its reports, and the evidence file if every function is proved."""
    name: str
    reports: tuple[Report, ...] = ()
    evidence: Path | None = None
    known: bool = False                                       # the evidence was there before
    error: str = ""

    @property
    def failed(self) -> tuple[str, ...]:
        """The functions that are not proved in every way to call them."""
        return tuple(dict.fromkeys(r.function for r in self.reports if any(o.verdict != "proved" for o in r.outcomes)))

    def __str__(self) -> str:
        if self.error:
            return f"{self.name}: no code: {self.error}"
        if self.known:
            return f"{self.name}: proved before: {self.evidence}"
        if self.failed:
            return f"{self.name}: not verified: {', '.join(self.failed)}"
        return f"{self.name}: {_counted(self.reports)}\n    evidence: {self.evidence}"


def _counted(reports: Sequence[Report]) -> str:
    ways = _ways(reports)
    return f"{', '.join(ways)}: proved in {sum(ways.values())} ways to call them"


def _ways(reports: Sequence[Report]) -> dict[str, int]:
    """Function -> in how many ways it may be called."""
    found: dict[str, int] = {}
    for r in reports:
        found[r.function] = found.get(r.function, 0) + len(r.outcomes)
    return found


def verify_generated(names: Sequence[str]) -> Iterator[Verified]:
    """Trace and prove the generated modules of entries, and keep the evidence. If none is named, those of all entries that
    have code and no evidence yet. Raises what proving raises."""
    for name in names or every_name():
        theorem = prove(name)
        try:
            module, known = theorem.module, evidence(name)
            if not names and known.holds("code_verified", module.digest):
                yield Verified(name, evidence=known.file, known=True)
                continue
            found = Verified(name, tuple(generated(theorem)))
        except (CannotGenerate, CannotLower) as e:
            if names:
                yield Verified(name, error=str(e))
            continue
        yield found if found.failed else replace(found, evidence=known.keep(
            "code_verified", module.digest, {"functions": _ways(found.reports)}))
