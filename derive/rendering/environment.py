"""Jinja as this project uses it: strict, with delimiters of its own for LaTeX; templates in the package or beside it."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

LATEX_DELIMITERS: dict[str, Any] = {"block_start_string": r"\BLOCK{", "block_end_string": "}", "variable_start_string": r"\VAR{",
                    "variable_end_string": "}", "comment_start_string": r"\#{", "comment_end_string": "}"}
ESCAPES = str.maketrans({"&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
                         "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "\\": r"\textbackslash{}",
                         "≠": r"$\neq$", "×": r"$\times$"})


def template_root() -> Path:
    """The folder of templates: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def escaped(text: str) -> str:
    """Prose as LaTeX."""
    return text.translate(ESCAPES)


def environment(kind: str, filters: dict[str, Callable[..., Any]], latex: bool = False) -> Environment:
    """The environment of one output kind, whose templates stand in the folder of that name."""
    env = Environment(loader=FileSystemLoader(template_root() / kind), undefined=StrictUndefined, trim_blocks=True,
                      lstrip_blocks=True, keep_trailing_newline=True, autoescape=False, **(LATEX_DELIMITERS if latex else {}))
    env.filters.update(filters)
    return env
