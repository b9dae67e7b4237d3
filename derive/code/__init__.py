"""Theorem -> array program -> source. What is computed is the right side of a theorem that the kernel has replayed."""
from .errors import CannotGenerate, CannotLower
from .module import Module, generate

__all__ = ["CannotGenerate", "CannotLower", "Module", "generate"]
