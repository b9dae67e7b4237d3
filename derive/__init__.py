"""derive: derivations that are found, proved for every size, printed like a textbook, and turned into code."""
from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .checking import check as check
    from .kernel.errors import DeriveError as DeriveError
    from .proving import Theorem as Theorem
    from .proving import gradient as gradient
    from .proving import prove as prove

__all__ = ["DeriveError", "Theorem", "check", "gradient", "prove"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Public names, imported when first used, so that what needs no SymPy does not import it."""
    if name == "DeriveError":
        from .kernel.errors import DeriveError
        return DeriveError
    if name == "check":
        from .checking import check
        return check
    if name in __all__:
        from . import proving
        return getattr(proving, name)
    raise AttributeError(f"module 'derive' has no attribute {name!r}")
