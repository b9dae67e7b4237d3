"""The documents beside the project: the post that it started from row by row, and the errors that are known in the others."""
from __future__ import annotations

import subprocess
import sys
import time
from functools import cache

import pytest

from derive.checking import check_text

from .documents import SHARED, shared

# row of each relation of the starting post, and its verdict
POST = [
    (14, "definition"), (20, "definition"), (28, "definition"), (29, "not_an_equation"), (29, "proved"), (42, "definition"),
    (49, "definition"), (56, "definition"), (57, "proved"), (58, "proved_under"), (61, "definition"), (61, "definition"),
    (78, "definition"), (79, "definition"), (79, "definition"), (82, "proved"), (87, "proved"), (92, "proved"), (93, "proved"),
    (96, "not_an_equation"), (99, "proved"), (100, "proved"), (106, "not_an_equation"), (109, "proved"), (110, "proved"),
    (116, "proved"), (122, "not_an_equation"), (125, "proved"), (125, "proved"), (126, "proved"), (130, "proved"),
    (134, "not_an_equation"), (134, "not_an_equation"), (139, "proved"), (140, "proved"), (141, "proved"), (142, "proved"),
    (143, "proved"), (144, "proved"), (149, "not_an_equation"), (149, "not_an_equation"), (153, "proved_under"),
    (158, "proved_under")]
SLIPS = {99: "D005", 137: "D002", 158: "D105"}                 # e^z_i, the number (1) twice, the squared error without 1/2


@cache
def report(*parts):
    return check_text(parts[-1], shared(*parts))


def test_the_starting_post_row_by_row():
    found = report("cases", "softmax-post.zh.md")
    assert [(s.row, s.outcome) for s in found.steps] == POST
    for row, code in SLIPS.items():
        assert any(f.code == code and abs(f.row - row) <= 3 for f in found.findings), (row, code)


def test_the_starting_post_is_checked_without_sympy_and_quickly():
    shared("cases", "softmax-post.zh.md")
    program = ("import sys, time; start = time.process_time(); from derive.checking import check; "
               f"check({str(SHARED / 'cases' / 'softmax-post.zh.md')!r}); "
               "assert 'sympy' not in sys.modules; print(time.process_time() - start)")
    runs = [float(subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout)
        for _ in range(2)]
    assert min(runs) < 3, "one second on an idle machine"


# document, row, accepted codes: the errors found by hand, with the neighbouring codes that also tell the truth
ERRORS = [
    ("015_kyuusaku_cnn_ce.md", 136, {"D102"}), ("015_kyuusaku_cnn_ce.md", 134, {"D101"}), ("015_kyuusaku_cnn_ce.md", 99,
        {"D102"}),
    ("015_kyuusaku_cnn_ce.md", 66, {"D103"}), ("018_chicm_softmax.md", 58, {"D101"}),
    ("020_deepnotes_softmax.md", 180, {"D104"}), ("020_deepnotes_softmax.md", 188, {"D104"}),
    ("020_deepnotes_softmax.md", 28, {"D003"}), ("020_deepnotes_softmax.md", 53, {"D201"}),
    ("021_deepnotes_batchnorm.md", 46, {"D104"}), ("022_roelants_logistic.ipynb", 203, {"D104", "D005", "D003"}),
    ("026_iceory_softmax.md", 45, {"D003", "D104"}), ("026_iceory_softmax.md", 25, {"D003", "D005", "D104"}),
    ("041_lawrennd_attention.md", 57, {"D105", "D101"}), ("041_lawrennd_attention.md", 37, {"D107", "D101"}),
    ("032_xopes_linear_ce.md", 6, {"D105"}), ("032_xopes_linear_ce.md", 42, {"D107"}),
    ("042_jaketae_logreg.md", 63, {"D104"}), ("073_vandykai_lse.md", 148, {"D106"}), ("073_vandykai_lse.md", 83, {"D101"})]
# what may come out as refuted in each document: every one was gone through by hand
REFUTED = {
    "006_d2l_zh_softmax.md": set(), "014_kyuusaku_cnn_softmax.md": set(), "018_chicm_softmax.md": {58},
    "015_kyuusaku_cnn_ce.md": {66, 99, 134, 136}, "020_deepnotes_softmax.md": {180, 188}, "026_iceory_softmax.md": {25},
    "022_roelants_logistic.ipynb": set(), "073_vandykai_lse.md": {83}}
SHARE = {"014_kyuusaku_cnn_softmax.md": 0.85, "015_kyuusaku_cnn_ce.md": 0.85, "018_chicm_softmax.md": 0.85,
         "020_deepnotes_softmax.md": 0.85, "026_iceory_softmax.md": 0.85, "073_vandykai_lse.md": 0.85}


@pytest.mark.parametrize(("name", "row", "codes"), ERRORS, ids=[f"{name[:3]}:{row}" for name, row, _ in ERRORS])
def test_a_known_error_is_found(name, row, codes):
    found = [f for f in report("corpus", name).findings if f.row <= row <= f.end_row]
    assert {f.code for f in found} & codes, found


@pytest.mark.parametrize(("name", "rows"), REFUTED.items(), ids=[name[:3] for name in REFUTED])
def test_no_false_alarm(name, rows):
    found = {s.row for s in report("corpus", name).steps if s.outcome == "refuted"}
    assert found <= rows, found - rows


@pytest.mark.parametrize(("name", "share"), SHARE.items(), ids=[name[:3] for name in SHARE])
def test_the_share_of_equations_that_are_decided(name, share):
    steps = [s for s in report("corpus", name).steps if s.outcome != "not_an_equation"]
    decided = [s for s in steps if s.outcome not in ("undecided", "unread")]
    assert len(decided) >= share * len(steps)


def test_counts_add_up_and_positions_are_inside():
    for path in sorted((SHARED / "corpus").glob("0*")) if SHARED.is_dir() else []:
        if path.name[:3] in ("030", "032"):
            continue                                          # large ones: seen by the longer runs
        start = time.monotonic()
        found = report("corpus", path.name)
        summary = dict(found.summary)
        assert summary.pop("steps") == sum(summary.values()) == len(found.steps)
        rows = found.source.file.splitlines()
        assert all(1 <= s.row <= s.end_row <= len(rows) and 1 <= s.column <= len(rows[s.row - 1]) + 1 for s in found.steps)
        assert time.monotonic() - start < 60
