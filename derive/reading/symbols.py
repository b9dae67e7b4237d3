"""Names with and without indices: arrays over sets that are still being inferred, and definitions as the table has them.

Raises Unreadable where nothing sound can be said.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .ir import Algebra, Node, Sets, Value, fresh, places, scalar, walk
from .scope import Note, Scope
from .syntax import (
    Name,
    Number,
    Syntax,
    Unreadable,
    bare,
)
from .table import Definition, Table, names, subscript_parts


@dataclass
class Symbols:
    """One step: its sets, free letters, arrays and the definitions that it needs, in order."""
    table: Table
    siblings: frozenset[str] = frozenset()                    # defined names by which the chain differentiates
    numbers: bool = False                                     # names that are not bold stand for numbers, not for vectors
    exponents: frozenset[str] = frozenset()                   # vectors whose entries stand in exponents of e
    roots: bool = False                                       # squared norms are squares of roots
    pointwise: set[str] = field(default_factory=set)          # functions of numbers whose letters are vectors elsewhere
    sets: Sets = field(default_factory=Sets)
    free: dict[str, Node] = field(default_factory=dict)
    arrays: dict[str, list[int]] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    defined: dict[str, tuple[tuple[Node, ...], Node]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    opaque: set[str] = field(default_factory=set)             # symbols that stand for something not understood
    busy: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)               # definitions with a free index: put in the place of their names
    row_vectors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.algebra = Algebra(self.sets)

    def value(self, t: Syntax, s: Scope) -> Value:
        """What a tree stands for: see Elaborator. Raises Unreadable."""
        raise NotImplementedError

    def number(self, t: Syntax, s: Scope) -> Node:
        """The value of a tree that must be a number."""
        v = self.value(t, s)
        if not v.scalar:
            raise Unreadable(f"a number is needed here, found {self.algebra.shape(v)}", t.start, t.end)
        return v.node

    def note(self, code: str, message: str, t: Syntax, caps: bool = True) -> None:
        self.notes.append(Note(code, message, t.start, t.end, caps))

    def symbol(self, name: str, t: Syntax, s: Scope) -> Value:
        """A name without indices: a number, or all entries of an array."""
        d = self.table.definitions.get(name)
        if d is not None and name not in s.held:
            return self.definition(d, s)
        rows, cols = self.shape(name, t)
        return self.whole(self.held_name(name, s), rows, cols)

    def held_name(self, name: str, s: Scope) -> str:
        return f"{name}~" if name in s.held else name

    def whole(self, name: str, rows: int | None, cols: int | None) -> Value:
        """An array with a row and a column index where there is more than one."""
        return Value(rows, cols, lambda i, j: self.array(name, places(rows, cols, i, j)))

    def shape(self, name: str, t: Syntax) -> tuple[int | None, int | None]:
        """The sets of rows and columns of a name without indices."""
        d = self.table.definitions.get(name)
        if d is not None:
            v = self.definition(d, Scope())
            return v.rows, v.cols
        if name in self.table.shapes:
            rows, cols = self.table.shapes[name]
            return (None if rows == "1" else self.sets.new(rows)), (None if cols == "1" else self.sets.new(cols))
        known = self.arrays.get(name)
        base = name.split("_")[0].split("^(")[0]
        bold = name in self.table.bold or base != name and base in self.table.bold
        if bold and name[:1].isupper() and (len(name) <= 3 or len(base) == 1 and base != name) or "Matrix" in name:
            dims = known if known is not None and len(known) == 2 else [self.sets.new(), self.sets.new()]
            return dims[0], dims[1]
        indexed = name in self.table.indexed or "^(" in name and base in self.table.indexed
        if bold or indexed and name not in self.table.scalars and not self.numbers:
            return (known[0] if known else self.sets.new()), (known[1] if known is not None and len(known) == 2 else None)
        return None, None

    def array(self, name: str, indices: list[Node]) -> Node:
        """An entry of an independent array. With another number of indices than before it is another array."""
        if name not in self.arrays:
            self.arrays[name] = [self.sets.new() for _ in indices]
            if name.endswith("~"):
                self._like(self.arrays[name], self.table.definitions[name[:-1]])
        dims = self.arrays[name]
        if len(dims) != len(indices):
            self.opaque.add(name)
            return self.array(f"{name}[{len(indices)}]", indices)
        for d, i in zip(dims, indices, strict=True):
            self.sets.join(d, i.data[1])
        return Node("arr", name, tuple(indices))

    def _like(self, dims: list[int], d: Definition) -> None:
        """A name held fixed has the sets of its definition."""
        for x, own in zip(self.stored(d)[0], dims, strict=False):
            self.sets.join(x.data[1], own)

    def definition(self, d: Definition, s: Scope) -> Value:
        """A defined name without indices."""
        if s.held & (self.table.behind(d.name) | {d.name}):
            return self.unfolded(d, s)
        letters, _ = self.stored(d)
        if d.name in self.pointwise:
            raise Unreadable(f"{d.name} without its argument", d.body.start, d.body.end, "D202")
        dims = [i.data[1] for i in letters]
        if len(dims) > 2:
            raise Unreadable(f"{d.name} has {len(dims)} indices", d.body.start, d.body.end)
        return self.oriented(d, dims)

    def oriented(self, d: Definition, dims: list[int]) -> Value:
        if len(dims) == 1 and d.name in self.row_vectors:
            return Value(None, dims[0], lambda i, j: self.entry(d, [j] if j is not None else []))
        rows, cols = (dims[0] if dims else None), (dims[1] if len(dims) > 1 else None)
        return Value(rows, cols, lambda i, j: self.entry(d, places(rows, cols, i, j)))

    def unfolded(self, d: Definition, s: Scope) -> Value:
        """The body of a definition in the place of its name, since it rests on names that are held fixed."""
        if d.name in self.busy:
            raise Unreadable(f"the definition of {d.name} goes round in a circle", d.body.start, d.body.end)
        self.busy.add(d.name)
        try:
            inner = [fresh(x, self.sets.new()) for x in d.letters]
            v = self.value(d.body, Scope(dict(zip(d.letters, inner, strict=True)), held=s.held, outer=frozenset(d.letters)))
            if not d.letters:
                return v
            node = v.node
        finally:
            self.busy.discard(d.name)

        rows, cols = inner[0].data[1], inner[1].data[1] if len(inner) > 1 else None
        return Value(rows, cols, lambda i, j: put(node, dict(zip(inner, places(rows, cols, i, j), strict=True))))

    def stored(self, d: Definition) -> tuple[tuple[Node, ...], Node]:
        """The indices and the body of a definition, elaborated once for the step."""
        if d.name not in self.defined:
            if d.name in self.busy:
                raise Unreadable(f"the definition of {d.name} goes round in a circle", d.body.start, d.body.end)
            self.busy.add(d.name)
            notes = len(self.notes)
            try:
                letters = tuple(fresh(x, self.sets.new()) for x in d.letters)
                v = self._body(d, Scope(dict(zip(d.letters, letters, strict=True)), outer=frozenset(d.letters)))
                if d.letters and not v.scalar:
                    raise Unreadable(f"{d.name} has an index, its definition is {self.algebra.shape(v)}", d.body.start,
                        d.body.end)
                i = None if v.rows is None else fresh("i", v.rows)
                j = None if v.cols is None else fresh("j", v.cols)
                if i is None and j is not None:
                    self.row_vectors.add(d.name)
                own, body = letters + tuple(x for x in (i, j) if x is not None), v.entry(i, j)
                if any(x.op == "ix" and x in self.free.values() for x in walk(body)):
                    self.open.add(d.name)                     # it mentions an index that is not its own: the class k, say
                self.defined[d.name] = own, body
            finally:
                self.busy.discard(d.name)
                del self.notes[notes:]
        return self.defined[d.name]

    def _body(self, d: Definition, s: Scope) -> Value:
        """The right side of a definition. Where it makes no sense for the vectors that the letters of its parameters are
        elsewhere, they are numbers in it."""
        try:
            return self.value(d.body, s)
        except Unreadable:
            if not d.of_numbers:
                raise
            self.pointwise.add(d.name)
            return self.value(d.body, replace(s, params={p: scalar(self.array(f"{p}°", [])) for p in d.params}))

    def entry(self, d: Definition, indices: list[Node]) -> Node:
        """An entry of a defined array."""
        try:
            letters, _ = self.stored(d)
        except Unreadable:                                    # its definition is not understood in this step
            self.opaque.add(d.name)
            return self.array(d.name, indices)
        if len(letters) != len(indices):
            return self.lifted(d, indices)
        for x, i in zip(letters, indices, strict=True):
            self.sets.join(x.data[1], i.data[1])
        if d.name in self.open:
            return put(self.defined[d.name][1], dict(zip(letters, indices, strict=True)))
        return Node("arr", d.name, tuple(indices))

    def lifted(self, d: Definition, indices: list[Node]) -> Node:
        """y_i where y was defined for one number: the definition at the entries of the names that have entries."""
        inner = sorted(n for n in names(d.body) if n in self.table.indexed)
        if d.letters or len(indices) != 1 or not inner or d.name in self.busy:
            self.opaque.add(d.name)
            return self.array(f"{d.name}[{len(indices)}]", indices)
        self.note("D005", f"{d.name} was defined for one number; its entry is taken from the entry of {', '.join(inner)}", d.body)
        self.busy.add(d.name)
        try:
            params = {n: scalar(self.array(f"{n}[1]" if n in self.table.definitions or self.arrays.get(n) == [] else n, indices))
                      for n in inner}
            return self.number(d.body, Scope(params=params))
        finally:
            self.busy.discard(d.name)

    def index(self, t: Syntax, s: Scope) -> Node:
        """An index: a letter, bound or free, or a fixed place such as 1 or max."""
        t = bare(t)
        if isinstance(t, Name) and t.text in s.letters:
            return s.letters[t.text]
        if isinstance(t, Name | Number):
            if t.text not in self.free:
                self.free[t.text] = Node("ix", (t.text, self.sets.new()))
            return self.free[t.text]
        raise Unreadable("an index is a letter or a number here, found something longer", t.start, t.end)

    def same_set(self, i: Node, j: Node) -> tuple[Node, Node]:
        self.sets.join(i.data[1], j.data[1])
        return i, j

    def dimensions(self, name: str) -> tuple[str, ...]:
        d = self.table.definitions.get(name)
        return d.letters if d is not None else ()

    def component_of(self, name: str, indices: list[Node], t: Syntax, s: Scope) -> Value:
        """An entry of a named array."""
        d = self.table.definitions.get(name)
        if d is None or name in s.held:
            return scalar(self.array(self.held_name(name, s), indices))
        if s.held & (self.table.behind(name) | {name}):
            v = self.unfolded(d, s)
            if len(indices) != (v.rows is not None) + (v.cols is not None):
                raise Unreadable(f"{name} has another number of indices in its definition", t.start, t.end)
            return scalar(self._pick(v, indices))
        return scalar(self.entry(d, indices))

    def _pick(self, v: Value, indices: list[Node]) -> Node:
        rest = list(indices)
        i = rest.pop(0) if v.rows is not None else None
        j = rest.pop(0) if v.cols is not None else None
        for index, own in ((i, v.rows), (j, v.cols)):
            if index is not None and own is not None:
                self.sets.join(own, index.data[1])
        return v.entry(i, j)

    def component(self, v: Value, sub: Syntax, s: Scope) -> Value:
        """An entry of the value of a formula."""
        indices = [self.index(p, s) for p in subscript_parts(sub)]
        if len(indices) != (v.rows is not None) + (v.cols is not None):
            raise Unreadable(f"{len(indices)} indices on {self.algebra.shape(v)}", sub.start, sub.end)
        return scalar(self._pick(v, indices))


def put(t: Node, values: Mapping[Node, Node]) -> Node:
    """t with indices replaced."""
    if t in values:
        return values[t]
    return Node(t.op, t.data, tuple(put(a, values) for a in t.args)) if t.args else t
