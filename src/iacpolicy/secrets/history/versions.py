"""The search in a history: each blob is read once, and searched where it can have a new secret."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import structs
from msgspec.structs import replace

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.git_history import History
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start
from iacpolicy.core.tree import is_text, parent
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.secrets.history.blob_texts import BlobTexts
from iacpolicy.secrets.history.suspects import SuspectParts
from iacpolicy.secrets.search.companion_files import is_environment_file
from iacpolicy.secrets.search.single_file import (
    BACKEND_FILE,
    TERRAFORM,
    TERRAFORM_JSON,
    is_whole,
    secrets_of_terraform,
    secrets_of_text,
)
from iacpolicy.secrets.secret import FoundSecrets, Secret
from iacpolicy.secrets.text.limits import distinct_problems

PATTERNS = (
    "*.tf",
    "*.tofu",
    "*.tf.json",
    "*.tofu.json",
    "*.tfvars",
    "*.tfvars.json",
    "*.tfbackend",
    "*.sql",
    "*.env*",
    "*.dev.vars*",
)
MAX_CLEAN = 100_000
_UNSEEN_DIRECTORIES = ("node_modules", ".terraform")


def is_searched(path: str) -> bool:
    """Return whether the history of a file is searched, by its path."""
    directories = path.split("/")[:-1]
    if any(d in _UNSEEN_DIRECTORIES for d in directories):
        return False
    return path.endswith((*TERRAFORM, *TERRAFORM_JSON, BACKEND_FILE, ".sql")) or is_environment_file(path)


class Version(msgspec.Struct, frozen=True):
    """One version of a file: its path, the blob, and the blobs that it replaces."""

    commit: int
    path: str
    before: tuple[str | None, ...]
    blob: str | None


class Sighting(msgspec.Struct, frozen=True):
    """A secret in a version of a file; `raw` is the text in the file."""

    secret: Secret
    raw: str
    version: Version

    @property
    def place(self) -> Span:
        assert self.secret.place is not None
        return self.secret.place


Sightings = Mapping[tuple[str, str], Sighting]
"""Secrets by path and by the text that is written there, each as it was first seen."""


class FileVersions(msgspec.Struct, frozen=True):
    """The versions of the files whose history is searched, and the problems of files whose names are not UTF-8."""

    history: History
    versions: tuple[Version, ...]
    blobs: BlobTexts
    diagnostics: tuple[Diagnostic, ...] = ()


class SearchedVersions(msgspec.Struct, frozen=True):
    """The secrets in all versions, and the problems of versions that were not read.

    `leads` is true if a name leads to a secret, so that a literal in another file can be one.
    """

    sightings: Sightings
    diagnostics: tuple[Diagnostic, ...] = ()
    leads: bool = False


def file_versions(root: Path, history: History, is_wanted: Callable[[str], bool]) -> FileVersions:
    """Return the versions of a history without reading any."""
    versions: list[Version] = []
    problems: list[Diagnostic] = []
    names: dict[bytes, str | None] = {}
    for change in history.changes:
        if change.path not in names:
            name = _decoded(change.path)
            if isinstance(name, Diagnostic):
                problems.append(name)
            is_read = isinstance(name, str) and is_searched(name) and is_wanted(name)
            names[change.path] = name if isinstance(name, str) and is_read else None
        path = names[change.path]
        if path is not None and (change.after is not None or any(change.before)):
            versions.append(Version(change.commit, path, change.before, change.after))
    blobs_in_order = list(dict.fromkeys(_needed(versions)))
    return FileVersions(history, tuple(versions), BlobTexts(root, blobs_in_order), tuple(problems))


def _decoded(path: bytes) -> str | Diagnostic:
    name = path.decode("utf-8", "surrogateescape")
    if is_text(name):
        return name
    spelled = path.decode("utf-8", "backslashreplace")
    return error("Name is not UTF-8", f"{spelled} was not read, because its name is not UTF-8.")


def _needed(versions: Sequence[Version]) -> Iterator[str]:
    """Yield the blobs in the order of reading: those before the first version of a path, then each version."""
    met: set[str] = set()
    for version in versions:
        if version.path not in met:
            met.add(version.path)
            yield from (name for name in version.before if name is not None)
        if version.blob is not None:
            yield version.blob


def search_versions(past: FileVersions, catalogue: Catalogue, progress: Callable[[int], None]) -> SearchedVersions:
    """Read every version once and return its secrets; `progress` is called with 1 after each."""
    reader = _VersionReader(past, catalogue, SuspectParts(catalogue))
    sightings: dict[tuple[str, str], Sighting] = {}
    problems: list[Diagnostic] = []
    for version in past.versions:
        for item in reader.read(version):
            if isinstance(item, Diagnostic):
                problems.append(item)
            else:
                sightings.setdefault((item.version.path, item.raw), item)
        progress(1)
    leads = any(reader.suspects.reaching.values())
    return SearchedVersions(sightings, (*distinct_problems(problems), *_unread_versions(past)), leads)


def _unread_versions(past: FileVersions) -> Iterator[Diagnostic]:
    """Yield an error for each blob that could not be read, at the first version that has it."""
    reported: set[str] = set()
    for version in past.versions if past.blobs.refused else ():
        name = version.blob
        if name is not None and name in past.blobs.refused and name not in reported:
            reported.add(name)
            commit = past.history.commits[version.commit].name[:12]
            yield error(
                "Version of a file was not read",
                f"{version.path} in commit {commit} {past.blobs.refused[name]}.",
                file_start(version.path),
            )


def sighting_of(secret: Secret, text: str, version: Version) -> Sighting | None:
    """Return a secret with its place and text in this version; None if it has no place or no text there."""
    if secret.place is None:
        return None
    raw = raw_of(SourceFile(version.path, text), secret.place)
    return Sighting(secret, raw, version) if raw.strip() else None


class _VersionReader(msgspec.Struct):
    """Searches the versions of files, oldest first; `now` has the current text of each file by directory."""

    past: FileVersions
    catalogue: Catalogue
    suspects: SuspectParts
    now: dict[str, dict[str, str]] = {}
    clean: set[tuple[str, str]] = set()
    met: set[str] = set()

    def read(self, version: Version) -> Iterator[Sighting | Diagnostic]:
        """Yield the secrets that may be new in a version, and the problems of the search in it."""
        path = version.path
        if path not in self.met:
            self.met.add(path)
            for name in version.before:
                old = self.past.blobs.text(name) if name is not None else None
                if old is not None:
                    self._know(path, old)
        text = self.past.blobs.text(version.blob) if version.blob is not None else None
        if text is None:
            self.now.get(parent(path), {}).pop(path, None)
            return
        if path.endswith(TERRAFORM):
            yield from self._native(version, text)
        elif self.suspects.has_new(path, text):
            if path.endswith(TERRAFORM_JSON):
                yield from self._whole(version, text)
            else:
                yield from _sightings(secrets_of_text(SourceFile(path, text)), version, text)

    def _know(self, path: str, text: str) -> None:
        """Record a version from before the searched commits, so that its lines do not count as new."""
        self.suspects.know(path, text)
        if path.endswith(TERRAFORM):
            self.now.setdefault(parent(path), {})[path] = text

    def _native(self, version: Version, text: str) -> Iterator[Sighting | Diagnostic]:
        path, directory = version.path, parent(version.path)
        self.now.setdefault(directory, {})[path] = text
        parts, leads = self.suspects.parts(path, text)
        for first, part in parts:
            yield from self._part(version, text, first, part)
        if leads:
            home = self._home(directory)
            together = {p: t for d in {home, directory} for p, t in self.now.get(d, {}).items()}
            found = secrets_of_terraform(together, home, self.catalogue)
            yield from found.diagnostics
            for secret in found.secrets:
                if secret.place is not None and secret.place.path in together:
                    own = structs.replace(version, path=secret.place.path)
                    sighting = sighting_of(secret, together[secret.place.path], own)
                    if sighting is not None:
                        yield sighting

    def _part(self, version: Version, text: str, first: int, part: str) -> Iterator[Sighting | Diagnostic]:
        """Search a part by itself, or the whole file if the part is no complete block."""
        if (version.path, part) in self.clean:
            return
        found = secrets_of_terraform({version.path: part}, parent(version.path), self.catalogue)
        if not found.secrets and len(self.clean) < MAX_CLEAN:
            self.clean.add((version.path, part))
        if part is not text and part != text and not is_whole(version.path, part):
            yield from found.diagnostics
            yield from self._whole(version, text)
            return
        moved = tuple(replace(s, place=_moved(s.place, first)) for s in found.secrets if s.place is not None)
        yield from _sightings(structs.replace(found, secrets=moved), version, text)

    def _whole(self, version: Version, text: str) -> Iterator[Sighting | Diagnostic]:
        found = secrets_of_terraform({version.path: text}, parent(version.path), self.catalogue)
        yield from _sightings(found, version, text)

    def _home(self, directory: str) -> str:
        """Return the nearest directory with configuration at or above this one."""
        while directory and not any(p.endswith((".tf", ".tofu")) for p in self.now.get(directory, {})):
            directory = parent(directory)
        return directory


def _sightings(found: FoundSecrets, version: Version, text: str) -> Iterator[Sighting | Diagnostic]:
    yield from found.diagnostics
    for secret in found.secrets:
        sighting = sighting_of(secret, text, version)
        if sighting is not None:
            yield sighting


def _moved(place: Span, lines: int) -> Span:
    return Span(place.path, place.line + lines, place.column, place.end_line + lines, place.end_column)


def raw_of(source: SourceFile, place: Span) -> str:
    """Return the text at a place of a file."""
    starts = source.line_starts
    if place.end_line > len(starts):
        return ""
    return source.text[starts[place.line - 1] + place.column - 1 : starts[place.end_line - 1] + place.end_column - 1]
