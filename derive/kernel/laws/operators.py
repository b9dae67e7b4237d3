"""The closed table of operators: sorts, where each is smooth, and which sign follows from the signs of its arguments.

Sorts: r real, i index, c condition, v variable (the place one differentiates by), i* any number of indices. `signs`: "lt"
(0 < value), "le", "ne", each with alternatives; "lt0 le1" needs 0 < argument 0 and 0 <= argument 1, "some" an element in
the set, "" nothing. What "lt" gives, "le" and "ne" have too."""
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Operator:
    name: str
    takes: str
    sort: str
    meaning: str
    smooth: str = ""                            # "", "ne" (argument != 0), "lt" (0 < argument), "ne2" (arguments differ)
    signs: dict[str, tuple[str, ...]] = field(default_factory=dict)


OPERATORS = {row.name: row for row in (
    Operator("num", "", "r", "a rational number"),
    Operator("size", "", "r", "number of elements of an index set", signs={"lt": ("some",), "le": ("",)}),
    Operator("arr", "i*", "r", "entry of an array, or a scalar when it has no index"),
    Operator("fun", "r", "r", "abstract smooth function of one real, or its n-th derivative"),
    Operator("add", "rr", "r", "x + y", signs={"lt": ("lt0 le1", "le0 lt1"), "le": ("le0 le1",)}),
    Operator("mul", "rr", "r", "x y", signs={"lt": ("lt0 lt1",), "le": ("le0 le1",), "ne": ("ne0 ne1",)}),
    Operator("neg", "r", "r", "-x", signs={"ne": ("ne0",)}),
    Operator("inv", "r", "r", "1/x, and 0 at x = 0", "ne", {"lt": ("lt0",), "le": ("le0",), "ne": ("ne0",)}),
    Operator("exp", "r", "r", "e^x", signs={"lt": ("",)}),
    Operator("log", "r", "r", "natural logarithm, and 0 for x <= 0", "lt"),
    Operator("sqrt", "r", "r", "square root, and 0 for x < 0", "lt", {"lt": ("lt0",), "le": ("",)}),
    Operator("step", "r", "r", "1 if 0 < x, else 0", "ne", {"lt": ("lt0",), "le": ("",)}),
    Operator("abs", "r", "r", "|x|", "ne", {"lt": ("ne0",), "le": ("",)}),
    Operator("max", "rr", "r", "the larger of x and y", "ne2", {"lt": ("lt0", "lt1"), "le": ("le0", "le1")}),
    Operator("delta", "ii", "r", "1 if i = j, else 0", signs={"le": ("",)}),
    Operator("sum", "r", "r", "sum over a whole index set", signs={"lt": ("lt0 some",), "le": ("le0",)}),
    Operator("D", "rv", "r", "partial derivative at the current values; unspecified where there is none"),
    Operator("ix", "", "i", "free index"),
    Operator("bd", "", "i", "bound index (de Bruijn)"),
    Operator("eq", "rr", "c", "x = y"),
    Operator("ne", "rr", "c", "x != y"),
    Operator("lt", "rr", "c", "x < y"),
    Operator("le", "rr", "c", "x <= y"),
    Operator("apart", "ii", "c", "i != j"),
    Operator("all", "c", "c", "for every index of a set"),
    Operator("when", "iic", "c", "if i = j then c"),
    Operator("unless", "iic", "c", "if i != j then c"),
    Operator("smooth", "r", "c", "infinitely differentiable near the current values (rows only)"),
    Operator("indep", "rv", "c", "does not depend on the variable (rows only)"),
    Operator("meta", "i*", "r", "metavariable of a row, with the bound indices it may use"),
    Operator("imeta", "", "i", "index metavariable of a row"),
)}
