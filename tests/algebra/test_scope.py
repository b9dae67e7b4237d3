"""What a statement says about its names is read off, never guessed; what it does not say is an error that names the place."""
from __future__ import annotations

import itertools

import pytest
import sympy as sp
from sympy import Idx, IndexedBase, KroneckerDelta, Sum, Symbol

from derive.algebra.derivation import derive
from derive.algebra.fresh import fresh
from derive.algebra.scope import ALIKE, FragmentError, StatementError, infer
from derive.algebra.statement import Claim, Entry, ForAll, arrays, indices, scalars, size
from derive.kernel.errors import DeriveError, WitnessError
from derive.rendering.latex import ALIASES, GREEK, Latex

N, M = size("N"), size("M")
i, j, k, q = indices("i j k q")
z, y = arrays("z y", N)
(w,) = arrays("w", N, M)
x, C = scalars("x C")
bare = IndexedBase("v", real=True)


def sets(*expressions):
    scope = infer([fresh(e) for e in expressions])
    return {str(letter): s for letter, s in scope.letters.items() if not isinstance(letter, sp.Dummy)}, scope.shapes


INFERRED = [
    ((z[i],), {"i": "N"}, {"z": ["N"]}),
    ((bare[i] * z[i],), {"i": "N"}, {"v": ["N"], "z": ["N"]}),
    ((Sum(bare[k], (k, 1, N)), bare[j]), {"j": "N"}, {"v": ["N"]}),
    ((KroneckerDelta(i, j) * z[i], bare[j]), {"i": "N", "j": "N"}, {"v": ["N"], "z": ["N"]}),
    ((Sum(w[i, k] * IndexedBase("u")[k, j], (k, 1, M)), Sum(bare[j], (j, 1, N)), IndexedBase("u")[k, i] * w[i, k]),
     {"i": "N", "k": "M", "j": "N"}, {"w": ["N", "M"], "u": ["M", "N"], "v": None}),
    ((bare[Idx("p", N)],), {"p": "N"}, {"v": ["N"]}),
]


@pytest.mark.parametrize(("expressions", "letters", "shapes"), INFERRED)
def test_sets_are_carried_through_arrays_sums_and_deltas(expressions, letters, shapes):
    found, known = sets(*expressions)
    assert {c: found[c] for c in found} == {c: letters[c] for c in found}
    assert all(known[name] == sets_ for name, sets_ in shapes.items() if sets_)


REFUSED = [
    # names that stand for two things, or that print like something else
    ([z[Symbol("i")], z[i]], StatementError, "two different symbols are called i"),
    ([z[i], z[Idx("i", N)]], StatementError, "two different symbols are called i"),
    ([Symbol("x") * x], StatementError, "two different symbols are called x"),
    ([IndexedBase("z", shape=(N,))[i] * z[i]], StatementError, "two different symbols are called z"),
    ([z[N] * z[i]], StatementError, "N is used as"), ([KroneckerDelta(i, N) * z[i]], StatementError, "N is used as"),
    ([z[i] * Symbol("z", real=True)], StatementError, "z is used as"),
    ([z[i] * Symbol("i", real=True)], StatementError, "i is used as"),
    ([sp.Function("z")(z[i])], StatementError, "z is used as"), ([sp.Function("exp")(x)], StatementError, "exp"),
    ([z[sp.Dummy("i", integer=True)]], StatementError, "_i"), ([IndexedBase("z'", real=True)[i] * z[i]], StatementError, "z'"),
    ([Symbol("d x") * x], StatementError, "d x"), ([Symbol("z_i") * z[i]], StatementError, "z_i would be printed like z"),
    ([Symbol("e") ** 2], StatementError, "e "), ([IndexedBase("delta", shape=(N, N))[i, j]], StatementError, "Kronecker"),
    ([Symbol("eps") * Symbol("epsilon")], StatementError, "eps would be printed like epsilon"),
    ([Symbol("α") * Symbol("alpha")], StatementError, "spelled out"), ([Symbol("δ_ij") * z[i] * y[j]], StatementError, "δ_ij"),
    ([Symbol("Σ_k") * z[i]], StatementError, "Σ_k"),
    ([IndexedBase("v", shape=(N, N, N))[i, j, k] * Symbol("v_ijk")], StatementError, "v_ijk would be printed like v"),
    # sets
    ([KroneckerDelta(i, q) * z[i] * w[i, q]], StatementError, "index"),
    ([w[i, i]], StatementError, "index i is used in N and in M"),
    ([z[i] * IndexedBase("u", shape=(M,))[i]], StatementError, "index i is used in"),
    ([Sum(z[k] * w[i, k], (k, 1, N))], StatementError, "is used in"),
    ([bare[i] * bare[i, j]], StatementError, "v is used with"),
    ([w[i, q] * IndexedBase("w", shape=(M, N), real=True)[q, i]], StatementError, "w"),
    ([Sum(z[k], (k, 2, N))], FragmentError, "begins at 2"), ([Sum(z[k], (k, 1, 5))], FragmentError, "5"),
    ([Sum(z[k], (k, 1, N - 1))], FragmentError, "N - 1"), ([IndexedBase("u", shape=(3,))[i]], FragmentError, "3"),
    ([bare[Idx("p", (2, N))]], FragmentError, "N - 1"), ([Sum(bare[Idx("p", 5)], Idx("p", 5))], FragmentError, "begins at 0"),
]


@pytest.mark.parametrize(("expressions", "error", "named"), REFUSED, ids=lambda v: str(v) if isinstance(v, list) else "")
def test_a_statement_that_is_not_clear_is_refused_by_name(expressions, error, named):
    with pytest.raises(error) as refused:
        infer([fresh(e) for e in expressions])
    assert named in str(refused.value)


ENTRIES = [
    ("an index of no known set", {C: x * bare[i]}, (C, x), (), StatementError, "index"),
    ("an array of no known shape", {C: x ** 2}, (C, x), (sp.Gt(bare[i] * z[j], 0),), StatementError, "v"),
    ("a diagonal that is defined", {IndexedBase("u", shape=(N, N))[i, i]: z[i], C: x}, (C, x),
    (), StatementError, "repeats an index"),
    ("a free index in a definition", {C: z[i]}, (C, z[i]), (), DeriveError, "C"),
    ("a definition of itself", {C: C + x}, (C, x), (), DeriveError, "C"),
    ("by a defined symbol", {z[i]: y[i] ** 2, C: Sum(z[k], (k, 1, N))}, (C, z[i]), (), DeriveError, "z"),
    ("by a size", {C: Sum(z[k], (k, 1, N))}, (C, N), (), DeriveError, "N"),
    ("a hypothesis that is closed in the variable", {C: x ** 2}, (C, x), (sp.Ge(x, 0),), StatementError, "x >= 0"),
    ("one that mentions it through a definition", {IndexedBase("a", shape=(N,))[i]: x * z[i], C: x ** 2}, (C, x),
     (sp.Eq(Sum(IndexedBase("a", shape=(N,))[k], (k, 1, N)), 1),), StatementError, "mentions x"),
    ("hypotheses that contradict each other", {C: sp.log(x)}, (C, x), (sp.Gt(x, 0), sp.Lt(x, 0)), WitnessError, "x > 0"),
    ("a hypothesis that is no relation", {C: x}, (C, x),
    (sp.And(sp.Gt(x, 0), sp.Gt(x, -1), evaluate=False),), StatementError, "relation"),
    ("a hypothesis that SymPy decides", {C: x}, (C, x), (sp.Gt(N, 0),), StatementError, "True"),
    ("a quantified hypothesis over a letter of no set", {C: x}, (C, x), (ForAll((k,), sp.Gt(bare[k], 0)),), StatementError, "k"),
]


@pytest.mark.parametrize(("what", "definitions", "derivative", "given", "error", "named"), ENTRIES, ids=[e[0] for e in ENTRIES])
def test_an_entry_that_is_not_clear_is_refused(what, definitions, derivative, given, error, named):
    entry = Entry("e", "E", definitions, derivative, (Claim(sp.Integer(1), given),))
    with pytest.raises(error) as refused:
        derive(entry)
    assert named in str(refused.value)


def test_names_that_print_as_one_letter_are_not_used_together():
    """Every name that LaTeX shows as the same letter as another name is refused beside it."""
    for one, other in itertools.combinations({*GREEK, *ALIASES}, 2):
        alike = Latex().name(one) == Latex().name(other)
        assert alike == (ALIKE.get(one) == other or ALIKE.get(other) == one), (one, other)
