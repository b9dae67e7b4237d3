"""Spells array programs in a target language: one Jinja macro an operator, in templates/TARGET/operators.py.j2."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .errors import CannotLower
from .program import OPERATORS, Let, Node, Program
from .schedule import Line

ATOM = 9
FORMAT_WIDTH = 100                                            # columns of generated Python


def environment(root: Path) -> Environment:
    """The Jinja settings of the house; generated code is no HTML, so nothing is escaped."""
    made = Environment(loader=FileSystemLoader(root), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                       keep_trailing_newline=True, autoescape=False)
    made.globals["fitted"] = fitted
    made.filters["typed"] = lambda name: f"{name}: Array"
    made.filters["suffixed"] = lambda name, suffix: name + suffix
    return made


def fitted(head: str, args: Sequence[str], tail: str, indent: int = 0) -> str:
    """head(args)tail as ruff format breaks it."""
    space = " " * indent
    one = f"{space}{head}({', '.join(args)}){tail}"
    if len(one) <= FORMAT_WIDTH:
        return one
    two = f"{space}    {', '.join(args)}"
    inner = two if len(two) <= FORMAT_WIDTH else "\n".join(f"{space}    {a}," for a in args)
    return f"{space}{head}(\n{inner}\n{space}){tail}"


class Speller:
    """Lines of code for programs; `target` is a folder of templates."""

    def __init__(self, templates: Environment, target: str) -> None:
        self.target = target
        self.macros: Any = templates.get_template(f"{target}/operators.py.j2").module

    def macro(self, op: str) -> Callable[..., str]:
        found = getattr(self.macros, "do_" + op, None)
        if found is None:
            raise CannotLower(f"the {self.target} template has no macro do_{op} for the operator {op} ({OPERATORS[op].meaning})")
        spelled: Callable[..., str] = found
        return spelled

    def expression(self, node: Node) -> str:
        """An expression; a number of axes or a place is handed to the macro as data, with the rank without the batch."""
        args = [self._argument(a, needs) for a, needs in zip(node.args, OPERATORS[node.op].needs, strict=True)]
        data = {} if node.data is None else {"data": node.data}
        if node.op == "expand":
            data["rank"] = len(node.axes)
        return str(self.macro(node.op)(*args, **data))

    def _argument(self, node: Node, needs: int) -> str:
        binds = ATOM if node.op == "input" else OPERATORS[node.op].binds
        if node.op == "number" and (node.data < 0 or node.data.denominator != 1):     # type: ignore[operator, union-attr]
            binds = 2
        return f"({self.expression(node)})" if binds < needs else self.expression(node)

    def lines(self, program: Program) -> list[str]:
        """One statement for each named value, or two where an array is changed in place."""
        return [line for let in program.lets for line in self._statement(let)]

    def _statement(self, let: Let) -> list[str]:
        node = let.value
        if not OPERATORS[node.op].statement:
            return [f"{let.name} = {self.expression(node)}"]
        base = self.expression(node.args[0])
        owned = str(self.macro("copy")(self._argument(node.args[0], ATOM))) if node.args[0].op in ("input", "view") else base
        rest = [self.expression(a) for a in node.args[1:]]
        return [f"{let.name} = {owned}", str(self.macro(node.op)(let.name, *rest))]

    def statement(self, line: Line) -> str:
        """One line of a schedule."""
        node, target = line.value, line.target
        match line.kind:
            case "change":
                return str(self.macro(node.op)(target, *[self.expression(a) for a in node.args[1:]]))
            case "into":
                args = [self.expression(a) for a in node.args]
                return str(self.macros.into(node.op, self.expression(node), args, target))
            case "copy":
                return f"{target} = {self.macro('copy')(self._argument(node, ATOM))}"
        return f"{target} = {self.expression(node)}"

    def owned(self, node: Node, inputs: tuple[str, ...]) -> str:
        """An expression that is no input itself: callers scale results in place."""
        while node.op == "view":
            (node,) = node.args
        spelled = self.expression(node)
        return str(self.macro("copy")(spelled)) if spelled in inputs else spelled

    def results(self, program: Program) -> str:
        return ", ".join(self.expression(r) for r in program.results)
