"""Functions of NumPy on symbolic arrays: reductions, products, shapes, constructors. One table, looked up by function.

Each takes the session and the arguments of its namesake; what it does not accept is refused by name.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ...kernel.conditions import ONE, ZERO
from ...kernel.terms import Term, ix, mk
from . import entries as e
from .array import Dim, Shape, Size, SymbolicArray, as_array, letters
from .entries import letter, renamed
from .session import Session
from .ufuncs import broadcast, into, real_dtype, same
from .ufuncs import call as elementwise


def call(session: Session, func: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """What `__array_function__` answers, and what stands for NumPy's constructors while a function is traced."""
    found = FUNCTIONS.get(func)
    name = getattr(func, "__name__", str(func))
    if found is None:
        session.refuse(f"np.{name} is not followed; accepted are {', '.join(sorted(f.__name__ for f in FUNCTIONS))}")
    try:
        return found(session, *args, **kwargs)
    except TypeError as error:
        session.refuse(f"np.{name} with these arguments is not followed ({error})")


# ---------------------------------------------------------------- reductions
def axes_of(x: SymbolicArray, axis: Any) -> list[int]:
    """Axes as numbers from the left. Raises AxisError as NumPy does."""
    given = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    for a in given:
        if not isinstance(a, int) or not -x.ndim <= a < x.ndim:
            raise np.exceptions.AxisError(a, x.ndim)
    return sorted({a % x.ndim for a in given})


def reduced(kind: str, x: SymbolicArray, axis: Any = None, keepdims: bool = False) -> SymbolicArray:
    """sum, max, min, all or any along axes."""
    axes = axes_of(x, axis)
    if kind in ("all", "any"):
        return _decided(x, kind, axes)
    if x.kind == "x" and kind != "sum" and len(axes) == x.ndim:
        return SymbolicArray.of(x.session, x.session.some_label(x.term), (), "x")
    if x.kind == "x" or any(isinstance(d, int) and d == 0 for d in x.shape):
        x.session.refuse(f"the {kind} of labels, or of nothing")
    t, n = x.term, x.ndim
    remaining = letters(x.shape)
    for a in axes:
        d = x.shape[a]
        if isinstance(d, Size):
            over = (letter(n - 1 - a), d.set)
            remaining.remove(over)
            t = _along(x.session, kind, t, over, remaining)
    shape = tuple(1 if k in axes else d for k, d in enumerate(x.shape))
    kept = SymbolicArray.of(x.session, t, shape, x.kind if x.kind != "b" else "i")
    return kept if keepdims else kept.seen(tuple(k for k in range(n) if k not in axes))


def _along(session: Session, kind: str, t: Term, over: tuple[str, str], remaining: list[tuple[str, str]]) -> Term:
    """One axis reduced."""
    if kind == "sum":
        return session.total(t, over)
    if kind == "max":
        return session.maximum(t, tuple(remaining), over)
    return e.neg(session.maximum(e.neg(t), tuple(remaining), over))


def _decided(x: SymbolicArray, kind: str, axes: list[int]) -> SymbolicArray:
    """np.any and np.all: constant where the condition is, else something that a branch may ask for."""
    if any(isinstance(d, int) and d == 0 for d in x.shape):
        return SymbolicArray.of(x.session, ONE if kind == "all" else ZERO, (), "b")
    if len(axes) < x.ndim:
        x.session.refuse(f"np.{kind} along some axes; accepted is np.{kind} of the whole array")
    if x.known and x.term in (ZERO, ONE):
        return SymbolicArray.of(x.session, x.term, (), "b")
    return SymbolicArray.unknown(x.session, (), f"the truth of np.{kind} as a number ({x.term if x.known else x.store.reason!r})")


def about(session: Session, *args: Any, **kwargs: Any) -> Any:
    """A question about all entries at once, such as np.allclose: a branch may ask for its truth."""
    shown = ", ".join(repr(x.term) if type(x) is SymbolicArray and x.known else repr(x) for x in args)
    return SymbolicArray.unknown(session, (), f"the truth of a comparison of all entries as a number ({shown})")


def _reduction(kind: str) -> Callable[..., Any]:
    def reduce(session: Session, a: Any, axis: Any = None, out: Any = None, keepdims: Any = False, dtype: Any = None) -> Any:
        _keep_reals(session, dtype)
        return into(session, out, reduced(kind, as_array(session, a), axis, keepdims is True))
    return reduce


def _keep_reals(session: Session, dtype: Any) -> None:
    if not real_dtype(dtype):
        session.refuse(f"a result of dtype {dtype}, which may round")


def _count(x: SymbolicArray, axis: Any) -> Term:
    out = ONE
    for a in axes_of(x, axis):
        d = x.shape[a]
        out = e.mul(out, mk("size", d.set)) if isinstance(d, Size) else out
    return out


def mean(session: Session, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False) -> Any:
    x = as_array(session, a)
    _keep_reals(session, dtype)
    total, count = reduced("sum", x, axis, keepdims is True), SymbolicArray.of(session, _count(x, axis), (), "f")
    return into(session, out, elementwise(session, np.true_divide, [total, count]))


def variance(session: Session, a: Any, axis: Any = None, dtype: Any = None, out: Any = None, ddof: Any = 0,
             keepdims: Any = False) -> Any:
    x = as_array(session, a)
    _keep_reals(session, dtype)
    if ddof != 0:
        session.refuse("ddof other than 0; accepted is the mean of the squares")
    away = elementwise(session, np.subtract, [x, mean(session, x, axis, keepdims=True)])
    return into(session, out, mean(session, elementwise(session, np.square, [away]), axis, keepdims=keepdims))


def deviation(session: Session, a: Any, **kwargs: Any) -> Any:
    return elementwise(session, np.sqrt, [variance(session, a, **kwargs)])


def norm(session: Session, x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    if ord not in (None, 2) or ord == 2 and axis is None and as_array(session, x).ndim != 1:
        session.refuse(f"np.linalg.norm of order {ord!r}; accepted is the root of the sum of squares")
    square = elementwise(session, np.square, [as_array(session, x)])
    return elementwise(session, np.sqrt, [reduced("sum", square, axis, keepdims)])


# ---------------------------------------------------------------- products
def einsum(session: Session, spec: Any, *operands: Any, out: Any = None, optimize: Any = False) -> Any:
    """Explicit and implicit subscripts, without an ellipsis."""
    arrays = [as_array(session, x) for x in operands]
    if not isinstance(spec, str) or "." in spec:
        session.refuse("np.einsum without a string of subscripts, or with an ellipsis")
    left, arrow, right = spec.replace(" ", "").partition("->")
    parts = left.split(",")
    if len(parts) != len(arrays) or any(len(p) != a.ndim for p, a in zip(parts, arrays, strict=True)):
        raise ValueError(f"subscripts {spec!r} do not fit operands of shapes {[a.shape for a in arrays]}")
    if not arrow:
        right = "".join(sorted(c for c in set(left) if c.isalpha() and left.count(c) == 1))
    dims = _lengths(session, parts, arrays)
    product = ONE
    for p, a in zip(parts, arrays, strict=True):
        product = e.mul(product, renamed_all(a, p, dims))
    for c in sorted(set(left) - {","} - set(right)):
        d = dims[c]
        product = session.total(product, (f"#{c}", d.set)) if isinstance(d, Size) else product
    to = {f"#{c}": letter(len(right) - 1 - n) for n, c in enumerate(right)}
    return into(session, out, SymbolicArray.of(session, renamed(product, to), tuple(dims[c] for c in right)))


def _lengths(session: Session, parts: list[str], arrays: list[SymbolicArray]) -> dict[str, Dim]:
    dims: dict[str, Dim] = {}
    for p, a in zip(parts, arrays, strict=True):
        for c, d in zip(p, a.shape, strict=True):
            if isinstance(dims.get(c, 1), int):
                dims[c] = d
            elif isinstance(d, Size) and not same(dims[c], d):
                session.refuse(f"a product along axes of lengths {dims[c]} and {d}")
    return dims


def renamed_all(a: SymbolicArray, subscripts: str, dims: dict[str, Dim]) -> Term:
    """The entry of an array in letters that are the subscripts."""
    if a.kind == "x":
        a.session.refuse("labels as numbers in a product")
    return renamed(a.term, {letter(a.ndim - 1 - n): f"#{c}" for n, c in enumerate(subscripts)})


PRODUCTS = {(1, 1): "a,a->", (2, 1): "ba,a->b", (1, 2): "a,ab->b", (2, 2): "ba,ac->bc", (3, 3): "dba,dac->dbc",
            (3, 2): "dba,ac->dbc"}


def matmul(session: Session, a: Any, b: Any, out: Any = None) -> Any:
    x, y = as_array(session, a), as_array(session, b)
    if (x.ndim, y.ndim) not in PRODUCTS:
        session.refuse(f"a matrix product of arrays with {x.ndim} and {y.ndim} axes")
    for p, q in [(x.shape[-1], y.shape[0 if y.ndim == 1 else -2])]:
        if not same(p, q):
            session.refuse(f"a product along axes of lengths {p} and {q}")
    return einsum(session, PRODUCTS[x.ndim, y.ndim], x, y, out=out)


def dot(session: Session, a: Any, b: Any, out: Any = None) -> Any:
    x, y = as_array(session, a), as_array(session, b)
    if 0 in (x.ndim, y.ndim):
        return elementwise(session, np.multiply, [x, y])
    return matmul(session, x, y, out) if x.ndim < 3 and y.ndim < 3 else session.refuse("np.dot of more than two axes")


def outer(session: Session, a: Any, b: Any, out: Any = None) -> Any:
    return einsum(session, "a,b->ab", _flat(session, a), _flat(session, b), out=out)


def _flat(session: Session, a: Any) -> SymbolicArray:
    x = as_array(session, a)
    return reshape(session, x, -1) if x.ndim != 1 else x


def vdot(session: Session, a: Any, b: Any) -> Any:
    return einsum(session, "a,a->", _flat(session, a), _flat(session, b))


def inner(session: Session, a: Any, b: Any) -> Any:
    x, y = as_array(session, a), as_array(session, b)
    return einsum(session, {(1, 1): "a,a->", (2, 2): "ba,ca->bc", (2, 1): "ba,a->b"}.get((x.ndim, y.ndim), ""), x, y)


# ---------------------------------------------------------------- choices
def where(session: Session, condition: Any, x: Any = None, y: Any = None) -> Any:
    c, a, b = (as_array(session, v) for v in (condition, x, y))
    shape = broadcast(session, [c, a, b])
    if c.known and c.term in (ZERO, ONE):
        chosen = a if c.term is ONE else b
        return SymbolicArray.of(session, chosen.term, shape, chosen.kind)
    if c.kind != "b":
        session.refuse("np.where of a condition that is no comparison")
    kind = a.kind if a.kind == b.kind else "f"
    if "x" in (a.kind, b.kind):
        session.refuse("np.where between labels")
    return SymbolicArray.of(session, e.choose(c.term, a.term, b.term), shape, kind)


def clip(session: Session, a: Any, a_min: Any = None, a_max: Any = None, out: Any = None, *, min: Any = None,
         max: Any = None) -> Any:
    found = as_array(session, a)
    low, high = a_min if min is None else min, a_max if max is None else max
    if low is not None:
        found = elementwise(session, np.maximum, [found, as_array(session, low)])
    if high is not None:
        found = elementwise(session, np.minimum, [found, as_array(session, high)])
    return into(session, out, found)


def take_along_axis(session: Session, arr: Any, indices: Any, axis: int = -1) -> Any:
    return arr[_key_along(session, arr, indices, axis)]


def put_along_axis(session: Session, arr: Any, indices: Any, values: Any, axis: int = -1) -> None:
    arr[_key_along(session, arr, indices, axis)] = values


def _key_along(session: Session, arr: Any, indices: Any, axis: int) -> tuple[Any, ...]:
    if type(arr) is not SymbolicArray or type(indices) is not SymbolicArray or arr.ndim != indices.ndim:
        session.refuse("an index with as many axes as the array is needed")
    key: list[Any] = []
    for n, d in enumerate(arr.shape):
        own = tuple(slice(None) if n == k else None for k in range(arr.ndim))
        key.append(indices if n == axis % arr.ndim else arange(session, d)[own])
    return tuple(key)


# ---------------------------------------------------------------- shapes
def reshape(session: Session, a: Any, shape: Any = None, order: str = "C", *, newshape: Any = None, copy: Any = None) -> Any:
    """Axes of length 1 come and go; the others stay in their order."""
    x = as_array(session, a)
    shape = shape if newshape is None else newshape
    wanted = list(shape) if isinstance(shape, tuple | list) else [shape]
    long = [n for n, d in enumerate(x.shape) if isinstance(d, Size)]
    named = [d for d in wanted if not (isinstance(d, int) and d in (1, -1))]
    if -1 in [d for d in wanted if isinstance(d, int)]:
        left = [n for n in long if not any(same(x.shape[n], d) for d in named)]
        fill: list[Any] = [x.shape[left[0]]] if len(left) == 1 else [1] if not left else []
        wanted = [d for w in wanted for d in (fill if isinstance(w, int) and w == -1 else [w])]
    new = [d for d in wanted if not (isinstance(d, int) and d == 1)]
    if len(new) != len(long) or not all(same(x.shape[n], d) for n, d in zip(long, new, strict=True)):
        session.refuse(f"reshape of {x.shape} to {tuple(wanted)}; accepted are new axes of length 1, or fewer of them")
    axes = iter(long)
    return x.seen(tuple(x.axes[next(axes)] if isinstance(d, Size) else None for d in wanted))


def transpose(session: Session, a: Any, axes: Any = None) -> Any:
    x = as_array(session, a)
    order = range(x.ndim)[::-1] if axes is None else [n % x.ndim for n in axes]
    if sorted(order) != list(range(x.ndim)):
        raise ValueError("axes don't match array")
    return x.seen(tuple(x.axes[n] for n in order))


def swapaxes(session: Session, a: Any, axis1: int, axis2: int) -> Any:
    x = as_array(session, a)
    order = list(range(x.ndim))
    order[axis1], order[axis2] = order[axis2], order[axis1]
    return transpose(session, x, order)


def expand_dims(session: Session, a: Any, axis: int) -> Any:
    x = as_array(session, a)
    if not isinstance(axis, int) or not -x.ndim - 1 <= axis <= x.ndim:
        raise np.exceptions.AxisError(axis, x.ndim + 1)
    n = axis % (x.ndim + 1)
    return x.seen((*x.axes[:n], None, *x.axes[n:]))


def squeeze(session: Session, a: Any, axis: Any = None) -> Any:
    x = as_array(session, a)
    if axis is None and any(isinstance(d, Size) for d in x.shape):
        session.refuse("squeeze without axis= also drops a batch of one row, or one class; name the axis")
    axes = axes_of(x, axis)
    if any(isinstance(x.shape[n], Size) for n in axes):
        raise ValueError("cannot select an axis to squeeze out which has size not equal to one")
    return x.seen(tuple(a for n, a in enumerate(x.axes) if n not in axes))


def broadcast_to(session: Session, array: Any, shape: Any, subok: bool = False) -> Any:
    x, target = as_array(session, array), tuple(shape) if isinstance(shape, tuple | list) else (shape,)
    return SymbolicArray.of(session, broadcast_entry(x, target), target, x.kind)


def broadcast_entry(x: SymbolicArray, target: Shape) -> Term:
    shaped = SymbolicArray.of(x.session, ZERO, target)
    if len(broadcast(x.session, [x, shaped])) != len(target):
        raise ValueError("input operand has more dimensions than allowed")
    return x.term


# ---------------------------------------------------------------- constructors and diagonals
def _shape(session: Session, shape: Any) -> Shape:
    dims = tuple(shape) if isinstance(shape, tuple | list) else (shape,)
    if not all(isinstance(d, Size) or isinstance(d, int) and d == 1 for d in dims):
        session.refuse(f"an array of shape {dims}; accepted are lengths taken from the arguments, and 1")
    return dims


def _kind(dtype: Any, default: str = "f") -> str:
    if dtype is None:
        return default
    found = np.dtype(getattr(dtype, "name", dtype))
    if found.kind not in "fbi" or found.kind == "i" and found.itemsize < 4:
        raise TypeError(f"dtype {found}; accepted are floats, bool and integers of 32 or 64 bits")
    return str(found.kind)


def filled(value: Term) -> Callable[..., Any]:
    def make(session: Session, shape: Any, dtype: Any = None, order: str = "C") -> Any:
        return SymbolicArray.of(session, value, _shape(session, shape), _kind(dtype))
    return make


def full(session: Session, shape: Any, fill_value: Any, dtype: Any = None, order: str = "C") -> Any:
    x, dims = as_array(session, fill_value), _shape(session, shape)
    return SymbolicArray.of(session, broadcast_entry(x, dims), dims, convert(x, dtype or x.dtype).kind)


def empty(session: Session, shape: Any, dtype: Any = None, order: str = "C") -> Any:
    _keep_reals(session, dtype)
    return SymbolicArray.unknown(session, _shape(session, shape), "an entry of np.empty is read before it is written")


def filled_like(value: Term) -> Callable[..., Any]:
    def make(session: Session, a: Any, dtype: Any = None, order: str = "K", subok: bool = True, shape: Any = None) -> Any:
        x = as_array(session, a)
        if shape is not None:
            session.refuse("an array like another, of another shape")
        return SymbolicArray.of(session, value, x.shape, _kind(dtype, {"x": "i", "?": "f"}.get(x.kind, x.kind)))
    return make


def full_like(session: Session, a: Any, fill_value: Any, dtype: Any = None, order: str = "K", subok: bool = True) -> Any:
    x = as_array(session, a)
    return full(session, x.shape, fill_value, dtype=dtype or x.dtype.name)


def empty_like(session: Session, a: Any, dtype: Any = None, order: str = "K", subok: bool = True) -> Any:
    x = as_array(session, a)
    _keep_reals(session, dtype or x.dtype)
    return empty(session, x.shape)


def arange(session: Session, *args: Any, dtype: Any = None) -> Any:
    """arange(n): the indices of an axis."""
    if len(args) == 2 and isinstance(args[0], int) and args[0] == 0:
        args = args[1:]
    if len(args) != 1 or dtype is not None and _kind(dtype) != "i":
        session.refuse("np.arange with a start, a step or a dtype of reals")
    (n,) = args
    if isinstance(n, Size):
        return SymbolicArray.of(session, ix(letter(0), n.set), (n,), "x")
    if isinstance(n, int) and n == 1:
        return SymbolicArray.of(session, ZERO, (1,), "i")
    session.refuse(f"np.arange of {n!r}; accepted are lengths taken from the arguments")


def eye(session: Session, n: Any, M: Any = None, k: int = 0, dtype: Any = None, order: str = "C") -> Any:
    rows, columns = _shape(session, (n, n if M is None else M))
    if k != 0 or not same(rows, columns):
        session.refuse("np.eye that is not square, or with k other than 0")
    d = e.delta(ix(letter(1), rows.set), ix(letter(0), rows.set)) if isinstance(rows, Size) else ONE
    return SymbolicArray.of(session, d, (rows, columns), _kind(dtype))


def diag(session: Session, v: Any, k: int = 0) -> Any:
    x = as_array(session, v)
    if k != 0 or x.ndim not in (1, 2):
        session.refuse("np.diag with k other than 0, or of more than two axes")
    if x.ndim == 2:
        return diagonal(session, x)
    n = x.shape[0]
    return elementwise(session, np.multiply, [eye(session, n), x])


def diagonal(session: Session, a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    x = as_array(session, a)
    if offset != 0 or x.ndim != 2 or (axis1, axis2) != (0, 1) or not same(*x.shape):
        session.refuse("a diagonal of another array than a square one, or with an offset")
    return einsum(session, "aa->a", x)


def trace(session: Session, a: Any) -> Any:
    return einsum(session, "aa->", as_array(session, a))


def fill_diagonal(session: Session, a: Any, val: Any, wrap: bool = False) -> None:
    n = arange(session, a.shape[0])
    a[n, n] = val


def diag_indices(session: Session, n: Any, ndim: int = 2) -> Any:
    return tuple(arange(session, n) for _ in range(ndim))


def asarray(session: Session, a: Any, dtype: Any = None, order: Any = None) -> Any:
    """np.asarray: the same array."""
    x = as_array(session, a)
    return convert(x, dtype) if dtype is not None else x


def array(session: Session, a: Any, dtype: Any = None, *, copy: Any = True, order: Any = None) -> Any:
    """np.array: a copy, unless it is told otherwise."""
    x = as_array(session, a)
    found = convert(x, dtype) if dtype is not None else x
    return found.copied() if copy and found is x else found


def convert(x: SymbolicArray, dtype: Any) -> SymbolicArray:
    """The array in another dtype: over the reals the same, where no number is rounded."""
    if x.kind == "x" and np.dtype(getattr(dtype, "name", dtype)) == np.uintp:
        return x                                              # labels are not negative
    kind = _kind(dtype)
    if x.kind == "?" or kind == x.kind or x.kind == "x" and kind == "i":
        return x
    if x.kind == "x" or kind in "ib" and x.kind == "f" or kind == "b":
        x.session.refuse(f"a conversion from {x.dtype.name} to {np.dtype(getattr(dtype, 'name', dtype)).name}")
    return x.copied(kind)


def copy(session: Session, a: Any, order: str = "K", subok: bool = False) -> Any:
    return as_array(session, a).copied()


def copyto(session: Session, dst: Any, src: Any) -> None:
    into(session, dst, as_array(session, src))


def share(session: Session, a: Any, b: Any) -> bool:
    """np.may_share_memory: arrays that share a store do, others do not."""
    return as_array(session, a).store is as_array(session, b).store


def result_type(session: Session, *arrays: Any) -> Any:
    """The dtype that reals have here."""
    return SymbolicArray.of(session, ZERO, ()).dtype


def shape_of(session: Session, a: Any) -> Any:
    return as_array(session, a).shape


CONSTRUCTORS: dict[Any, Callable[..., Any]] = {
    np.zeros: filled(ZERO), np.ones: filled(ONE), np.full: full, np.empty: empty, np.arange: arange, np.eye: eye,
    np.identity: eye, np.asarray: asarray, np.asanyarray: asarray, np.ascontiguousarray: asarray, np.array: array,
    np.diag_indices: diag_indices,
}
FUNCTIONS: dict[Any, Callable[..., Any]] = {
    **CONSTRUCTORS, np.sum: _reduction("sum"), np.max: _reduction("max"), np.min: _reduction("min"), np.amax: _reduction("max"),
    np.amin: _reduction("min"), np.all: _reduction("all"), np.any: _reduction("any"), np.mean: mean,
    np.may_share_memory: share, np.shares_memory: share, np.allclose: about, np.array_equal: about,
    np.var: variance, np.std: deviation, np.linalg.norm: norm, np.einsum: einsum, np.dot: dot, np.matmul: matmul, np.outer: outer,
    np.vdot: vdot, np.inner: inner, np.where: where, np.clip: clip, np.take_along_axis: take_along_axis,
    np.put_along_axis: put_along_axis, np.reshape: reshape, np.transpose: transpose, np.swapaxes: swapaxes,
    np.expand_dims: expand_dims, np.squeeze: squeeze, np.broadcast_to: broadcast_to, np.zeros_like: filled_like(ZERO),
    np.ones_like: filled_like(ONE), np.full_like: full_like, np.empty_like: empty_like, np.diag: diag, np.diagflat: diag,
    np.diagonal: diagonal, np.trace: trace, np.fill_diagonal: fill_diagonal, np.copy: copy, np.copyto: copyto, np.shape: shape_of,
    np.result_type: result_type,
    np.size: lambda session, a: as_array(session, a).size, np.ndim: lambda session, a: as_array(session, a).ndim,
}
