"""The secrets of all commits with their lifetimes, for the command `secrets --history`."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.git import GitError, GitTree, commit_of, merge_base
from iacpolicy.core.git_history import files_at, history
from iacpolicy.core.redaction import Redactor
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import MemoryTree
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.session import Session
from iacpolicy.graph.graph import Graph
from iacpolicy.pipeline.context.imported_schemas import catalogue_of
from iacpolicy.pipeline.context.recursion_limit import deep_recursion
from iacpolicy.pipeline.context.repository import Repository, SelectedTree
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.prepare.prepare import prepare, read_settings
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.secrets.find import find_secrets
from iacpolicy.secrets.history.lifetimes import SecretLifetime, lifetimes, line_of
from iacpolicy.secrets.history.versions import (
    PATTERNS,
    FileVersions,
    SearchedVersions,
    Sighting,
    Sightings,
    file_versions,
    raw_of,
    search_versions,
    sighting_of,
)
from iacpolicy.secrets.secret import Secret
from iacpolicy.secrets.wording import redactor_of
from iacpolicy.settings.name_patterns import excludes
from iacpolicy.settings.settings import Settings
from iacpolicy.terraform.cells import find_cells
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.modules import Modules
from iacpolicy.terraform.roots import find_roots, is_within

Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]


class HistorySecrets(msgspec.Struct, frozen=True):
    """The secrets of a history, the problems of versions that were not read, and the redactor for all output.

    `allowed` has the reason of each secret that settings allow, by path and text.
    """

    secrets: tuple[SecretLifetime, ...]
    problems: tuple[Diagnostic, ...]
    redactor: Redactor
    commits: int
    past: FileVersions | None = None
    settings: Settings = msgspec.field(default_factory=Settings)
    allowed: Mapping[tuple[str, str], str] = {}

    def last(self, lifetime: SecretLifetime) -> tuple[SourceFile, int] | None:
        """Return the last version of a file with the secret, and its line there; None if it cannot be read."""
        name = lifetime.last.blob
        text = self.past.blobs.text(name) if self.past is not None and name is not None else None
        if text is None:
            return None
        label = lifetime.sighting.secret.name.rpartition(".")[2].partition("[")[0]
        line = lifetime.present[1] if lifetime.present is not None else line_of(text, lifetime.sighting.raw, label)
        return SourceFile(lifetime.last.path, text), line or lifetime.line


@deep_recursion()
def search_history(request: Request, since: str | None, progress: Progress) -> HistorySecrets:
    """Return the secrets in all commits of HEAD; with `since`, in those after the merge base with that revision.

    `progress` is called with the number of versions, and returns a context with a function to call for each read one.

    Raises:
        UsageError: there is no git repository, no commit, or no such revision.
    """
    root = request.root
    settings = read_settings(Repository(root))
    head, base = _ends(request, since)
    try:
        whole = history(root, head, base, PATTERNS)
    except GitError as problem:
        return HistorySecrets((), (_history_problem(problem),), Redactor(), 0)
    past = file_versions(root, whole, lambda path: _is_wanted(path, request, settings))
    catalogue, problems = catalogue_of(Repository(root))
    read = SearchedVersions({})
    try:
        with progress(len(past.versions)) as advance:
            read = search_versions(past, catalogue, advance)
        at_head = _at_head(past, read.leads, request, settings, catalogue, head)
        sightings = {**at_head.sightings, **read.sightings}
        found = lifetimes(past, sightings, at_head.blobs, at_head.lines)
    except GitError as problem:
        unread = (*past.diagnostics, *problems, *read.diagnostics, _history_problem(problem))
        return HistorySecrets((), unread, _redactor(read.sightings), len(whole.commits), past, settings)
    diagnostics = (*past.diagnostics, *problems, *read.diagnostics, *_gaps(past))
    allowed = _allowed(request, settings)
    return HistorySecrets(tuple(found), diagnostics, _redactor(sightings), len(whole.commits), past, settings, allowed)


def _allowed(request: Request, settings: Settings) -> dict[tuple[str, str], str]:
    """Return the reasons of secrets of the work tree that settings allow by a Vault path, by file and text.

    The path in Vault depends on values, so this evaluates the work tree where there is such a setting.
    """
    if not settings.secrets.allowed_paths:
        return {}
    by_cell = prepare(request, settings).secrets
    found = ((s.place.path, s.text, s.allowed) for c in by_cell.values() for s in c.secrets if s.place is not None)
    return {(path, text): reason for path, text, reason in found if reason is not None}


def _ends(request: Request, since: str | None) -> tuple[str, str | None]:
    try:
        head = commit_of(request.root, "HEAD")
    except GitError as problem:
        reason = str(problem) or "there is no commit yet"
        raise UsageError(
            f"The history of {request.root} cannot be read: {reason}. --history needs a git repository with a commit."
        ) from None
    if since is None:
        return head, None
    try:
        return head, merge_base(request.root, since)
    except GitError as problem:
        reason = str(problem) or "there is no such revision"
        raise UsageError(
            f"--since {since}: {reason}. Name a branch, tag or commit of this repository. In a shallow clone, fetch "
            "more of the history first."
        ) from None


def _history_problem(problem: GitError) -> Diagnostic:
    return error("History cannot be read", f"{problem}. In a partial clone, fetch all objects first.")


def _gaps(past: FileVersions) -> list[Diagnostic]:
    problems = []
    for commit in past.history.cut:
        detail = f"The clone is shallow and ends at commit {commit.name[:12]}. Run `git fetch --unshallow` first."
        problems.append(error("History is cut off", detail))
    if not past.history.is_whole:
        problems.append(error("History is too long", "Some changes were not read. Limit the search with --since."))
    return problems


def _is_wanted(path: str, request: Request, settings: Settings) -> bool:
    chosen = [s for s in request.paths if s]
    is_chosen = any(is_within(path, s) for s in chosen)
    if "" not in request.paths and not is_chosen:
        return False
    return is_chosen or not excludes(settings.exclude, path)


class _AtHead(msgspec.Struct, frozen=True):
    """The blobs of HEAD by path, and the secrets that a search of HEAD finds: their lines and their sightings."""

    blobs: Mapping[str, str]
    lines: Mapping[tuple[str, str], int]
    sightings: Sightings


def _at_head(
    past: FileVersions, leads: bool, request: Request, settings: Settings, catalogue: Catalogue, head: str
) -> _AtHead:
    """Search HEAD if names lead to secrets; without such names, the search of the versions finds every secret.

    Raises:
        GitError: HEAD cannot be read.
    """
    blobs = {path.decode("utf-8", "surrogateescape"): name for path, name in files_at(request.root, head).items()}
    last = {version.path: version for version in past.versions}
    if not leads:
        return _AtHead(blobs, {}, {})
    texts = {}
    for path in last:
        text = past.blobs.text(blobs[path]) if path in blobs else None
        if text is not None:
            texts[path] = text
    tree = SelectedTree(GitTree(request.root, head), settings.exclude, request.paths)
    lines: dict[tuple[str, str], int] = {}
    sightings: dict[tuple[str, str], Sighting] = {}
    for secret in _secrets_in_tree(
        SelectedTree(_TreeAtHead(texts, tree), settings.exclude, request.paths), request, settings, catalogue
    ):
        place = secret.place
        if place is None or place.path not in texts:
            continue
        raw = raw_of(SourceFile(place.path, texts[place.path]), place)
        lines.setdefault((place.path, raw), place.line)
        sighting = sighting_of(secret, texts[place.path], last[place.path])
        if sighting is not None:
            sightings.setdefault((place.path, sighting.raw), sighting)
    return _AtHead(blobs, lines, sightings)


def _secrets_in_tree(
    tree: SelectedTree, request: Request, settings: Settings, catalogue: Catalogue
) -> tuple[Secret, ...]:
    """Return the secrets of a whole tree without evaluating it."""
    modules = Modules(ParsedFiles(tree))
    graphs: list[Graph] = []
    for root in find_roots(modules, request.paths):
        module = modules.load(root)
        for cell in find_cells(modules.files, module, settings.workspaces):
            instance = ModuleInstance(module, Session(tree, modules, catalogue, cell, {}))
            graphs.append(Graph(cell, len(graphs), instance, ()))
    return find_secrets(graphs, tree).secrets


class _TreeAtHead(MemoryTree):
    """The files of HEAD; those whose history was searched come from memory."""

    def __init__(self, texts: dict[str, str], tree: SelectedTree) -> None:
        super().__init__(texts)
        self._tree = tree

    def paths(self) -> tuple[str, ...]:
        return self._tree.paths()

    def listing(self, directory: str) -> tuple[str, ...]:
        return self._tree.listing(directory)

    def exists(self, path: str) -> bool:
        return self._tree.exists(path)

    def read_bytes(self, path: str) -> bytes | Diagnostic:
        return super().read_bytes(path) if super().exists(path) else self._tree.read_bytes(path)


def _redactor(sightings: Sightings) -> Redactor:
    return redactor_of(text for s in sightings.values() for text in (s.secret.text, s.raw))
