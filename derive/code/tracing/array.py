"""The symbolic array: a view of a store that holds the entry of each place as one term.

Views share the store, so a write through one is seen through all. Kinds: "f" real, "i" whole number, "b" 0 or 1, "x" index of
another array (a label, arange); "?" stands for numbers that are not terms (inf, NaN, what was never written), with a reason.
"""
from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from ...kernel.conditions import ONE, ZERO
from ...kernel.terms import Term, ix, mk, subst_index
from .entries import constant, letter, mul, renamed
from .session import Session

if TYPE_CHECKING:
    from .blocks import Block

TYPES = {"f": "float64", "i": "int64", "x": "int64", "b": "bool", "?": "float64"}


@dataclass(frozen=True)
class Size:
    """The number of elements of an index set, as Python code meets it: in shapes, from len, as a factor."""
    session: Session
    set: str

    def array(self) -> SymbolicArray:
        return SymbolicArray.of(self.session, mk("size", self.set), (), "i")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return self.array().__array_ufunc__(ufunc, method, *map(lifted, inputs), **kwargs)

    def __index__(self) -> int:
        self.session.refuse(f"{self.set} is a symbol here: a loop over it, or a count of it, is not followed; "
                            "accepted are operations on whole axes")

    def __hash__(self) -> int:
        self.session.refuse(f"a lookup by the size {self.set} (in a dict or a set): the result must hold for every size")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Size) and other.set == self.set:
            return True
        return self._compared("==", other, lambda n: n < 1, False)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __lt__(self, other: object) -> bool:
        return self._compared("<", other, lambda n: n <= 1, False)

    def __le__(self, other: object) -> bool:
        return self._compared("<=", other, lambda n: n < 1, False)

    def __gt__(self, other: object) -> bool:
        return self._compared(">", other, lambda n: n < 1, True)

    def __ge__(self, other: object) -> bool:
        return self._compared(">=", other, lambda n: n <= 1, True)

    def _compared(self, sign: str, other: object, decided: Callable[[Any], bool], value: bool) -> bool:
        """What holds for every size of at least 1; whether there is more than one element is a branch."""
        if other is None or isinstance(other, str | tuple):
            return False
        if isinstance(other, int | float) and decided(other):
            return value
        if other == 1 and isinstance(other, int):
            more = self.session.decide(("more than one", self.set))
            return {"==": not more, "<=": not more, ">": more}[sign]
        if isinstance(other, int) and other == 2 and sign in ("<", ">="):
            return self.session.decide(("more than one", self.set)) is (sign == ">=")
        if isinstance(other, int) and sign not in ("==", "!="):
            return self.session.decide((sign, self.set, other))
        self.session.refuse(f"a comparison of the size {self.set} with {shown(other)}: the result must hold for every size")

    def __float__(self) -> float:
        self.session.refuse(f"float() of the size {self.set}; leave it out, true division gives a float")

    def __repr__(self) -> str:
        return self.set

    def __neg__(self) -> Any:
        return -self.array()


def _arithmetic(name: str) -> None:
    apply = getattr(operator, name)
    setattr(Size, f"__{name}__", lambda self, other: apply(self.array(), _operand(self, other)))
    setattr(Size, f"__r{name}__", lambda self, other: apply(_operand(self, other), self.array()))


def _operand(size: Size, other: Any) -> Any:
    if isinstance(other, str | list | tuple):
        size.session.refuse(f"{type(other).__name__} and the size {size.set}: a sequence of a symbolic length is not followed")
    return lifted(other)


for _name in ("add", "sub", "mul", "truediv", "pow", "floordiv", "mod"):
    _arithmetic(_name)

Dim = Size | int                                              # an int is 1, or 0 for what is known to be empty
Shape = tuple[Dim, ...]
Cuts = tuple[tuple["int | None", "Block"], ...]               # blocks of axes of the store, each within the one before


def lifted(value: Any) -> Any:
    return value.array() if isinstance(value, Size) else value


def shown(value: object) -> str:
    """A value in a message: no entries of arrays."""
    return f"an array of shape {value.shape}" if isinstance(value, SymbolicArray) else repr(value)


def letters(shape: Shape) -> list[tuple[str, str]]:
    """(letter, set) of each axis that has more than one place."""
    return [(letter(len(shape) - 1 - n), d.set) for n, d in enumerate(shape) if isinstance(d, Size)]


@dataclass
class Store:
    """What an array holds: `entry` in the letters of `shape`, or for kind "?" the reason why there is none."""
    shape: Shape
    kind: str
    entry: Term
    reason: str = ""
    parameter: str = ""
    born: int = 0                                             # the last block that was opened before it was made
    read: set[int] = field(default_factory=set)               # the blocks in whose bodies it was read as a whole
    written: set[int] = field(default_factory=set)            # the blocks through which it was written


@dataclass(frozen=True)
class Dtype:
    """The dtype of a symbolic array: compares and converts as NumPy's does, and casts symbolic scalars to themselves."""
    session: Session
    name: str

    @property
    def kind(self) -> str:
        return np.dtype(self.name).kind

    @property
    def type(self) -> Callable[[Any], Any]:
        return lambda value: value if isinstance(value, SymbolicArray) else np.dtype(self.name).type(value)

    def __eq__(self, other: object) -> bool:
        return np.dtype(self.name) == (other.name if isinstance(other, Dtype) else other)

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return f"dtype({self.name!r})"

    __str__ = __repr__


class SymbolicArray(NDArrayOperatorsMixin):
    """axes[n] is the axis of the store that axis n of this view is, None for a new one of length 1."""
    __array_priority__ = 1000

    def __init__(self, session: Session, store: Store, axes: tuple[int | None, ...], cuts: Cuts = ()) -> None:
        self.session, self.store, self.axes, self.cuts = session, store, axes, cuts

    @classmethod
    def of(cls, session: Session, entry: Term, shape: Shape, kind: str = "f") -> SymbolicArray:
        return cls(session, Store(tuple(shape), kind, entry, born=session.opened), tuple(range(len(shape))))

    @classmethod
    def unknown(cls, session: Session, shape: Shape, reason: str) -> SymbolicArray:
        """An array whose numbers may be passed on, not read."""
        return cls(session, Store(tuple(shape), "?", ZERO, reason, born=session.opened), tuple(range(len(shape))))

    def seen(self, axes: tuple[int | None, ...]) -> SymbolicArray:
        """Another view of the same entries."""
        return SymbolicArray(self.session, self.store, axes, self.cuts)

    def cut(self, place: int, block: Block) -> SymbolicArray:
        """The rows of a block along an axis."""
        return SymbolicArray(self.session, self.store, self.axes, (*self.cuts, (self.axes[place], block)))

    # ---------------------------------------------------------------- reading and writing
    def _letters(self, to_view: bool) -> dict[str, str]:
        n, m = len(self.store.shape), len(self.axes)
        pairs = [(letter(n - 1 - a), letter(m - 1 - v)) for v, a in enumerate(self.axes) if a is not None]
        return dict(pairs) if to_view else {y: x for x, y in pairs}

    @property
    def known(self) -> bool:
        return self.store.kind != "?"

    @property
    def term(self) -> Term:
        """The entry in the letters of this view. Raises Refused where the numbers are not known."""
        if not self.known:
            self.session.refuse(self.store.reason)
        self._look()
        return renamed(self._moved(self.store.entry, inward=True), self._letters(True))

    def _moved(self, entry: Term, inward: bool) -> Term:
        """An entry of the store in the index sets of the blocks that are looked at, or back."""
        n = len(self.store.shape)
        for axis, block in self.cuts if inward else self.cuts[::-1]:
            if axis is not None:
                own, there = (block.outer, block.inner.set) if inward else (block.inner.set, block.outer)
                place = letter(n - 1 - axis)
                entry = subst_index(entry, {(place, own): ix(place, there)})
        return entry

    def _look(self) -> None:
        """What is read in the body of a loop over blocks, though not block by block, is not written there."""
        through = {block.number for _, block in self.cuts}
        if not through <= {*self.session.blocks}:
            self.session.refuse("a part of an array is read after the loop over its blocks")
        whole = {n for n in self.session.blocks if n > self.store.born} - through
        self.store.read |= whole
        if whole & self.store.written:
            self.session.refuse("an array is read as a whole in a loop that writes it block by block")

    @property
    def kind(self) -> str:
        return self.store.kind

    def write(self, entry: Term, kind: str = "f") -> None:
        """Put an entry, in the letters of this view, into the store."""
        if self.kind in "ibx" and kind == "f" or (self.kind == "x") != (kind == "x") or self.kind == "b" != kind:
            self.session.refuse(f"other numbers are written into an array of dtype {self.dtype.name}, which would convert them")
        self._change()
        if self.kind == "?":
            self.store.kind = "f"
        self.store.entry = self._moved(renamed(entry, self._letters(False)), inward=False)
        if not self.session.of_rows(self.store.entry, self.store.born):
            self.session.refuse("what is written into rows depends on the block that they are in")

    def forget(self, reason: str) -> None:
        """Numbers that are not terms are written."""
        self._change()
        self.store.kind, self.store.reason = "?", reason

    def _change(self) -> None:
        """In the body of a loop over blocks only what was made there is written, or the block itself."""
        through = {block.number for _, block in self.cuts}
        older = {n for n in self.session.blocks if n > self.store.born}
        if older - through or not through <= {*self.session.blocks}:
            self.session.refuse("a loop over blocks writes an array that it does not look at block by block")
        if through & self.store.read:
            self.session.refuse("an array is read as a whole in a loop that writes it block by block")
        self.store.written |= through
        if self.store.parameter:
            self.session.written.add(self.store.parameter)

    def copied(self, kind: str = "") -> SymbolicArray:
        if not self.known:
            return SymbolicArray.unknown(self.session, self.shape, self.store.reason)
        return SymbolicArray.of(self.session, self.term, self.shape, kind or self.kind)

    # ---------------------------------------------------------------- what NumPy code asks of an array
    @property
    def shape(self) -> Shape:
        inner = {axis: block.inner for axis, block in self.cuts}
        return tuple(1 if a is None else inner.get(a, self.store.shape[a]) for a in self.axes)

    @property
    def ndim(self) -> int:
        return len(self.axes)

    @property
    def dtype(self) -> Dtype:
        return Dtype(self.session, TYPES[self.kind])

    @property
    def itemsize(self) -> int:
        return np.dtype(self.dtype.name).itemsize

    @property
    def size(self) -> Any:
        sizes = [d for d in self.shape if isinstance(d, Size)]
        if 0 in [d for d in self.shape if isinstance(d, int)]:
            return 0
        if len(sizes) == 1:
            return sizes[0]
        total = ONE
        for d in sizes:
            total = mul(total, mk("size", d.set))
        return SymbolicArray.of(self.session, total, (), "i") if sizes else 1

    @property
    def flags(self) -> Any:
        return np.zeros(1).flags

    @property
    def T(self) -> SymbolicArray:
        return self.seen(self.axes[::-1])

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from .ufuncs import apply
        return apply(self.session, ufunc, method, inputs, kwargs)

    def __array_function__(self, func: Any, types: Any, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        from .functions import call
        return call(self.session, func, args, kwargs)

    def __getattr__(self, name: str) -> Any:
        from .methods import method
        return method(self, name)

    def __getitem__(self, key: Any) -> Any:
        from .indexing import get
        return get(self, key)

    def __setitem__(self, key: Any, value: Any) -> None:
        from .indexing import put
        put(self, key, value)

    def __bool__(self) -> bool:
        if any(isinstance(d, Size) or d != 1 for d in self.shape):
            self.session.refuse("the truth of an array of more than one element; accepted are np.any and np.all")
        if self.known and self.store.entry in (ZERO, ONE):
            return self.store.entry is ONE
        return self.session.decide(self.store.reason or self.term)

    def _no(self, what: str) -> NoReturn:
        self.session.refuse(what)

    def __len__(self) -> int:
        n = self.shape[0] if self.shape else self._no("len of a scalar")
        return n if isinstance(n, int) else n.__index__()

    def __iter__(self) -> Iterator[Any]:
        self._no(f"a loop over the first axis of an array of shape {self.shape}; accepted are operations on whole axes")

    def __float__(self) -> float:
        self._no("a Python number is asked of a symbolic one (float, math.*, np.float64); accepted are NumPy functions of arrays")

    def __int__(self) -> int:
        self._no("a Python number is asked of a symbolic one (int); accepted are NumPy functions of arrays")

    def __index__(self) -> int:
        self._no("a symbolic number stands where a Python integer is needed")

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        self._no("an array is converted to plain numbers here; accepted are NumPy functions that dispatch")

    def __format__(self, spec: str) -> str:
        return "(symbolic)"

    def __repr__(self) -> str:
        return f"(symbolic array of shape {self.shape})"

    __str__ = __repr__

    def __hash__(self) -> int:
        self._no("a lookup by a symbolic number (in a dict or a set)")

    @property                                                 # so that isinstance(x, np.ndarray) is what it is for arrays
    def __class__(self) -> Any:
        return np.ndarray

    @__class__.setter
    def __class__(self, new: Any) -> None:
        raise TypeError("the class of a symbolic array does not change")


def as_array(session: Session, value: Any) -> SymbolicArray:
    """A symbolic array for a symbolic one, a size or a concrete number. Raises Refused for anything else."""
    if type(value) is SymbolicArray:
        return value
    if isinstance(value, Size):
        return value.array()
    if isinstance(value, list | tuple) and len(value) == 1:
        inner = as_array(session, value[0])
        return inner.seen((None, *inner.axes))
    try:
        concrete = np.asarray(value)
    except (TypeError, ValueError):
        session.refuse(f"{value!r} stands where an array is needed")
    if concrete.dtype.kind not in "fiub" or concrete.size != 1:
        session.refuse(f"a constant array of shape {concrete.shape} and dtype {concrete.dtype}; accepted are numbers")
    number = concrete.reshape(-1)[0].item()
    entry = constant(number)
    shape = (1,) * concrete.ndim
    if entry is None:
        found = SymbolicArray.unknown(session, shape, f"the number {number} is not real")
        return found
    return SymbolicArray.of(session, entry, shape, {"f": "f", "b": "b"}.get(concrete.dtype.kind, "i"))
