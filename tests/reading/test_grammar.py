"""The kept table is that of the grammar, another grammar is never read by it, and lark accepts the same formulas."""
from __future__ import annotations

import json
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lark import Lark
from lark.exceptions import UnexpectedToken
from lark.lexer import Lexer
from lark.lexer import Token as LarkToken

from derive.reading import grammar as g

TEXT = files("derive.reading").joinpath("grammar.lark").read_text(encoding="utf-8")
KINDS = ("NUM", "NAME", "BIG", "FRAC", "SQRT", "ACCENT", "LB", "RB", "LP", "RP", "SUB", "SUP", "PRIME", "PLUS", "MINUS", "TIMES",
         "COMMA", "REL", "DOTS")


class Given(Lexer):
    def __init__(self, _):
        pass

    def lex(self, data):
        return (LarkToken(kind, kind) for kind in data)


class Counted:
    """A builder for which every rule makes the number of tokens below it."""

    def __getattr__(self, name):
        return lambda *parts: sum(x if isinstance(x, int) else 1 for x in parts)


def test_the_kept_table_is_up_to_date():
    kept = json.loads(files("derive.reading").joinpath("grammar.json").read_text(encoding="utf-8"))
    assert kept == g.made(TEXT), "run `python -m derive.reading.grammar`"


def test_a_table_of_another_text_is_not_used(tmp_path, monkeypatch):
    (tmp_path / "grammar.lark").write_text("%declare A\nsum: A -> one", encoding="utf-8")
    (tmp_path / "grammar.json").write_text(json.dumps(g.made(TEXT)), encoding="utf-8")
    monkeypatch.setattr(g, "files", lambda _: tmp_path)
    assert {r.method for r in g.grammar.__wrapped__().rules} == {"one"}


LARK = Lark(TEXT, start="sum", parser="lalr", lexer=Given, strict=True, maybe_placeholders=False)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=9))
def test_lark_accepts_the_same_and_no_token_is_lost(kinds):
    try:
        LARK.parse(kinds)
    except UnexpectedToken:
        with pytest.raises(g.Unexpected):
            g.run(g.grammar(), [(k, k) for k in kinds], Counted())
        return
    assert g.run(g.grammar(), [(k, k) for k in kinds], Counted()) == len(kinds)
