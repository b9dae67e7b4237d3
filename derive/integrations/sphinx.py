"""Sphinx: `.. derive:: softmax-cross-entropy` puts an entry's definitions, theorem and proof on the page.

With `:theorem:` the statement alone, with `:no-proof:` definitions and statement. What is not proved is a warning at the
directive, so that `sphinx-build -W` fails.
"""
from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from .. import __version__, catalogue
from ..catalogue.discovery import load, project_files
from ..kernel.errors import DeriveError
from ..proving import Theorem, prove
from ..rendering.environment import escaped
from ..rendering.latex import Latex
from ..rendering.layout import Layout
from ..rendering.page import Page, Section, Statement

logger = logging.getLogger(__name__)
LATEX = Latex()
VERDICTS = {"proved": "Proved for every size; the kernel replayed the proof from its file.",
            "proved_under": "Proved under the hypotheses shown, which the entry does not state."}


class Derive(SphinxDirective):  # type: ignore[misc]           # Sphinx comes without types here
    """The directive: one argument, the name of an entry of the catalogue or of the project around the documentation."""

    required_arguments = 1
    option_spec: ClassVar[dict[str, Any]] = {"theorem": directives.flag, "no-proof": directives.flag}

    def run(self) -> list[Any]:
        name = self.arguments[0]
        try:
            return [self._content(self._proved(name))]
        except DeriveError as e:
            return self._failed(f"{name}: {e}")
        except Exception as e:                                # a fault of derive must not end the build with a traceback
            return self._failed(f"{name}: {type(e).__name__}: {e}; this is a fault of derive, please report it")

    def _proved(self, name: str) -> Theorem:
        """Raises what proving raises, and DeriveError where a level of the ladder failed."""
        start = Path(self.env.srcdir)
        own = Path(catalogue.__path__[0], f"{name.replace('-', '_')}.py")
        file = project_files(start).get(name, own)
        if file.is_file():
            self.env.note_dependency(str(file))
        return prove(load(name, start)).confirmed()

    def _content(self, theorem: Theorem) -> Any:
        page, short = theorem.page, "theorem" in self.options
        box = nodes.container(classes=["derive"])
        if not short:
            box += self._display([f"{LATEX.show(a)} &= {LATEX.show(b)}" for a, b in page.definitions])
        for statement in page.statements:
            box += self._statement(page, statement)
        if not short and "no-proof" not in self.options:
            for section in page.sections:
                box += self._section(section)
        box += nodes.paragraph("", VERDICTS[theorem.verdict], classes=["derive-verdict"])
        return box

    def _statement(self, page: Page, statement: Statement) -> list[Any]:
        about = statement.about or page.title
        lead = nodes.paragraph("", "", nodes.strong("", f"{about[:1].upper()}{about[1:]}."))
        if statement.hypotheses:
            lead += [nodes.Text(" If "), *_listed(statement.hypotheses, " and "), nodes.Text(", then")]
        equations = [LATEX.show(statement.relation)]
        if statement.vector:
            equations.append(" = ".join(map(LATEX.show, statement.vector)))
        return [lead, self._display([r", \qquad ".join(equations)])]

    def _section(self, section: Section) -> Iterator[Any]:
        classes = ["derive-case"] if section.nested else ["derive-section"]
        yield nodes.rubric("", "", *_heading(section), classes=classes)
        if section.hypotheses:
            yield nodes.paragraph("", "", nodes.Text("Here "), *_listed(section.hypotheses, ", "), nodes.Text("."))
        lines = [rf"&= {LATEX.show(line.value)} && \text{{{escaped(line.title)}}}" for line in section.lines]
        yield self._display([f"{LATEX.show(section.start)} {lines[0]}", *lines[1:]])

    def _display(self, lines: Sequence[str]) -> Any:
        """Displayed mathematics, one aligned line each, in the form that every builder's mathematics takes as it is."""
        latex = "\\begin{align*}\n" + " \\\\\n".join(lines) + "\n\\end{align*}"
        block = nodes.math_block(latex, latex, docname=self.env.docname, number=None, label=None, nowrap=True)
        block["no-wrap"] = True                               # the name of the attribute since Sphinx 8.2
        self.set_source_info(block)
        return block

    def _failed(self, message: str) -> list[Any]:
        """One line at the directive, and the same on the page; the document is read again until it is repaired."""
        text = " ".join(message.split())
        self.env.note_reread()
        logger.warning(text, location=self.get_location(), type="derive")
        return [nodes.error("", nodes.paragraph("", text))]


def _listed(formulas: Sequence[Layout], between: str) -> list[Any]:
    """Inline formulas with words between them."""
    out: list[Any] = []
    for formula in formulas:
        latex = LATEX.show(formula)
        out += [nodes.Text(between)] * bool(out) + [nodes.math(latex, latex)]
    return out


def _heading(section: Section) -> list[Any]:
    """The heading of a chain, its letters and signs as mathematics, which no font lacks."""
    text, words = section.heading
    shown = {k: v if k == "about" and isinstance(v, str) else f"\0{v if isinstance(v, str) else LATEX.show(v)}\0"
             for k, v in words.items()}
    pieces = re.sub("\0 ([=≠]) \0", r" \1 ", text.format(**shown).strip()).replace("≠", r"\neq").split("\0")
    return [nodes.math(p, p) if n % 2 else nodes.Text(p) for n, p in enumerate(pieces) if p]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive; reading and writing may run in parallel."""
    app.add_directive("derive", Derive)
    return {"version": __version__, "parallel_read_safe": True, "parallel_write_safe": True}
