"""Every phrase of a page has its Chinese: rules, headings, limits, levels, templates, and the catalogue's own words."""
from __future__ import annotations

import re

import pytest

from derive.catalogue.discovery import load, own_names
from derive.kernel.errors import DeriveError
from derive.proving import Theorem, prove
from derive.rendering.chinese import CHINESE
from derive.rendering.environment import template_root
from derive.rendering.messages import HEADINGS, LADDER, LIMITS, RULES
from derive.rendering.render import REACHED, render
from derive.rendering.translations import translate

PHRASE = re.compile(r'"([^"]+)" \| t\b')


@pytest.fixture(scope="module")
def theorem() -> Theorem:
    return prove("softmax-cross-entropy")


def template_phrases() -> set[str]:
    folders = [template_root() / kind for kind in ("latex", "markdown", "text")]
    return {m for f in folders for p in f.glob("*.j2") for m in PHRASE.findall(p.read_text(encoding="utf-8"))}


def entry_phrases(name: str) -> set[str]:
    entry = load(name)
    claims = [c for g in entry.gradients for c in g.claims]
    return {entry.title, *entry.meaning.values(), *entry.remarks, *[s.about for s in (*claims, *entry.facts) if s.about]}


def test_the_prose_of_the_program_is_translated() -> None:
    phrases = {*[r.title for r in RULES.values()], *[r.reason for r in RULES.values()], *HEADINGS.values(), *LIMITS, *LADDER,
               *LADDER.values(), *REACHED.values(), "for all", "with", "scalar", "function", *template_phrases()}
    assert sorted(phrases - CHINESE.keys()) == []


@pytest.mark.parametrize("name", own_names())
def test_the_words_of_an_entry_are_translated(name: str) -> None:
    assert sorted(entry_phrases(name) - CHINESE.keys()) == []


def test_placeholders_survive_translation() -> None:
    for english, chinese in CHINESE.items():
        assert set(re.findall(r"{\w*}", english)) == set(re.findall(r"{\w*}", chinese)), english


def test_no_phrase_is_translated_that_nobody_uses() -> None:
    used = {*[r.title for r in RULES.values()], *[r.reason for r in RULES.values()], *HEADINGS.values(), *LIMITS, *LADDER,
            *LADDER.values(), *REACHED.values(), "for all", "with", "scalar", "function", *template_phrases()}
    used |= {phrase for name in own_names() for phrase in entry_phrases(name)}
    assert sorted(CHINESE.keys() - used) == []


@pytest.mark.parametrize("kind", ["latex", "markdown", "text", "terminal"])
def test_a_chinese_page_says_the_same_formulas(kind: str, theorem: Theorem) -> None:
    english, chinese = render(kind, theorem.page), render(kind, theorem.page, "zh")
    assert "定理" in chinese or kind == "terminal"
    formulas = re.compile(r"a_i \(δ_ij - a_j\)|a_\{i\} - y_\{i\}|\\sum_\{j \\neq i\}")
    assert formulas.findall(chinese) == formulas.findall(english) != []


def test_another_language_is_refused_by_name(theorem: Theorem) -> None:
    with pytest.raises(DeriveError, match=r"'fr'.*en, zh"):
        render("text", theorem.page, "fr")


def test_an_unknown_phrase_stays_english() -> None:
    assert translate("a phrase of somebody's own entry", "zh") == "a phrase of somebody's own entry"


@pytest.mark.parametrize("name", [pytest.param(n, marks=() if k % 4 == 0 else pytest.mark.soundness)
                                  for k, n in enumerate(own_names())])
def test_each_page_builds_in_both_languages_with_the_same_formulas(name: str) -> None:
    page, formula = prove(name).page, re.compile(r"\$\$?[^$]+\$\$?")
    english, chinese = (formula.findall(render("markdown", page, lang)) for lang in ("en", "zh"))
    assert [re.sub(r"\\text\{[^}]*\}", "", f) for f in english] == [re.sub(r"\\text\{[^}]*\}", "", f) for f in chinese]
    for kind in ("latex", "text"):
        shown = render(kind, page, "zh")
        assert "定理" in shown and "Theorem" not in shown.replace("newtheorem", "")
