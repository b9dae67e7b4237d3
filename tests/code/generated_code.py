"""The generated modules under test: each entry derived, generated and imported once."""
from __future__ import annotations

import importlib
import sys
import types
from functools import cache
from pathlib import Path
from typing import Any

from derive.algebra.derivation import Derivation, derive
from derive.code import Module, generate

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
ENTRIES = ("softmax_cross_entropy", "softmax_jacobian", "logsumexp")


@cache
def derivation(entry: str) -> Derivation:
    return derive(importlib.import_module(f"derive.catalogue.{entry}").ENTRY)


@cache
def module(entry: str) -> Module:
    d = derivation(entry)
    return generate(d.record, [name for _, name in d.claims], d.entry.code, d.entry.title, TEMPLATES, entry)


def loaded(source: str, name: str = "generated_under_test") -> Any:
    new = types.ModuleType(name)
    sys.modules[name] = new
    exec(compile(source, name, "exec"), new.__dict__)
    return new


@cache
def code(entry: str) -> Any:
    return loaded(module(entry).source, f"generated_{entry}")
