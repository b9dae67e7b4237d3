"""Spells programs in a target language: one Jinja macro an operator, in templates/TARGET/axes.py.j2."""
from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from jinja2 import Environment

from ..errors import CannotLower
from .node import OPERATORS, Node, Program

ATOM, PRODUCT = 9, 2
NO_NAMES: Mapping[str, str] = MappingProxyType({})


class Speller:
    """Expressions and lines of one backend; `target` is a folder of templates, `renamed` has names of inputs in code."""

    def __init__(self, templates: Environment, target: str, renamed: Mapping[str, str] = NO_NAMES) -> None:
        self.target, self.renamed = target, renamed
        self.macros: Any = templates.get_template(f"{target}/axes.py.j2").module

    def expression(self, node: Node) -> str:
        """The text of a node. Raises CannotLower for an operator that the backend does not have."""
        macro = getattr(self.macros, f"do_{node.op}", None)
        if macro is None:
            raise CannotLower(f"the {self.target} template has no macro do_{node.op} ({OPERATORS[node.op].meaning})")
        args = [self._argument(a, needs) for a, needs in zip(node.args, OPERATORS[node.op].needs, strict=True)]
        data = self.renamed.get(str(node.data), node.data) if node.op == "input" else node.data
        return str(macro(*args, **({} if data is None else {"data": data})))

    def _argument(self, node: Node, needs: int) -> str:
        binds = OPERATORS[node.op].binds
        if node.op == "number" and (node.data < 0 or node.data.denominator != 1):     # type: ignore[operator, union-attr]
            binds = PRODUCT
        if node.op in ("view", "expand", "transpose"):
            binds = ATOM if node.op != "view" else OPERATORS[_seen(node).op].binds
        spelled = self.expression(node)
        return f"({spelled})" if binds < needs else spelled

    def lines(self, program: Program) -> list[str]:
        """One statement for each named value."""
        return [f"{name} = {self.expression(value)}" for name, value in program.lets]


def _seen(node: Node) -> Node:
    """What a view shows."""
    return _seen(node.args[0]) if node.op == "view" else node
