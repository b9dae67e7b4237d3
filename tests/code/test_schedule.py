"""Protects schedules: what is computed in place, in the order of the lines, is what the program says; inputs are left alone."""
from __future__ import annotations

from typing import Any

import numpy as np
from generated_code import TEMPLATES, code
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.code.lowering import MAIN, expanded
from derive.code.program import Node
from derive.code.schedule import Kernel, Results, kernel, limits, schedulable
from derive.code.spelling import Speller, environment, fitted

SPELLER = Speller(environment(TEMPLATES), "numpy")
Z, Y = Node("input", (), (MAIN,), "z"), Node("input", (), (MAIN,), "y")
ROWS, LABELS = Node("rows", (Z,)), Node("input", (), (), "labels")
z, y = np.random.default_rng(0).normal(size=(2, 3, 4))
labels = np.array([2, 0, 3])


def wholes() -> st.SearchStrategy[Node]:
    """Programs with the class axis, whose parts are shared by chance."""
    def extend(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
        row = inner.map(lambda x: Node("sum", (x,), (), 0)) | inner.map(lambda x: Node("pick", (x, ROWS, LABELS)))
        two = st.tuples(inner, inner)
        return st.one_of(
            inner.map(lambda x: Node("neg", (x,), (MAIN,))), inner.map(lambda x: Node("abs", (x,), (MAIN,))),
            two.map(lambda p: Node("add", p, (MAIN,))), two.map(lambda p: Node("mul", p, (MAIN,))),
            st.tuples(inner, row).map(lambda p: Node("sub", (p[0], expanded(p[1], (MAIN,))), (MAIN,))),
            inner.map(lambda x: Node("without", (x, ROWS, LABELS), (MAIN,))),
            st.tuples(inner, row).map(lambda p: Node("place", (p[0], ROWS, LABELS, p[1]), (MAIN,))))
    return st.recursive(st.sampled_from([Z, Y]), extend, max_leaves=8)


def value(node: Node) -> Any:
    """What a node means."""
    args = [value(a) for a in node.args]
    match node.op:
        case "input":
            return {"z": z, "y": y, "labels": labels}[str(node.data)]
        case "rows":
            return np.arange(len(z))
        case "expand":
            return args[0][:, None]
        case "sum":
            return args[0].sum(axis=1)
        case "pick":
            return args[0][args[1], args[2]]
        case "without" | "place":
            new = np.array(args[0])
            new[args[1], args[2]] = args[3] if node.op == "place" else 0
            return new
    return {"neg": np.negative, "abs": np.abs, "add": np.add, "mul": np.multiply, "sub": np.subtract}[node.op](*args)


def run(k: Kernel) -> dict[str, Any]:
    scope = {"np": np, "_totals": code("logsumexp")._totals, "z": z.copy(), "y": y.copy(), "labels": labels,
             **{n: np.full((3, 4) if n in k.whole else 3, np.nan) for n in k.results}}
    exec("\n".join(SPELLER.statement(line) for line in k.shifted.after), scope)
    assert np.array_equal(scope["z"], z) and np.array_equal(scope["y"], y)
    return {n: scope[n] for n in k.results}


@settings(max_examples=150, deadline=None, derandomize=True)
@given(wholes(), wholes())
def test_in_place_is_what_the_program_says(grad: Node, loss: Node) -> None:
    nodes = {"value": Node("sum", (loss,), (), 0), "grad": grad}
    made = run(kernel("f", ("z", "y", "labels"), "", Results(nodes, ()), None))
    for name, node in nodes.items():
        np.testing.assert_allclose(made[name], value(node), rtol=1e-12, atol=1e-12)


def test_a_gradient_of_exponentials_is_computed_in_its_own_array() -> None:
    e = Node("exp", (Z,), (MAIN,))
    s = Node("sum", (e,), (), 0)
    k = kernel("f", ("z",), "", Results({"grad": Node("div", (e, expanded(s, (MAIN,))), (MAIN,))}, ()), None)
    lines = [SPELLER.statement(line) for line in k.shifted.after]
    assert lines == ["np.exp(z, out=grad)", "s = _totals(grad)", "np.multiply(grad, (1 / s)[:, None], out=grad)"]
    assert limits({"grad": Node("div", (e, expanded(s, (MAIN,))), (MAIN,))}) == (s, s)


def test_what_has_several_axes_is_not_scheduled() -> None:
    assert not schedulable(Results({"r": Node("view", (Z,), ("#1",))}, ())) and schedulable(Results({"r": Z}, ()))
    assert limits({"r": Z}) is None


def test_long_signatures_are_broken_as_by_ruff() -> None:
    assert fitted("def f", ["a", "b"], " -> None:") == "def f(a, b) -> None:"
    long = ["x" * 30] * 3
    assert fitted("def f", long, ":").splitlines() == ["def f(", f"    {', '.join(long)}", "):"]
    assert fitted("f", ["x" * 50] * 2, "", 4).splitlines()[1] == f"        {'x' * 50},"
