"""The suite runs on all processors where pytest-xdist is installed, as it is with the `dev` extra."""
from __future__ import annotations

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    options = config.option
    if config.pluginmanager.hasplugin("xdist") and options.numprocesses is None and not (options.usepdb or options.collectonly):
        options.numprocesses = "auto"
