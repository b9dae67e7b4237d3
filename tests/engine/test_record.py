"""A record is its proof file: written, read by the kernel alone, and the same theorems; micro-steps are what is replayed."""
from __future__ import annotations

import json

import pytest

import derive
from derive.engine.counterexample import counterexample
from derive.engine.equality import equal
from derive.engine.micro import micro_steps
from derive.engine.record import Record
from derive.kernel.context import FUNCTION
from derive.kernel.errors import DeriveError, ProofError
from derive.kernel.files import read
from derive.kernel.replay import Replay

from .test_equality import GIVEN, TABLE, D, b0, development, eq, exp, i, inv, mul, total, two, x, y, z


def proved():
    """A record with everything in it: declarations, a function, a definition, hypotheses, theorems of each kind of proof."""
    dev = development()
    dev.define("a", ("N",), mul(exp(z(b0)), inv(x)))
    for given in dict.fromkeys(h for row in GIVEN for h in row[2]):
        dev.assume(given)
    for n, (left, right, hypotheses) in enumerate(TABLE):
        if hypotheses is not None:
            dev.conclude(f"row {n}", eq(left, right), equal(dev, left, right).proof)
    return dev


def test_a_proof_file_gives_the_same_theorems_and_the_same_text():
    dev = proved()
    again = read(dev.text())
    assert {n: repr(t) for n, t in again.theorems.items()} == {n: repr(t) for n, t in dev.theorems.items()}
    assert all(again.theorems[n].witness == t.witness and again.theorems[n].laws == t.laws for n, t in dev.theorems.items())
    assert again.context.given == dev.context.given and dict(again.context.arrays) == dict(dev.context.arrays)
    assert proved().text() == dev.text()
    assert dev.context.arrays["f"] == FUNCTION and read(dev.text()).context.arrays["f"] == FUNCTION


def test_every_theorem_of_the_table_has_a_witness():
    assert [name for name, t in proved().theorems.items() if t.witness is None] == []


def test_a_theorem_is_proved_once():
    dev = Record()
    dev.declare("x")
    dev.conclude("t", eq(x, x), ("join", (), ()))
    with pytest.raises(ProofError, match="twice"):
        dev.conclude("t", eq(x, x), ("join", (), ()))
    with pytest.raises(DeriveError):
        dev.declare("x")


def test_no_row_of_a_proof_file_can_be_changed_for_a_wrong_theorem():
    """One term of the table at a time is made 2 times as large or negative: each file is refused, or says what is true still."""
    dev = Record()
    dev.declare("z", ("N",))
    goal = eq(D(total(mul(z(b0), z(b0))), z(i)), mul(two, z(i)))
    dev.conclude("t", goal, equal(dev, *goal.args).proof)
    document, refused = json.loads(dev.text()), 0
    for n, (op, *_) in enumerate(document["terms"]):
        for new in ({"num": ["num", "3"], "mul": None, "add": None}.get(op), ["num", "5"]):
            if new is None:
                continue
            rows = [*document["terms"][:n], new, *document["terms"][n + 1:]]
            try:
                theorem = read(json.dumps({**document, "terms": rows})).theorems["t"]
            except DeriveError:
                refused += 1
                continue
            assert theorem.conclusion is goal or counterexample(theorem.context, *theorem.sides) is None
    assert refused > 5


@pytest.mark.parametrize("name", ["softmax-cross-entropy", "softmax-jacobian"])
def test_micro_steps_are_the_steps_that_the_kernel_replays(name):
    record = derive.prove(name).derivation.record
    for theorem in record.theorems:
        steps = list(micro_steps(record, theorem))
        assert all(s.reason and s.side in ("left", "right") for s in steps), theorem
        for line, part in enumerate(record.theorems[theorem].parts, 1):
            left = [s for s in steps if s.where == f"line {line} " and s.side == "left"]
            right = [s for s in steps if s.where == f"line {line} " and s.side == "right"]
            if left and not any(s.where.startswith(f"line {line} ") and s.where != f"line {line} " for s in steps):
                assert left[-1].result is (right[-1].result if right else part.sides[1]), (theorem, line)
    longest = max(record.theorems, key=lambda n: len(list(micro_steps(record, n))))
    assert len(list(micro_steps(record, longest))) > 5


def test_micro_steps_of_a_join_end_where_the_sides_meet():
    dev = development()
    goal = eq(D(total(mul(z(b0), y(b0))), z(i)), y(i))
    found = equal(dev, *goal.args)
    dev.conclude("t", goal, found.proof)
    left = [s for s in micro_steps(dev, "t") if s.side == "left"]
    assert left[-1].result is y(i)
    assert [s.result for s in left] == list(Replay(dev).run(goal.args[0], found.proof[1]))
