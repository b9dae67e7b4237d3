"""coqc for the tests that need it: one folder with the compiled library, or a visible skip that says what to install."""
from __future__ import annotations

import pytest

from derive.certify.certificate import LIBRARY
from derive.certify.errors import CoqMissing
from derive.certify.running import workplace
from derive.rendering.environment import template_root


@pytest.fixture(scope="session")
def library():
    return (template_root() / "coq" / f"{LIBRARY}.v").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def coq(library):
    """A folder in which certificates can be checked."""
    try:
        place = workplace(library)
        folder = place.__enter__()
    except CoqMissing as e:
        pytest.skip(str(e))
    yield folder
    place.__exit__(None, None, None)
