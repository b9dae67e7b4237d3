"""Errors of code generation: each names the subterm or the role, and what is accepted instead."""
from __future__ import annotations

from ..kernel.errors import DeriveError


class CannotLower(DeriveError):
    """A subterm for which there is no array operation; the message names it."""


class CannotGenerate(DeriveError):
    """Theorems and roles that do not make a module: a role is missing, or a theorem is of another shape."""


class CannotVerify(DeriveError):
    """A function, a parameter or a quantity that the entry does not have; the message lists what is accepted."""
