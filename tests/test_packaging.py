"""What is shipped, and the laws of the house: who may import whom, how long things may be, what nothing may be called."""
from __future__ import annotations

import ast
import os
import subprocess
import sys
import zipfile
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "derive"
MODULES = sorted(PACKAGE.rglob("*.py"))
MAY_IMPORT = {"kernel": {"kernel"}, "engine": {"kernel", "engine"}, "algebra": {"kernel", "engine", "algebra"},
              "catalogue": {"kernel", "algebra", "catalogue"},
              **{side: {"kernel", "engine", side} for side in ("reading", "rendering", "code", "certify")}}
SYMPY = {"algebra", "catalogue", "proving"}                   # layers that may import SymPy
NAMELESS = {"utils", "util", "helpers", "common", "misc", "core"}
GRAMMAR = PACKAGE / "kernel" / "replay.py"                    # its docstring states the grammar of proofs


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> set[str]:
    """Absolute names of everything that a module imports, wherever in it."""
    package = ("derive", *path.relative_to(PACKAGE).parent.parts)
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            above = package[:len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


def packages(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


def layers_imported(path: Path) -> set[str]:
    ours = {name.split(".")[1] for name in imports(path) if name.startswith("derive.")}
    return {name for name in ours if (PACKAGE / name).is_dir() or (PACKAGE / f"{name}.py").is_file()}


def wrong(rule) -> dict[str, object]:
    """The modules for which a rule gives something to complain of, with that."""
    return {path.relative_to(PACKAGE).as_posix(): found for path in MODULES if (found := rule(path))}


# -------------------------------------------------------------------------------- the law of directions
def test_the_reading_of_imports_sees_every_form():
    assert "derive.engine.record.Record" in imports(PACKAGE / "rendering" / "page.py")        # from ..engine.record import Record
    assert "derive.catalogue" in imports(PACKAGE / "catalogue" / "discovery.py")              # from .. import catalogue
    assert "derive.algebra.statement.Entry" in imports(PACKAGE / "catalogue" / "logsumexp.py")
    assert "rendering" in layers_imported(PACKAGE / "cli.py")                                 # inside a function


def test_imports_go_one_way():
    """What has no row sits on top, and no row allows to import it."""
    assert wrong(lambda path: layers_imported(path) - MAY_IMPORT.get(layer(path), layers_imported(path))) == {}


def test_sympy_is_imported_by_the_bridge_only():
    assert wrong(lambda path: layer(path) not in SYMPY and "sympy" in packages(path)) == {}


def test_the_kernel_needs_the_standard_library_only():
    assert wrong(lambda path: layer(path) == "kernel" and packages(path) - set(sys.stdlib_module_names) - {"derive"}) == {}


# -------------------------------------------------------------------------------- size and names
def test_functions_are_shorter_than_60_lines():
    def long(path):
        functions = [node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        return [f.name for f in functions if f.end_lineno - f.lineno + 1 >= 60]
    assert wrong(long) == {}


def docstring_lines(path: Path) -> int:
    return len((ast.get_docstring(parsed(path)) or "").splitlines())


def test_every_module_has_a_docstring_of_at_most_five_lines():
    assert wrong(lambda path: not 1 <= docstring_lines(path) <= 5 and path != GRAMMAR) == {}


def test_modules_have_names_that_say_something():
    assert wrong(lambda path: NAMELESS & set(path.relative_to(PACKAGE).with_suffix("").parts)) == {}


# -------------------------------------------------------------------------------- the wheel
@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, unpacked: its folder."""
    builder = pytest.importorskip("hatchling.builders.wheel", reason="hatchling, which builds the wheel, is not installed")
    folder = tmp_path_factory.mktemp("wheel")
    (file,) = builder.WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(file) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts}


def test_the_wheel_has_every_module_every_template_and_the_evidence(wheel):
    assert files(ROOT / "templates") and files(ROOT / "templates") == files(wheel / "derive" / "templates")
    modules = {name for name in files(PACKAGE) if name.endswith(".py")}
    assert modules <= files(wheel / "derive")
    assert files(PACKAGE / "evidence") and files(PACKAGE / "evidence") == files(wheel / "derive" / "evidence")


def test_the_wheel_has_nothing_else(wheel):
    tops = {p.name for p in wheel.iterdir()}
    assert len(tops) == 2 and "derive" in tops and any(name.endswith(".dist-info") for name in tops)
    assert not [p for p in wheel.rglob("*") if "__pycache__" in p.parts or p.suffix == ".pyc"]


def test_the_wheel_names_the_command_and_the_version(wheel):
    import derive
    (info,) = wheel.glob("*.dist-info")
    assert info.name == f"derive_proofs-{derive.__version__}.dist-info"
    assert "derive = derive.cli:main" in (info / "entry_points.txt").read_text()


def test_the_wheel_builds_pages_away_from_the_checkout(wheel, tmp_path):
    script = "import derive; print(derive.__file__); from derive.cli import main; main(['build', 'logsumexp', '--out', 'o'])"
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(wheel)},
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == str(wheel / "derive" / "__init__.py")
    assert {"proof.tex", "proof.md", "proof.txt", "proof.json"} <= files(tmp_path / "o" / "logsumexp")
