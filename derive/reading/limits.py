"""A time limit around one step: an alarm on the main thread of a platform that has one, else an exception from a timer's thread.

Either reaches Python code between two instructions; a single long call into C is not cut short.
"""
from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType


class OutOfTime(BaseException):
    """Not an Exception: whatever the search catches, this gets through."""


def time_limit(seconds: float) -> AbstractContextManager[None]:
    """Raise OutOfTime when the body takes longer. 0 means no limit."""
    if seconds <= 0:
        return nullcontext()
    alarmed = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    return _alarm(seconds) if alarmed else _timer(seconds)


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
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


@contextmanager
def _timer(seconds: float) -> Iterator[None]:
    """OutOfTime is left for this thread by another one, again and again until the body has ended."""
    import ctypes
    here, ended, rung = ctypes.c_ulong(threading.get_ident()), threading.Event(), threading.Lock()
    late = []

    def ring() -> None:
        wait = seconds
        while not ended.wait(wait):
            wait = 0.2
            with rung:
                if not ended.is_set():
                    late.append(True)
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(here, ctypes.py_object(OutOfTime))
    threading.Thread(target=ring, daemon=True).start()
    try:
        yield
    except Exception as e:
        if late:
            raise OutOfTime from e
        raise
    finally:
        with rung:
            ended.set()
            ctypes.pythonapi.PyThreadState_SetAsyncExc(here, None)     # what was left and has not arrived is taken back
