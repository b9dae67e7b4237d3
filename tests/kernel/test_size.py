"""The kernel stays small enough to read in an hour, and imports the standard library and itself only."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import derive.kernel

LIMITS = [(False, 600), (True, 700)]                          # the law of the design: these may only go down
ROOT = Path(derive.kernel.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))


def docstring_lines(tree: ast.Module) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            lines |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return lines


def count(path: Path, docstrings: bool = False) -> int:
    """Lines that are neither blank nor comment, nor (unless asked for) docstring."""
    text = path.read_text(encoding="utf-8")
    skipped = set() if docstrings else docstring_lines(ast.parse(text))
    return sum(
        bool(line.strip()) and not line.strip().startswith("#") and n not in skipped
        for n, line in enumerate(text.splitlines(), 1)
    )


@pytest.mark.parametrize(("docstrings", "limit"), LIMITS)
def test_lines_of_code_beside_the_laws(docstrings, limit):
    sizes = {path.name: count(path, docstrings) for path in FILES if path.parent == ROOT}
    assert sum(sizes.values()) <= limit, sizes


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_lines_and_imports(path):
    text = path.read_text(encoding="utf-8")
    assert path.name == "rows.py" or max(map(len, text.splitlines()), default=0) <= 130
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert node.end_lineno - node.lineno < 60, node.name
        if isinstance(node, ast.Import):
            assert all(alias.name.split(".")[0] in sys.stdlib_module_names for alias in node.names), ast.unparse(node)
        if isinstance(node, ast.ImportFrom):
            depth = len(path.relative_to(ROOT).parts)
            inside = 0 < node.level <= depth
            assert inside or node.level == 0 and node.module.split(".")[0] in sys.stdlib_module_names, ast.unparse(node)


def test_no_row_of_a_table_holds_code():
    from derive.kernel.laws.operators import OPERATORS
    from derive.kernel.laws.rows import ROWS

    for row in (*OPERATORS.values(), *ROWS):
        assert not any(callable(getattr(row, name)) for name in row.__slots__), row
