"""The mathematics of a document: regions with offsets, the prose between them, and what the author tells the checker.

Code, comments and front matter are blanked out first (never cut out), so every offset stays what it is in the text.
"""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from .source import Source

ENVIRONMENTS = "equation|align|aligned|alignat|gather|gathered|multline|eqnarray|split|flalign|displaymath|math|dmath"
_DOLLARS = r"(?<!\\)\$\$(?P<double>(?:[^$\\]|\\.|\$(?!\$))+?)\$\$|" \
    r"(?<![\\$])\$(?!\$)(?P<single>(?:[^$\\\n]|\\.|\n(?![ \t]*\n))+?)\$"
_BRACKETS = r"(?<!\\)\\{1,2}\[(?P<bracket>.+?)\\{1,2}\]|(?<!\\)\\{1,2}\((?P<paren>.+?)\\{1,2}\)"
_TEX_BRACKETS = r"(?<!\\)\\\[(?P<bracket>.+?)\\\]|(?<!\\)\\\((?P<paren>.+?)\\\)"
_ENVIRONMENT = rf"(?P<env>\\begin\{{(?P<name>(?:{ENVIRONMENTS})\*?)\}}.*?\\end\{{(?P=name)\}})"
_RST = r":math:`(?P<role>[^`]+)`|" \
    r"(?m:^(?P<margin>[ \t]*)\.\. math::(?P<directive>[^\n]*\n(?:[ \t]*\n|(?P=margin)[ \t]+\S[^\n]*(?:\n|\Z))*))"
_MARKDOWN = re.compile(f"{_DOLLARS}|{_BRACKETS}|{_ENVIRONMENT}", re.S)
_LATEX = re.compile(f"{_DOLLARS}|{_TEX_BRACKETS}|{_ENVIRONMENT}", re.S)
_REST = re.compile(f"{_RST}", re.S)
_OPTION = re.compile(r"[ \t]*:[a-z]+:.*\n")
_DIRECTIVE = re.compile(r"<!--\s*derive:\s*(.*?)-->|%[ \t]*derive:[ \t]*([^\n]*)|^\.\.[ \t]+derive:[ \t]*([^\n]*)", re.S | re.M)
_FRONT = re.compile(r"---[ \t]*\r?\n(.*?\n)---[ \t]*\r?\n", re.S)
_FRONT_LINE = re.compile(r"^derive:[ \t]*(.*)$", re.M)
# A fence, or an indented line that does not go on with a paragraph: only then is markdown-it worth its start.
_MAY_BE_CODE = re.compile(r"^[ \t]*(?:```|~~~)|(?:\A|^[ \t]*(?:[#=*_<>-].*)?\r?\n)(?: {4}|\t)[ \t]*\S", re.M)
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`)((?:(?!\n[ \t]*\n).)+?)(?<!`)\1(?!`)", re.S)
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.M)
_HTML_COMMENT = re.compile(r"<!--.*?-->", re.S)
_TEX_COMMENT = re.compile(r"(?<!\\)%.*")
_VERBATIM = re.compile(r"\\begin\{(verbatim|lstlisting|minted|comment)\*?\}.*?\\end\{\1\*?\}", re.S)


@dataclass(frozen=True)
class Region:
    """Mathematics from start to end, and the offset where the prose before it begins."""
    start: int
    end: int
    display: bool
    before: int


@dataclass(frozen=True)
class Directive:
    """What the author tells the checker in a comment or in the front matter, and where."""
    text: str
    offset: int
    end: int


@dataclass(frozen=True)
class Document:
    """A source, its text without code, its regions in order, and the author's directives."""
    source: Source
    text: str
    regions: tuple[Region, ...]
    directives: tuple[Directive, ...]

    def prose(self, region: Region) -> str:
        """The prose before a region, without the mark that opens it."""
        return re.sub(r"(\$+|\\{1,2}[(\[]|:math:`)$", "", self.text[region.before:region.start])

    def after(self, region: Region, length: int = 300) -> str:
        """What follows a region, without the mark that closes it."""
        return re.sub(r"^(\$+|\\{1,2}[)\]]|`)", "", self.text[region.end:region.end + length])


def document(source: Source) -> Document:
    """The regions of a source by the kind that its name says; unknown kinds are read as Markdown."""
    directives = tuple(_directives(source.text))
    tex, rst = source.kind in (".tex", ".ltx", ".sty"), source.kind == ".rst"
    text = _blank(_VERBATIM, _blank(_TEX_COMMENT, source.text)) if tex else source.text if rst else _markdown(source.text)
    pattern = _LATEX if tex else _REST if rst else _MARKDOWN
    return Document(source, text, tuple(_regions(text, pattern)), directives)


def _directives(text: str) -> Iterator[Directive]:
    front = _FRONT.match(text)
    for m in _FRONT_LINE.finditer(text, 0, front.end() if front else 0):
        yield Directive(m[1].strip(), m.start(), m.end())
    for m in _DIRECTIVE.finditer(text):
        yield Directive(next(g for g in m.groups() if g is not None).strip(), m.start(), m.end())


def _regions(text: str, pattern: re.Pattern[str]) -> Iterator[Region]:
    before = 0
    for m in pattern.finditer(text):
        group = m.lastgroup if m.lastgroup != "name" else "env"
        assert group is not None
        start, end = m.span(group)
        if group == "single" and not _is_mathematics(m[group], text[m.end():m.end() + 1]):
            continue
        if group == "directive":
            start = _skip_options(text, start, end)
            for a, b in _paragraphs(text, start, end):
                yield Region(a, b, True, before)
                before = b
            before = m.end()
            continue
        line = text[text.rfind("\n", 0, m.start()) + 1:m.start()]
        display = group in ("bracket", "env") or group == "double" and not re.search(r"\w", line)
        yield Region(start, end, display or "\n" in text[start:end].strip(), before)
        before = m.end()


def _paragraphs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A blank line in a directive begins another formula."""
    for m in re.finditer(r"(?:[ \t]*\S[^\n]*(?:\n|\Z))+", text[start:end]):
        yield start + m.start(), start + m.end()


def _is_mathematics(content: str, following: str) -> bool:
    """Dollars around prose, as in "costs $5 and $10", are no mathematics."""
    spaced = content[0].isspace() and content[-1].isspace()
    return bool(content.strip()) and (spaced or not content[-1].isspace() and not following.isdigit())


def _skip_options(text: str, start: int, end: int) -> int:
    line = text.find("\n", start, end) + 1
    if not line or text[start:line].strip():
        return start
    while (m := _OPTION.match(text, line, end)) is not None:
        line = m.end()
    return line


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


@cache
def _reader() -> Any:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    return MarkdownIt("commonmark").use(dollarmath_plugin, double_inline=True)


def _markdown(text: str) -> str:
    """The text with code, comments, front matter and the marks of quotations blanked out."""
    front = _FRONT.match(text)
    if front:
        text = re.sub(r"[^\n]", " ", front[0]) + text[front.end():]
    text = _blank(_HTML_COMMENT, text)
    text = _QUOTE.sub(lambda m: " " * len(m[0]), text)
    return _blank(_CODE_SPAN, _without_code(text))


def _without_code(text: str) -> str:
    """Fenced and indented code blanked out, as markdown-it finds it."""
    if not _MAY_BE_CODE.search(text):
        return text
    plain = text.split("\n")
    for token in _reader().parse(text):
        if token.type in ("fence", "code_block") and token.map:
            for n in range(token.map[0], min(token.map[1], len(plain))):
                plain[n] = " " * len(plain[n])
    return "\n".join(plain)
