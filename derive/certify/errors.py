"""What certification reports."""
from __future__ import annotations

from ..kernel.errors import DeriveError


class NotCertified(DeriveError):
    """Something that has no form in the certificate library, or whose printed form does not read back; says what."""


class CoqMissing(DeriveError):
    """No coqc, or no Coquelicot, on this machine."""


class CoqRefused(DeriveError):
    """coqc does not accept a certificate, or ran out of time; the message has its first words."""
