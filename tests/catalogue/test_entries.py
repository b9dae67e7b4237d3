"""Every entry: short, proved, and numerically right in NumPy code that knows neither SymPy nor derive's terms."""
from __future__ import annotations

import importlib
from pathlib import Path

import numpy as np
import pytest

import derive
from derive.catalogue.discovery import own_names

LONGEST = 40


def softmax(z):
    e = np.exp(z)
    return e / e.sum()


def cross_entropy(z, y):
    return -(y * np.log(softmax(z))).sum()


def complex_step(f, z, i, y):
    """df/dz_i to the last digits, for an f that is analytic; f may be an array."""
    moved = z.astype(complex)
    moved[i] += 1e-30j
    return np.imag(f(moved, y)) / 1e-30


def central(f, z, i, y, h=1e-5):
    up, down = z.copy(), z.copy()
    up[i] += h
    down[i] -= h
    return (f(up, y) - f(down, y)) / (2 * h)


def distribution(rng, n):
    y = rng.random(n) + 0.1
    return y / y.sum()


# entry -> (labels, function of z and the labels, one gradient or Jacobian for each claim, written by hand)
CASES = {
    "softmax-cross-entropy": [
        (lambda rng, n: rng.normal(size=n), cross_entropy, lambda z, y: softmax(z) * y.sum() - y),
        (distribution, cross_entropy, lambda z, y: softmax(z) - y),
        (lambda rng, n: np.eye(n)[rng.integers(n)], cross_entropy, lambda z, y: softmax(z) - (y == 1))],
    "softmax-jacobian": [(distribution, lambda z, _: softmax(z), lambda z, _: (a := softmax(z))[:, None] * (np.eye(len(z)) - a))],
    "logsumexp": [(distribution, lambda z, _: np.log(np.exp(z).sum()), lambda z, _: softmax(z))],
}
# what each claim says, as text; `claims` above are its meaning
CONCLUSIONS = {
    "softmax-cross-entropy": ["a[i]*Sum(y[j], (j, 1, N)) - y[i]", "a[i] - y[i]", "-KroneckerDelta(i, k) + a[i]"],
    "softmax-jacobian": ["(KroneckerDelta(i, j) - a[j])*a[i]"],
    "logsumexp": ["a[i]"],
}


@pytest.mark.parametrize("name", own_names())
def test_an_entry_is_one_short_file(name):
    path = Path(importlib.import_module(f"derive.catalogue.{name.replace('-', '_')}").__file__)
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST, path


@pytest.mark.parametrize("name", [pytest.param(name, marks=[] if name in CASES else pytest.mark.soundness)
    for name in own_names()])
def test_an_entry_climbs_the_ladder(name):
    ladder = derive.prove(name).ladder
    assert [ladder[level] for level in ("derived", "checked", "cross_checked")] == [True] * 3


@pytest.mark.parametrize("name", own_names())
def test_an_entry_is_proved_under_the_hypotheses_that_it_states_and_no_others(name):
    theorem = derive.prove(name)
    assert theorem.verdict == "proved" and theorem.derivation.replayed() and theorem.derivation.has_witness()
    d = theorem.derivation
    for stated, name_ in d.statements:
        own = set(map(d.reader.condition, stated.given))
        assert own <= d.theorem(name_).hypotheses <= d.stated(stated), (name, name_)


@pytest.mark.parametrize("name", CASES)
def test_claims_are_what_differences_and_complex_steps_say(name):
    theorem, rng = derive.prove(name), np.random.default_rng(7)
    assert [str(c.value) for c, _ in theorem.derivation.claims] == CONCLUSIONS[name]
    for labels, f, expected in CASES[name]:
        for n in (1, 2, 3, 7):
            z, y = rng.normal(size=n), labels(rng, n)
            value = expected(z, y)
            for i in range(n):
                exact, near = complex_step(f, z, i, y), central(f, z, i, y)
                found = value[i]                                      # dC/dz_i, or the row da_j/dz_i over j
                assert np.allclose(found, exact, rtol=1e-12, atol=1e-13), (name, n, i, found, exact)
                assert np.allclose(found, near, rtol=1e-6, atol=1e-8), (name, n, i, found, near)
