"""Facts: true relations are proved under the hypotheses that they state, false ones refuted, and no sign is guessed."""
from __future__ import annotations

import pytest
from sympy import Eq, Ge, Gt, KroneckerDelta, Le, Lt, Mul, Ne, Sum, erf, exp, log, sqrt

import derive
from derive.algebra.scope import StatementError
from derive.algebra.statement import Entry, Fact, ForAll, arrays, indices, scalars, size
from derive.kernel.errors import DeriveError, WitnessError

N = size("N")
i, j, k = indices("i j k")
z, a, y = arrays("z a y", N)
x, m, C = scalars("x m C")
softmax = {a[i]: exp(z[i]) / Sum(exp(z[k]), (k, 1, N))}
others = Sum((1 - KroneckerDelta(i, k)) * a[k], (k, 1, N))


def outcome(fact: Fact, definitions: dict = softmax) -> str:
    try:
        theorem = derive.prove(Entry("fact", "A fact", definitions, also=(fact,))).confirmed()
    except DeriveError as e:
        return "refuted" if getattr(e, "counterexample", None) is not None else "undecided"
    return theorem.verdict


TRUE = [
    Fact(a[i] > 0), Fact(a[i] >= 0), Fact(Ne(a[i], 0)), Fact(Eq(Sum(a[i], (i, 1, N)), 1)),
    Fact(Gt(x ** 2 + 1, 0, evaluate=False)), Fact(Le(-x ** 2, 0, evaluate=False)), Fact(sqrt(x) >= 0),
    Fact(a[i] < 1, (N >= 2,), by=(others,)), Fact(a[i] <= 1, by=(others,)),
    Fact(x < m, (m - x > 0,)), Fact(x < m, (x < m,)),
    Fact(a[i] + a[j] <= 1, (Ne(i, j),),
         by=(Sum((1 - KroneckerDelta(i, k)) * (1 - KroneckerDelta(j, k)) * a[k], (k, 1, N)),)),
    Fact(Ne(a[i] - KroneckerDelta(i, j) * a[i] + KroneckerDelta(i, j), 0)),
    Fact(Ge(log(1 + exp(x)), 0, evaluate=False)), Fact(exp(x) >= 1, (x >= 0,)),
]
FALSE = [
    Fact(a[i] < 0), Fact(a[i] > 1), Fact(Eq(Sum(a[i], (i, 1, N)), N)), Fact(x ** 2 > 0),
    Fact(x < m, (x <= m,)), Fact(z[i] < m, (ForAll((k,), z[k] <= m),)), Fact(Ne(a[i], a[j])), Fact(Ne(a[i], 1)),
    Fact(Ne(a[i] - a[j], 0), (Ne(i, j),)), Fact(Ne(KroneckerDelta(i, j), 0)), Fact(exp(x) >= 1), Fact(log(1 + x) >= 0),
    Fact(Eq(a[i], a[j])), Fact(Eq(Sum(z[k], (k, 1, N)), z[i] + z[j]), (Eq(N, 2),)),
    Fact(Gt(Sum((1 - KroneckerDelta(i, k)) * (1 - KroneckerDelta(j, k)) * a[k], (k, 1, N)), 0), (N >= 2, Ne(i, j))),
    Fact(Gt(Sum((1 - KroneckerDelta(i, k)) * (exp(z[k]) - 1), (k, 1, N)), 0), (N >= 2,)), Fact(exp(x) > 1, (x >= 0,)),
    Fact(Eq(KroneckerDelta(i, j) * KroneckerDelta(j, k), KroneckerDelta(i, k)), (Eq(N, 2),)),
    Fact(Eq(Sum(z[k], (k, 1, N)), z[i] + z[j]), (Ne(i, j),)), Fact(Eq(Sum(z[k], (k, 1, N)), z[i]), (Eq(N, 2), Ne(i, j))),
]


@pytest.mark.parametrize("fact", TRUE, ids=lambda f: f"{f.relation} given {f.given}")
def test_what_is_true_is_proved(fact):
    assert outcome(fact) == "proved"


@pytest.mark.parametrize("fact", FALSE, ids=lambda f: f"{f.relation} given {f.given}")
def test_what_is_false_is_refuted(fact):
    assert outcome(fact) == "refuted"


def test_a_size_that_is_needed_and_not_stated_gives_no_tick():
    for given in ((), (Ge(N, 1, evaluate=False),)):
        assert outcome(Fact(a[i] < 1, given, by=(others,))) == "proved_under"


def test_a_way_that_is_wrong_proves_nothing():
    """The expressions on the way are proved like every line."""
    for by in (Sum(a[k], (k, 1, N)), others + a[i], 2 * others):
        assert outcome(Fact(a[i] < 1, (N >= 2,), by=(by,))) == "undecided"


NOT_FACTS = [                                                 # what, fact, what the refusal names
    ("different indices", Fact(Ne(i, j)), "relation of numbers"), ("for all", Fact(ForAll((i,), a[i] > 0)), "free indices"),
    ("one side twice", Fact(Eq(erf(-x), -erf(x), evaluate=False)), "nothing to prove"),
    ("an index apart from itself", Fact(Eq(z[i], y[i]), (Ne(i, i, evaluate=False),)), "cannot be met"),
    ("an index apart from all", Fact(Eq(KroneckerDelta(i, j), 0), (ForAll((j,), Ne(i, j)),)), "cannot be met"),
    ("three of two", Fact(Eq(z[i] + z[j], 2 * z[k]), (Eq(N, 2), Ne(i, j), Ne(j, k), Ne(i, k))), "cannot be met"),
    # a theorem needs what its own hypotheses exclude: it would be shown without them
    ("N = 1 where two are needed", Fact(a[i] < 1, (Eq(N, 1),), by=(others,)), "2 <= N"),
    ("N < 2 where two are needed", Fact(a[i] < 1, (N < 2,), by=(others,)), "2 <= N"),
    ("a divisor that is 0", Fact(Eq(Mul(x, 1 / x, m, evaluate=False), m), (Eq(x, 0),)), "x != 0"),
]


@pytest.mark.parametrize(("what", "fact", "named"), NOT_FACTS, ids=[what for what, *_ in NOT_FACTS])
def test_what_says_nothing_is_refused_by_name(what, fact, named):
    with pytest.raises((StatementError, WitnessError)) as refused:
        derive.prove(Entry("fact", "A fact", softmax, also=(fact,)))
    assert named in str(refused.value)


def test_facts_do_not_speak_for_each_other():
    """What one fact assumes is no hypothesis of the next, whatever their order."""
    for first, second in ((Fact(x > 0, (x < m, m < 0)), Fact(x >= 0)), (Fact(x >= 0, (m > 0,)), Fact(m >= 0, (x > 0,))),
                          (Fact(Eq(x, 1), (Eq(x, 1),)), Fact(Eq(x, 1)))):
        for also in ((first, second), (second, first)):
            with pytest.raises(DeriveError):
                derive.prove(Entry("facts", "Facts", softmax, also=also))


def test_what_is_true_but_of_unknown_sign_is_undecided():
    for fact in (Fact(a[i] + a[j] < 2, (Ne(i, j),)), Fact(x ** 2 - 2 * x + 2 > 0), Fact(z[i] <= m, (ForAll((k,), z[k] <= m),))):
        assert outcome(fact) == "undecided"


def test_two_classes_from_any_number():
    two = (Eq(N, 2), Ne(i, j))
    assert outcome(Fact(Eq(Sum(z[k] * y[k], (k, 1, N)), z[i] * y[i] + z[j] * y[j]), two)) == "proved"
    assert outcome(Fact(Eq(y[j], 1 - y[i]), (*two, Eq(Sum(y[k], (k, 1, N)), 1)))) == "proved"


ORDERED = [                                                   # fact, its sides in the order of < and <=, the sign
    (Fact(a[i] > 0), (0, a[i]), "<"), (Fact(Lt(0, a[i])), (0, a[i]), "<"), (Fact(a[i] >= 0), (0, a[i]), "<="),
    (Fact(Ge(m, x), (m > x,)), (x, m), "<="), (Fact(Gt(m - x, 0), (x < m,)), (x, m), "<"),
    (Fact(Ge(N, 0, evaluate=False)), (0, N), "<="),
    (Fact(Le(-x ** 2, 0, evaluate=False)), (-x ** 2, 0), "<="), (Fact(Ne(a[i], 0)), (a[i], 0), "!="),
]


@pytest.mark.parametrize(("fact", "sides", "sign"), ORDERED, ids=lambda v: str(getattr(v, "relation", v)))
def test_the_sides_of_a_fact_stand_in_the_order_of_its_sign(fact, sides, sign):
    """a > 0 printed as 0 < a must not be handed on as a < 0: text, JSON and SymPy say the same."""
    theorem = derive.prove(Entry("fact", "A fact", softmax, also=(fact,)))
    said = theorem.to_json()
    assert (theorem.lhs, theorem.rhs) == sides
    assert (said["statement"]["sympy"], said["relation"], said["claim"]["sympy"]) == (str(sides[0]), sign, str(sides[1]))
