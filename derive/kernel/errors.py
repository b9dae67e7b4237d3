"""One exception class per meaning; every error of derive is a DeriveError."""


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
