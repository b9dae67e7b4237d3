"""Proof files: a good one is replayed, a damaged one ends in one of two errors, quickly, whatever the damage."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derive.kernel.errors import ProofError, ProofFileError
from derive.kernel.files import FORMAT, VERSION, read
from derive.kernel.terms import Term, mk, num

from .attacks import D, J, add, arr, b0, diff, eq, exp, field, i, inv, law, lemma, log, mul, one, unfold, x, z

UP = ProofFileError, ProofError


class Writer:
    """Items of a proof file and the table of their terms."""

    def __init__(self):
        self.rows, self.numbers = [], {}

    def term(self, t):
        if t not in self.numbers:
            args = [self.term(a) for a in t.args]
            data = str(t.data) if t.op == "num" else list(t.data) if isinstance(t.data, tuple) else t.data
            self.rows.append([t.op, data, *args])
            self.numbers[t] = len(self.rows) - 1
        return self.numbers[t]

    def encode(self, value):
        if isinstance(value, Term):
            return {"t": self.term(value)}
        return [self.encode(v) for v in value] if isinstance(value, (tuple, list)) else value

    def write(self, *items):
        encoded = self.encode(items)
        return json.dumps({"format": FORMAT, "version": VERSION, "terms": self.rows, "items": encoded})


softmax = mul(exp(z(b0)), inv(mk("sum", "N", exp(z(b0)))))
lse = log(mk("sum", "N", exp(z(b0))))
ITEMS = (
    ("declare", "z", ["N"]),
    ("declare", "x", []),
    ("declare", "h", ["a function"]),
    ("define", "e", ["N"], exp(z(b0))),
    ("assume", eq(x, num("1/2"))),
    ("theorem", "d e", eq(D(arr("e", i), x), num(0)), J(law("d_const", c=arr("e", i), t=x)), [[["N", 1]], [["i", "N", 0]], []]),
    ("theorem", "half", eq(mul(x, inv(x)), one), J(field(one)), [[["N", 2]], [], [["x", [[[], "1/2"]]]]]),
    ("theorem", "used", eq(D(mul(x, inv(x)), x), num(0)), J(lemma("half", 0), law("d_const", c=one, t=x)), None),
    ("theorem", "given", eq(x, num("1/2")), J(((), True, ("use", eq(x, num("1/2")), ()))), None),
    (
        "theorem",
        "lines",
        eq(arr("e", i), add(exp(z(i)), num(0))),
        ("lines", (arr("e", i), exp(z(i)), add(exp(z(i)), num(0))), (J(unfold(arr("e", i))), J(field(add(exp(z(i)), num(0)))))),
        None,
    ),
    (
        "theorem",
        "lse",
        eq(D(lse, z(i)), mul(inv(mk("sum", "N", exp(z(b0)))), exp(z(i)))),
        J(
            law("d_log", f=mk("sum", "N", exp(z(b0))), t=z(i)),
            law("d_sum", 1, f=exp(z(b0)), t=z(i)),
            law("d_exp", 1, 0, f=z(b0), t=z(i)),
            diff(1, 0, 1),
            field(mul(mk("delta", None, b0, i), exp(z(b0))), 1, 0),
            law("sum_delta", 1, i=i, f=exp(z(b0))),
        ),
        None,
    ),
)
TEXT = Writer().write(*ITEMS)


def survives(text):
    """Read it; only the two errors of a proof file may come out."""
    try:
        return read(text)
    except UP:
        return None


def test_a_file_is_replayed():
    dev = read(TEXT)
    assert {name: sorted(map(repr, th.hypotheses)) for name, th in dev.theorems.items()} == {
        "d e": [],
        "half": ["(x != 0)"],
        "used": ["(x != 0)"],
        "given": ["(x = 1/2)"],
        "lines": [],
        "lse": [],
    }
    assert dev.theorems["half"].witness is not None and dev.theorems["used"].witness is None
    assert dev.theorems["lse"].laws == {"d_log", "d_sum", "d_exp", "differentiate", "field", "sum_delta"}


def test_every_truncation_is_an_error():
    for n in range(len(TEXT)):
        with pytest.raises(ProofFileError):
            read(TEXT[:n])


def places(value, path=()):
    yield path
    for key, inner in enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ():
        yield from places(inner, (*path, key))


def changed(document, path, new):
    document = copy.deepcopy(document)
    inner = document
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return document


DOCUMENT = json.loads(TEXT)
PLACES = [path for path in places(DOCUMENT) if path]
JUNK = (
    None,
    True,
    -1,
    0,
    1,
    10**9,
    0.5,
    float("nan"),
    "",
    "x",
    "N",
    "?S",
    "a function",
    [],
    {},
    [[]],
    {"t": 0},
    {"t": -1},
    {"t": 10**6},
    {"t": "x"},
    {"t": [0]},
    {"s": 0},
    [0, 1, 2],
    ["eq", None, 0, 0],
    "1e999999999",
    "1/0",
    [None],
    [[[[]]]],
)


def test_junk_at_every_place_is_an_error_or_harmless():
    for n, path in enumerate(PLACES):
        for new in JUNK[n % 4 :: 4]:
            survives(json.dumps(changed(DOCUMENT, path, new)))


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(JUNK)
values = st.recursive(
    scalars,
    lambda v: st.lists(v, max_size=4) | st.dictionaries(st.sampled_from(("t", "terms", "items", "x")), v, max_size=2),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(PLACES), values | st.sampled_from(PLACES)), min_size=1, max_size=3))
def test_random_changes_are_errors_or_harmless(changes):
    """A value is put at a place, or (a path) the part of the file that is at another place."""
    document = DOCUMENT
    for path, new in changes:
        if isinstance(new, tuple):
            part = DOCUMENT
            for key in new:
                part = part[key]
            new = part
        try:
            document = changed(document, path, new)
        except (LookupError, TypeError):  # an earlier change took the place away
            continue
    survives(json.dumps(document))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40) | values.map(json.dumps))
def test_any_text_is_an_error(text):
    with pytest.raises(ProofFileError):
        read(text)


BAD = {
    "another format": {"format": "other"},
    "another version": {"version": VERSION + 1},
    "no version": {"version": None},
    "a version that is a word": {"version": str(VERSION)},
    "a forward reference": {"terms": [["neg", None, 1], ["arr", "x"]]},
    "a reference to itself": {"terms": [["neg", None, 0]]},
    "a term that is no row": {"terms": ["x"]},
    "no terms": {"terms": None},
    "an unknown kind of item": {"items": [["axiom", {"t": 0}]]},
    "an item that is no list": {"items": ["declare"]},
    "an empty item": {"items": [[]]},
    "an assumption that is no term": {"items": [["assume", "x"]]},
    "a definition that is no term": {"items": [["define", "x", [], 0]]},
    "a name that is no word": {"items": [["declare", 7, []]]},
    "sets that are no list": {"items": [["declare", "x", 7]]},
    "five indices": {"items": [["declare", "x", ["N"] * 5]]},
    "too many parts": {"items": [["declare", "x", [], [], []]]},
    "too few parts": {"items": [["theorem", "x"]]},
    "a huge number": {"terms": [["num", "1e999999999"]]},
    "a long number": {"terms": [["num", "9" * 5000]]},
    "no fraction": {"terms": [["num", "1/0"]]},
    "a float": {"terms": [["num", 0.5]]},
}


@pytest.mark.parametrize("name", BAD)
def test_damaged_files(name):
    with pytest.raises(ProofFileError):
        read(json.dumps(DOCUMENT | BAD[name]))


def nested(n, value):
    for _ in range(n):
        value = [value]
    return value


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"terms":' * 100_000,
        json.dumps(DOCUMENT).replace('"theorem"', "[" * 5000 + "]" * 5000),
        json.dumps(DOCUMENT | {"items": [*DOCUMENT["items"][:2], nested(400, 0)]}),
    ],
    ids=["lists", "objects", "an item", "a value"],
)
def test_deep_nesting(text):
    with pytest.raises(ProofFileError):
        read(text)


def goal_file(rows, goal, proof=("join", [], [])):
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "terms": rows,
            "items": [["declare", "x", []], ["theorem", "t", {"t": goal}, proof, None]],
        }
    )


def test_deep_terms_end():
    """A chain of 100 000 negations, deeper than Python's stack."""
    rows = [["arr", "x"], *[["neg", None, n] for n in range(100_000)]]
    survives(goal_file([*rows, ["eq", None, 0, len(rows) - 1]], len(rows)))


@pytest.mark.parametrize(
    ("start", "op"),
    [([["arr", "x"], ["num", "1"], ["add", None, 0, 1]], "mul"), ([["num", "2"]], "mul"), ([["arr", "x"]], "add")],
)
def test_large_powers_end(start, op):
    """x(x(x...)) by repeated squaring: 40 rows that would be 2**40 factors."""
    rows = [*start, *[[op, None, n, n] for n in range(len(start) - 1, len(start) + 39)]]
    with pytest.raises(UP):
        read(goal_file([*rows, ["eq", None, len(rows) - 1, 0]], len(rows), ["join", [[[], True, ["field", {"t": 0}]]], []]))


def test_a_witness_below_many_definitions_ends():
    """Each definition uses the one before twice."""
    w = Writer()
    items = [("declare", "x0", ()), *[("define", f"x{n + 1}", (), add(arr(f"x{n}"), arr(f"x{n}"))) for n in range(60)]]
    last = eq(arr("x60"), num(0))
    items += [("assume", last), ("theorem", "t", last, J(((), True, ("use", last, ()))), [[], [], [["x0", [[[], 0]]]]])]
    assert read(w.write(*items)).theorems["t"].witness is not None


def test_the_attacks_stay_out_of_files():
    """Nothing that can be written in a file proves 0 = 1."""
    for proof in (
        "believe",
        None,
        [],
        ["join"],
        ["join", 0, 0],
        ["sign"],
        ["cases", 1, 2, 3, 4],
        ["trichotomy"],
        ["trichotomy", {"t": 0}],
        ["trichotomy", {"t": 0}, ["join", [], []], ["join", [], []], ["join", [], []]],
        ["lines", [], []],
        ["restate", ["join", [], []], []],
    ):
        with pytest.raises(UP):
            read(goal_file([["num", "0"], ["num", "1"], ["eq", None, 0, 1]], 2, proof))
