"""`secrets`: the secrets that stand in the work tree now."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec import structs

from iacpolicy.core.diagnostics import Diagnostic, Level
from iacpolicy.core.git import GitError, git
from iacpolicy.core.redaction import Redactor
from iacpolicy.core.sources import SourceFile
from iacpolicy.pipeline.context.imported_schemas import catalogue_of
from iacpolicy.pipeline.context.recursion_limit import deep_recursion
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.prepare.allowed_secrets import allowed
from iacpolicy.pipeline.prepare.prepare import Prepared, prepare
from iacpolicy.secrets.history.past import is_looked_at
from iacpolicy.secrets.search.single_file import alone
from iacpolicy.secrets.secret import Secret


class Listed(msgspec.Struct, frozen=True):
    """The secrets by place, what could not be looked at, and what hides the secrets in all that is said."""

    secrets: list[Secret]
    problems: list[Diagnostic]
    prepared: Prepared
    redactor: Redactor


@deep_recursion()
def list_secrets(request: Request) -> Listed:
    """The secrets that the finder sees in the work tree, and those in files that no root reads.

    Raises:
        UsageError: the settings cannot be read.
    """
    prepared = prepare(request)
    by_place = {(s.place.path, s.place.line, s.place.column): s for g in prepared.graphs for s in g.secrets if s.place}
    problems = [*prepared.diagnostics]
    for found in _loose(prepared, problems):
        if found.place is not None:
            by_place.setdefault((found.place.path, found.place.line, found.place.column), found)
    secrets = [allowed(by_place[key], prepared.settings.secrets) for key in sorted(by_place)]
    known = prepared.redactor
    places = [s.place for s in secrets if s.place is not None]
    places += [place for stretches in known.places.values() for place in stretches]
    redactor = Redactor({*known.texts, *(s.text for s in secrets)}, places)
    errors = [p for p in dict.fromkeys(problems) if p.severity is Level.ERROR]
    return Listed(secrets, errors, structs.replace(prepared, redactor=redactor), redactor)


def _loose(prepared: Prepared, problems: list[Diagnostic]) -> Iterator[Secret]:
    """The secrets of files that belong to no root: environment files, files of variables that no cell names."""
    read = prepared.evaluated.looked_at()
    paths = [p for p in prepared.tree.paths() if is_looked_at(p) and p not in read and _is_chosen(p, prepared)]
    if not paths:
        return
    ignored = _ignored(prepared.request.root, paths)
    catalogue, _ = catalogue_of(prepared.tree)
    unread: dict[str, Diagnostic] = {}
    for path in paths:
        if path in ignored:
            continue
        source = prepared.tree.read(path)
        if isinstance(source, SourceFile):
            yield from alone(source, catalogue, unread)
        else:
            problems.append(source)
    problems.extend(unread[name] for name in sorted(unread))


def _is_chosen(path: str, prepared: Prepared) -> bool:
    return any(not s or path == s or path.startswith(s + "/") for s in prepared.request.paths)


def _ignored(root: Path, paths: list[str]) -> frozenset[str]:
    """The files that git leaves alone: what stands in them is on this machine only."""
    try:
        said = git(root, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", *paths[:5_000])
    except GitError:
        return frozenset()
    return frozenset(name.decode("utf-8", "surrogateescape") for name in said.split(b"\0") if name)
