"""What a module contains: the stable forms of an entry's theorems, lowered to programs, by the roles of its symbols.

Which symbol is the activation, the value or the loss follows from the theorems and the definitions, never from a name.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..engine.equality import Hints
from ..engine.record import Record
from ..kernel.terms import Term, mk
from .errors import CannotGenerate
from .lowering import LABEL, MAIN, Lowering
from .program import Node, Program, program
from .schedule import Kernel, Results, kernel, schedulable
from .stable import NO_HINTS, Form, Stabilizer

LOGITS, LABELS, TRUE = "z", "y", "labels"                     # the names of arguments in generated code
VALUE, GRAD, RESULT = "value", "grad", "result"               # the arrays that kernels write
KINDS = {"loss": ("logits", "labels", "activation", "loss"), "map": ("logits", "value", "derivative")}


@dataclass(frozen=True)
class Function:
    """A public function of logits alone: a kernel, or a program where results have several axes; its result's rank without
    the batch, the theorems it computes."""
    name: str
    program: Kernel | Program
    rank: int
    stated: tuple[str, ...]


@dataclass(frozen=True)
class Loss:
    """A loss with its gradient: kernels for integer labels and for any labels, (value, gradient, both) each."""
    name: str
    hard: tuple[Kernel, Kernel, Kernel]
    soft: tuple[Kernel, Kernel, Kernel]


@dataclass(frozen=True)
class Forms:
    """What is computed: a stable form, and one without a shift where there is one."""
    shifted: Form
    plain: Form | None


@dataclass(frozen=True)
class Plan:
    """`record` has the theorems of the entry and those of the stable forms."""
    record: Record
    theorems: tuple[str, ...]
    functions: tuple[Function, ...]
    loss: Loss | None
    definitions: tuple[str, ...]
    scalar: str                                               # what stands for the largest logit in the theorems


def plan(record: Record, theorems: Sequence[str], roles: Mapping[str, str]) -> Plan:
    """Raises CannotGenerate, CannotLower, or ProofError where a form has no proof."""
    kind = next((kind for kind, needed in KINDS.items() if set(needed) <= roles.keys()), None)
    missing = [t for t in theorems if t not in record.theorems]
    if kind is None or not theorems or missing:
        accepted = " or ".join(", ".join(needed) for needed in KINDS.values())
        raise CannotGenerate(f"roles {', '.join(roles)} and theorems {list(theorems)} (unknown: {missing}); "
                             f"accepted roles are {accepted}")
    maker = _Planner(record, tuple(theorems), roles)
    return maker.loss() if kind == "loss" else maker.map()


class _Planner:
    def __init__(self, record: Record, theorems: tuple[str, ...], roles: Mapping[str, str]) -> None:
        self.theorems, self.roles = theorems, roles
        self.general = next((t for t in theorems if not record.theorems[t].hypotheses), "")
        if not self.general:
            raise CannotGenerate(f"no theorem without hypotheses among {list(theorems)}: code must be right for every input")
        self.derivative, self.value = record.theorems[self.general].sides
        if self.derivative.op != "D" or self.derivative.args[1].data != roles["logits"]:
            raise CannotGenerate(f"{self.derivative} is no derivative by {roles['logits']}")
        self.target, self.variable = self.derivative.args
        self.stable = Stabilizer(record, roles["logits"])
        self.record = self.stable.record

    # ------------------------------------------------------------ lowering
    def lowered(self, form: Form, *axes: Term, label: Term | None = None) -> Node:
        """The node of a form; `axes` are its free indices in the order of the result's axes."""
        labels = self.roles.get("labels", "")
        place = {i.data[0]: MAIN if n == 0 else f"{MAIN}{n}" for n, i in enumerate(axes)}
        if label is not None:
            place[label.data[0]] = LABEL
        inputs = {self.roles["logits"]: LOGITS} | ({labels: LABELS} if labels else {})
        shift = (self.stable.scalar, "finite_peak" if form.outside else "peak")
        lower = Lowering(LOGITS, inputs, frozenset({labels} - {""}), shift, place, frozenset({self.stable.set}))
        node = lower.node(form.value)
        if form.where is not None:
            x, y, value = map(lower.node, form.where)
            node = lower.apply("choose", x, y, value, node)
        return node

    def forms(self, name: str, left: Term, value: Term, hints: Hints = NO_HINTS) -> Forms:
        shifted = self.stable.form(name, left, value, hints)
        return Forms(shifted, self.stable.plain(shifted, left, value, hints))

    def function(self, name: str, left: Term, value: Term, axes: tuple[Term, ...], stated: tuple[str, ...]) -> Function:
        forms = self.forms(f"{name}, as computed", left, value, Hints(lemmas=stated))
        by_rows = self.kernel(f"_{name}", (LOGITS,), {RESULT: (forms, axes)}, "")
        made = by_rows or program(f"_{name}", (LOGITS,), (self.lowered(forms.shifted, *axes),), forms.shifted.theorems)
        return Function(name, made, len(axes), stated)

    def kernel(self, name: str, inputs: tuple[str, ...], forms: Mapping[str, tuple[Forms, tuple[Term, ...]]], scaled: str,
               label: Term | None = None) -> Kernel | None:
        """The kernel of results, each with the indices of its axes; None where rows have several axes."""
        shifted = self.results({n: (f.shifted, axes) for n, (f, axes) in forms.items()}, label)
        plain = {n: (f.plain, axes) for n, (f, axes) in forms.items() if f.plain is not None}
        if not schedulable(shifted):
            return None
        return kernel(name, inputs, scaled, shifted, self.results(plain, label) if plain.keys() == forms.keys() else None)

    def results(self, forms: Mapping[str, tuple[Form, tuple[Term, ...]]], label: Term | None) -> Results:
        return Results({n: self.lowered(f, *axes, label=label) for n, (f, axes) in forms.items()},
                       tuple(t for f, _ in forms.values() for t in f.theorems))

    def plan(self, functions: tuple[Function, ...], loss: Loss | None) -> Plan:
        definitions = tuple(self._reached(self.derivative, self.value))
        return Plan(self.record, self.theorems, functions, loss, definitions, self.stable.scalar)

    def _reached(self, *terms: Term) -> list[str]:
        """The definitions that terms speak of, innermost first."""
        found: list[str] = []
        for t in terms:
            for n in sorted(n for n in t.names if isinstance(n, str) and n in self.record.context.definitions):
                found += [m for m in (*self._reached(self.record.context.definitions[n][1]), n) if m not in found]
        return found

    # ------------------------------------------------------------ a value and its derivative
    def map(self) -> Plan:
        value = self.function(self.roles["value"], self.target, self.target, self.target.args, ())
        axes = (*self.target.args, *self.variable.args)
        derivative = self.function(self.roles["derivative"], self.derivative, self.value, axes, (self.general,))
        return self.plan((value, derivative), None)

    # ------------------------------------------------------------ a loss behind an activation
    def loss(self) -> Plan:
        if self.target.args:
            raise CannotGenerate(f"{self.target} has indices; a loss is a scalar")
        activation = self.activation()
        first = self.function(self.roles["activation"], activation, activation, activation.args, ())
        name = self.roles["loss"]
        soft = (self.forms(f"{name}, any labels", self.target, self.target),
                self.forms(f"{name}_grad, any labels", self.derivative, self.value, Hints(lemmas=(self.general,))))
        hard, label = self.one_hot(name)
        return self.plan((first,), Loss(name, self.kernels(name, TRUE, hard, label), self.kernels(name, LABELS, soft, None)))

    def activation(self) -> Term:
        """The one defined array that the gradient is written with."""
        defined = self.record.context.definitions
        names = [n for n in self._reached(self.value) if defined[n][0] == (self.stable.set,)]
        if len(names) != 1:
            raise CannotGenerate(f"{self.value} is written with the defined arrays {names}; one activation is accepted")
        return mk("arr", names[0], *self.variable.args)

    def one_hot(self, name: str) -> tuple[tuple[Forms, Forms], Term]:
        theorem, hypothesis, k = self._one_hot_theorem()
        hints = Hints(given=(hypothesis,), lemmas=(theorem,))
        picked = self.stable.picked(self.stable.exposed(self.target), hypothesis)
        value = self.forms(f"{name}, one-hot", self.target, picked, hints)
        apart = self.stable.apart(value.shifted, f"{name}, at a label", self.target, k, hints)
        best = self.stable.at_peak(apart, f"{name}, at a label that has the largest logit", self.target, k, hints)
        plain = value.plain and self.stable.apart(value.plain, f"{name}, at a label, not shifted", self.target, k, hints)
        plain = plain and self.stable.beside_label(plain, f"{name}, beside the label", self.target, k, hints)
        known = self.record.theorems[theorem]
        grad = self.forms(f"{name}_grad, one-hot", self.derivative, known.sides[1], hints)
        shifted = self.stable.apart(grad.shifted, f"{name}_grad, at a label", self.derivative, k, hints)
        flat = grad.plain and self.stable.apart(grad.plain, f"{name}_grad, at a label, not shifted", self.derivative, k, hints)
        return (Forms(best, plain), Forms(shifted, flat)), k

    def _one_hot_theorem(self) -> tuple[str, Term, Term]:
        """The theorem under `y[j] = delta(j,k) for all j`: its name, the hypothesis and k."""
        for theorem in self.theorems:
            hypotheses = self.record.theorems[theorem].hypotheses
            for h in hypotheses if len(hypotheses) == 1 else ():
                equal = h.args[0] if h.op == "all" else h
                if equal.op == "eq" and equal.args[1].op == "delta" and equal.args[0].op == "arr" \
                        and equal.args[0].data == self.roles["labels"]:
                    (label,) = [i for i in equal.args[1].args if i.op == "ix"]
                    return theorem, h, label
        labels = self.roles["labels"]
        raise CannotGenerate(f"no theorem for one-hot {labels} among {list(self.theorems)}: integer labels need one")

    def kernels(self, name: str, given: str, forms: tuple[Forms, Forms], label: Term | None) -> tuple[Kernel, Kernel, Kernel]:
        suffix, inputs = "hard" if given == TRUE else "soft", (LOGITS, given)
        value, grad = {VALUE: (forms[0], ())}, {GRAD: (forms[1], self.variable.args)}
        first, second, third = (self._kernel(f"_{name}{what}_{suffix}", inputs, forms, label) for what, forms in (
            ("", value), ("_grad", grad), ("_value_and_grad", {**value, **grad})))
        return first, second, third

    def _kernel(self, name: str, inputs: tuple[str, ...], forms: Mapping[str, tuple[Forms, tuple[Term, ...]]],
                label: Term | None) -> Kernel:
        found = self.kernel(name, inputs, forms, GRAD if GRAD in forms else "", label)
        if found is None:
            raise CannotGenerate(f"{name}: results with several axes are not computed row by row")
        return found
