"""Protects the modules that entries give: every function proved, no mutant proved, numbers that do not overflow, clean text."""
from __future__ import annotations

import ast
import importlib.util
import re
import subprocess
import sys
import types
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sympy import Sum, exp

import derive
from derive.algebra.statement import Entry, arrays, indices, scalars, size
from derive.catalogue.discovery import names
from derive.code.axes.module import TARGETS, EntryModule
from derive.code.errors import CannotGenerate
from derive.kernel.errors import DeriveError
from derive.verifying import executed, generated

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ("sigmoid-bce", "linear-layer", "softmax-temperature", "info-nce", "elu", "dpo", "mean-pooling", "gelu")
FEW = ("sigmoid-bce", "linear-layer", "softmax-temperature", "mean-pooling")
WITHOUT = {"mse-logistic-law": "sigma is any smooth function", "softmax-loss": "f is any smooth function",
           "two-layer-perceptron": "sigma is any smooth function", "softmax-properties": "it states no derivative"}
ROLES = ("softmax-cross-entropy", "softmax-jacobian", "logsumexp")


@cache
def theorem(entry: str) -> Any:
    return derive.prove(entry)


def module(entry: str, target: str = "numpy") -> EntryModule:
    found = theorem(entry)._module(target)
    assert isinstance(found, EntryModule)
    return found


def all_proved(entry: str, source: str = "", only: str = "") -> bool:
    reports = [*generated(theorem(entry), source, only)]
    return bool(reports) and all(r.outcomes and o.verdict == "proved" for r in reports for o in r.outcomes)


# ---------------------------------------------------------------- what there is
@pytest.mark.parametrize("entry", SAMPLE)
def test_every_function_is_proved(entry: str) -> None:
    assert all_proved(entry)


@pytest.mark.soundness
@pytest.mark.parametrize("entry", [n for n in names() if n not in WITHOUT])
def test_every_function_of_every_entry_is_proved(entry: str) -> None:
    assert all_proved(entry)


@pytest.mark.parametrize(("entry", "reason"), WITHOUT.items())
def test_what_has_nothing_to_compute_says_why(entry: str, reason: str) -> None:
    with pytest.raises(CannotGenerate, match=reason):
        theorem(entry).to_code()
    assert reason in theorem(entry).uncoded


def test_a_missing_function_is_named_beside_those_there_are() -> None:
    assert [f.name for f in module("mse-activation").functions] == ["C", "C_grad_z"]
    assert "E, E_grad_z: sigma is any smooth function" in theorem("mse-activation").uncoded


def test_an_unknown_backend_is_refused() -> None:
    with pytest.raises(DeriveError, match="accepted: numpy, torch, jax"):
        theorem("sigmoid").to_code("fortran")


def test_the_weakest_hypotheses_are_computed() -> None:
    """Right for every label, where the claims also have a theorem for labels that sum to 1."""
    (grad,) = [f for f in module("binary-cross-entropy").functions if f.name == "C_grad_z"]
    assert not grad.hypotheses
    z, y = np.array([0.5, -1.0, 2.0]), np.array([1.0, 2.0, 0.5])
    space = executed(module("binary-cross-entropy").source, "bce")
    a = np.exp(z) / np.exp(z).sum()
    np.testing.assert_allclose(space["C_grad_z"](z, y), a * y.sum() - y, rtol=1e-14)


def test_names_that_python_or_the_module_needs_are_no_obstacle() -> None:
    """A symbol may be called lambda, np, sum or peak, and a parameter may be a definition of another page."""
    N = size("N")
    i, k = indices("i k")
    x, np_, peak = arrays("x np peak", N)
    lam, total = scalars("lambda sum")
    entry = Entry("own-names", "Names", {peak[i]: exp(np_[i]) / Sum(exp(np_[k]), (k, 1, N)),
                                         total: lam * Sum(x[k] * peak[k], (k, 1, N))}, (total, np_[i]))
    own = derive.prove(entry)
    assert [f.name for f in own.module.functions] == ["sum_", "sum__grad_np_"]
    assert {o.verdict for r in generated(own) for o in r.outcomes} == {"proved"}
    for target in TARGETS:
        compile(own.to_code(target), target, "exec")


def test_a_gradient_typed_on_the_spot_has_code() -> None:
    N = size("N")
    (i, k), (x,) = indices("i k"), arrays("x", N)
    found = derive.gradient(Sum(exp(-x[k]), (k, 1, N)), x[i])
    assert {o.verdict for r in generated(found) for o in r.outcomes} == {"proved"}


# ---------------------------------------------------------------- mutants
class Mutation(ast.NodeTransformer):
    """The n-th change that can be made to a function."""

    def __init__(self, n: int) -> None:
        self.n, self.seen, self.done = n, 0, ""

    def _turn(self, what: str) -> bool:
        self.seen += 1
        if self.seen - 1 == self.n:
            self.done = what
        return self.seen - 1 == self.n

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        swaps: dict[type, Any] = {ast.Add: ast.Sub(), ast.Sub: ast.Add(), ast.Mult: ast.Div(), ast.Div: ast.Mult()}
        if type(node.op) in swaps and self._turn("operator"):
            return ast.BinOp(node.left, swaps[type(node.op)], node.right)
        if self._turn("without the right"):
            return node.left
        if type(node.op) in (ast.Add, ast.Mult) and self._turn("without the left"):
            return node.right
        return self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        return node.operand if self._turn("sign") else self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> Any:
        changes = isinstance(node.value, int) and not isinstance(node.value, bool) and self._turn("number or axis")
        return ast.Constant(node.value + 1) if changes else node

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        swaps = {"exp": "expm1", "log1p": "log", "expm1": "exp", "maximum": "minimum", "sum": "mean", "sqrt": "square"}
        if node.attr == "T" and self._turn("not transposed"):
            return node.value
        if node.attr in swaps and self._turn(node.attr):
            return ast.Attribute(node.value, swaps[node.attr], node.ctx)
        return self.generic_visit(node)

    def visit_Tuple(self, node: ast.Tuple) -> Any:
        return ast.Tuple(node.elts[::-1], node.ctx) if self._turn("axes") else node


def mutants(source: str, name: str) -> Iterator[tuple[str, str]]:
    """What was changed in the kernel of a function, and the source with that change."""
    for n in range(1000):
        tree, change = ast.parse(source), Mutation(n)
        for place, node in enumerate(tree.body):
            if isinstance(node, ast.FunctionDef) and node.name == f"_{name}":
                node.body = [change.visit(statement) for statement in node.body]
                tree.body[place] = node
        if not change.done:
            return
        yield change.done, ast.unparse(ast.fix_missing_locations(tree))


def samples(entry: str, name: str, rows: int = 0) -> dict[str, Any]:
    """Random arguments, as the module's own test draws them."""
    space: dict[str, Any] = {"__name__": "own_test"}
    test = module(entry).test.replace("generated: Any = importlib", "generated: Any = None  # importlib")
    exec(compile(test, "own test", "exec"), space)
    given = space["samples"]((2, 3, 4, 2), rows)
    return {a: given[a] for a in space["ARGUMENTS"][name]}


def same(entry: str, name: str, f: Callable[..., Any], g: Callable[..., Any]) -> bool:
    """Whether two functions give the same numbers."""
    given = samples(entry, name)
    try:
        found, expected = f(**given), g(**given)
    except (ValueError, TypeError, IndexError, AttributeError):
        return False
    return np.shape(found) == np.shape(expected) and bool(np.allclose(found, expected, rtol=1e-7, atol=1e-9))


def survivors(entry: str, most: int) -> tuple[int, list[str]]:
    """How many mutants differ from the module, of at most so many of each function, and those of them that are proved."""
    source, count, proved = module(entry).source, 0, []
    right = executed(source, "right")
    for f in module(entry).functions:
        every = [*mutants(source, f.name)]
        for what, text in every[::1 + len(every) // most]:
            if not same(entry, f.name, executed(text, "wrong")[f.name], right[f.name]):
                count += 1
                proved += [f"{f.name}: {what}"] if all_proved(entry, text, f.name) else []
    return count, proved


@pytest.mark.parametrize("entry", ["sigmoid-bce", "linear-layer", "softmax-temperature", "elu"])
def test_no_mutant_is_proved(entry: str) -> None:
    count, proved = survivors(entry, most=4)
    assert count >= 3 and not proved


def test_a_function_is_not_proved_by_a_claim_that_assumes_more() -> None:
    """a / sum y is a sum y where the labels sum to 1, as a claim of this entry has it; the function is right for any labels."""
    text = module("binary-cross-entropy").source
    wrong = text.replace("a * np.sum(y", "a / np.sum(y")
    assert wrong != text and not all_proved("binary-cross-entropy", wrong, "C_grad_z")


@pytest.mark.soundness
@pytest.mark.parametrize("entry", [n for n in names() if n not in WITHOUT and n not in ROLES and n != "multi-head-attention"])
def test_no_mutant_of_any_entry_is_proved(entry: str) -> None:
    count, proved = survivors(entry, most=24)
    assert count >= 2 and not proved


# ---------------------------------------------------------------- numbers
INF = np.inf
EXTREME: list[tuple[str, str, dict[str, Any], Any]] = [
    ("softplus", "a", {"z": [-1e4, -40.0, 0.0, 40.0, 1e4]}, [0.0, np.exp(-40.0), np.log(2.0), 40.0, 1e4]),
    ("softplus", "a_grad_z", {"z": [-1e4, -40.0, 40.0, 1e4]}, [0.0, np.exp(-40.0), 1.0, 1.0]),
    ("sigmoid", "a_grad_z", {"z": [-1e4, -40.0, 40.0, 1e4]}, [0.0, np.exp(-40.0), np.exp(-40.0), 0.0]),
    ("sigmoid-bce", "C", {"z": [800.0, -800.0], "y": [1.0, 0.0]}, 0.0),
    ("sigmoid-bce", "C", {"z": [800.0, -800.0], "y": [0.0, 1.0]}, 1600.0),
    ("sigmoid-bce", "C", {"z": [40.0], "y": [1.0]}, np.exp(-40.0)),
    ("focal-loss", "L", {"z": [800.0, -800.0]}, [0.0, 800.0]),
    ("dpo", "L", {"u": 0.0, "v": 0.0, "s": 1e4, "t": 0.0, "beta": 1.0}, 1e4),
    ("tanh", "a", {"z": [-1e4, 1e-20, 1e4]}, [-1.0, 1e-20, 1.0]),
    ("tanh", "a_grad_z", {"z": [-30.0, 0.0, 400.0]}, [4 * np.exp(-60.0), 1.0, 0.0]),
    ("mse-tanh", "E", {"z": [1e4, -1e4], "t": [1.0, -1.0]}, 0.0),
    ("elu", "a", {"z": [1e4, -1e-20, -1e4], "alpha": 1.0}, [1e4, -1e-20, -1.0]),
    ("elu", "a_grad_z", {"z": [1e4, -1e4], "alpha": 1.0}, [1.0, 0.0]),
    ("logistic-regression", "L", {"X": [[1e4], [-1e4]], "w": [1.0], "y": [1.0, 0.0], "c": 0.0}, 0.0),
    ("logistic-regression", "L_grad_w", {"X": [[1e4], [-1e4]], "w": [1.0], "y": [1.0, 0.0], "c": 0.0}, [0.0]),
    ("softmax-temperature", "a", {"z": [1e6, 0.0], "T": 1e-2}, [1.0, 0.0]),
    ("log-softmax", "s", {"z": [1e4, -1e4]}, [0.0, -2e4]),
    ("z-loss", "L", {"z": [1e4, 1e4]}, (1e4 + np.log(2.0)) ** 2),
    ("distillation-kl", "D", {"z": [1e4, 0.0], "v": [1e4, 0.0], "T": 1.0}, 0.0),
    ("softmax-regression", "L", {"W": [[1e4], [0.0]], "c": [0.0, 0.0], "X": [[1.0]], "Y": [[1.0, 0.0]]}, 0.0),
    ("attention-scores", "L", {"S": [[1e4, -1e4], [0.0, 1e4]], "V": [[1.0], [2.0]], "G": [[1.0], [1.0]]}, 3.0),
    ("info-nce", "L", {"S": [[1e5, 0.0], [0.0, 1e5]], "tau": 0.1}, 0.0),
    ("relu", "a_grad_z", {"z": [-INF, -1.0, 0.0, 1.0, INF]}, [0.0, 0.0, 0.0, 1.0, 1.0]),
]


@pytest.mark.parametrize(("entry", "name", "given", "expected"), EXTREME)
def test_extreme_arguments_keep_their_digits(entry: str, name: str, given: dict[str, Any], expected: Any) -> None:
    f = executed(module(entry).source, entry.replace("-", "_"))[name]
    np.testing.assert_allclose(f(**given), expected, rtol=4e-14, atol=0)


def test_numbers_follow_the_dtype_of_arrays() -> None:
    f = executed(module("leaky-relu").source, "leaky")["a"]
    assert f(np.float32([1, -2]), 0.1).dtype == np.float32 and f([1, -2], 0.1).dtype == np.float64
    assert f(np.float16([1, -2]), np.float64(0.1)).dtype == np.float16


# ---------------------------------------------------------------- text
def folder(tmp_path: Path, target: str, entries: tuple[str, ...]) -> Path:
    """Modules and their tests as files."""
    for entry in entries:
        made, stem = module(entry, target), theorem(entry).module_name
        own = tmp_path / entry
        own.mkdir()
        (own / f"{stem}.py").write_text(made.source, encoding="utf-8")
        (own / f"test_{stem}.py").write_text(made.test, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("target", TARGETS)
def test_generated_text_is_formatted_and_lint_free(tmp_path: Path, target: str) -> None:
    where = folder(tmp_path, target, SAMPLE)
    settings = [f"--config={ROOT / 'pyproject.toml'}", "--no-cache", str(where)]
    for command in (["format", "--check"], ["check", "--select=E,F,W,I,B,UP,C4"]):
        done = subprocess.run([sys.executable, "-m", "ruff", *command, *settings], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.soundness
def test_generated_modules_have_types(tmp_path: Path) -> None:
    files = [str(f) for f in sorted(folder(tmp_path, "numpy", SAMPLE).rglob("*.py")) if not f.name.startswith("test_")]
    done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--config-file=", *files], capture_output=True, text=True,
                          check=False, cwd=tmp_path)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("entry", ["mean-pooling", "gelu"])
def test_a_module_passes_its_own_test(tmp_path: Path, entry: str) -> None:
    where = folder(tmp_path, "numpy", (entry,)) / entry
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."], cwd=where, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_the_own_test_fails_for_a_wrong_module(tmp_path: Path) -> None:
    where = folder(tmp_path, "numpy", ("linear-layer",)) / "linear-layer"
    file = where / "linear_layer.py"
    file.write_text(file.read_text(encoding="utf-8").replace("return G.T @ X", "return 2 * G.T @ X"), encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."], cwd=where, capture_output=True,
                          text=True, check=False)
    assert done.returncode == 1 and "test_gradients_are_slopes" in done.stdout


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("entry", SAMPLE)
def test_text_says_what_it_was_made_from(entry: str, target: str) -> None:
    made = module(entry, target)
    assert made.source == module(entry, target).source                        # deterministic
    assert re.search(r"sha256 of theorems and templates: [0-9a-f]{64}", made.source)
    tree = ast.parse(made.source)
    assert all(ast.get_docstring(n) for n in tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_"))
    imported = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    assert imported <= {target, "math"} and "def _arguments(" in made.source


def test_hypotheses_and_theorems_stand_in_the_docstring() -> None:
    source = module("elu").source
    assert "if z[j] != 0 for all j: da[i]/dz[i] = " in source
    assert "log(1 + exp(x)) = x + log(1 + exp(-x))" in module("sigmoid-bce").source
    assert "m is arbitrary in the theorems" in module("softmax-temperature").source


# ---------------------------------------------------------------- PyTorch and JAX
def own_test(where: Path, entry: str, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    stem = theorem(entry).module_name
    monkeypatch.syspath_prepend(str(where / entry))
    monkeypatch.delitem(sys.modules, stem, raising=False)
    spec = importlib.util.spec_from_file_location(f"own_test_of_{stem}", where / entry / f"test_{stem}.py")
    assert spec is not None and spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    monkeypatch.delitem(sys.modules, stem, raising=False)
    return found


def run_gradients(test: Any) -> int:
    (check,) = [value for name, value in vars(test).items() if name.startswith("test_gradients")]
    for row in test.GRADIENTS:
        check(*row, test.LENGTHS[1])
    return len(test.GRADIENTS)


@pytest.mark.parametrize("entry", [*FEW, *ROLES[:1]])
@pytest.mark.parametrize("target", ["torch", "jax"])
def test_backends_agree_with_their_numerical_gradients(target: str, entry: str, tmp_path: Path,
                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(target)
    test = own_test(folder(tmp_path, target, (entry,)), entry, monkeypatch)
    assert run_gradients(test) > 0


@pytest.mark.soundness
@pytest.mark.parametrize("entry", [n for n in names() if n not in WITHOUT])
@pytest.mark.parametrize("target", ["torch", "jax"])
def test_backends_of_every_entry_agree_with_their_numerical_gradients(target: str, entry: str, tmp_path: Path,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip(target)
    assert run_gradients(own_test(folder(tmp_path, target, (entry,)), entry, monkeypatch)) > 0


@pytest.mark.parametrize("entry", FEW)
@pytest.mark.parametrize("target", ["torch", "jax"])
def test_backends_agree_with_numpy(target: str, entry: str) -> None:
    library = pytest.importorskip(target)
    if target == "jax":
        library.config.update("jax_enable_x64", True)
    here, there = (executed(module(entry, t).source, f"{t}_{entry}") for t in ("numpy", target))
    for f in module(entry).functions:
        given = samples(entry, f.name)
        other = {a: library.as_tensor(x) if target == "torch" else x for a, x in given.items()}
        np.testing.assert_allclose(np.asarray(there[f.name](**other)), here[f.name](**given), rtol=1e-10, atol=1e-12)


def test_torch_refuses_a_gradient_without_a_theorem() -> None:
    torch = pytest.importorskip("torch")
    space = executed(module("softmax-cross-entropy", "torch").source, "ce")
    z, y = (torch.ones(3, dtype=torch.float64, requires_grad=True) for _ in range(2))
    with pytest.raises(NotImplementedError, match="no theorem about dC/dy"):
        space["C"](z, y).backward()


def test_jax_gives_nan_for_a_gradient_without_a_theorem() -> None:
    jax = pytest.importorskip("jax")
    space = executed(module("softmax-cross-entropy", "jax").source, "ce")
    z = jax.numpy.ones(3)
    assert np.isnan(jax.grad(space["C"], argnums=1)(z, z)).all() and np.isfinite(jax.grad(space["C"])(z, z)).all()
