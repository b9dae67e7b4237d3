"""The LALR table of the grammar beside this file: lark makes it, grammar.json keeps it, for lark costs a start 0.1 s.

A table that was made of another text than grammar.lark is never used. `python -m derive.reading.grammar` writes it anew.
"""
from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

START, END = "sum", "$END"


@dataclass(frozen=True)
class Rule:
    """What a rule makes of its parts: a call of a method of the builder, a part itself (""), or a list of parts ("*")."""
    origin: str
    method: str
    length: int


@dataclass(frozen=True)
class Grammar:
    """rows[state][name]: the next state, or -1 - n for a reduction by rules[n]."""
    rules: tuple[Rule, ...]
    rows: tuple[Mapping[str, int], ...]
    first: int
    last: int


class Unexpected(Exception):
    """No rule goes on with this token (None: with the end)."""

    def __init__(self, found: Any) -> None:
        super().__init__(found)
        self.found = found


def run(g: Grammar, found: Sequence[tuple[str, Any]], builder: object) -> Any:
    """What the builder makes of tokens, each with its kind. Raises Unexpected, and what the builder raises."""
    states, values = [g.first], list[Any]()
    for kind, token in (*found, (END, None)):
        while (action := g.rows[states[-1]].get(kind)) is not None and action < 0:
            _reduce(g, g.rules[-1 - action], states, values, builder)
            if kind == END and states[-1] == g.last:
                return values[-1]
        if action is None:
            raise Unexpected(token)
        states.append(action)
        values.append(token)
    raise Unexpected(None)


def _reduce(g: Grammar, rule: Rule, states: list[int], values: list[Any], builder: object) -> None:
    at = len(values) - rule.length
    parts = [x for value in values[at:] for x in (value if isinstance(value, _Many) else (value,))]
    del values[at:], states[len(states) - rule.length:]
    values.append(getattr(builder, rule.method)(*parts) if len(rule.method) > 1 else _Many(parts) if rule.method else parts[0])
    states.append(g.rows[states[-1]][rule.origin])


class _Many(tuple[Any, ...]):
    """The parts of a repetition: they are parts of the rule around it."""


@cache
def grammar() -> Grammar:
    """The table of grammar.lark: the one that is kept, or a new one where that belongs to another text."""
    text = files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    kept = files(__package__).joinpath("grammar.json")
    stored = json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}
    stored = stored if stored.get("text") == text else made(text)
    return Grammar(tuple(Rule(*r) for r in stored["rules"]), tuple(stored["rows"]), stored["first"], stored["last"])


def made(text: str) -> dict[str, Any]:
    """The table of a grammar as JSON has it, made by lark. Raises what lark raises for a text that is no grammar."""
    from lark import Lark
    from lark.lexer import Lexer
    lexer = type("NoLexer", (Lexer,), {"__init__": lambda self, _: None, "lex": lambda self, data: iter(data)})
    parser: Any = Lark(text, start=START, parser="lalr", lexer=lexer, strict=True, maybe_placeholders=False)
    table = parser.parser.parser._parse_table
    rules = sorted(parser.rules, key=lambda r: (r.origin.name, [x.name for x in r.expansion]))
    states = _in_order(table.states, table.start_states[START])
    rows = [{str(name): states[n] if str(action) == "Shift" else -1 - rules.index(n)
             for name, (action, n) in sorted(table.states[s].items())} for s in states]
    return {"text": text, "rules": [[str(r.origin.name), _method(r), len(r.expansion)] for r in rules], "rows": rows,
            "first": states[table.start_states[START]], "last": states[table.end_states[START]]}


def _in_order(rows: Mapping[int, Any], first: int) -> dict[int, int]:
    """States by the order in which they are reached: lark's own numbers differ from run to run."""
    found, todo = {first: 0}, [first]
    for state in todo:
        for _, (action, n) in sorted(rows[state].items()):
            if str(action) == "Shift" and n not in found:
                found[n] = len(found)
                todo.append(n)
    return found


def _method(rule: Any) -> str:
    name = str(rule.origin.name)
    return "*" if name.startswith("__") else str(rule.alias) if rule.alias else "" if rule.options.expand1 else name


def write(path: Path) -> None:
    """grammar.json beside a grammar.lark, for the text that stands there."""
    table = made(path.with_suffix(".lark").read_text(encoding="utf-8"))
    lines = ",\n".join(f"{json.dumps(k)}: {json.dumps(v, separators=(',', ':'))}" for k, v in table.items())
    new = path.with_suffix(".new")
    new.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
    new.replace(path)


if __name__ == "__main__":
    write(Path(__file__).with_name("grammar.json"))
