"""Finding entries by name: the catalogue's own files, and those of a project's `[tool.derive] entries`.

Nothing is registered; a file that defines ENTRY is an entry.
"""
from __future__ import annotations

import difflib
import importlib
import importlib.util
import pkgutil
import tomllib
from pathlib import Path

from .. import catalogue
from ..algebra.statement import Entry
from ..kernel.errors import DeriveError


class UnknownEntry(DeriveError):
    """No entry of this name; the nearest names are offered."""


class EntryError(DeriveError):
    """A file of a project that is not an entry."""


NOT_ENTRIES = frozenset({"coverage", "discovery"})


def own_names() -> list[str]:
    """The names in the catalogue, without importing the entries."""
    found = [m.name for m in pkgutil.iter_modules(catalogue.__path__) if m.name not in NOT_ENTRIES]
    return sorted(name.replace("_", "-") for name in found)


def project_files(start: Path | None = None) -> dict[str, Path]:
    """Entry files of the project around `start` (the current folder): name -> file."""
    root, places = entry_folders(start or Path.cwd())
    for place in places:
        if not place.exists():
            raise EntryError(f"{root / 'pyproject.toml'}: [tool.derive] entries: no file or folder "
                             f"{str(place.relative_to(root))!r} in {root}")
    files = [f for p in places for f in ([p] if p.is_file() else sorted(p.glob("*.py")))]
    return {f.stem.replace("_", "-"): f for f in files if not f.stem.startswith("_")}


def entry_folders(start: Path) -> tuple[Path, list[Path]]:
    """The project around a folder (that folder itself, if there is none) and what its [tool.derive] entries lists."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / "pyproject.toml").is_file():
            return folder, [folder / p for p in _listed(folder / "pyproject.toml")]
    return here, []


def _listed(settings: Path) -> list[str]:
    try:
        table = tomllib.loads(settings.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise EntryError(f"{settings}: {e}") from e
    tool = table.get("tool", {})
    own = tool.get("derive", {}) if isinstance(tool, dict) else {}
    if not isinstance(own, dict):
        raise EntryError(f"{settings}: [tool.derive] must be a table, found {own!r}")
    places = own.get("entries", [])
    if not isinstance(places, list) or not all(isinstance(p, str) for p in places):
        raise EntryError(f"{settings}: [tool.derive] entries must be a list of folders or files, found {places!r}")
    return places


def names() -> list[str]:
    """Every entry that can be named here."""
    return sorted({*own_names(), *project_files()})


def load(name: str, start: Path | None = None) -> Entry:
    """The entry of this name in the catalogue or the project around `start`. Raises UnknownEntry, with the nearest names."""
    files = project_files(start)
    if name in files:
        return _from_file(files[name])
    known = own_names()
    if name not in known:
        near = difflib.get_close_matches(name, [*known, *files], n=3, cutoff=0.4)
        raise UnknownEntry(f"no entry {name!r}" + (f"; did you mean {' or '.join(near)}?" if near else "; see `derive list`"))
    return _entry(importlib.import_module(f"{catalogue.__name__}.{name.replace('-', '_')}"), name)


def evidence_folder(name: str, start: Path | None = None) -> Path:
    """Where evidence about an entry lies: in the package for the catalogue, beside pyproject.toml for a project's own."""
    own = name in project_files(start)
    return entry_folders(start or Path.cwd())[0] / "evidence" if own else Path(__file__).resolve().parent.parent / "evidence"


def _from_file(path: Path) -> Entry:
    spec = importlib.util.spec_from_file_location(f"derive_project_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise EntryError(f"{path} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except DeriveError:
        raise
    except Exception as e:
        raise EntryError(f"{path}: {type(e).__name__}: {e}") from e
    return _entry(module, str(path))


def _entry(module: object, where: str) -> Entry:
    entry = getattr(module, "ENTRY", None)
    if not isinstance(entry, Entry):
        raise EntryError(f"{where}: expected ENTRY = Entry(...), found {type(entry).__name__}")
    return entry
