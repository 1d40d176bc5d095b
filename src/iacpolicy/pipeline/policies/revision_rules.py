"""Read the rules of a run from the work tree or from a commit.

`--policies-from REV` takes the rules from a commit, so that a change cannot weaken its own gate. Python policies that
the settings of the commit name run without further trust, because the user has named the revision.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from iacpolicy.core.diagnostics import Diagnostic, error, note
from iacpolicy.core.git import GitError, GitTree, commit_of
from iacpolicy.core.spans import file_start
from iacpolicy.core.tree import Tree, normalise
from iacpolicy.pipeline.context.repository import Repository
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.context.run_rules import RulesRevision, RunRules
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.prepare.prepare import read_settings
from iacpolicy.settings.load import OWN_FILE, SHARED_FILE
from iacpolicy.settings.settings import Settings

MAX_FILES = 10_000
MAX_BYTES = 50_000_000


class _EmptyTree:
    """An empty tree in place of a base that cannot be read, so that it waives and accepts nothing."""

    def paths(self) -> tuple[str, ...]:
        return ()

    def unlisted(self) -> tuple[Diagnostic, ...]:
        return ()

    def listing(self, directory: str) -> tuple[str, ...]:
        return ()

    def exists(self, path: str) -> bool:
        return False

    def read_bytes(self, path: str) -> Diagnostic:
        return error("File cannot be read", f"{path}: the base cannot be read.")

    def read(self, path: str) -> Diagnostic:
        return self.read_bytes(path)


@contextmanager
def rules_of(request: Request) -> Iterator[RunRules]:
    """Return the rules of a run; inside the context, the policies of a revision are on disk, readable only by the user.

    Raises:
        UsageError: the revision does not exist, its settings are wrong, or it has no such directory of policies.
    """
    if request.policies_from is None:
        yield RunRules(read_settings(Repository(request.root)))
        return
    import tempfile  # slow to import

    revision = request.policies_from
    try:
        commit = commit_of(request.root, revision)
    except GitError as problem:
        reason = str(problem)
        raise UsageError(
            f"--policies-from {revision}: {reason or 'there is no such revision'}. Name a branch, tag or "
            "commit of this repository; in a shallow clone, fetch the history first."
        ) from None
    with tempfile.TemporaryDirectory(prefix="iacpolicy-policies-") as scratch:
        yield _read(request, revision, commit, Path(scratch))


def _read(request: Request, revision: str, commit: str, scratch: Path) -> RunRules:
    tree = GitTree(request.root, commit)
    base = RulesRevision(revision, commit, tree)
    try:
        tree.paths()
        settings = _settings(tree, base)
        named = [_inside(folder, request.root) for folder in request.policy_dirs]
        placed = _write_policies(tree, base, [*settings.policy_dirs, *(d for d in named if d is not None)], scratch)
        checks = settings.checkov.external_checks_dir
        if checks is not None:
            placed |= _write_policies(tree, base, [checks], scratch)
    except GitError as problem:
        detail = (
            f"Commit {commit[:12]}, from which --policies-from {revision} takes the rules, cannot be read: {problem}. "
            "The catalogue ran with the default settings, without waivers and baseline."
        )
        return RunRules(
            Settings(), RulesRevision(revision, commit, _EmptyTree()), (error("Base cannot be read", detail),)
        )
    found = RulesRevision(
        revision,
        commit,
        tree,
        named=tuple(
            folder if inside is None else placed[inside]
            for folder, inside in zip(request.policy_dirs, named, strict=True)
        ),
        own=tuple(placed[d] for d in settings.policy_dirs),
        checks=() if checks is None else (placed[checks],),
    )
    return RunRules(settings, found, tuple(_rule_changes(request, settings, found, tree)))


def _settings(tree: Tree, base: RulesRevision) -> Settings:
    try:
        return read_settings(tree)
    except UsageError as problem:
        raise UsageError(f"The settings in {base} are wrong:\n{problem}") from None


def _inside(folder: Path, root: Path) -> str | None:
    """Return a directory as a path in the repository; None if it is outside, where a commit cannot change it."""
    real, top = folder.resolve(), root.resolve()
    return normalise(real.relative_to(top).as_posix()) if real.is_relative_to(top) else None


def _write_policies(tree: GitTree, base: RulesRevision, directories: Sequence[str], scratch: Path) -> dict[str, Path]:
    """Write directories of policies of a commit to disk; return the new path of each.

    Raises:
        UsageError: the commit does not contain a directory, or a directory is too large.
        GitError: a file cannot be read.
    """
    top = scratch / base.commit[:12]
    placed: dict[str, Path] = {}
    for directory in directories:
        paths = tree.below(directory)
        if not paths:
            raise UsageError(f'"{directory}" is a directory of policies, but {base} has no files in it.')
        if len(paths) > MAX_FILES or sum(tree.size(p) for p in paths) > MAX_BYTES:
            raise UsageError(f'"{directory}" has more than {MAX_FILES} files or {MAX_BYTES} bytes in {base}.')
        tree.prefetch_paths(paths)
        for path in paths:
            data = tree.read_bytes(path)
            if isinstance(data, Diagnostic):
                raise GitError(data.detail.rstrip("."))
            target = top / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        placed[directory] = top / directory
    return placed


def _rule_changes(request: Request, settings: Settings, base: RulesRevision, tree: GitTree) -> Iterator[Diagnostic]:
    """Yield a note for each part of the rules that differs in the work tree."""
    work = Repository(request.root)
    summary = "Change of the rules is not in force yet"
    for path in dict.fromkeys((OWN_FILE, SHARED_FILE, request.baseline or settings.baseline)):
        if path is not None and (work.exists(path) or base.tree.exists(path)):
            if path == SHARED_FILE and not _has_our_settings(work, base.tree):
                continue
            if _bytes(work, path) != _bytes(base.tree, path):
                place = file_start(path) if work.exists(path) else None
                yield note(summary, f"{path} differs from {base}, the source of the rules.", place)
    for directory in settings.policy_dirs:
        changed = _changed(work, tree, directory)
        if changed:
            differing = f"{len(changed)} {'file' if len(changed) == 1 else 'files'} in {directory or '.'}"
            names = ", ".join(changed[:5]) + (", …" if len(changed) > 5 else ".")
            yield note(summary, f"{differing} differ from {base}, the source of the policies: {names}")


def _has_our_settings(*trees: Tree) -> bool:
    found = (_bytes(tree, SHARED_FILE) for tree in trees)
    return any(data is not None and b"iacpolicy" in data for data in found)


def _changed(work: Tree, base: GitTree, directory: str) -> list[str]:
    """Return the policy files of a directory that differ between the work tree and the base."""
    prefix = f"{directory}/" if directory else ""
    ours = {p for p in work.paths() if p.startswith(prefix)}
    found = {p for p in ours.union(base.below(directory)) if p.endswith((".py", ".yaml", ".yml"))}
    return sorted(p for p in found if _bytes(work, p) != _bytes(base, p))


def _bytes(tree: Tree, path: str) -> bytes | None:
    data = tree.read_bytes(path) if tree.exists(path) else None
    return data if isinstance(data, bytes) else None
