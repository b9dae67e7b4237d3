"""The time limit of a step holds even where a library swallows every exception."""
from __future__ import annotations

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
