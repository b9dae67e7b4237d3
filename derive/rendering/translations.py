"""Pages in other languages: a phrase is looked up in the message table, and stays English where it is missing.

A test goes through rules, headings, templates and the catalogue and fails on a phrase that the table lacks.
"""
from __future__ import annotations

from .chinese import CHINESE

LANGUAGES = ("en", "zh")


def translate(text: str, lang: str) -> str:
    """The phrase in a language of LANGUAGES; English where it has no translation, as for a project's own entries."""
    return CHINESE.get(text, text) if lang == "zh" else text
