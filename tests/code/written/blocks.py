"""Loops over blocks of rows: the first are right, the others wrong or beyond what one block can speak for."""
import numpy as np

SEEN = []


def rows_of(z, g):
    e = np.exp(z, out=g)
    g /= np.add.reduce(e, axis=1)[:, None]


def right(z, y):
    g = np.empty_like(z)
    step = max(1, 1024 // (z.shape[1] * z.itemsize))
    for first in range(0, len(z), step):
        part = slice(first, first + step)
        rows_of(z[part], g[part])
        g[part] -= y[part]
    return g


def right_by_the_branch(z, y):
    g = np.empty_like(z)
    for first in range(0, len(z), 4):
        part = slice(first, first + 4)
        m = np.maximum.reduce(z[part], axis=1)
        if np.maximum.reduce(m) <= 80:
            rows_of(z[part], g[part])
        else:
            rows_of(z[part] - m[:, None], g[part])
        g[part] -= y[part]
    return g


def skips_the_last_block(z, y):
    g = np.zeros_like(z)
    step = max(1, 1024 // (z.shape[1] * z.itemsize))
    for first in range(0, len(z) - step, step):
        part = slice(first, first + step)
        rows_of(z[part], g[part])
        g[part] -= y[part]
    return g


def skips_the_first_block(z, y):
    g = np.zeros_like(z)
    for first in range(4, len(z), 4):
        rows_of(z[first:first + 4], g[first:first + 4])
    return g - y


def writes_that_overlap(z, y):
    g = np.zeros_like(z)
    for first in range(0, len(z), 2):
        g[first:first + 3] += np.exp(z[first:first + 3]) / np.exp(z[first:first + 3]).sum(axis=1, keepdims=True)
    return g - y


def gaps(z, y):
    g = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    for first in range(0, len(z), 4):
        g[first:first + 2] -= y[first:first + 2]
    return g


def step_that_may_be_zero(z, y):
    g = np.zeros_like(z)
    step = 1024 // (z.shape[1] * z.itemsize)
    for first in range(0, len(z), step):
        rows_of(z[first:first + step], g[first:first + step])
    return g - y


def another_step(z, y):
    g = np.zeros_like(z)
    step, other = max(1, 1024 // z.shape[1]), max(1, 512 // z.shape[1])
    for first in range(0, len(z), step):
        rows_of(z[first:first + other], g[first:first + other])
    return g - y


def buffer_that_is_stale(z, y):
    g, work = np.empty_like(z), np.zeros_like(z)
    for first in range(0, len(z), 4):
        part = slice(first, first + 4)
        work += 1
        g[part] = np.exp(z[part]) / np.exp(z[part]).sum(axis=1, keepdims=True) - y[part] + (work[part] - 1) * (len(z) > 9)
    return g


def total_that_runs_on(z, y):
    g, s = np.empty_like(z), np.zeros(1)
    for first in range(0, len(z), 4):
        part = slice(first, first + 4)
        s[...] = s + 1
        rows_of(z[part], g[part])
        g[part] -= y[part] * s
    return g


def name_from_the_block_before(z, y):
    g, last = np.empty_like(z), 0.0
    for first in range(0, len(z), 4):
        part = slice(first, first + 4)
        rows_of(z[part], g[part])
        g[part] += last
        last = np.maximum.reduce(z[part], axis=None)
    return g - y


def name_read_after_the_loop(z, y):
    g = np.empty_like(z)
    for first in range(0, len(z), 4):
        part = slice(first, first + 4)
        m = np.maximum.reduce(z[part], axis=None)
        g[part] = np.exp(z[part] - m)
    return g * np.exp(m) / np.exp(z).sum(axis=1, keepdims=True) - y


def list_that_remembers(z, y):
    g, seen = np.empty_like(z), []
    for first in range(0, len(z), 4):
        part = slice(first, first + 4)
        seen.append(first)
        rows_of(z[part], g[part])
        g[part] -= y[part] * (1 if len(seen) < 9 else 2)
    return g


def global_that_remembers(z, y):
    g = np.empty_like(z)
    SEEN.clear()
    for first in range(0, len(z), 4):
        part = slice(first, first + 4)
        rows_of(z[part], g[part])
        SEEN.append(1)
        g[part] -= y[part] * (1 if len(SEEN) < 9 else 2)
    return g


def counter(z, y):
    g, n = np.empty_like(z), 0
    for first in range(0, len(z), 4):
        part = slice(first, first + 4)
        n += 1  # noqa: SIM113
        rows_of(z[part], g[part])
        g[part] -= y[part] * (1 if n < 9 else 2)
    return g


def ends_early(z, y):
    g = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) - y
    for first in range(0, len(z), 4):
        if np.maximum.reduce(z[first:first + 4], axis=None) > 1e6:
            break
        g[first:first + 4] *= 1
    return g


def looks_at_rows_that_it_has_overwritten(z, y):
    for first in range(0, len(z), 4):
        part = slice(first, first + 4)
        z[part] -= np.maximum.reduce(z, axis=None)
    return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) - y


def sum_over_the_block(z, y):
    g = np.empty_like(z)
    for first in range(0, len(z), 4):
        part = slice(first, first + 4)
        rows_of(z[part], g[part])
        g[part] -= y[part]
        g[part] /= np.add.reduce(z[part] * 0 + 1, axis=0)
    return g


def length_of_the_block(z, y):
    g = np.empty_like(z)
    for first in range(0, len(z), 4):
        part = slice(first, first + 4)
        rows_of(z[part], g[part])
        g[part] = (g[part] - y[part]) / len(z[part])
    return g


def maximum_of_the_block_above_only(z, y):
    g = np.empty_like(z)
    for first in range(0, len(z), 4):
        part = slice(first, first + 4)
        m = np.maximum.reduce(z[part], axis=None)
        g[part] = np.exp(z[part] - m) / np.exp(z[part]).sum(axis=1, keepdims=True) - y[part]
    return g


def branch_wrong_far_away(z, y):
    g = np.empty_like(z)
    for first in range(0, len(z), 4):
        part = slice(first, first + 4)
        rows_of(z[part], g[part])
        if np.maximum.reduce(z[part], axis=None) > 1e6:
            g[part] = 0
        g[part] -= y[part]
    return g


def branch_without_a_shift_below(z, y):
    g = np.empty_like(z)
    for first in range(0, len(z), 4):
        part = slice(first, first + 4)
        m = np.maximum.reduce(z[part], axis=1)
        e = np.exp(z[part])
        if np.maximum.reduce(m) > 1e6:
            e = np.exp(z[part] - m[:, None])
        g[part] = e / np.exp(z[part]).sum(axis=1, keepdims=True) - y[part]
    return g


def relative_indices_of_the_whole(z, y):
    g = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) - y
    for first in range(0, len(z), 4):
        part = slice(first, first + 4)
        g[part] += 0 * z[np.arange(len(z[part]))]
    return g


def infinite_into_an_array(z, y):
    g = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) - y
    if z.sum() > 1e6:
        np.multiply(g, np.inf, out=g)
    return g


def stops_in_between(z, y):
    g = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True) - y
    try:
        for first in range(0, len(z), 4):
            part = slice(first, first + 4)
            if np.maximum.reduce(z[part], axis=None) > 1e6:
                raise_it()
            g[part] *= 1
    except ValueError:
        g = g * 2
    return g


def raise_it():
    raise ValueError("too large")
