"""The certificate of a development: definitions, lemmas, theorems, witnesses; and the library it rests on."""
from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ..engine.record import Record
from .fractions import Fraction, Fractions
from .names import Names
from .script import Script
from .statement import Meaning, Statement
from .steps import Sources, theorem_name
from .witness import Witness, witness_of

LIBRARY = "Gradients"
DELIMITERS: dict[str, Any] = {"block_start_string": "(*%", "block_end_string": "%*)", "variable_start_string": "<<",
                              "variable_end_string": ">>", "comment_start_string": "(*#", "comment_end_string": "#*)"}


@dataclass(frozen=True)
class Proved:
    """A theorem with its proof script. A claim has besides what is differentiated (space, point, place and function), the
    theorem that gives the value, and a witness."""
    ident: str
    statement: Statement
    script: tuple[str, ...]
    space: tuple[str, ...] = ()
    proof: str = ""
    witness: Witness | None = None


@dataclass(frozen=True)
class Certificate:
    """What `derive certify` writes: the text, its library, its theorems (the claims), and what each of them says."""
    name: str
    text: str
    library: str
    claims: tuple[str, ...]
    names: Names
    statements: Mapping[str, Statement]                       # of the claims, by their names in the text
    equations: Mapping[str, str]                              # the lemma that each claim follows from

    def __str__(self) -> str:
        return self.text

    @property
    def digest(self) -> str:
        """What evidence is keyed by: the certificate with its library."""
        return hashlib.sha256(f"{self.library}\0{self.text}".encode()).hexdigest()


def certificate(name: str, title: str, record: Record, claims: Sequence[str], rules: Mapping[str, Sequence[str]],
                templates: Path) -> Certificate:
    """The certificate of a proved record; claims: names of its theorems, the first is the main one; rules: what the lines of a
    chain are called. Raises NotCertified with what has no form. `fidelity.check` compares what it says with the theorems."""
    names = named(record)
    theorems = [item for item in record.items if item[0] == "theorem"]
    statements = {n: Statement(record.context, names, tuple(sorted(record.theorems[n].hypotheses, key=repr)), goal)
                  for _, n, goal, _, _ in theorems}
    fractions = Fractions()
    script = Script(Sources(record, names, statements, fractions), rules)
    proved = [Proved(theorem_name(names, n), statements[n], tuple(script.proof(n, goal, proof)))
              for _, n, goal, proof, _ in theorems]
    ends = [Proved(names.arrays[f"claim {n}"], statements[n], tuple(script.presupposed(n)), script.differentiable(n),
                   theorem_name(names, n), witness_of(record, statements[n], n))
            for n in claims]
    used = [Meaning(record.context, names, n) for n in record.context.definitions]
    env = Environment(loader=FileSystemLoader(templates / "coq"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                      keep_trailing_newline=True, autoescape=False, **DELIMITERS)
    text = env.get_template("certificate.v.j2").render(name=name, title=_comment(title), library=LIBRARY, definitions=used,
                                                       fractions=list(fractions.found.values()), theorems=proved, claims=ends)
    library = (templates / "coq" / f"{LIBRARY}.v").read_text(encoding="utf-8")
    return Certificate(name, text, library, tuple(e.ident for e in ends), names, {e.ident: e.statement for e in ends},
                       {e.ident: e.proof for e in ends})


def _comment(text: str) -> str:
    """Text that neither ends a comment nor opens another, nor a string within it."""
    return re.sub(r'\(\*|\*\)|"', " ", text)


def named(record: Record) -> Names:
    """Identifiers for everything in a record, deterministic."""
    names = Names()
    for kind, *item in record.items:
        match kind:
            case "declare":
                names.add_array(item[0])
                for s in item[1] if item[1] != ("a function",) else ():
                    names.add_set(s)
            case "define":
                names.add_array(item[0])
                for s in item[1]:
                    names.add_set(s)
                names.add_terms([item[2]])
            case "theorem":
                names.add_array(f"theorem {item[0]}", item[0])
                names.add_array(f"claim {item[0]}", f"{item[0]}_certified")
                names.add_terms([item[1], *sorted(record.theorems[item[0]].hypotheses, key=repr)])
    return names


__all__ = ["Certificate", "Fraction", "certificate"]
