"""The golden copy: stale, missing and left-over files, writing whole or not at all, the same bytes everywhere, LaTeX."""
from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from derive import build
from derive.catalogue.discovery import own_names
from derive.proving import LadderFailed, prove
from derive.rendering.render import Row, render_index

FILES = {"one/proof.md": "# One\n", "one/proof.txt": "one ≠ two\n", "two/proof.md": "# Two\n"}
GOLDEN = Path(__file__).parent.parent / "output"
ENTRIES = ("softmax-cross-entropy", "logsumexp")


@pytest.fixture
def out(tmp_path):
    build.write(FILES, tmp_path / "out")
    return tmp_path / "out"


def tree(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in sorted(folder.rglob("*")) if p.is_file()}


def found(files, out, whole=True):
    return [(f.code, f.path.relative_to(out).as_posix()) for f in build.check(files, out, whole=whole)]


# -------------------------------------------------------------------------------- fresh, stale, missing, left over
def test_what_was_written_is_fresh_and_is_not_written_again(out):
    assert tree(out) == FILES
    assert found(FILES, out) == []
    assert build.write(FILES, out) == []
    assert build.diff(FILES, out) == ""


@pytest.mark.parametrize("damage", [b"# Other\n", b"", b"# One\r\n", b"# One", b"\xff"])
def test_a_stale_file(out, damage):
    (out / "one/proof.md").write_bytes(damage)
    assert found(FILES, out) in ([("D401", "one/proof.md")], [("D402", "one/proof.md")])
    assert build.write(FILES, out) == [out / "one/proof.md"]
    assert tree(out) == FILES


def test_a_missing_file_and_a_missing_folder(out):
    (out / "one/proof.md").unlink()
    shutil.rmtree(out / "two")
    assert found(FILES, out) == [("D402", "one/proof.md"), ("D402", "two/proof.md")]
    assert not (out / "two").exists()
    shutil.rmtree(out)
    assert [code for code, _ in found(FILES, out)] == ["D402"] * 3


def test_left_over_files(out):
    (out / "one/old.md").write_text("")
    (out / "gone").mkdir()
    (out / "gone/proof.md").write_text("")
    (out / "one/__pycache__").mkdir()
    (out / "one/__pycache__/module.pyc").write_bytes(b"")
    assert found(FILES, out) == [("D403", "gone/proof.md"), ("D403", "one/old.md")]
    one = {name: text for name, text in FILES.items() if name.startswith("one/")}
    assert found(one, out, whole=False) == [("D403", "one/old.md")]      # of one entry: what lies beside its own files


def test_a_finding_names_file_code_and_cure(out):
    (out / "one/proof.md").unlink()
    (finding,) = build.check(FILES, out, whole=True)
    assert re.fullmatch(r".*one/proof\.md: D402 missing; run `derive build`", str(finding))


def test_the_difference_says_what_would_change(out):
    (out / "one/proof.md").write_text("# Uno\n")
    (out / "two/proof.md").unlink()
    lines = [line for line in build.diff(FILES, out).splitlines() if not line.startswith(("+++", "---"))]
    assert [line for line in lines if line.startswith(("+", "-"))] == ["-# Uno", "+# One", "+# Two"]


def test_a_folder_in_the_place_of_a_file_is_stale(out):
    (out / "one/proof.md").unlink()
    (out / "one/proof.md").mkdir()
    assert [path for _, path in found(FILES, out)] == ["one/proof.md"]


def test_checking_one_kind_says_nothing_of_the_others(tmp_path, capsys):
    from derive.cli import main
    build.write(build.rendered(["logsumexp"], ["text", "markdown"]), tmp_path)
    with pytest.raises(SystemExit) as end:
        main(["build", "logsumexp", "--to", "text", "--check", "--out", str(tmp_path)])
    assert (end.value.code, capsys.readouterr().out) == (0, "")


# -------------------------------------------------------------------------------- whole or not at all
def crash(*args):
    raise KeyboardInterrupt


def full(*args):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("where", ["os.replace", "os.chmod"])
@pytest.mark.parametrize(("how", "error"), [(crash, KeyboardInterrupt), (full, build.BuildError)])
def test_a_crash_leaves_the_old_file_and_no_other(out, monkeypatch, where, how, error):
    monkeypatch.setattr(where, how)
    with pytest.raises(error):
        build.write({**FILES, "one/proof.md": "# New\n"}, out)
    assert tree(out) == FILES


def test_text_that_cannot_be_encoded_leaves_the_old_file(out):
    with pytest.raises(UnicodeEncodeError):
        build.write({**FILES, "one/proof.md": "half\ud800"}, out)
    assert tree(out) == FILES


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/derive"])
def test_a_place_that_cannot_be_written_is_named(tmp_path, place):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(build.BuildError, match=f"{re.escape(place)}.*: cannot write: "):
        build.write(FILES, tmp_path / place)
    assert tree(tmp_path) == {"file": "mine"}


def test_files_are_readable_by_all_and_have_unix_lines(out):
    path = out / "one/proof.txt"
    assert path.stat().st_mode & 0o777 == 0o644
    assert path.read_bytes() == "one ≠ two\n".encode()


# -------------------------------------------------------------------------------- what is rendered
def test_every_kind_of_every_selected_entry():
    files = build.rendered(["logsumexp"])
    pages = {"proof.tex", "proof.md", "proof.txt", "proof.json"}
    assert {f"logsumexp/{p}" for p in pages} <= set(files)
    assert all(text.endswith("\n") and "\r" not in text and str(Path.cwd()) not in text for text in files.values())
    digest = hashlib.sha256(files["logsumexp/proof.json"].encode()).hexdigest()
    for page in ("proof.tex", "proof.md"):
        header = files[f"logsumexp/{page}"].splitlines()[0]
        assert "logsumexp" in header and digest in header     # the hash of what the page was made from


def test_code_is_written_where_there_is_something_to_compute():
    made = build.outputs(prove("relu"), ["code"])
    assert sorted(made) == ["relu/relu.py", "relu/test_relu.py"] and "def a_grad_z(" in made["relu/relu.py"]
    assert build.outputs(prove("mse-logistic-law"), ["code"]) == {}


def test_the_index_says_why_there_is_no_code():
    shown = prove("relu").statement.relation
    index = render_index([Row("relu", shown, (), "proved"), Row("dice", shown, (), "proved", "", "why")], ())
    assert "| dice | why |" in index and "| relu | " not in index and "1 of them have code" in index


def test_a_level_that_failed_writes_nothing(monkeypatch):
    monkeypatch.setattr("derive.proving.Theorem.replayed_alone", lambda self: False)
    with pytest.raises(LadderFailed, match="logsumexp: checked failed; it is not shown as a theorem"):
        build.rendered(["logsumexp"])


def test_two_processes_with_different_hash_seeds_write_the_same_bytes(tmp_path):
    def started(seed):
        command = [sys.executable, "-m", "derive", "build", *ENTRIES, "--out", str(tmp_path / seed)]
        return subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "PYTHONHASHSEED": seed}, stdout=subprocess.DEVNULL)
    assert [p.wait() for p in [started("1"), started("4242")]] == [0, 0]
    one, other = tree(tmp_path / "1"), tree(tmp_path / "4242")
    assert len(one) >= 8 and one == other


@pytest.mark.skipif(not GOLDEN.is_dir(), reason="there is no golden copy yet")
def test_a_sample_of_the_golden_copy_is_fresh(monkeypatch):
    """The whole of it is what `derive build --check` compares."""
    monkeypatch.chdir(GOLDEN.parent)
    sample = [*ENTRIES, *own_names()[::16]]
    assert [str(f) for f in build.check(build.rendered(sample), GOLDEN, whole=False)] == []
    assert {p.name for p in GOLDEN.iterdir()} == {*own_names(), "index.md", "codes.md", "coq"}


# -------------------------------------------------------------------------------- the page on paper
@pytest.mark.skipif(shutil.which("latexmk") is None, reason="latexmk is not installed")
@pytest.mark.parametrize("name", [n for n in own_names() if n in ENTRIES])
def test_latex_compiles_within_its_margins(tmp_path, name):
    (path,) = build.write(build.rendered([name], ["latex"]), tmp_path)
    command = ["latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", path.name]
    done = subprocess.run(command, cwd=path.parent, capture_output=True, text=True, errors="replace", check=False)
    log = path.with_suffix(".log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, "\n".join(line for line in log.splitlines() if line.startswith(("!", "l.")))
    assert path.with_suffix(".pdf").stat().st_size > 10_000
    assert [w for w in re.findall(r"Overfull \\hbox \(([\d.]+)pt too wide\)", log) if float(w) > 20] == []
    assert "undefined references" not in log and "Missing character" not in log
