"""Reading and writing parts of arrays: whole axes, new axes, labels and arange as indices, masks.

A part chosen by indices is a copy, as in NumPy; whole axes are views. A write at indices is a write of 'the new value where the
index hits, the old one elsewhere'; it is refused where two places of the index may be the same entry.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from ...kernel.conditions import ONE, ZERO
from ...kernel.terms import Term, indices, ix, subst_index
from . import entries as e
from .array import Size, SymbolicArray, as_array, letters
from .blocks import part
from .entries import letter, renamed
from .ufuncs import broadcast, into, same

FULL = slice(None)


def get(x: SymbolicArray, key: Any) -> Any:
    """x[key]."""
    if type(key) is SymbolicArray and key.kind == "b":
        return _masked(x, key)
    parts = _expanded(x, key)
    if any(_advanced(p) for p in parts):
        if any(isinstance(p, int) for p in parts):
            x.session.refuse("an entry by number beside indices that are arrays")
        return _gather(_basic(x, [FULL if _advanced(p) else p for p in parts]), [FULL if p is None else p for p in parts])
    return _basic(x, parts)


def put(x: SymbolicArray, key: Any, value: Any) -> None:
    """x[key] = value."""
    new = as_array(x.session, value)
    if type(key) is SymbolicArray and key.kind == "b":
        if not new.known or any(isinstance(d, Size) for d in new.shape):
            x.session.refuse("values written at a mask; accepted is one number for all places")
        if key.ndim != x.ndim or not all(map(same, key.shape, x.shape)):
            x.session.refuse("a mask of another shape than the array")
        x.write(e.choose(key.term, new.term, x.term), new.kind)
        return
    parts = _expanded(x, key)
    if any(_advanced(p) for p in parts):
        _scatter(x, parts, new)
    else:
        into(x.session, _basic(x, parts), new)


def _masked(x: SymbolicArray, mask: SymbolicArray) -> SymbolicArray:
    if mask.known and mask.term is ZERO:
        return SymbolicArray.of(x.session, ZERO, (0,), x.kind)
    if mask.known and mask.term is ONE and x.ndim == 1:
        return x.copied()
    x.session.refuse("a mask as an index: the shape of the result depends on the data; accepted is np.where")


def _advanced(part: Any) -> bool:
    return type(part) is SymbolicArray


def _expanded(x: SymbolicArray, key: Any) -> list[Any]:
    """The parts of a key, one for each axis and None for each new one."""
    parts = list(key) if isinstance(key, tuple) else [key]
    parts = [as_array(x.session, p) if isinstance(p, list | np.ndarray) else p for p in parts]
    used = sum(p is not None and p is not Ellipsis for p in parts)
    dots = [n for n, p in enumerate(parts) if p is Ellipsis]
    rest = [FULL] * (x.ndim - used)
    if used > x.ndim:
        raise IndexError(f"too many indices for an array of shape {x.shape}")
    return [*parts[:dots[0]], *rest, *parts[dots[0] + 1:]] if dots else [*parts, *rest]


def _basic(x: SymbolicArray, parts: list[Any]) -> SymbolicArray:
    axes: list[int | None] = []
    place = 0
    for p in parts:
        if p is None:
            axes.append(None)
            continue
        d = x.shape[place]
        if isinstance(p, slice):
            if not _whole(p, d):
                cut = part(x, place, p)
                if cut is None:
                    return _slice(x, place, p, parts)
                x = cut
            axes.append(x.axes[place])
        elif isinstance(d, Size) or isinstance(p, bool) or not isinstance(p, int) or p not in (0, -1):
            x.session.refuse(f"one entry by number along an axis of length {d}: {p!r}; accepted are whole axes, labels, arange")
        place += 1
    return x.seen(tuple(axes))


def _whole(p: slice, d: object) -> bool:
    """Whether a slice takes everything of an axis."""
    from_start = p.start is None or type(p.start) is int and p.start == 0
    return from_start and p.step in (None, 1) and (p.stop is None or type(p.stop) is type(d) and p.stop == d)


def _slice(x: SymbolicArray, place: int, p: slice, parts: list[Any]) -> SymbolicArray:
    """A part of an axis: only what does not need its numbers can be done with it."""
    if p == slice(None, 1) and not any(_advanced(q) or q is None for q in parts):
        shape = [1 if n == place else d for n, d in enumerate(x.shape)]
        return SymbolicArray.unknown(x.session, tuple(shape), "entries by number, by the slice [:1]; accepted are whole axes")
    x.session.refuse(f"a slice of the axis of length {x.shape[place]}; accepted are whole axes")


def _places(x: SymbolicArray, parts: list[Any]) -> tuple[list[Any], tuple[Any, ...], list[Any]]:
    """For indices at some axes: for each axis of x the axis of the result (a number) or the index array; the result's shape."""
    chosen = [p for p in parts if _advanced(p)]
    if any(p.kind != "x" for p in chosen):
        x.session.refuse("an index that is neither a label nor arange (or arithmetic of labels)")
    shape = broadcast(x.session, chosen)
    at = [n for n, p in enumerate(parts) if _advanced(p)]
    first = at[0] if at == list(range(at[0], at[-1] + 1)) else 0
    whole = [n for n, p in enumerate(parts) if not _advanced(p)]
    before = [n for n in whole if n < first] if first else []
    order = [*before, *[None] * len(shape), *[n for n in whole if n not in before]]
    dims = [*[x.shape[n] for n in before], *shape, *[x.shape[n] for n in whole if n not in before]]
    return order, tuple(dims), [len(before), len(shape)]


def _index(p: SymbolicArray, start: int, span: int, ndim: int) -> Term:
    """The index that an index array is, in the letters of a result whose axes start ... are the array's."""
    moved = {letter(q): letter(ndim - 1 - (start + span - 1 - q)) for q in range(span)}
    return renamed(p.term, moved)


def _substitution(x: SymbolicArray, parts: list[Any]) -> tuple[dict[str, Term], tuple[Any, ...]]:
    """The letter of each axis of x -> the index there, in the letters of the result; and the result's shape."""
    order, dims, (start, span) = _places(x, parts)
    found: dict[str, Term] = {}
    for n, p in enumerate(parts):
        d, own = x.shape[n], letter(x.ndim - 1 - n)
        if _advanced(p):
            found[own] = _index(p, start, span, len(dims))
            if not isinstance(d, Size) or found[own].data[1] != d.set:
                x.session.refuse(f"an index over {found[own].data[1]} along an axis of length {d}")
        elif isinstance(d, Size):
            found[own] = ix(letter(len(dims) - 1 - order.index(n)), d.set)
    return found, dims


def _gather(x: SymbolicArray, parts: list[Any]) -> SymbolicArray:
    parts, x = _without_ones(x, parts)
    if not any(_advanced(p) for p in parts):
        return x
    found, dims = _substitution(x, parts)
    return SymbolicArray.of(x.session, _at(x, x.term, found), dims, x.kind)


def _without_ones(x: SymbolicArray, parts: list[Any]) -> tuple[list[Any], SymbolicArray]:
    """An index along an axis of length 1 chooses its only entry: arange(1), where a batch is one row."""
    keep = [n for n, p in enumerate(parts) if not (_advanced(p) and isinstance(x.shape[n], int))]
    if len(keep) == len(parts):
        return parts, x
    gone = [parts[n] for n in range(len(parts)) if n not in keep]
    if any(p.kind != "i" or p.term is not ZERO for p in gone):
        x.session.refuse("an index along an axis of length 1 that is not 0")
    rest = [parts[n] for n in keep]
    shape = broadcast(x.session, [p for p in (*rest, *gone) if _advanced(p)])
    rest = [_stretched(p, len(shape)) if _advanced(p) else p for p in rest]
    return rest, x.seen(tuple(x.axes[n] for n in keep))


def _stretched(p: SymbolicArray, ndim: int) -> SymbolicArray:
    return p.seen((*[None] * (ndim - p.ndim), *p.axes))


def _at(x: SymbolicArray, t: Term, found: dict[str, Term]) -> Term:
    """The entry of x at indices. The label of a row goes with the row's axis."""
    sub: dict[tuple[str, str], Term] = {}
    for name, s in indices(t):
        stem, mark, p = name.partition("#")
        if not mark:
            continue
        to = found[mark + p]
        if stem and to.data[0][0] != "#":
            x.session.refuse("the labels of rows that are themselves chosen by labels")
        sub[name, s] = ix(stem + to.data[0], s) if stem else to
    return subst_index(t, sub)


def _scatter(x: SymbolicArray, parts: list[Any], value: SymbolicArray) -> None:
    if any(p is None or isinstance(p, int) or isinstance(p, slice) and p != FULL for p in parts):
        x.session.refuse("new axes, numbers or slices beside indices on the left of =")
    parts, target = _without_ones(x, parts)
    if not value.known:
        x.session.refuse(value.store.reason)
    found, dims = _substitution(target, parts)
    if len(broadcast(x.session, [value, SymbolicArray.of(x.session, ZERO, dims)])) != len(dims):
        x.session.refuse("a value with more axes than the places that it is written to")
    back, hit = _inverted(target, found)
    missing = {axis for axis, _ in letters(dims)} - back.keys()
    if missing:
        x.session.refuse("a write at labels that may repeat: rows would overwrite each other; index with arange beside them")
    new = renamed(value.term, back)
    target.write(e.choose(hit, new, target.term), value.kind)


def _inverted(x: SymbolicArray, found: dict[str, Term]) -> tuple[dict[str, str], Term]:
    """The letters of the result -> the letters of x, and where the index hits."""
    back: dict[str, str] = {}
    hit, later = ONE, []
    for own, i in found.items():
        if i.data[0][0] == "#" and i.data[0] not in back:
            back[i.data[0]] = own
        else:
            later.append((own, i))
    for own, i in later:
        stem, mark, p = i.data[0].partition("#")
        if mark and mark + p not in back:
            x.session.refuse("a write at labels that may repeat: index with arange beside them")
        at = ix(stem + back[mark + p] if mark else stem, i.data[1])
        hit = e.mul(hit, e.delta(ix(own, i.data[1]), at))
    return back, hit
