"""Evidence: only what is about the same text counts, levels do not disturb each other, and damage is said with the way out."""
from __future__ import annotations

import json
from dataclasses import replace

import pytest

from derive.certify.certificate import Certificate
from derive.certify.names import Names
from derive.evidence_store import COMMANDS, Evidence, EvidenceError

CERTIFICATE = Certificate("squares", "Lemma one : True. Proof. exact I. Qed.\n", "(* library *)\n", ("one",), Names(), {}, {})


def test_a_certificate_is_known_by_its_text_and_its_library(tmp_path):
    known = Evidence("squares", tmp_path)
    assert not known.holds("certified", CERTIFICATE.digest)
    known.keep("certified", CERTIFICATE.digest, {})
    assert known.holds("certified", CERTIFICATE.digest)
    assert not known.holds("certified", replace(CERTIFICATE, text=CERTIFICATE.text + " ").digest)
    assert not known.holds("certified", replace(CERTIFICATE, library="(* another *)\n").digest)
    assert not Evidence("cubes", tmp_path).holds("certified", CERTIFICATE.digest)


def test_each_level_has_a_record_of_its_own(tmp_path):
    known = Evidence("squares", tmp_path / "new")
    known.keep("certified", "1", {"coq": "8.16.1"})
    path = known.keep("code_verified", "2", {})
    assert known.holds("certified", "1") and known.holds("code_verified", "2") and not known.holds("certified", "2")
    assert json.loads(path.read_text()) == {"certified": {"about": "1", "coq": "8.16.1"}, "code_verified": {"about": "2"}}
    known.keep("certified", "3", {})
    assert not known.holds("certified", "1") and known.holds("code_verified", "2")


@pytest.mark.parametrize("level", COMMANDS)
@pytest.mark.parametrize("text", ["", "[]", '{"certified": {}, "code_verified": 1, "accuracy": []}', "\x00", b"\xff"])
def test_damaged_evidence_is_an_error_that_says_what_to_do(tmp_path, text, level):
    (tmp_path / "squares.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(EvidenceError, match=COMMANDS[level].format("squares")):
        Evidence("squares", tmp_path).record(level)


def test_evidence_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(EvidenceError, match="cannot write"):
        Evidence("squares", tmp_path / "file").keep("certified", "1", {})
