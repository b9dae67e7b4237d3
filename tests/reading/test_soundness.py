"""No false tick and no false alarm: mutants of true steps, judged by floats that know nothing of derive, against `check`."""
from __future__ import annotations

import math
import random

import pytest

from .documents import steps
from .statements import HEAD, TRUE, Point, latex, mutants, value

IN_TABLE = ("the entries of", "is one-hot", "is positive", "is not 0", "≠ 0", "0 <", "0 ≤")


def points(rng, hypothesis=""):
    """Points at which a step is tried, with equal and different indices; y adds up to 1, or is one-hot, where that is assumed."""
    for size, i, j in ((2, 0, 1), (2, 1, 1), (3, 2, 0), (3, 0, 0), (1, 0, 0), (3, 1, 2)):
        arrays = {name: [rng.uniform(0.2, 1.5) for _ in range(size)] for name in "zy"}
        if "add up to 1" in hypothesis:
            name = hypothesis.split()[3]
            arrays[name] = [x / sum(arrays[name]) for x in arrays[name]] if name in arrays else []
        if "one-hot" in hypothesis:
            place = rng.randrange(size)
            arrays[hypothesis.split()[0]] = [float(n == place) for n in range(size)]
        if hypothesis and not all(len(x) == size for x in arrays.values()):
            continue
        yield Point(size, arrays, {"i": i, "j": j})


def holds(left, right, rng, hypothesis=""):
    """Whether a step is true at random points; None where it has no value."""
    found = []
    for p in points(rng, hypothesis):
        try:
            x, y = value(left, p), value(right, p)
        except (ArithmeticError, ValueError, KeyError):
            continue
        found.append(math.isclose(x, y, rel_tol=1e-5, abs_tol=1e-5))
    return all(found) if found else None


def sample(count, seed):
    """Mutants of one or two changes, of both sides, without repetition."""
    rng = random.Random(seed)
    seen = set()
    while len(seen) < count:
        left, right = rng.choice(TRUE)
        for _ in range(rng.choice((1, 1, 2))):
            side = rng.random() < 0.25
            changed = rng.choice(list(mutants(left if side else right)))
            left, right = (changed, right) if side else (left, changed)
        if (left, right) not in seen:
            seen.add((left, right))
            yield left, right


def judged(left, right):
    return steps(f"{HEAD}$${latex(left)} = {latex(right)}$$")[-1]


def tried(count, seed):
    """Counts of false steps by verdict. Fails on a false tick, a hypothesis outside of the table, and a false alarm."""
    rng, counts = random.Random(seed), {}
    for left, right in sample(count, seed):
        true = holds(left, right, rng)
        found = judged(left, right)
        text = f"{found.latex}: {found.outcome} {found.message} {found.counterexample}"
        if true is None:
            continue
        if true:
            assert found.outcome != "refuted", text
            continue
        assert found.outcome != "proved", text
        if found.outcome == "proved_under":
            named = [h for h in found.hypotheses if h.startswith("the entries of") or h.endswith("is one-hot")]
            assert all(any(words in h for words in IN_TABLE) for h in found.hypotheses) or found.code[:2] == "D0", text
            assert found.code[:2] == "D0" or not named or holds(left, right, rng, named[0]) is not False, text
        counts[found.outcome] = counts.get(found.outcome, 0) + 1
    return counts


@pytest.mark.parametrize(("left", "right"), TRUE, ids=[latex(left) + " = " + latex(right) for left, right in TRUE])
def test_true_steps_are_proved(left, right):
    assert holds(left, right, random.Random(0))
    assert judged(left, right).outcome == "proved"


def test_a_sample_of_mutants():
    counts = tried(70, 1)
    assert counts["refuted"] >= 0.9 * (sum(counts.values()) - counts.get("unread", 0)), counts


@pytest.mark.soundness
def test_five_thousand_mutants():
    counts = tried(5000, 2)
    readable = sum(counts.values()) - counts.get("unread", 0) - counts.get("proved_under", 0)
    assert counts["refuted"] >= 0.95 * readable, counts
