"""Each check of the kernel is needed: a kernel without it lets an attack through. A row names the check that is broken."""
# ruff: noqa: E501 - one mutant is one row
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import derive.kernel

ROOT = Path(derive.kernel.__file__).parent
ATTACKS = Path(__file__).with_name("attacks.py")

# what is broken, file, text found exactly once, text in its place
MUTANTS = (
    # terms
    ("sorts of arguments", "terms.py", "fit = fit and TAKES[op].fullmatch(sorts) is not None and", "fit = fit and"),
    ("shape of data", "terms.py", 'fit = tuple(map(type, parts)) == row.data and not any([d == "" or type(d) is int and d < 0 for d in parts])', "fit = True"),
    ("two indices of one set", "terms.py", '(row.takes[:2] != "ii" or args[0].data[1] == args[1].data[1])', "True"),
    ("set of a binder", "terms.py", "fit = not loose or loose[0][0] >= 0 and len(dict(loose)) == len(loose)", "fit = True"),
    ("size of terms", "terms.py", "weight <= LARGEST", "True"),
    ("set of an opened index", "terms.py", "require(arg.data[1] == s,", "require(True,"),
    ("shift of an opened index", "terms.py", "return shift(arg, under)", "return arg"),
    ("lowering of outer indices", "terms.py", "return bd(level - len(args), s)", "return bd(level, s)"),
    ("shift of a substituted index", "terms.py", "shift(sub[u.data], under)", "sub[u.data]"),
    ("outer indices of a metavariable", "terms.py", "else level + under, s))", "else level, s))"),
    ("set of an index metavariable", "terms.py", "(not s or value.data[1] == s)", "True"),
    ("names that read as terms", "terms.py", '.isidentifier() and not (fun', '[:0] == "" and not (fun'),
    ("functions that read as operators", "terms.py", 'not (fun and name.partition("_")[0] in OPERATORS)', "True"),
    ("immutable terms", "terms.py", "frozen=True, eq=False, repr=False, slots=True", "eq=False, repr=False, slots=True"),
    # contexts
    ("names declared once", "context.py", 'and name not in ("", *self.arrays, *self.definitions)', ""),
    ("free indices of a definition", "context.py", "not indices(body) and", ""),
    ("indices of a definition", "context.py", "and set(body.loose) <= set(enumerate(reversed(sets)))", ""),
    ("sort of a definition", "context.py", 'sort(body) == "r" and', ""),
    ("sort of a hypothesis", "context.py", 'require(sort(hypothesis) == "c"', 'require(True or sort(hypothesis) == "c"'),
    ("closed terms", "context.py", "t.depth <= binders", "True"),
    ("theorems of another context", "context.py", "return same and other.given <= self.given", "return True"),
    ("kinks found in another context", "context.py", "domains: dict[Term, frozenset[Term]] = field(default_factory=dict, init=False)", "domains: dict[Term, frozenset[Term]] = field(default_factory=dict)"),
    ("signs found in another context", "context.py", "signs: dict[Term, frozenset[Term]] = field(default_factory=dict, init=False)", "signs: dict[Term, frozenset[Term]] = field(default_factory=dict)"),
    ("forms found in another context", "context.py", "formed: set[Term] = field(default_factory=set, init=False)", "formed: set[Term] = field(default_factory=set)"),
    ("what is behind a definition", "context.py", "any(name == n or name in self.behind.get(n, ()) for n in t.names)", "name in t.names"),
    ("what a definition hides from substitution", "context.py", 'require(t.op != "arr" and fixed', 'require(fixed'),
    ("substitution below a derivative by the variable", "context.py", "by not in values and", ""),
    ("substitution below a derivative by another variable", "context.py", "and not any(self.depends(u, by) for u in values.values())", ""),
    ("indices of an array", "context.py", "tuple(a.data[1] for a in t.args) == sets", "True"),
    ("declared functions", "context.py", "self.arrays.get(t.data[0]) == FUNCTION if", "True if"),
    ("functions are no variables", "context.py", "fit = sets != FUNCTION and", "fit ="),
    ("independent variables", "context.py", "else t.args[1].data in self.arrays", "else True"),
    ("metavariables stay in rows", "context.py", 'fit = t.op not in ("meta", "imeta", "smooth", "indep")', "fit = True"),
    # conditions
    ("quantifier of a condition", "conditions.py", 'frozenset(mk("all", s, c) if 0 in dict(c.loose) else', "frozenset(c if 0 in dict(c.loose) else"),
    ("non-empty sets under a binder", "conditions.py", "if c not in holds)", 'if c not in holds and c.op != "le")'),
    ("guard of equality", "conditions.py", 'return ("when", *factor.args)', 'return ("unless", *factor.args)'),
    ("guard of difference", "conditions.py", "factor.args[0] is ONE and", ""),
    ("the guarding factor", "conditions.py", "guard(t.args[1 - n])", "guard(t.args[n])"),
    ("kinks of operators", "conditions.py", "relation(smooth, t.args[0])] if smooth else []", "relation(smooth, t.args[0])] if False else []"),
    ("kinks of arguments", "conditions.py", 't.args[:1] if t.op == "D" else t.args)])', "t.args[:0])])"),
    ("kinks inside derivatives", "conditions.py", 't.args[:1] if t.op == "D"', 't.args[:0] if t.op == "D"'),
    ("kinks behind definitions", "conditions.py", "out | domain(ctx, ctx.unfold(t))", "out"),
    ("arguments of max", "conditions.py", 'if smooth == "ne2"', 'if smooth == "ne3"'),
    ("signs of given hypotheses", "conditions.py", "if all(known(ctx, need) for need in needs):", 'if all(known(ctx, need) or need.op == "all" for need in needs):'),
    ("order of indices of a given sign", "conditions.py", "bd(len(t.args) - 1 - n, a.data[1])", "bd(n, a.data[1])"),
    ("signs of numbers", "conditions.py", '"lt": t.data > 0', '"lt": t.data >= 0'),
    ("signs of products", "conditions.py", "t.args[0] is t.args[1]", "t.args"),
    ("all needs of a sign", "conditions.py", "if all(known(ctx, need)", "if not needs or any(known(ctx, need)"),
    ("a sum over the others", "conditions.py", 'away[0] == "unless" and', ""),
    ("whose sum over the others", "conditions.py", "sum(i is bd(0, t.data) for i in away[1:]) == 1", "True"),
    ("whose sum over the others, twice", "conditions.py", "sum(i is bd(0, t.data) for i in away[1:]) == 1", "sum(i is bd(0, t.data) for i in away[1:])"),
    ("two elements for a sum over the others", "conditions.py", '| {mk("le", None, num(2), mk("size", t.data))}', ""),
    ("what is positive over the others", "conditions.py", 'relation("lt", t.args[0].args[1])]) |', 'relation("le", t.args[0].args[1])]) |'),
    ("numbers that are not negative", "conditions.py", '"le": t.data >= 0', '"le": True'),
    ("numbers that are not 0", "conditions.py", '"ne": t.data != 0', '"ne": True'),
    ("strict signs", "conditions.py", '    if want != "lt":\n        yield wrap(frames, [relation("lt", t)])', '    if want != "le":\n        yield wrap(frames, [relation("le", t)])'),
    ("bounds of another set", "conditions.py", "h.args[1] is right", "h.args[1].op == 'size'"),
    ("bounds that are weaker", "conditions.py", "if h.args[0].data >= left.data]", "]"),
    ("indices apart by their own guard", "conditions.py", 'frames and frames[-1] in (("unless", left, right), ("unless", right, left))', "frames"),
    ("guard that is the right way round", "conditions.py", '(("unless", left, right), ("unless", right, left))', '(("when", left, right), ("when", right, left))'),
    ("independence of a variable", "conditions.py", 'require(c.op != "indep" or not ctx.depends(c.args[0], c.args[1].data),', "require(True,"),
    ("open conditions below a derivative", "conditions.py", 'split(condition)[1].op in ("lt", "ne")', "True"),
    ("smooth conditions below a derivative", "conditions.py", "domain(ctx, condition) | {condition}", "frozenset({condition})"),
    ("what a condition below a derivative depends on", "conditions.py", "moves = any(ctx.depends(h, variable) for h in found)", "moves = False"),
    # field
    ("divisors that are not 0", "field.py", 'self.conditions.add(relation("ne", t.args[0]))', "pass"),
    ("the zero polynomial as divisor", "field.py", "require(p, ProofError", "require(True, ProofError"),
    ("opaque inverses", "field.py", "if not self.opaque:\n            rest", "if True:\n            rest"),
    ("what is left after clearing", "field.py", "require(not rest,", "require(True,"),
    ("powers of denominators", "field.py", "self._times(rest, self.wide[atom]))", "rest)"),
    ("size of numbers", "field.py", '<= LIMIT, ProofError, "field: a huge', '< 10 ** 99, ProofError, "field: a huge'),
    ("size of polynomials", "field.py", "self._left >= 0", "True"),
    # replay
    ("seal of theorems", "replay.py", "self.seal is _seal", "True"),
    ("theorems proved once", "replay.py", "require(name not in self.theorems", "require(True"),
    ("check of witnesses", "replay.py", "if witness is not None:", "if False:"),
    ("conditions of a law", "replay.py", "*[expand(self.ctx, instantiate(c, put)) for c in row.when]", ""),
    ("order of an abstract derivative", "replay.py", "body.data[1] + 1", "max(body.data[1], 1)"),
    ("argument of an abstract function", "replay.py", "D\", None, *body.args, variable)), domain(self.ctx, body)", "D\", None, *body.args, variable)), NONE"),
    ("entries of the variable", "replay.py", 'require((body.op, body.data) == ("arr", variable.data)', 'require(body.op == "arr"'),
    ("hypotheses are given", "replay.py", "fit and hypothesis in self.ctx.given", "fit"),
    ("indices that a hypothesis takes", "replay.py", " == len(core.loose)", ""),
    ("a used hypothesis is listed", "replay.py", "return left, right, frozenset({hypothesis})", "return left, right, NONE"),
    ("theorems of this context", "replay.py", "name in theorems and self.ctx.extends(theorems[name].context)", "name in theorems"),
    ("indices of a lemma", "replay.py", 'require(all(sort(i) == "i" and i.data[1] == s for (_, s), i in put.items())', "require(True"),
    ("hypotheses of a lemma", "replay.py", "return left, right, frozenset(subst_index(h, put) for h in th.hypotheses)", "return left, right, NONE"),
    ("chain: theorems about derivatives", "replay.py", 'fit = mk("D", None, outer, mk("arr", left.args[1].data, *[ix(*name) for name in names])) is left', "fit = left.args[0] is outer"),
    ("chain: each intermediate once", "replay.py", "len(values) == len(parts) and ", ""),
    ("chain: one function", "replay.py", 'mk("D", None, outer, mk("arr",', 'mk("D", None, left.args[0], mk("arr",'),
    ("chain: the variable itself", "replay.py", " and not self.ctx.depends(outer, variable.data)", ""),
    ("chain: smooth outer function", "replay.py", "for c in domain(self.ctx, outer)]", "for c in ()]"),
    ("chain: smooth inner functions", "replay.py", "domain(self.ctx, u) | {*hypotheses}", "{*hypotheses}"),
    ("chain: hypotheses of the theorems", "replay.py", "domain(self.ctx, u) | {*hypotheses}", "domain(self.ctx, u)"),
    ("chain: indices of its own", "replay.py", "len({*names} - outer.names) == len(names)", "True"),
    ("chain: indices of the inner function", "replay.py", " and {*u.loose} <= {(n, s) for n, (_, s) in enumerate(names[::-1])}", ""),
    ("chain: indices that vanish", "replay.py", "self.free |= indices(th.conclusion, *th.hypotheses).difference(names)", "pass"),
    ("the place of a derivative", "replay.py", 'n >= 0 and (t.op != "D" or n == 0) and sort(part) == "r"', "True"),
    ("what a step rewrites", "replay.py", "require(old is t,", "require(True,"),
    ("well-formed results", "replay.py", "            self.ctx.well_formed(part, binders)\n", ""),
    ("loose indices of a step", "replay.py", "self.ctx.well_formed(part, binders)", "self.ctx.well_formed(part, part.depth)"),
    ("indices met on the way", "replay.py", "            self.free |= indices(part)\n", ""),
    ("conditions below a derivative", "replay.py", 'if t.op == "D" else', 'if t.op == "E" else'),
    ("closed goals", "replay.py", "self.ctx.well_formed(goal)", "self.ctx.well_formed(goal, goal.depth)"),
    ("the ends meet", "replay.py", "require(ends[0] is ends[1],", "require(True,"),
    ("the first case", "replay.py", "self._sub(subst_index(goal, {j.data: i}), same)", "pass"),
    ("the second case", "replay.py", "self._sub(goal, other, without=", "set("),
    ("what a case may drop", "replay.py", "part.hypotheses.difference(without)", "[h for h in part.hypotheses if h.op != 'apart' or not without]"),
    ("the ends of lines", "replay.py", 'mk("eq", None, a, b) is goal', 'goal.op == "eq"'),
    ("a proof for each line", "replay.py", " and len(terms) == len(proofs) + 1", ""),
    ("hypotheses of parts", "replay.py", 'self._rest(th.laws, wrap([("all", s) for _, s in names], [_bind(h, names) for h in part.hypotheses.difference(without)]))', "self._rest(th.laws, ())"),
    ("indices of parts", "replay.py", " | indices(goal, *part.hypotheses)", ""),
    ("indices met inside a part", "replay.py", "part.free | ", ""),
    ("trichotomy: three cases", "replay.py", "zip(cases, (positive, zero, negative), strict=True)", "zip(cases, (positive, negative), strict=False)"),
    ("trichotomy: each its own case", "replay.py", "self._sub(goal, inner, without={h})", "self._sub(goal, inner, without={*cases})"),
    ("trichotomy: of its own term", "replay.py", 'cases = relation("lt", x), mk("eq", None, x, ZERO)', 'cases = relation("lt", mk("arr", "x")), mk("eq", None, mk("arr", "x"), ZERO)'),
    ("restate: what is left over", "replay.py", "left_over = condition in self.hypotheses and", "left_over ="),
    ("restate: its quantifiers", "replay.py", 'and frames == tuple(("all", s) for _, s in names)', ""),
    ("restate: fresh indices", "replay.py", "fresh, n = len({*names} - condition.names) == len(at),", "fresh, n = True,"),
    ("restate: conditions on a sign", "replay.py", "fit = left_over and fresh and core", "fit = left_over and fresh and True or core"),
    ("restate: the friendlier condition", "replay.py", "        self._rest((), wrap(frames, [_bind(relation(core.op, term), names)]))\n", ""),
    ("restate: its own conditions", "replay.py", "_bind(h, names) for h in part.hypotheses.difference(without)]", "_bind(h, names) for h in part.hypotheses.difference(without) if not names]"),
    ("sign: the claim itself", "replay.py", "require(known(self.ctx, claim),", "require(True,"),
    ("sign: the difference", "replay.py", '                self._sub(mk("eq", None, term, difference), inner)\n', ""),
    ("indices assume an element", "replay.py", "(assumed | self.hypotheses) - shown", "frozenset(self.hypotheses) - shown"),
    # witnesses
    ("sizes of a witness", "evaluate.py", "require({*witness.sizes.values()} <= {1, 2},", "require(True,"),
    ("range of an index", "evaluate.py", "type(n) is int and 0 <= n < self.size(i.data[1])", "n is not None"),
    ("indices of a witness", "evaluate.py", "        evaluator.index(ix(*name))", "        pass"),
    ("hypotheses at a witness", "evaluate.py", "require(evaluator.value(h),", "require(True,"),
    ("order of a derivative at a witness", "evaluate.py", "(t.data[1], self.value(a[0], bound))", "(0, self.value(a[0], bound))"),
    ("argument of a function at a witness", "evaluate.py", "(t.data[1], self.value(a[0], bound))", "(t.data[1], 1)"),
    ("values that a witness lacks", "evaluate.py", 'require(found is not None, WitnessError', 'require(True, WitnessError'),
    ("definitions at a witness", "evaluate.py", "self.defined.get((name, at), self.at.arrays.get(name, {}).get(at))", "self.at.arrays.get(name, {}).get(at, self.defined.get((name, at)))"),
    ("derivatives at a witness", "evaluate.py", 'require(t.op in f, WitnessError, "{} has no value here", t)', 'if t.op == "D": return f["num"](0)'),
    ("pi at a witness", "laws/meaning.py", '_only(False, 0, "pi")', "Fraction(3)"),
    ("irrational values of erf", "laws/meaning.py", '"erf": lambda x: _only(x == 0, 0, x)', '"erf": lambda x: Fraction(0)'),
    ("irrational values", "laws/meaning.py", "require(x <= 0 or root * root == x,", "require(True,"),
    ("irrational exponentials", "laws/meaning.py", "require(known, WitnessError", "require(True, WitnessError"),
    ("meaning of a guard", "evaluate.py", 'same is (t.op == "unless")', 'same is (t.op == "when")'),
    ("meaning of a quantifier", "evaluate.py", "return all(values)", "return any(values)"),
    ("meaning of delta", "evaluate.py", 'f["num"](int(same))', 'f["num"](0)'),
    ("meaning of apart", "evaluate.py", "or len(a) == 3 and", "or len(a) == 2 or"),
)


def verdict(root: Path, broken: int | None) -> str:
    """What the attacks say of a copy of the kernel, with one check broken or with none."""
    folder = root / str(broken)
    shutil.copytree(ROOT, folder / "derive" / "kernel", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "derive" / "__init__.py").write_text("")
    if broken is not None:
        _, file, old, new = MUTANTS[broken]
        path = folder / "derive" / "kernel" / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    try:
        done = subprocess.run([sys.executable, "-B", str(ATTACKS), "--first"], capture_output=True, text=True, timeout=8,
                              env={**os.environ, "PYTHONPATH": str(folder)}, cwd=folder)
    except subprocess.TimeoutExpired:
        return "fell: for ever"
    return done.stdout.strip() or "crashed " + done.stderr[-300:]


def test_mutants_change_one_place():
    for name, file, old, _ in MUTANTS:
        assert (ROOT / file).read_text(encoding="utf-8").count(old) == 1, name


def survivors(tmp_path: Path, chosen: range) -> dict[str, str]:
    """The mutants that no attack kills, and what the attacks said of them; the whole kernel is tried first."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        whole, *broken = pool.map(lambda n: verdict(tmp_path, n), (None, *chosen))
    assert "fell 0" in whole, whole
    return {MUTANTS[n][0]: text for n, text in zip(chosen, broken, strict=True) if not text.startswith("fell")}


def test_a_sample_of_mutants_is_killed(tmp_path):
    assert not survivors(tmp_path, range(0, len(MUTANTS), 5))


@pytest.mark.soundness
def test_every_mutant_is_killed(tmp_path):
    assert not survivors(tmp_path, range(len(MUTANTS)))
