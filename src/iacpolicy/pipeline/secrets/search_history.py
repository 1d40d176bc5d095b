"""`secrets --history`: every secret that was ever committed, and what became of it."""

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
from iacpolicy.secrets.history.lifetimes import Traced, line_of, traced
from iacpolicy.secrets.history.past import (
    PATTERNS,
    Past,
    ReadPast,
    Sighting,
    Sightings,
    past_of,
    raw_of,
    read_past,
    sighting_of,
)
from iacpolicy.secrets.secret import Secret
from iacpolicy.secrets.wording import redactor_of
from iacpolicy.settings.globs import excludes
from iacpolicy.settings.settings import Settings
from iacpolicy.terraform.cells import find_cells
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.modules import Modules
from iacpolicy.terraform.roots import find_roots

Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]


class Found(msgspec.Struct, frozen=True):
    """The secrets of a history, what of it could not be looked at, and what hides the secrets in all that is said."""

    secrets: tuple[Traced, ...]
    problems: tuple[Diagnostic, ...]
    redactor: Redactor
    commits: int
    past: Past | None = None
    settings: Settings = msgspec.field(default_factory=Settings)
    allowed: Mapping[tuple[str, str], str] = {}

    def last(self, traced: Traced) -> tuple[SourceFile, int] | None:
        """The last version of a file that has a secret, and its line in it."""
        name = traced.last.blob
        text = self.past.blobs.text(name) if self.past is not None and name is not None else None
        if text is None:
            return None
        label = traced.sighting.secret.name.rpartition(".")[2].partition("[")[0]
        line = traced.stands[1] if traced.stands is not None else line_of(text, traced.sighting.raw, label)
        return SourceFile(traced.last.path, text), line or traced.line


@deep_recursion()
def search_history(request: Request, since: str | None, progress: Progress) -> Found:
    """The secrets that the commits of HEAD have written, after the merge base with a revision where one is given.

    `progress` is told how many versions of files there are, and gives a function that is told of each that is read.

    Raises:
        UsageError: there is no repository of git, no commit, or no such revision.
    """
    root = request.root
    settings = read_settings(Repository(root))
    head, base = _ends(request, since)
    try:
        whole = history(root, head, base, PATTERNS)
    except GitError as problem:
        return Found((), (_unread(problem),), Redactor(), 0)
    past = past_of(root, whole, lambda path: _is_wanted(path, request, settings))
    catalogue, problems = catalogue_of(Repository(root))
    read = ReadPast({})
    try:
        with progress(len(past.versions)) as told:
            read = read_past(past, catalogue, told)
        at_head = _at_head(past, read.leads, request, settings, catalogue, head)
        sightings = {**at_head.sightings, **read.sightings}
        found = traced(past, sightings, at_head.blobs, at_head.lines)
    except GitError as problem:
        told_of = (*past.diagnostics, *problems, *read.diagnostics, _unread(problem))
        return Found((), told_of, _redactor(read.sightings), len(whole.commits), past, settings)
    diagnostics = (*past.diagnostics, *problems, *read.diagnostics, *_gaps(past))
    allowed = _allowed(request, settings)
    return Found(tuple(found), diagnostics, _redactor(sightings), len(whole.commits), past, settings, allowed)


def _allowed(request: Request, settings: Settings) -> dict[tuple[str, str], str]:
    """The reasons of the secrets of the work tree that stand in an allowed path of Vault, by file and text.

    What a path is hangs on values, so the work tree is evaluated, where such a setting is made.
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
        said = str(problem)
        raise UsageError(
            f"The history of {request.root} cannot be read: {said or 'there is no commit yet'}. "
            "--history needs a repository of git with a commit."
        ) from None
    if since is None:
        return head, None
    try:
        return head, merge_base(request.root, since)
    except GitError as problem:
        said = str(problem)
        raise UsageError(
            f"--since {since}: {said if said else 'there is no such revision'}. Name a branch, tag or commit of this "
            "repository; in a shallow clone, fetch more of the history first."
        ) from None


def _unread(problem: GitError) -> Diagnostic:
    return error("History cannot be read", f"{problem}. In a partial clone, fetch all objects first.")


def _gaps(past: Past) -> list[Diagnostic]:
    problems = []
    for commit in past.history.cut:
        detail = f"The clone is shallow and ends at commit {commit.name[:12]}. Run `git fetch --unshallow` first."
        problems.append(error("History is cut off", detail))
    if not past.history.is_whole:
        problems.append(error("History is too long", "Not all changes were looked at. Give --since."))
    return problems


def _is_wanted(path: str, request: Request, settings: Settings) -> bool:
    chosen = [s for s in request.paths if s]
    is_chosen = any(path == s or path.startswith(s + "/") for s in chosen)
    if "" not in request.paths and not is_chosen:
        return False
    return is_chosen or not excludes(settings.exclude, path)


class _AtHead(msgspec.Struct, frozen=True):
    """The blobs of HEAD by path, and the secrets that a search of HEAD finds: their lines and their sightings."""

    blobs: Mapping[str, str]
    lines: Mapping[tuple[str, str], int]
    sightings: Sightings


def _at_head(past: Past, leads: bool, request: Request, settings: Settings, catalogue: Catalogue, head: str) -> _AtHead:
    """Search HEAD where names lead to secrets; else every secret has its name beside it and is found in its version.

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
    for secret in _seen(
        SelectedTree(_Known(texts, tree), settings.exclude, request.paths), request, settings, catalogue
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


def _seen(tree: SelectedTree, request: Request, settings: Settings, catalogue: Catalogue) -> tuple[Secret, ...]:
    """What the finder sees in a whole tree, without evaluating it."""
    modules = Modules(ParsedFiles(tree))
    graphs: list[Graph] = []
    for root in find_roots(modules, request.paths):
        module = modules.load(root)
        for cell in find_cells(modules.files, module, settings.workspaces):
            instance = ModuleInstance(module, Session(tree, modules, catalogue, cell, {}))
            graphs.append(Graph(cell, len(graphs), instance, ()))
    return find_secrets(graphs, tree).secrets


class _Known(MemoryTree):
    """The files of HEAD, those of the history from memory."""

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
