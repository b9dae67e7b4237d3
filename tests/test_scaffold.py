"""derive new: the file it writes is an entry that proves, and it never overwrites anything."""
from __future__ import annotations

from pathlib import Path

import pytest

from derive.build import BuildError
from derive.catalogue.discovery import load
from derive.proving import prove
from derive.scaffold import new_entry


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "pyproject.toml").write_text('[tool.derive]\nentries = ["mine"]\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_new_entry_is_found_and_proved(project: Path) -> None:
    file, listed = new_entry("my-loss", project)
    assert (file, listed) == (project / "mine" / "my_loss.py", True)
    assert load("my-loss").title == "My loss"
    assert prove("my-loss").verdict == "proved"


def test_without_settings_it_goes_to_proofs_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert new_entry("my-loss", tmp_path) == (tmp_path / "proofs" / "my_loss.py", False)


@pytest.mark.parametrize("name", ["My-loss", "my_loss", "../x", "", "x y", "-x"])
def test_a_name_that_is_no_name_is_refused(name: str, project: Path) -> None:
    with pytest.raises(BuildError, match="not a name"):
        new_entry(name, project)
    assert not (project / "mine").exists()


@pytest.mark.parametrize("name", ["softmax-cross-entropy", "my-loss"])
def test_an_entry_that_exists_is_not_overwritten(name: str, project: Path) -> None:
    if name == "my-loss":
        new_entry(name, project)
    with pytest.raises(BuildError, match="exists already"):
        new_entry(name, project)
