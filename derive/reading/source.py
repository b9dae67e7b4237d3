"""A file as text with positions: bytes that are not UTF-8 are replaced, every offset has a row and a column in the file."""
from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from json.decoder import JSONDecoder
from pathlib import PurePath

from ..kernel.errors import DeriveError

LARGEST = 32_000_000                                          # characters of a file
_SPACE = re.compile(r"[ \t\r\n]*")
_OTHER = re.compile(r"[^\s,\]}\"]+")


class SourceError(DeriveError):
    """A file that cannot be read as what its name says."""


@dataclass(frozen=True)
class Source:
    """`text` is what is read; `origin[n]` is the place in the file of its character n (None: they are the same)."""
    name: str
    file: str
    text: str
    origin: Sequence[int] | None = None

    @property
    def kind(self) -> str:
        return PurePath(self.name).suffix.lower() or ".md"

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *[m.end() for m in re.finditer(r"\r\n|\r|\n", self.file)]]

    def position(self, offset: int) -> tuple[int, int]:
        """Row and column, from 1, in the file; always inside it."""
        if self.origin is not None:
            offset = self.origin[min(offset, len(self.origin) - 1)] if self.origin else 0
        offset = max(0, min(offset, len(self.file) - 1))
        row = bisect_right(self._lines, offset)
        return row, offset - self._lines[row - 1] + 1

    def line(self, row: int) -> str:
        """The text of a row, without its end."""
        end = self._lines[row] if row < len(self._lines) else len(self.file)
        return self.file[self._lines[row - 1]:end].rstrip("\r\n")


def source(name: str, data: bytes) -> Source:
    """The source in the bytes of a file. Raises SourceError when a notebook is no notebook or a file is too large."""
    if len(data) > LARGEST:
        raise SourceError(f"{name}: {len(data)} bytes; at most {LARGEST} are read")
    file = data.decode("utf-8", errors="replace")
    if file.startswith("\ufeff"):
        file = " " + file[1:]
    if PurePath(name).suffix.lower() != ".ipynb":
        return Source(name, file, file)
    text, origin = _notebook(name, file)
    return Source(name, file, text, origin)


def _notebook(name: str, file: str) -> tuple[str, list[int]]:
    """The Markdown cells of a notebook, one after another, and where each character stands in the file."""
    try:
        cells = json.loads(file)["cells"]
        wanted = [cell["cell_type"] == "markdown" for cell in cells]
    except (ValueError, LookupError, TypeError, RecursionError) as e:
        raise SourceError(f"{name}: not a Jupyter notebook with cells ({type(e).__name__})") from e
    text, origin = [], list[int]()
    for path, start, value in _strings(file):
        if path[:1] != ("cells",) or len(path) < 3 or path[2] != "source" or not wanted[int(path[1])]:
            continue
        text.append(value)
        origin += _places(file, start, len(value))
        if len(path) == 3 or int(path[3]) == len(cells[int(path[1])]["source"]) - 1:
            text.append("\n\n")
            origin += [origin[-1] if origin else start] * 2
    return "".join(text), origin


def _strings(file: str) -> Iterator[tuple[tuple[str, ...], int, str]]:
    """Every string value of a JSON text with its path and the offset of its first character."""
    stack: list[tuple[str, int, str]] = []                    # kind, count, key
    at = 0
    while (at := _SPACE.match(file, at).end()) < len(file):   # type: ignore[union-attr]
        c = file[at]
        if c in "{[":
            stack.append((c, 0, ""))
        elif c in "}]":
            stack.pop()
        elif c == ",":
            kind, n, _ = stack.pop()
            stack.append((kind, n + 1, ""))
        elif c == '"':
            value, end = JSONDecoder(strict=False).raw_decode(file, at)
            if stack and stack[-1][0] == "{" and not stack[-1][2]:
                stack.append((*stack.pop()[:2], value))
            else:
                yield tuple(key if kind == "{" else str(n) for kind, n, key in stack), at + 1, value
            at = end
            continue
        elif c != ":":
            at = max(_OTHER.match(file, at).end(), at + 1) - 1  # type: ignore[union-attr]
        at += 1


def _places(file: str, at: int, length: int) -> list[int]:
    """The offset in the file of each of `length` characters of a JSON string."""
    out: list[int] = []
    while len(out) < length:
        out.append(at)
        wide = file[at] == "\\" and file[at + 1] == "u"
        pair = wide and re.match(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}", file[at:at + 12])
        at += 12 if pair else 6 if wide else 2 if file[at] == "\\" else 1
    return out
