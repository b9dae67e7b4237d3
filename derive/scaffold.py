"""`derive new`: a commented entry in the user's own project, ready to be proved."""
from __future__ import annotations

import re
from pathlib import Path

from .build import BuildError, write
from .catalogue.discovery import entry_folders, names, own_names
from .rendering.environment import environment

DEFAULT = "proofs"


def new_entry(name: str, start: Path) -> tuple[Path, bool]:
    """Write the file of a new entry. Returns it, and whether the project's pyproject.toml already lists its folder.

    Raises BuildError for a name that is taken or not kebab-case, or where nothing can be written.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise BuildError(f"{name!r} is not a name for an entry; accepted: small letters, digits and hyphens, as my-loss")
    root, folders = entry_folders(start)
    taken = names() if all(f.exists() for f in folders) else own_names()
    if name in taken:
        raise BuildError(f"an entry {name} exists already")
    folder = next((f for f in folders if not f.suffix), root / DEFAULT)
    file = folder / f"{name.replace('-', '_')}.py"
    title = name.replace("-", " ").capitalize()
    text = environment("new", {}).get_template("entry.py.j2").render(name=name, title=title)
    write({file.name: text}, folder)
    return file, folder in folders
