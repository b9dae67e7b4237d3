"""The command line: parse arguments, call one function, print. Exit codes: 0 clean, 1 findings, 2 usage or internal."""
from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from . import __version__
from .kernel.errors import DeriveError, ProofError, ProofFileError, WitnessError

FINDINGS = (ProofError, ProofFileError, WitnessError)          # the statement, not the request, is at fault
FORMATS = ("full", "concise", "json", "github", "sarif", "junit")
REPORT = "this is a fault of derive; please report it with the command and its input (--debug shows where)"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="derive")
@click.option("--debug", is_flag=True, help="Show a traceback when something goes wrong.")
def cli(debug: bool) -> None:
    """Find, prove, print and generate: gradients of losses, activations and layers, for every size."""


@cli.command("list")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_(output_format: str) -> None:
    """The catalogue: name, claim, ladder level reached."""
    from .catalogue.discovery import names
    from .proving import prove
    from .rendering.text import Text
    rows = []
    for name in names():
        _progress(f"proving {name}")
        try:
            theorem = prove(name)
            claim = Text().show(theorem.statement.relation)
            level = [k for k, reached in theorem.ladder.items() if reached][-1]
            rows.append({"name": name, "claim": claim, "verdict": theorem.verdict, "level": level})
        except DeriveError as e:
            rows.append({"name": name, "claim": " ".join(str(e).split()), "verdict": "not proved", "level": ""})
    if output_format == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for row in rows:
            click.echo(f"{row['name']:32}{row['verdict']:14}{row['level']:16}{row['claim']}")
    sys.exit(1 if any(row["verdict"] == "not proved" for row in rows) else 0)


@cli.command()
@click.argument("name")
@click.option("--steps", type=click.Choice(["lines", "micro"]), default="lines", show_default=True,
              help="Lines of a textbook, or every step that the kernel replays.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Hypotheses that the entry does not state are errors.")
def prove(name: str, steps: str, output_format: str, strict: bool) -> None:
    """The chain with a rule for each step, its hypotheses, the verdict and the ladder."""
    from .proving import prove as prove_entry
    theorem = prove_entry(name)
    if output_format == "json":
        click.echo(json.dumps(theorem.to_json(), ensure_ascii=False, indent=2))
    elif steps == "micro":
        _micro(theorem)
    else:
        click.echo(theorem.render("terminal"), nl=False)
    climbed = theorem.ladder["checked"] and theorem.ladder["cross_checked"]
    if output_format == "text":
        click.echo(_verdict(theorem.verdict if climbed else "undecided", name), color=_colour())
    if not climbed or strict and theorem.verdict != "proved":
        sys.exit(1)


def _verdict(verdict: str, name: str) -> str:
    words = {"proved": f"✓ {name} is proved, for every size", "proved_under": f"{name} is proved under the hypotheses shown",
             "undecided": f"{name} is undecided: a level of the ladder failed"}
    return click.style(words[verdict], fg="green" if verdict == "proved" else "yellow")


def _micro(theorem: Any) -> None:
    from .engine.micro import micro_steps
    from .rendering.layout import layout
    from .rendering.page import notation_of
    from .rendering.text import Text
    d = theorem.derivation
    notation = notation_of(d.record, d.reader.letters, d.alphabet, d.parts, d.entry.layers)
    for part in theorem.derivation.parts:
        click.echo(f"{part.theorem}: {Text().show(layout(theorem.derivation.theorem(part.theorem).sides[0], notation))}")
        for s in micro_steps(theorem.derivation.record, part.theorem):
            place = ".".join(map(str, s.path)) or "root"
            click.echo(f"    {s.where}{s.side} at {place}, {s.reason}: {Text().show(layout(s.result, notation))}")


@cli.command(context_settings={"ignore_unknown_options": True})          # a formula may begin with a minus sign
@click.argument("latex")
@click.option("--wrt", required=True, metavar="LATEX", help="The variable, such as z_i.")
@click.option("--given", multiple=True, metavar="LATEX", help="A hypothesis, such as '\\sum_j y_j = 1'.")
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def gradient(latex: str, wrt: str, given: Sequence[str], output_format: str) -> None:
    """The gradient of a formula typed on the spot, found and proved for every size."""
    from .typed import gradient as typed_gradient
    theorem = typed_gradient(latex, wrt, given).confirmed()
    if output_format == "json":
        click.echo(json.dumps(theorem.to_json(), ensure_ascii=False, indent=2))
    else:
        click.echo(theorem.render("terminal"), nl=False)
        click.echo(_verdict(theorem.verdict, "the gradient"), color=_colour())


@cli.command()
@click.argument("names", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("output"), show_default=True)
@click.option("--to", "kinds", multiple=True, help="latex, markdown, text, proof or code; all by default.")
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="The language of pages.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 on stale, missing or left-over files.")
@click.option("--diff", "show_diff", is_flag=True, help="Write nothing; show what would change.")
def build(names: Sequence[str], out: Path, kinds: Sequence[str], lang: str, check: bool, show_diff: bool) -> None:
    """Render proofs, pages and code of the entries (all, if none is named)."""
    from . import build as golden
    files = golden.rendered(names, kinds, lang)
    if show_diff:
        click.echo(golden.diff(files, out), nl=False)
    elif check:
        findings = golden.check(files, out, whole=not names and not kinds, every_kind=not kinds)
        for finding in findings:
            click.echo(str(finding))
        click.echo(f"{len(files)} files checked, {len(findings)} findings", err=True)
        sys.exit(1 if findings else 0)
    else:
        written = golden.write(files, out)
        for path in written:
            click.echo(str(path))
        click.echo(f"{len(written)} files written, {len(files) - len(written)} unchanged", err=True)


@cli.command()
@click.argument("names", metavar="NAME", nargs=-1)
@click.option("--target", default="numpy", show_default=True, help="numpy, torch or jax.")
@click.option("--verify", "check", is_flag=True, help="Trace and prove every function of the NumPy module, keep the evidence.")
def code(names: Sequence[str], target: str, check: bool) -> None:
    """The generated module of an entry, on standard output; --verify proves those of the entries (all, if none is named)."""
    if check:
        _verify_generated(names)
    if len(names) != 1:
        raise click.UsageError(f"found {len(names)} names; accepted is one, or --verify")
    from .proving import prove as prove_entry
    click.echo(prove_entry(names[0]).to_code(target), nl=False)


@cli.command()
@click.argument("names", metavar="NAME", nargs=-1)
def measure(names: Sequence[str]) -> None:
    """The rounding errors of generated modules, kept as evidence; if none is named, of those that have no evidence yet."""
    from .measuring import measure as measure_entries
    wrong = False
    for one in measure_entries(names):
        click.echo(str(one))
        wrong |= bool(one.error)
    sys.exit(1 if wrong else 0)


def _verify_generated(names: Sequence[str]) -> NoReturn:
    from .verifying import verify_generated
    wrong = False
    for one in verify_generated(names):
        click.echo(str(one))
        wrong |= bool(one.failed or one.error)
    sys.exit(1 if wrong else 0)


@cli.command()
@click.argument("names", nargs=-1)
@click.option("--run", "check", is_flag=True, help="Have coqc check it, print the axioms, and write the evidence file.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("output"), show_default=True)
@click.option("--output-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
def certify(names: Sequence[str], check: bool, out: Path, output_format: str) -> None:
    """The Rocq/Coq certificates of the entries; if none is named, of all, and --run checks those without evidence."""
    from .certification import certify as write_certificates
    found = []
    for one in write_certificates(names, out, check):
        found.append(one.to_json())
        if output_format == "text":
            click.echo(str(one))
    if output_format == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    sys.exit(1 if any(one["error"] for one in found) else 0)


@cli.command()
@click.argument("target", metavar="FILE.py::FUNCTION")
@click.option("--against", required=True, metavar="NAME", help="The entry whose statement the function should compute.")
@click.option("--args", "arguments", default="", metavar="z=logits,y=labels", help="Which parameter each array of the entry is.")
@click.option("--computes", default="", help="value, gradient, or a quantity by its name; by shape and arguments otherwise.")
@click.option("--shape", default="", help="row or batch; both by default.")
@click.option("--labels", default="", help="weights or integer; both by default.")
@click.option("--reduction", default="", help="mean, sum or none over a batch; whichever is right by default.")
@click.option("--output-format", type=click.Choice(FORMATS), default="full", show_default=True)
@click.option("--select", multiple=True, metavar="CODE", help="Only findings whose code begins so.")
@click.option("--ignore", multiple=True, metavar="CODE", help="No findings whose code begins so.")
@click.option("--strict", is_flag=True, help="Warnings are errors: hypotheses that the entry does not state.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even with findings.")
def verify(target: str, against: str, arguments: str, computes: str, shape: str, labels: str, reduction: str,
           output_format: str, select: Sequence[str], ignore: Sequence[str], strict: bool, exit_zero: bool) -> None:
    """Prove that a NumPy function computes what an entry states, for every size. The file is executed."""
    from . import verdicts
    from .checking import Selection
    from .verifying import pairs
    from .verifying import verify as verify_function
    click.echo(f"executing {target.partition('::')[0]}", err=True)
    report = verify_function(target, against, pairs(arguments), computes, shape, reduction, labels)
    selection = Selection(_codes(select), _codes(ignore), strict)
    kept = [f for f in verdicts.findings(report) if selection.keeps(f)]
    text = verdicts.rendered(report, output_format, kept)
    if text:
        click.echo(text)
    sys.exit(0 if exit_zero else int(any(map(selection.counts, kept))))


@cli.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
def replay(file: Path) -> None:
    """Replay a proof file with the kernel alone; print its definitions, theorems, their hypotheses and the laws used."""
    from .kernel.files import read
    from .kernel.terms import bd, mk
    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except OSError as e:
        raise click.UsageError(f"{file}: {e.strerror}") from e
    except UnicodeDecodeError as e:
        raise ProofFileError(f"{file}: not UTF-8 text at byte {e.start}") from e
    try:
        development = read(text)
    except DeriveError as e:
        raise type(e)(f"{file}: {e}") from e
    for name, (sets, body) in development.context.definitions.items():
        click.echo(f"definition {mk('arr', name, *[bd(len(sets) - 1 - n, s) for n, s in enumerate(sets)])}\n    {body}")
    for name, theorem in development.theorems.items():
        click.echo(f"{name if name.isprintable() else repr(name)}\n    {theorem.conclusion}")
        for h in sorted(map(repr, theorem.hypotheses)):
            click.echo(f"    if {h}")
        click.echo(f"    by {', '.join(sorted(theorem.laws))}")
        click.echo(f"    hypotheses {'met at a witness' if theorem.witness else 'without a witness'}")
    click.echo(f"{len(development.theorems)} theorems replayed", err=True)


@cli.command()
@click.argument("paths", nargs=-1, required=True)
@click.option("--given", multiple=True, metavar="LATEX", help="A hypothesis: a relation in LaTeX.")
@click.option("--output-format", type=click.Choice(FORMATS), default="full", show_default=True)
@click.option("--select", multiple=True, metavar="CODE", help="Only findings whose code begins so.")
@click.option("--ignore", multiple=True, metavar="CODE", help="No findings whose code begins so.")
@click.option("--strict", is_flag=True, help="Warnings are errors: steps that hold under an unstated hypothesis.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even with findings.")
@click.option("--timeout", type=click.FloatRange(0), default=3.0, show_default=True, help="Seconds for one step; 0 for no limit.")
@click.option("--explain", is_flag=True, help="Show every step with its verdict, and what was read as a definition.")
def check(paths: Sequence[str], given: Sequence[str], output_format: str, select: Sequence[str], ignore: Sequence[str],
          strict: bool, exit_zero: bool, timeout: float, explain: bool) -> None:
    """Read the derivations in documents and say which line is wrong. `-` reads Markdown from standard input."""
    from . import checking
    from .reports import explained, rendered
    selection = checking.Selection(_codes(select), _codes(ignore), strict)
    reports = [checking.check(path, given, timeout) for path in checking.documents(paths)]
    if explain:
        click.echo(explained(reports))
    text = rendered(reports, [[f for f in r.findings if selection.keeps(f)] for r in reports], output_format)
    if text:
        click.echo(text)
    sys.exit(0 if exit_zero else checking.exit_code(reports, selection))


def _codes(values: Sequence[str]) -> tuple[str, ...]:
    """Codes, also several in one option with commas between them."""
    return tuple(code.strip() for value in values for code in value.split(",") if code.strip())


@cli.command()
@click.argument("name", required=False)
def rule(name: str | None) -> None:
    """A law or a finding code: statement, condition, reason."""
    from .kernel.laws.rows import LAWS
    from .rendering.findings import CODES, FINDING_CODES
    from .rendering.laws import COMPUTED, law_conditions, law_statement
    from .rendering.text import Text
    if name is None:
        for row in LAWS.values():
            click.echo(f"{row.name:14}{law_statement(row, Text())}")
        for code, meaning in {**COMPUTED, **FINDING_CODES}.items():
            click.echo(f"{code:14}{meaning}")
    elif name in LAWS:
        row = LAWS[name]
        click.echo(f"{row.name}: {law_statement(row, Text())}")
        for condition in law_conditions(row, Text()):
            click.echo(f"    if {condition}")
        click.echo(f"    because {row.reason}")
    elif name in COMPUTED or name in FINDING_CODES:
        click.echo(f"{name}: {COMPUTED.get(name) or FINDING_CODES[name]}")
        if name in CODES and CODES[name].example:
            click.echo(f"    for example {CODES[name].example}")
    else:
        import difflib
        near = difflib.get_close_matches(name, [*LAWS, *COMPUTED, *FINDING_CODES], n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(near)}?" if near else "see `derive rule`"
        raise click.UsageError(f"no law or code {name!r}; {hint}")


@cli.command()
@click.argument("name")
def new(name: str) -> None:
    """A new entry in your own project, commented, ready to be proved."""
    from .scaffold import new_entry
    file, listed = new_entry(name, Path.cwd())
    click.echo(str(file))
    if not listed:
        click.echo(f"add to pyproject.toml so that derive finds it:\n[tool.derive]\nentries = [\"{file.parent.name}\"]", err=True)


def _colour() -> bool:
    return "NO_COLOR" not in os.environ and ("FORCE_COLOR" in os.environ or sys.stdout.isatty())


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        click.echo(text, err=True)


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code; errors are one line."""
    given = list(sys.argv[1:] if args is None else args)
    arguments = [a for a in given if a != "--debug"]          # wherever it stands, as the message of a fault suggests
    try:
        with cli.make_context("derive", list(arguments)) as context:  # cli.main makes a broken pipe an exit with 1
            cli.invoke(context)
    except click.exceptions.Exit as e:
        sys.exit(e.exit_code)
    except click.exceptions.NoArgsIsHelpError as e:
        click.echo(e.format_message())
        sys.exit(2)
    except click.ClickException as e:
        click.echo(f"error: {e.format_message()}", err=True)
        sys.exit(2)
    except (KeyboardInterrupt, click.Abort):
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as e:
        _fail(e, "--debug" in given)


def _fail(e: Exception, debug: bool) -> None:
    if debug:
        raise e
    if isinstance(e, DeriveError):
        click.echo(f"error: {' '.join(str(e).split())}", err=True)
        sys.exit(1 if isinstance(e, FINDINGS) else 2)
    click.echo(f"error: {type(e).__name__}: {' '.join(str(e).split())}; {REPORT}", err=True)
    sys.exit(2)
