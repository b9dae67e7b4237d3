"""The closed table of operators: sorts, how each is written, where it is smooth, which sign follows from its arguments.

Sorts: r real, i index, c condition, v variable. `takes` is a regular expression over the sorts of the arguments; two indices
at its start are of one set. `smooth`: the open condition where it is infinitely differentiable. `signs`: "lt" (0 < value),
"le", "ne"; "lt0 le1" needs 0 < argument 0 and 0 <= argument 1, "some" an element of the set; what "lt" gives, the others have."""
import re
from dataclasses import dataclass, field
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Operator:
    name: str
    takes: str
    sort: str
    shown: str                                  # for messages: {0} is an argument, {name} in quotes unless it is plain
    meaning: str
    smooth: str = ""                            # "", "ne" (argument != 0), "lt" (0 < argument), "ne2" (arguments differ)
    signs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    data: tuple[type, ...] = ()                 # what it carries beside its arguments: names, natural numbers
    binds: bool = False                         # an index of the set that is its data


NAME, INDEX = (str,), (str, str)                # an index is a letter and its set
OPERATORS = {row.name: row for row in (
    Operator("num", "", "r", "{data}", "a rational number", data=(Fraction,)),
    Operator("size", "", "r", "{name}", "number of elements of an index set", signs={"lt": ("some",), "le": ("",)}, data=NAME),
    Operator("arr", "i*", "r", "{name}{entry}", "entry of an array, or a scalar when it has no index", data=NAME),
    Operator("fun", "r", "r", "{name}{primes}({0})", "abstract smooth function of a real, or its n-th derivative",
             data=(str, int)),
    Operator("add", "rr", "r", "({0} + {1})", "x + y", signs={"lt": ("lt0 le1", "le0 lt1"), "le": ("le0 le1",)}),
    Operator("mul", "rr", "r", "({0} * {1})", "x y", signs={"lt": ("lt0 lt1",), "le": ("le0 le1",), "ne": ("ne0 ne1",)}),
    Operator("neg", "r", "r", "neg({0})", "-x", signs={"ne": ("ne0",)}),
    Operator("inv", "r", "r", "inv({0})", "1/x, and 0 at x = 0", "ne", {"lt": ("lt0",), "le": ("le0",), "ne": ("ne0",)}),
    Operator("exp", "r", "r", "exp({0})", "e^x", signs={"lt": ("",)}),
    Operator("log", "r", "r", "log({0})", "natural logarithm, and 0 for x <= 0", "lt"),
    Operator("sqrt", "r", "r", "sqrt({0})", "square root, and 0 for x < 0", "lt", {"lt": ("lt0",), "le": ("",)}),
    Operator("pi", "", "r", "pi()", "half the circumference of the unit circle", signs={"lt": ("",)}),
    Operator("erf", "r", "r", "erf({0})", "error function", signs={"lt": ("lt0",), "le": ("le0",), "ne": ("ne0",)}),
    Operator("step", "r", "r", "step({0})", "1 if 0 < x, else 0", "ne", {"lt": ("lt0",), "le": ("",)}),
    Operator("abs", "r", "r", "abs({0})", "|x|", "ne", {"lt": ("ne0",), "le": ("",)}),
    Operator("max", "rr", "r", "max({0}, {1})", "the larger of x and y", "ne2", {"lt": ("lt0", "lt1"), "le": ("le0", "le1")}),
    Operator("delta", "ii", "r", "delta({0}, {1})", "1 if i = j, else 0", signs={"le": ("",)}),
    Operator("sum", "r", "r", "sum_{name}({0})", "sum over an index set", "", {"lt": ("lt0 some",), "le": ("le0",)}, NAME, True),
    Operator("D", "rv", "r", "D({0}, {1})", "partial derivative at the current values; unspecified where there is none"),
    Operator("ix", "", "i", "{name}", "free index", data=INDEX),
    Operator("bd", "", "i", "#{data[0]}", "bound index (de Bruijn)", data=(int, str)),
    Operator("eq", "rr", "c", "({0} = {1})", "x = y"),
    Operator("ne", "rr", "c", "({0} != {1})", "x != y"),
    Operator("lt", "rr", "c", "({0} < {1})", "x < y"),
    Operator("le", "rr", "c", "({0} <= {1})", "x <= y"),
    Operator("apart", "ii", "c", "({0} != {1})", "i != j"),
    Operator("all", "c", "c", "all_{name}({0})", "for every index of a set", data=NAME, binds=True),
    Operator("when", "iic", "c", "when({0}, {1}, {2})", "if i = j then c"),
    Operator("unless", "iic", "c", "unless({0}, {1}, {2})", "if i != j then c"),
    Operator("smooth", "r", "c", "smooth({0})", "infinitely differentiable near the current values (rows only)"),
    Operator("indep", "rv", "c", "indep({0}, {1})", "does not depend on the variable (rows only)"),
    Operator("meta", "i*", "r", "{name}{entry}", "metavariable of a row, with the bound indices it may use", data=NAME),
    Operator("imeta", "", "i", "{name}", "index metavariable of a row", data=INDEX),
)}
TAKES = {name: re.compile(row.takes.replace("r", "[rv]")) for name, row in OPERATORS.items()}     # a variable is real
