"""A page in each format: LaTeX (a document of its own), Markdown, plain text. A format is one row and one template."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ..kernel.errors import DeriveError
from .environment import environment, escaped
from .findings import CODES
from .latex import Latex
from .layout import Layout
from .messages import LADDER, LIMITS
from .page import Page, Section
from .printer import Printer
from .text import Text
from .translations import LANGUAGES

REACHED = {True: "yes", False: "no", None: "not reached"}
FORMATS = {"latex": "page.tex", "markdown": "page.md", "text": "page.txt", "terminal": "terminal.txt"}
FOLDER = {"terminal": "text"}


def render(kind: str, page: Page, lang: str = "en") -> str:
    """The page as one text; kind is one of FORMATS, lang one of LANGUAGES. Raises DeriveError for another language."""
    if lang not in LANGUAGES:
        raise DeriveError(f"no language {lang!r}; accepted: {', '.join(LANGUAGES)}")
    printer: Printer = Text(lang) if kind in ("text", "terminal") else Latex(lang)
    template = _environment(kind, printer).get_template(f"{FORMATS[kind]}.j2")
    return str(template.render(page=page, limits=LIMITS, ladder=LADDER, lang=lang))


@dataclass(frozen=True)
class Row:
    """An entry in the index."""
    name: str
    relation: Layout
    hypotheses: tuple[Layout, ...]
    verdict: str
    uncertified: str = ""                                     # why it is not certified, "" if it is
    uncoded: str = ""                                         # why its code is not verified, or not all there


def render_index(rows: Sequence[Row], missing: Sequence[tuple[str, str]]) -> str:
    """The index of the catalogue, as Markdown, with what is not proved yet."""
    printer = Latex()
    filters: dict[str, Callable[..., Any]] = {"show": printer.show, "cell": lambda text: text.replace("|", r"\vert ")}
    return str(environment("markdown", filters).get_template("index.md.j2").render(rows=rows, missing=missing))


def render_codes() -> str:
    """The finding codes with their meaning and an example, as Markdown; a finding's address points at its heading."""
    return str(environment("markdown", {}).get_template("codes.md.j2").render(codes=CODES))


def _environment(kind: str, printer: Printer) -> Any:
    quote = "${}$" if kind in ("latex", "markdown") else "{}"

    def heading(section: Section) -> str:
        text, words = section.heading
        marks = {k: printer.word(v) if isinstance(v, str) else f"\0{k}\0" for k, v in words.items()}
        out = printer.word(text).format(**marks).strip()
        out = escaped(out) if kind == "latex" else out
        for k, v in words.items():
            if not isinstance(v, str):
                out = out.replace(f"\0{k}\0", quote.format(printer.show(v)))
        return out[:1].upper() + out[1:]

    def show(x: Layout) -> str:
        return printer.show(x)
    filters: dict[str, Callable[..., Any]] = {"show": show, "heading": heading, "escaped": escaped, "level": REACHED.__getitem__,
                                                "t": printer.word}
    return environment(FOLDER.get(kind, kind), filters, latex=kind == "latex")
