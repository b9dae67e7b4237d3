"""What cannot be followed symbolically: the reason, and the line of the traced file where it was met."""
from __future__ import annotations

import sys
from types import FrameType

from ...kernel.errors import DeriveError


class Refused(DeriveError):
    """A step of the function that has no symbolic reading; `line` is where, 0 if it is not known."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {reason}" if line else reason)
        self.reason, self.line = reason, line


def line_in(filename: str) -> int:
    """The line that is being run in the innermost frame of a file, 0 if there is none."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == filename:
            return frame.f_lineno
        frame = frame.f_back
    return 0
