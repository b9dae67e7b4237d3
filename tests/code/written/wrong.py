"""Functions that look right: each has one of the mistakes that people make."""
import numpy as np


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def diagonal_only(z):
    a = softmax(z)
    return np.diag(a * (1 - a))


def sign_of_the_outer_product(z):
    a = softmax(z)
    return np.diag(a) + np.outer(a, a)


def identity_for_diag(z):
    a = softmax(z)
    return np.eye(len(z)) - np.outer(a, a)


def no_sum(z, y):
    return np.exp(z) - y


def plus(z, y):
    return softmax(z) + y


def other_way_round(z, y):
    return y - softmax(z)


def times_a(z, y):
    a = softmax(z)
    return a * (a - y)


def shift_above_only(z, y):
    return np.exp(z - z.max()) / np.sum(np.exp(z)) - y


def shift_below_only(z, y):
    return np.exp(z) / np.sum(np.exp(z - z.max())) - y


def log_for_exp(z, y):
    return np.log1p(np.exp(z)) / np.sum(np.log1p(np.exp(z))) - y


def mean_for_sum(z, y):
    e = np.exp(z)
    return e / e.mean() - y


def loss_without_a_sign(z, y):
    return np.sum(y * np.log(softmax(z)))


def loss_without_a_log(z, y):
    return -np.sum(y * softmax(z))


def loss_as_a_mean(z, y):
    return -np.mean(y * np.log(softmax(z)))


def log_of_the_sum(z, y):
    return -np.log(np.sum(y) * np.sum(softmax(z))) + 0 * z[None, :].sum()


def rows(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def axis_of_the_batch(z, y):
    e = np.exp(z)
    p = e / e.sum(axis=0, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return p / len(z)


def mean_twice(z, y):
    p = rows(z) / len(z)
    p[np.arange(len(y)), y] -= 1 / len(z)
    return p / len(z)


def mean_of_the_labels_only(z, y):
    p = rows(z)
    p[np.arange(len(y)), y] -= 1 / len(z)
    return p


def mean_over_the_classes(z, y):
    p = rows(z)
    p[np.arange(len(y)), y] -= 1
    return p / z.shape[1]


def one_hot_off_by_one(z, y):
    return (rows(z) - np.eye(z.shape[1])[y - 1]) / len(z)


def one_hot_twice(z, y):
    p = rows(z)
    p[np.arange(len(y)), y] -= 2
    return p / len(z)


def every_row_gets_every_label(z, y):
    p = rows(z)
    p[:, y] -= 1
    return p / len(z)


def alias_of_the_input(z, y):
    e = z
    e -= z.max(axis=1, keepdims=True)
    np.exp(e, out=e)
    p = z / e.sum(axis=1, keepdims=True)
    e -= 1
    return -np.log(p[np.arange(len(y)), y]).mean() + e.mean()


def loss_of_the_sum_grad_of_the_mean(z, y):
    p = rows(z)
    r = np.arange(len(y))
    loss = -np.log(p[r, y]).sum()
    p[r, y] -= 1
    return loss, p / len(y)


def label_zeroed_too_late(z, y):
    p = rows(z)
    r = np.arange(len(y))
    p[r, y] = p[r, y] - p.sum(axis=1) ** 2 / 2
    return p / len(y)


def view_and_not_copy(z, y):
    p = rows(z)
    g = p[:]
    g[np.arange(len(y)), y] -= 1
    return -np.log(p[np.arange(len(y)), y] ** 2).mean()


def branch_at_large_sums(z, y):
    if z.sum() > 1:
        return softmax(z) - y
    return softmax(z) - 2 * y


def lse_without_its_shift(z):
    return np.log(np.sum(np.exp(z - z.max())))


def lse_shifted_twice(z):
    m = z.max()
    return m + np.log(np.sum(np.exp(z - m))) + m


def half_too_much(a, t):
    return np.mean((a - t) ** 2) / 2


def squared_outside(a, t):
    return np.mean(a - t) ** 2


def slope_without_one(z):
    s = 1 / (1 + np.exp(-z))
    return s * (s - 1)


def slope_of_z(z):
    return z * (1 - z)


def softplus_with_the_wrong_sign(z):
    return np.log1p(np.exp(-np.abs(z))) - np.minimum(z, 0)


def softplus_without_its_maximum(z):
    return np.log1p(np.exp(-np.abs(z))) + z


def sigmoid_of_the_other_sign(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, e / (1 + e), 1 / (1 + e))


def loss_with_logits_of_the_other_class(z, y):
    return np.sum(np.maximum(z, 0) + z * y + np.log1p(np.exp(-np.abs(z))))


def loss_with_logits_without_the_size(z, y):
    return np.sum(np.maximum(z, 0) - z * y + np.log1p(np.exp(-z)))
