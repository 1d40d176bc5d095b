"""The secrets in the work tree, for the command `secrets`."""

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
from iacpolicy.secrets.history.versions import is_searched
from iacpolicy.secrets.search.single_file import secrets_of_file
from iacpolicy.secrets.secret import FoundSecrets, Secret
from iacpolicy.secrets.text.limits import distinct_problems
from iacpolicy.terraform.roots import is_within


class ListedSecrets(msgspec.Struct, frozen=True):
    """The secrets by place, the problems of files that were not searched, and the redactor for all output."""

    secrets: tuple[Secret, ...]
    problems: tuple[Diagnostic, ...]
    prepared: Prepared
    redactor: Redactor


@deep_recursion()
def list_secrets(request: Request) -> ListedSecrets:
    """Return the secrets in the files of all roots, and those in files that no root reads.

    Raises:
        UsageError: the settings cannot be read.
    """
    prepared = prepare(request)
    in_cells = (secret for cell in prepared.secrets.values() for secret in cell.secrets)
    by_place = {(s.place.path, s.place.line, s.place.column): s for s in in_cells if s.place is not None}
    others = _outside_of_roots(prepared)
    for secret in others.secrets:
        if secret.place is not None:
            by_place.setdefault((secret.place.path, secret.place.line, secret.place.column), secret)
    secrets = tuple(allowed(by_place[key], prepared.settings.secrets) for key in sorted(by_place))
    known = prepared.redactor
    places = [s.place for s in secrets if s.place is not None]
    places += [place for in_file in known.places.values() for place in in_file]
    redactor = Redactor({*known.texts, *(s.text for s in secrets)}, places)
    problems = dict.fromkeys((*prepared.diagnostics, *others.diagnostics))
    errors = tuple(p for p in problems if p.severity is Level.ERROR)
    return ListedSecrets(secrets, errors, structs.replace(prepared, redactor=redactor), redactor)


def _outside_of_roots(prepared: Prepared) -> FoundSecrets:
    """Return the secrets of files that belong to no root: environment files, var-files that no cell names."""
    read = prepared.evaluated.scanned_paths()
    paths = [p for p in prepared.tree.paths() if is_searched(p) and p not in read and _is_chosen(p, prepared)]
    if not paths:
        return FoundSecrets()
    ignored = _ignored(prepared.request.root, paths)
    catalogue, _ = catalogue_of(prepared.tree)
    sources = [prepared.tree.read(path) for path in paths if path not in ignored]
    found = [secrets_of_file(source, catalogue) for source in sources if isinstance(source, SourceFile)]
    unread = [source for source in sources if isinstance(source, Diagnostic)]
    return FoundSecrets(
        tuple(secret for each in found for secret in each.secrets),
        diagnostics=(*unread, *distinct_problems(problem for each in found for problem in each.diagnostics)),
    )


def _is_chosen(path: str, prepared: Prepared) -> bool:
    return any(is_within(path, selected) for selected in prepared.request.paths)


def _ignored(root: Path, paths: list[str]) -> frozenset[str]:
    """Return the files that git ignores, which are not part of the repository."""
    try:
        listed = git(root, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", *paths[:5_000])
    except GitError:
        return frozenset()
    return frozenset(name.decode("utf-8", "surrogateescape") for name in listed.split(b"\0") if name)
