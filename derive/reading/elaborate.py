"""From syntax to values: names, scripts, brackets, sums of terms and products of factors, under what the table says.

Raises Unreadable where nothing sound can be said; what was assumed on the way is in `notes`.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from . import derivatives, ellipsis, functions, operators
from .ir import ONE, ZERO, Algebra, Node, Sets, Value, add, apply, fresh, inv, mul, neg, num, places, scalar, walk
from .syntax import (
    Additive,
    Big,
    Dots,
    Environment,
    Group,
    Name,
    Number,
    Product,
    Quotient,
    Reference,
    Related,
    Root,
    Script,
    Syntax,
    Unreadable,
    bare,
)
from .table import Definition, Table, is_letter, names, subscript_letters, subscript_parts, written

TRANSPOSE = frozenset(("T", "⊤"))
LABELLED = {"d": frozenset("kvqhm")}                          # d_k is the size of a key, not an entry of d
LARGEST_POWER = 12


@dataclass(frozen=True)
class Note:
    """Something assumed while reading. `caps`: the step is at most proved_under, since it could be meant otherwise."""
    code: str
    message: str
    start: int
    end: int
    caps: bool = True


@dataclass(frozen=True)
class Scope:
    """letters: indices in scope; params: values of parameters; held: defined names held fixed; outer: letters of the left
    side; by: the variable that primes mean."""
    letters: Mapping[str, Node] = field(default_factory=dict)
    params: Mapping[str, Value] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    outer: frozenset[str] = frozenset()
    by: Syntax | None = None

    def bind(self, letter: str, index: Node) -> Scope:
        return replace(self, letters={**self.letters, letter: index})


@dataclass
class Elaborator:
    """One step: its sets, free letters, arrays and the definitions that it needs, in order."""
    table: Table
    siblings: frozenset[str] = frozenset()                    # defined names by which the chain differentiates
    numbers: bool = False                                     # names that are not bold stand for numbers, not for vectors
    exponents: frozenset[str] = frozenset()                   # vectors whose entries stand in exponents of e
    sets: Sets = field(default_factory=Sets)
    free: dict[str, Node] = field(default_factory=dict)
    arrays: dict[str, list[int]] = field(default_factory=dict)
    functions: set[str] = field(default_factory=set)
    defined: dict[str, tuple[tuple[Node, ...], Node]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    opaque: set[str] = field(default_factory=set)             # symbols that stand for something not understood
    busy: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)               # definitions with a free index: put in the place of their names

    def __post_init__(self) -> None:
        self.algebra = Algebra(self.sets)

    def note(self, code: str, message: str, t: Syntax, caps: bool = True) -> None:
        self.notes.append(Note(code, message, t.start, t.end, caps))

    # ------------------------------------------------------------ dispatch
    def value(self, t: Syntax, s: Scope) -> Value:
        """What a tree stands for. Raises Unreadable."""
        match t:
            case Number(value=value):
                return scalar(num(value))
            case Name():
                return self.name(t, s)
            case Script():
                return self.script(t, s)
            case Group():
                return self.group(t, s)
            case Quotient():
                return self.quotient(t, s)
            case Root():
                return self.root(t, s)
            case Product():
                return self.product(t, s)
            case Additive():
                return self.additive(t, s)
            case Environment():
                return operators.environment(self, t, s)
            case Reference(number=number):
                return self.reference(t, number, s)
            case Big():
                return operators.abbreviated(self, t, s)
            case Dots():
                raise Unreadable("dots in the place of a term", t.start, t.end)
        raise Unreadable("a relation in the place of a term", t.start, t.end)

    def reference(self, t: Syntax, number: str, s: Scope) -> Value:
        if number not in self.table.labels:
            raise Unreadable(f"no equation before has the number ({number})", t.start, t.end)
        return self.value(self.table.labels[number], s)

    def number(self, t: Syntax, s: Scope) -> Node:
        """The value of a tree that must be a number."""
        v = self.value(t, s)
        if not v.scalar:
            raise Unreadable(f"a number is needed here, found {self.algebra.shape(v)}", t.start, t.end)
        return v.node

    # ------------------------------------------------------------ names
    def name(self, t: Name, s: Scope) -> Value:
        text = t.text
        if text in s.params:
            return s.params[text]
        if text in s.letters or text in self.free and text not in self.table.seen:
            raise Unreadable(f"the index {text} stands in the place of a number", t.start, t.end)
        if text in ("𝟏", "𝟎"):
            one = ONE if text == "𝟏" else ZERO
            return Value(self.sets.new(), None, lambda i, j: one)
        if text in ("∂", "∇", "∞", "±", "∅", "′") or text in functions.ONE_ARGUMENT:
            raise Unreadable(f"{text} without what it applies to", t.start, t.end)
        if text == "e" and "e" not in self.table.definitions and "e" not in self.table.indexed:
            return scalar(apply("exp", ONE))
        if text == "I" and "I" not in self.table.definitions and "I" not in self.table.indexed:
            rows = self.sets.new()
            return Value(rows, rows, lambda i, j: Node("delta", None, (i, j)) if i is not None and j is not None else ONE)
        if f"{text}^2" in self.table.definitions and text not in self.table.definitions:
            return self.algebra.map(lambda x: apply("sqrt", x), self.symbol(f"{text}^2", t, s))
        return self.symbol(text, t, s)

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
        bold = name in self.table.bold or "_" in name and name.split("_")[0] in self.table.bold
        if bold and name[:1].isupper() and len(name) <= 3 or "Matrix" in name:
            dims = known if known is not None and len(known) == 2 else [self.sets.new(), self.sets.new()]
            return dims[0], dims[1]
        if bold or name in self.table.indexed and name not in self.table.scalars and not self.numbers:
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

    # ------------------------------------------------------------ definitions
    def definition(self, d: Definition, s: Scope) -> Value:
        """A defined name without indices."""
        if s.held & (self.table.behind(d.name) | {d.name}):
            return self.unfolded(d, s)
        letters, _ = self.stored(d)
        dims = [i.data[1] for i in letters]
        if len(dims) > 2:
            raise Unreadable(f"{d.name} has {len(dims)} indices", d.body.start, d.body.end)
        return self.oriented(d, dims)

    def oriented(self, d: Definition, dims: list[int]) -> Value:
        if len(dims) == 1 and d.name in self.row_vectors:
            return Value(None, dims[0], lambda i, j: self.entry(d, [j] if j is not None else []))
        rows, cols = (dims[0] if dims else None), (dims[1] if len(dims) > 1 else None)
        return Value(rows, cols, lambda i, j: self.entry(d, places(rows, cols, i, j)))

    row_vectors: set[str] = field(default_factory=set)

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
                scope = Scope(dict(zip(d.letters, letters, strict=True)), outer=frozenset(d.letters))
                v = self.value(d.body, scope)
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

    # ------------------------------------------------------------ indices
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

    # ------------------------------------------------------------ scripts
    def script(self, t: Script, s: Scope) -> Value:
        base = bare(t.base)
        if isinstance(base, Big):
            return operators.abbreviated(self, t, s)
        special = operators.indicator(self, t, s) or self._slip(t, s)
        if special is not None:
            return special
        if isinstance(base, Name) and base.text not in s.params:
            return self._scripted_name(t, base, s)
        if t.primes:
            return self.powered(derivatives.primed(self, replace(t, sub=None, sup=None), s), replace(t, primes=0), s)
        v = self.value(base, s)
        if t.sub is not None:
            v = self.component(v, t.sub, s)
        return self.powered(v, t, s)

    def _slip(self, t: Script, s: Scope) -> Value | None:
        """e^z_k is e with both scripts; what is meant is the exponential of z_k."""
        base = bare(t.base)
        if isinstance(base, Name) and base.text == "e" and t.sub is not None and t.sup is not None \
            and "e" not in self.table.indexed:
            self.note("D005", "the subscript stands on e, not on the exponent: write e^{z_k}; read so", t, caps=False)
            return self.value(replace(t, sub=None, sup=Script(t.sup.start, t.sub.end, bare(t.sup), t.sub)), s)
        return None

    def exponent(self, x: Syntax, s: Scope) -> Value:
        """The exponent of e; an index letter alone is a slip for an entry of the only vector that stands in exponents."""
        alone = isinstance(x, Name) and (x.text in s.letters or is_letter(x) and x.text in self.free)
        if alone and len(self.exponents) == 1 and isinstance(x, Name):
            name = next(iter(self.exponents))
            self.note("D005", f"the index {x.text} stands in the exponent; read as {name}_{x.text}", x)
            return self.value(Script(x.start, x.end, Name(x.start, x.end, name), x), s)
        return self.value(x, s)

    def _scripted_name(self, t: Script, base: Name, s: Scope) -> Value:
        if base.text == "e" and t.sub is None and t.sup is not None and "e" not in self.table.definitions:
            return self.algebra.map(lambda x: apply("exp", x), self.exponent(bare(t.sup), s))
        if t.primes:
            raise Unreadable(f"{base.text} with a prime but no argument", t.start, t.end)
        name, indices = self.subscripted(base, t.sub, s)
        sup = t.sup
        if sup is not None and f"{name}^2" in {*self.table.definitions, *s.held} and not indices:
            if bare(sup) == Number(0, 0, Fraction(2), "2"):
                return self.symbol(f"{name}^2", t, s)
        if sup is None and not indices and f"{name}^2" in self.table.definitions and name not in self.table.definitions:
            return self.algebra.map(lambda x: apply("sqrt", x), self.symbol(f"{name}^2", t, s))
        extra = self.superscript_index(base, sup, s)
        if extra is not None:
            return self.component_of(name, [*indices, extra], t, s)
        if sup is not None and self.is_label(base, sup, s):
            name, sup = self.labelled(name, sup, t), None
        if not indices:
            v = self.symbol(name, t, s) if name != base.text else self.name(base, s)
        else:
            v = self.component_of(name, indices, t, s)
        return self.powered(v, replace(t, sup=sup), s)

    def labelled(self, name: str, sup: Syntax, t: Script) -> str:
        """A superscript that is no power: part of the name, or dropped where only the name without it is known."""
        text = "".join(x.text for x in [bare(sup)] if isinstance(x, Name | Number))
        full = f"{name}^{text}"
        if full not in self.table.definitions and (name in self.table.definitions or name in self.table.indexed):
            self.note("D005", f"the superscript of {full} is taken as a label and left out", t)
            self.opaque.add(full)
            return name
        return full

    def is_label(self, base: Name, sup: Syntax, s: Scope) -> bool:
        x = bare(sup)
        vector = base.bold or base.text in self.table.bold
        if isinstance(x, Name) and x.text in TRANSPOSE:
            return False
        return isinstance(x, Name) and (x.text in ("·", "+", "-", "⋆", "†") or vector and x.text.isalpha() or x.text == "L"
                                        or len(x.text) > 1 and x.text not in self.table.seen) \
            or isinstance(x, Group) and x.bracket == "[" or isinstance(x, Group) and x.bracket == "(" \
                and not is_letter(x.parts[0])

    def superscript_index(self, base: Name, sup: Syntax | None, s: Scope) -> Node | None:
        """The sample index in x^{(i)}."""
        x = bare(sup) if sup is not None else None
        if isinstance(x, Group) and x.bracket == "(" and len(x.parts) == 1 and is_letter(x.parts[0]):
            return self.index(x.parts[0], s)
        return None

    def subscripted(self, base: Name, sub: Syntax | None, s: Scope) -> tuple[str, list[Node]]:
        """The name with the labels among its subscripts, and its indices."""
        name, indices = base.text, list[Node]()
        for part in subscript_parts(sub):
            part = bare(part)
            letter = is_letter(part) or isinstance(part, Name) and part.text in s.letters
            known = name in self.table.indexed or name in s.held or bool(self.dimensions(name))
            if letter and not (isinstance(part, Name) and part.text in LABELLED.get(name, ()) and part.text not in s.letters) \
                or isinstance(part, Number) and known and not base.bold or isinstance(part, Name) and known \
                    and part.text in ("max", "min"):
                indices.append(self.index(part, s))
            elif isinstance(part, Name) and part.text.lower().replace("-", "") == "onehot":
                continue
            elif isinstance(part, Number | Name):
                name = f"{name}_{part.text}"
            elif isinstance(part, Script) and isinstance(part.base, Name) \
                and not set(subscript_letters(part.sub)) & set(s.letters):
                indices.append(self.index(Name(part.start, part.end, written(part)), s))
            else:
                raise Unreadable(f"the subscript of {name} is not read: a letter, a number or a word is", part.start, part.end)
        return name, indices

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

    def powered(self, v: Value, t: Script, s: Scope) -> Value:
        if t.sup is None:
            return v
        x = bare(t.sup)
        if isinstance(x, Name) and x.text in TRANSPOSE and not isinstance(t.base, Number):
            return self.algebra.transpose(v)
        if isinstance(x, Name) and x.text == "′":
            return derivatives.primed(self, replace(t, sup=None, primes=1), s)
        if not v.scalar:
            raise Unreadable(f"a power of {self.algebra.shape(v)}", t.start, t.end)
        return scalar(power(v.node, self.number(x, s), t))

    # ------------------------------------------------------------ brackets, fractions, roots
    def group(self, t: Group, s: Scope) -> Value:
        if t.bracket == "[" and len(t.parts) == 1 and isinstance(t.parts[0], Related):
            return scalar(operators.condition(self, t.parts[0], s))
        if len(t.parts) != 1:
            raise Unreadable("a list in the place of a number", t.start, t.end)
        if isinstance(t.parts[0], Related):
            self.note("D005", "a relation in the place of a number is taken as 1 where it holds, else 0", t, caps=False)
            return scalar(operators.condition(self, t.parts[0], s))
        v = self.value(t.parts[0], s)
        if t.bracket in ("|", "‖"):
            return functions.length(self, v, t)
        if t.bracket not in ("", "(", "[", "{", "□"):
            raise Unreadable(f"brackets {t.bracket} are not read", t.start, t.end)
        return v

    def quotient(self, t: Quotient, s: Scope) -> Value:
        found = derivatives.leibniz(self, t, s)
        if found is not None:
            return found
        above, below = self.value(t.above, s), self.value(t.below, s)
        if not below.scalar and above.scalar:
            raise Unreadable(f"a division by {self.algebra.shape(below)}", t.start, t.end)
        return self.algebra.combine(lambda a, b: mul(a, inv(b)), above, below, t, "quotient")

    def root(self, t: Root, s: Scope) -> Value:
        if t.degree is not None and not (isinstance(t.degree, Number) and t.degree.value == 2):
            raise Unreadable("only square roots are read", t.start, t.end)
        return self.algebra.map(lambda x: apply("sqrt", x), self.value(t.body, s))

    # ------------------------------------------------------------ sums of terms
    def additive(self, t: Additive, s: Scope) -> Value:
        t = operators.signed_bodies(t)
        if any(isinstance(x, Dots) for x in t.terms):
            return ellipsis.total(self, t, s)
        t = operators.reaching(self, t, s)
        total: Value | None = None
        for sign, term in zip(t.signs, t.terms, strict=True):
            v = self.value(term, s)
            v = self.algebra.map(neg, v) if sign < 0 else v
            total = v if total is None else self.added(total, v, term)
        assert total is not None
        return total

    def added(self, a: Value, b: Value, t: Syntax) -> Value:
        if a.scalar != b.scalar:
            self.note("D005", "a number is added to every entry", t, caps=False)
        return self.algebra.combine(lambda x, y: add(x, y), a, b, t, "sum")

    # ------------------------------------------------------------ products of factors
    def product(self, t: Product, s: Scope) -> Value:
        items = list(zip(t.signs, t.factors, strict=True))
        if len(items) > 1 and all(isinstance(x, Group) and x.bracket == "□" for x in t.factors):
            raise Unreadable("a list of numbers in the place of a number", t.start, t.end)
        total, n = self.factor(items, 0, s)
        while n < len(items):
            sign = items[n][0]
            right, n = self.factor(items, n, s)
            right = self.algebra.map(neg, right) if sign[-1:] == "-" else right
            total = self.multiplied(total, sign.rstrip("-"), right, t)
        return total

    def multiplied(self, a: Value, op: str, b: Value, t: Syntax) -> Value:
        match op:
            case "/" | "⊘":
                if not b.scalar and op == "/":
                    raise Unreadable(f"a division by {self.algebra.shape(b)}", t.start, t.end)
                return self.algebra.combine(lambda x, y: mul(x, inv(y)), a, b, t, "quotient")
            case "⊙":
                return self.algebra.combine(mul, a, b, t, "product entry by entry")
            case "⊗":
                raise Unreadable("⊗ is not read", t.start, t.end)
        return self.algebra.product(a, b, t, dot=op == "·")

    def factor(self, items: list[tuple[str, Syntax]], n: int, s: Scope) -> tuple[Value, int]:
        """The factor that begins at n, with all that it applies to, and the place after it."""
        t = items[n][1]
        for rule in (operators.sum_over, derivatives.operator, operators.juxtaposed, functions.application):
            found = rule(self, items, n, s)
            if found is not None:
                return found
        return self.value(t, s), n + 1


def put(t: Node, values: Mapping[Node, Node]) -> Node:
    """t with indices replaced."""
    if t in values:
        return values[t]
    return Node(t.op, t.data, tuple(put(a, values) for a in t.args)) if t.args else t


def power(base: Node, exponent: Node, t: Syntax) -> Node:
    """Integer and half-integer powers written out, others by way of exponential and logarithm."""
    if exponent.op == "neg" and exponent.args[0].op == "num":
        exponent = num(-exponent.args[0].data)
    if exponent.op == "mul" and all(a.op == "num" for a in exponent.args):
        exponent = num(exponent.args[0].data * exponent.args[1].data)
    if exponent.op == "neg" and exponent.args[0].op == "mul" and all(a.op == "num" for a in exponent.args[0].args):
        exponent = num(-exponent.args[0].args[0].data * exponent.args[0].args[1].data)
    if exponent.op != "num":
        return apply("exp", mul(exponent, apply("log", base)))
    q: Fraction = exponent.data
    if q.denominator == 1 and abs(q) <= LARGEST_POWER:
        found = ONE
        for _ in range(abs(int(q))):
            found = mul(found, base)
        return inv(found) if q < 0 else found
    if q.denominator == 2 and abs(q) <= LARGEST_POWER:
        return power(apply("sqrt", base), num(q * 2), t)
    if base.op == "num" and q.denominator == 1 and abs(q) < 1000:
        return num(base.data ** int(q)) if base.data else ZERO
    return apply("exp", mul(exponent, apply("log", base)))
