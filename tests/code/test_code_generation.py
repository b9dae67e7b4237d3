"""Protects generation: what is computed is proved, every operator is spelled, files are deterministic, clean and tested."""
from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from generated_code import ENTRIES, TEMPLATES, code, derivation, loaded, module

import derive.code.stable as stable
from derive.code import CannotGenerate, CannotLower, generate
from derive.code.linear import text
from derive.code.lowering import LABEL, MAIN, Lowering
from derive.code.program import OPERATORS, Node, program
from derive.code.spelling import Speller, environment
from derive.code.stable import Stabilizer
from derive.engine.equality import Hints
from derive.kernel.errors import DeriveError, ProofError
from derive.kernel.files import read
from derive.kernel.terms import Term, bd, ix, mk, num

SPELLER = Speller(environment(TEMPLATES), "numpy")


def test_every_operator_is_spelled_and_no_macro_is_left_over() -> None:
    macros = {name.removeprefix("do_") for name in vars(SPELLER.macros) if name.startswith("do_")}
    assert macros == set(OPERATORS) | {"copy"}


# ---------------------------------------------------------------- terms, lowered and run
z, i, j, k = mk("arr", "z", ix("i", "N")), ix("i", "N"), ix("j", "N"), ix("k", "N")
zj, half = mk("arr", "z", j), num(Fraction(1, 2))


def op(name: str, *args: Term) -> Term:
    return mk(name, None, *args)


def total(body: Term) -> Term:
    return mk("sum", "N", body)


z0, y0, z1 = mk("arr", "z", bd(0, "N")), mk("arr", "y", bd(0, "N")), mk("arr", "z", bd(1, "N"))
Z, Y, T = np.array([[0.5, -1.0, 2.0], [1.0, 3.0, -0.25]]), np.array([[1.0, 2.0, 3.0], [0.0, 0.0, 1.0]]), np.array([2, 0])
E, rows = np.eye(3), np.arange(2)
LOWERED: list[tuple[Term, Any]] = [
    (op("add", z, half), Z + 0.5),
    (op("mul", op("neg", half), z), -0.5 * Z),
    (op("neg", op("add", z, op("neg", half))), 0.5 - Z),
    (op("add", op("neg", z), half), 0.5 - Z),
    (op("add", z, op("neg", op("add", half, z))), -0.5 + 0 * Z),
    (op("mul", z, op("inv", op("mul", z, half))), 2 + 0 * Z),
    (op("inv", z), 1 / Z),
    (op("exp", op("neg", z)), np.exp(-Z)),
    (op("log", op("add", num(1), op("mul", z, z))), np.log(1 + Z * Z)),
    (op("sqrt", op("abs", z)), np.sqrt(np.abs(Z))),
    (op("max", z, num(0)), np.maximum(Z, 0)),
    (op("step", z), (Z > 0) * 1.0),
    (op("mul", z, mk("size", "N")), Z * 3),
    (op("add", z, op("neg", total(z0))), Z - Z.sum(1)[:, None]),
    (total(half), np.full(2, 1.5)),
    (total(op("mul", y0, z0)), (Y * Z).sum(1)),
    (total(op("mul", y0, op("log", op("exp", z0)))), (Y * Z).sum(1)),
    (total(total(op("exp", op("add", z0, op("neg", z1))))), np.exp(Z[:, None, :] - Z[:, :, None]).sum((1, 2))),
    (total(op("mul", op("delta", bd(0, "N"), i), z0)), Z),
    (op("mul", z, zj), Z[:, :, None] * Z[:, None, :]),
    (op("add", op("delta", i, j), op("neg", zj)), E - Z[:, None, :]),
    (mk("arr", "z", k), Z[rows, T]),
    (op("add", z, op("neg", mk("arr", "z", k))), Z - Z[rows, T][:, None]),
    (op("add", z, op("neg", op("delta", i, k))), Z - E[T]),
    (op("add", op("delta", i, k), op("neg", z)), E[T] - Z),
    (op("add", z, op("mul", op("delta", i, k), mk("arr", "z", k))), Z + E[T] * Z[rows, T][:, None]),
    (op("mul", stable.away(i, k), z), Z * (1 - E[T])),
    (total(op("mul", stable.away(bd(0, "N"), k), z0)), (Z * (1 - E[T])).sum(1)),
    (op("add", op("mul", stable.away(i, k), z), op("neg", op("mul", op("delta", i, k), half))), Z * (1 - E[T]) - E[T] / 2),
    (op("add", z, op("neg", mk("arr", "m"))), Z - Z.max(1)[:, None]),
]


def lowered(t: Term) -> Node:
    axes = {"i": MAIN, "j": "#1", "k": LABEL}
    return Lowering("z", {"z": "z", "y": "y"}, frozenset({"y"}), ("m", "peak"), axes, frozenset({"N"})).node(t)


@pytest.mark.parametrize(("t", "expected"), LOWERED, ids=[text(t) for t, _ in LOWERED])
def test_lowered_terms_compute_their_meaning(t: Term, expected: Any) -> None:
    made = program("f", ("z", "y", "labels"), (lowered(t),), ())
    body = [*SPELLER.lines(made), f"return {SPELLER.results(made)}"]
    helpers = {n: getattr(code("softmax_cross_entropy"), n) for n in ("_peak", "_weighted", "_totals")}
    scope: dict[str, Any] = {"np": np, **helpers}
    exec("def f(z, y, labels):\n    " + "\n    ".join(body), scope)
    before = Z.copy()
    np.testing.assert_allclose(scope["f"](Z, Y, T), expected, rtol=1e-14, atol=1e-15)
    assert np.array_equal(Z, before)


def test_every_operator_is_met_by_a_lowered_term() -> None:
    met = {n.op for t, _ in LOWERED for n in lowered(t).nodes()}
    made = {"choose", "finite_peak", "exp_apart"}             # by forms and schedules, and run by the generated modules
    assert set(OPERATORS) - met <= made


CANNOT = [(mk("D", None, mk("arr", "z", i), zj), "no array operation for D"),
          (mk("fun", ("s", 0), z), "no array operation for fun"),
          (mk("arr", "w", i), "w is no input"), (mk("arr", "z", ix("q", "N")), "neither an axis nor the label"),
          (mk("sum", "M", mk("arr", "z", i)), "sum over M"), (op("exp", op("delta", i, k)), "delta with the label")]


@pytest.mark.parametrize(("t", "message"), CANNOT, ids=[m for _, m in CANNOT])
def test_what_has_no_array_operation_is_named(t: Term, message: str) -> None:
    with pytest.raises(CannotLower, match=message):
        lowered(t)


def test_text_reads_as_written() -> None:
    assert text(op("eq", mk("D", None, mk("arr", "C"), z), op("add", op("mul", z, total(y0)), op("neg", mk("arr", "y", i))))) \
        == "dC/dz[i] = z[i]*sum_j(y[j]) - y[i]"
    assert text(op("add", z, op("neg", op("add", half, op("neg", op("inv", z)))))) == "z[i] - (1/2 - 1/z[i])"
    assert text(op("mul", op("neg", z), op("inv", op("mul", z, z)))) == "-z[i]/(z[i]*z[i])"


# ---------------------------------------------------------------- what is computed is proved
FORMS = {
    "softmax_cross_entropy": ["a[i] = exp(z[i] - m)/sum_j(exp(z[j] - m))",
                              "C = -sum_j(y[j]*(z[j] - m - log(sum_k(exp(z[k] - m)))))",
                              "dC/dz[i] = exp(z[i] - m)/sum_j(exp(z[j] - m))*sum_j(y[j]) - y[i]",
                              "C = log(1 + sum_j((1 - delta(j,k))*exp(z[j] - m)))"],
    "softmax_jacobian": ["a[j] = exp(z[j] - m)/sum_k(exp(z[k] - m))"],
    "logsumexp": ["L = m1 + log(sum_j(exp(z[j] - m1)))", "dL/dz[i] = exp(z[i] - m1)/sum_j(exp(z[j] - m1))"],
}


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_stable_forms_are_theorems_of_a_proof_file_that_replays(entry: str) -> None:
    record = module(entry).record
    again = read(record.text())
    statements = {text(t.conclusion) for t in again.theorems.values()}
    assert set(FORMS[entry]) <= statements
    extra = {h for n, t in again.theorems.items() if n not in derivation(entry).record.theorems for h in t.hypotheses}
    assert {text(h) for h in extra} <= {"1 <= N", "y[j] = delta(j,k) for all j", "z[k] = m"}


def test_a_shift_that_changes_the_value_is_not_used() -> None:
    """exp(z[i]) moves with z by a factor: the form is the expression as it stands."""
    s = Stabilizer(derivation("logsumexp").record, "z")
    s.record.define("f", ("N",), mk("exp", None, mk("arr", "z", bd(0, "N"))))
    form = s.form("f, as computed", mk("arr", "f", i), mk("arr", "f", i))
    assert form.value is mk("exp", None, z) and not form.outside


def test_what_stands_outside_a_shift_is_found() -> None:
    """log sum exp(2 z) moves by 2 m."""
    s = Stabilizer(derivation("logsumexp").record, "z")
    s.record.define("f", (), mk("log", None, total(op("exp", op("mul", num(2), z0)))))
    form = s.form("f, as computed", mk("arr", "f"), mk("arr", "f"))
    assert text(form.value) == "2*m1 + log(sum_j(exp(2*(z[j] - m1))))" and form.outside


def test_a_result_that_is_an_input_is_copied() -> None:
    assert SPELLER.owned(lowered(z), ("z",)) == "z.copy()" and SPELLER.owned(lowered(op("neg", z)), ("z",)) == "-z"


def test_a_false_value_has_no_form() -> None:
    s = Stabilizer(derivation("softmax_cross_entropy").record, "z")
    left, right = derivation("softmax_cross_entropy").theorem("dC/dz").sides
    for wrong in (op("neg", right), op("add", right, num(1)), right.args[0], op("add", right.args[0], mk("arr", "y", i))):
        with pytest.raises(ProofError, match="no stable form"):
            s.form("wrong", left, wrong, Hints(lemmas=("dC/dz",)))


# ---------------------------------------------------------------- mutants: a wrong program would be noticed
def mutated(monkeypatch: pytest.MonkeyPatch, change: Any) -> Any:
    """The cross-entropy module with every lowered gradient changed, past the kernel."""
    from derive.code import plan
    original = plan._Planner.lowered

    def lower(self: Any, form: Any, *axes: Term, label: Term | None = None) -> Node:
        form = replace(form, value=change(form.value)) if "_grad" in form.theorem else form
        return original(self, form, *axes, label=label)
    monkeypatch.setattr(plan._Planner, "lowered", lower)
    d = derivation("softmax_cross_entropy")
    return generate(d.record, [n for _, n in d.claims], d.entry.code, d.entry.title, TEMPLATES, "softmax_cross_entropy")


MUTANTS = {"sign": lambda t: op("neg", t), "sign of one addend": lambda t: op("add", t.args[0], t.args[1].args[0]),
           "an addend lost": lambda t: t.args[0], "twice": lambda t: op("mul", num(2), t)}


@pytest.mark.parametrize("name", MUTANTS)
def test_the_generated_tests_kill_mutants(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = mutated(monkeypatch, MUTANTS[name])
    monkeypatch.setitem(sys.modules, "softmax_cross_entropy", loaded(made.source))
    with pytest.raises(AssertionError, match="Not equal to tolerance"):
        loaded(made.test, "tests_of_a_mutant").test_the_gradient_is_the_slope((4, 5), "sum")


# ---------------------------------------------------------------- the files
@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    out = tmp_path_factory.mktemp("clean")
    for entry in ENTRIES:
        (out / f"{entry}.py").write_text(module(entry).source, encoding="utf-8")
        (out / f"test_{entry}.py").write_text(module(entry).test, encoding="utf-8")
    (out / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    yield out


WIDTH = ("--line-length", "100")
CLEAN = {"pytest": ("-q", "-p", "no:cacheprovider", "."),
         "ruff": ("check", "--isolated", "--no-cache", "--select", "E,F,W,I", *WIDTH, "."),
         "ruff, format": ("format", "--isolated", "--no-cache", "--diff", *WIDTH,
                          *[f"{p}{e}.py" for e in ENTRIES for p in ("", "test_")]),
         "mypy": ("--strict", "--config-file=", "--cache-dir=.mypy", *[f"{e}.py" for e in ENTRIES])}


@pytest.mark.parametrize("tool", CLEAN)
def test_generated_files_pass_their_tests_and_are_clean(tool: str, folder: Path) -> None:
    program = tool.partition(",")[0]
    if find_spec(program) is None:
        pytest.skip(f"{program} is not installed")
    command = [sys.executable, "-m", program, *CLEAN[tool]]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("entry", ENTRIES)
def test_generation_is_deterministic_and_says_what_it_was_made_from(entry: str) -> None:
    d, first = derivation(entry), module(entry)
    again = generate(d.record, [n for _, n in d.claims], d.entry.code, d.entry.title, TEMPLATES, entry)
    assert (first.source, first.test) == (again.source, again.test)
    for file in (first.source, first.test):
        assert "\r" not in file and file.endswith("\n") and not file.endswith("\n\n") and "\t" not in file
    assert d.entry.title in first.source and "sha256" in first.source
    assert all(text(d.theorem(n).conclusion) in first.source for _, n in d.claims)
    assert len(d.record.items) == len(derivation(entry).record.items)


def test_the_hash_follows_theorems_and_templates(tmp_path: Path) -> None:
    d = derivation("softmax_cross_entropy")
    fewer = generate(d.record, ["dC/dz", "claim 3"], d.entry.code, d.entry.title, TEMPLATES, "softmax_cross_entropy")
    shutil.copytree(TEMPLATES / "numpy", tmp_path / "numpy")
    with (tmp_path / "numpy" / "operators.py.j2").open("a", encoding="utf-8") as f:
        f.write("{# changed #}\n")
    changed = generate(d.record, [n for _, n in d.claims], d.entry.code, d.entry.title, tmp_path, "softmax_cross_entropy")
    hashes = {next(line for line in m.source.splitlines() if line.startswith("sha256"))
              for m in (fewer, changed, module("softmax_cross_entropy"))}
    assert len(hashes) == 3


def test_names_come_from_the_roles() -> None:
    d = derivation("logsumexp")
    roles = {"logits": "z", "value": "smooth_max", "derivative": "weights"}
    made = generate(d.record, ["dL/dz"], roles, 'A "title" \\ of """', TEMPLATES)
    new = loaded(made.source)
    assert new.__all__ == ["smooth_max", "weights"] and new.smooth_max([0.0, 0.0]) == np.log(2)


REFUSED: list[tuple[str, list[str], dict[str, str], str]] = [
    ("softmax_jacobian", ["da/dz"], {"logits": "z"}, "accepted roles are"),
    ("softmax_jacobian", [], {"logits": "z", "value": "f", "derivative": "g"}, "accepted roles are"),
    ("softmax_jacobian", ["d/d"], {"logits": "z", "value": "f", "derivative": "g"}, "unknown"),
    ("softmax_jacobian", ["da/dz"], {"logits": "w", "value": "f", "derivative": "g"}, "is no derivative by w"),
    ("softmax_jacobian", ["da/dz"], {"logits": "z", "value": "class", "derivative": "g"}, "'class' is no Python name"),
    ("softmax_jacobian", ["da/dz"], {"logits": "z", "value": "f(); x", "derivative": "g"}, "is no Python name"),
    ("softmax_cross_entropy", ["claim 2"], derivation("softmax_cross_entropy").entry.code, "no theorem without hypotheses"),
    ("softmax_cross_entropy", ["dC/dz"], derivation("softmax_cross_entropy").entry.code, "integer labels need one"),
]


@pytest.mark.parametrize(("entry", "theorems", "roles", "message"), REFUSED, ids=[row[3] for row in REFUSED])
def test_what_makes_no_module_is_refused(entry: str, theorems: list[str], roles: dict[str, str], message: str) -> None:
    with pytest.raises(CannotGenerate, match=message):
        generate(derivation(entry).record, theorems, roles, "t", TEMPLATES)
    assert issubclass(CannotGenerate, DeriveError) and issubclass(CannotLower, DeriveError)
