"""What is printed is what was proved: a certificate is read back and compared with the theorems of the kernel."""
from __future__ import annotations

from collections.abc import Mapping

from ..kernel.context import Context
from ..kernel.errors import located, require
from .certificate import Certificate
from .errors import NotCertified
from .readback import Read, Reader, definitions, reader, theorems, with_definitions
from .statement import Statement, type_of


def check(certificate: Certificate, ctx: Context) -> None:
    """Raise NotCertified unless the definitions of a certificate are those of the context, and its theorems its claims."""
    with located("the certificate, read back", NotCertified):
        names = reader(ctx, certificate.names)
        _check(certificate.text, with_definitions(certificate.text, names), ctx, certificate.statements)


def _check(text: str, source: Reader, ctx: Context, claims: Mapping[str, Statement]) -> None:
    found = definitions(text, source)
    require(found.keys() == ctx.definitions.keys(), NotCertified, "the definitions {} are printed", sorted(found))
    for name, body in found.items():
        require(body is ctx.definitions[name][1], NotCertified, "the definition of {} reads back as {}", name, body)
    read = theorems(text, source)
    require(read.keys() == claims.keys(), NotCertified, "the theorems {} are printed", sorted(read))
    for ident, statement in claims.items():
        _same(ident, statement, read[ident])


def _same(ident: str, statement: Statement, read: Read) -> None:
    names, ctx = statement.names, statement.ctx
    binders = {**{names.sets[s]: "nat" for s in statement.sizes},
               **{names.arrays[v]: type_of(ctx, v) for v in statement.variables},
               **{names.indices[i]: "nat" for i in statement.indices}}
    expected = {"binders": tuple(binders.items()), "smooth": frozenset(names.arrays[f] for f in statement.functions),
                "ranges": frozenset((names.indices[i], names.sets[i[1]]) for i in statement.indices),
                "hypotheses": frozenset(statement.hypotheses), "conclusion": statement.conclusion}
    for part, value in expected.items():
        require(getattr(read, part) == value, NotCertified, "{}: the {} read back as {}", ident, part, getattr(read, part))
