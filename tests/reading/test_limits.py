"""The time limit of a step holds even where a library swallows every exception."""
from __future__ import annotations

import threading
import time

import pytest

from derive.reading.limits import OutOfTime, time_limit


def test_a_long_search_ends():
    with pytest.raises(OutOfTime), time_limit(0.1):
        time.sleep(5)


def test_an_alarm_that_was_swallowed_rings_again():
    def swallow():
        try:
            time.sleep(5)
        except:  # noqa: E722 - as mpmath does
            return
    with pytest.raises(OutOfTime), time_limit(0.1):
        swallow()
        time.sleep(5)


def test_what_goes_wrong_because_of_a_swallowed_alarm_is_the_alarm():
    with pytest.raises(OutOfTime), time_limit(0.1):
        try:
            time.sleep(5)
        except BaseException:
            raise TypeError from None


def test_other_errors_stay_what_they_are():
    with pytest.raises(ValueError, match="own"), time_limit(5):
        raise ValueError("own")


def test_a_limit_holds_on_other_threads_too():
    found = []

    def body():
        try:
            with time_limit(0.1):
                end = time.monotonic() + 5
                while time.monotonic() < end:
                    pass
        except OutOfTime:
            found.append("late")
        with time_limit(5):
            found.append("in time")
    thread = threading.Thread(target=body)
    thread.start()
    thread.join(10)
    assert found == ["late", "in time"]
