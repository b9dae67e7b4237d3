"""A time limit around one step: an alarm where the platform has one and this is the main thread, else none."""
from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfTime(BaseException):
    """Not an Exception: whatever the search catches, this gets through."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTime when the body takes longer. 0 means no limit."""
    if seconds <= 0 or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    rung = []

    def ring(_: int, frame: FrameType | None) -> None:
        rung.append(True)
        raise OutOfTime
    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 0.2)        # again and again: some libraries swallow every exception
    try:
        yield
    except Exception as e:
        if rung:                                              # swallowed, and something else went wrong for it
            raise OutOfTime from e
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
