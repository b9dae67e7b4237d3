"""One exception class per meaning; every error of derive is a DeriveError."""
from collections.abc import Iterator
from contextlib import contextmanager


class DeriveError(Exception):
    """Base of all errors that derive reports: what was found, where, and what is accepted instead."""


class TermError(DeriveError):
    """A term that is not well formed: sort, index set, arity or an undeclared name."""


class ProofError(DeriveError):
    """A step that does not follow; the message names step, law and position."""


class WitnessError(DeriveError):
    """The hypotheses of a theorem are not met by the values offered for them."""


class ProofFileError(DeriveError):
    """A proof file that is damaged or of another version."""


def require(holds: object, error: type[DeriveError], text: str, *found: object) -> None:
    """Raise error unless it holds; only then is what was found written into the text."""
    if not holds:
        raise error(text.format(*found))


@contextmanager
def located(where: str, error: type[DeriveError] = ProofError) -> Iterator[None]:
    """Name the place of whatever goes wrong inside, data of the wrong shape included. A ProofError stays one."""
    try:
        yield
    except (DeriveError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as e:
        kind = ProofError if isinstance(e, ProofError) else error
        raise kind(f"{where}: {e if isinstance(e, DeriveError) else f'damaged ({e!r})'}") from e
