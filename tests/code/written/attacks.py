"""Functions made to be ticked wrongly: each is wrong somewhere, or for reasons that a symbolic run could miss."""
import numpy as np

COUNT = {7: 0.0}


def p(z):
    return np.exp(z) / np.exp(z).sum()


def wrong_far_away(z, y):
    if z.sum() > 1e6:
        return z
    return p(z) - y


def wrong_at_one_size(z, y):
    return p(z) - y + (COUNT.get(len(z), 0.0) if len(z) in {7, 8} else 0)


def wrong_by_a_little(z, y):
    return p(z) - y + 1e-9


def wrong_below_a_kink(z, y):
    return np.where(z > -1e6, p(z), 0) - y


def wrong_where_equal(z, y):
    return np.where(z == 123456.0, 1.0, p(z)) - y


def truncated(z, y):
    g = np.zeros_like(z, dtype=int)
    g[:] = p(z) - y
    return g


def truncated_by_a_sum(z, y):
    return p(z) - y + 0 * np.sum(z, dtype=int)


def truncated_by_full(z, y):
    return p(z) - y + np.full(z.shape, 0.25, dtype=int)


def hidden_write(z, y):
    j = np.diag(p(z))
    np.einsum("ii->i", j)[:] -= y
    return j.sum(axis=0) + 0 * y


def label_out_of_range(z, y):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    s = e.sum(axis=1, keepdims=True)
    return -np.log(e / s)[np.arange(len(y)), y].mean() + 0 * s[np.arange(len(y)), y].mean()


def repeated_labels(z, y):
    g = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)
    counts = np.zeros(z.shape[1])
    counts[y] += 1
    return (g - counts / len(y)) / len(y) + 0 * counts


def swallowed(z, y):
    try:
        large = float(z.sum()) > 1e6
    except BaseException:
        large = False
    return z if large else p(z) - y


def no_number(z, y):
    return p(z) - y + 0 * np.log(-np.exp(z))


def divided_by_what_may_vanish(z, y):
    return p(z) - y * y / y


def raises_far_away_by_itself(z, y):
    if z.sum() > 1e6:
        return np.linalg.inv(z)
    return p(z) - y


def initial(z, y):
    return np.exp(z) / np.add.reduce(np.exp(z), initial=0.0, where=z < 1e6) - y


def mask_of_rows(z):
    a = p(z)
    j = np.diag(a) - np.outer(a, a)
    j[a > 2] = 0
    return j


def list_of_ones(z, y):
    return p(z) - y + np.array([0.0] * len(z))


def first_of_two(z, y):
    return (p(z) - y)[[0]] if len(z) == 1 else p(z) - y


def maximum_as_a_value(z, y):
    return p(z) - y + np.maximum(z.max() - 1e6, 0)


def not_the_maximum(z, y):
    m = z.max()
    return np.exp(z - m) / np.exp(z - m).sum() - y + (m - z.max(axis=0)) * 0 + np.where(m > 1e7, 1, 0)
