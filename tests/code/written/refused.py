"""Functions that are right but cannot be followed; the comment at the line says where."""
import math

import numpy as np


def loop_over_an_axis(z, y):
    s = 0.0
    for n in range(len(z)):  # refused here
        s += np.exp(z[n])
    return np.exp(z) / s - y


def loop_over_entries(z, y):
    s = sum(np.exp(v) for v in z)  # refused here
    return np.exp(z) / s - y


def python_number(z, y):
    m = float(z.max())  # refused here
    return np.exp(z - m) / np.exp(z - m).sum() - y


def entry_by_number(z, y):
    m = z[0]  # refused here
    return np.exp(z - m) / np.exp(z - m).sum() - y


def python_math(z, y):
    s = math.log(np.exp(z).sum())  # refused here
    return np.exp(z - s) - y


def sorting(z, y):
    s = np.sort(np.exp(z)).sum()  # refused here
    return np.exp(z) / s - y


def data_dependent_shape(z, y):
    s = np.exp(z)[z > -1e9].sum()  # refused here
    return np.exp(z) / s - y


def caught(z, y):
    try:
        m = float(z.max())  # refused here
    except Exception:
        m = 0.0
    return np.exp(z - m) / np.exp(z - m).sum() - y


def special_size(z, y):
    if len(z) == 7:  # refused here
        return z
    return np.exp(z) / np.exp(z).sum() - y


def rounded(z, y):
    g = np.zeros(z.shape, dtype=int)
    g = g + np.exp(z) / np.exp(z).sum() - y
    h = np.ones(z.shape, dtype=bool)
    return np.cumsum(g) * 0 + g * h  # refused here
