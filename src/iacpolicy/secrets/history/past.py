"""Secrets of the history: each blob is read once, and judged by the finder where it can have a secret that is new."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
from msgspec import structs

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.git_history import History, blobs
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start
from iacpolicy.core.tree import is_text, parent
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.secrets.history.suspects import Suspects
from iacpolicy.secrets.search.companion_files import is_environment_file
from iacpolicy.secrets.search.single_file import (
    BACKEND_FILE,
    TERRAFORM,
    TERRAFORM_JSON,
    is_whole,
    of_terraform,
    of_text,
)
from iacpolicy.secrets.secret import Secret

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
MAX_KEPT = 64_000_000
_UNSEEN_DIRECTORIES = ("node_modules", ".terraform")
_ENCRYPTED = (b"\0GITCRYPT\0", b"age-encryption.org/")


def is_looked_at(path: str) -> bool:
    """Whether a file's history is searched, by its name."""
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
    """A secret as a version of a file has it; `raw` is how it is written there."""

    secret: Secret
    raw: str
    version: Version

    @property
    def place(self) -> Span:
        assert self.secret.place is not None
        return self.secret.place


class Blobs:
    """The texts of blobs in the order of the history, each read once while there is room to keep it."""

    def __init__(self, root: Path, names: Sequence[str]) -> None:
        self.root = root
        self.refused: dict[str, str] = {}
        self.read = 0
        self._kept: dict[str, str | None] = {}
        self._size = 0
        self._asked: set[str] = set()
        self._coming = blobs(root, names, self.refused.__setitem__)

    def text(self, name: str) -> str | None:
        """The text of a blob; None where it cannot be had or is none."""
        if name in self._kept:
            return self._kept[name]
        if name in self.refused:
            return None
        if name not in self._asked:
            for found, data in self._coming:
                self._asked.add(found)
                text = self._keep(found, data)
                if found == name:
                    return text
            return None
        return next((self._keep(n, d) for n, d in blobs(self.root, [name], self.refused.__setitem__)), None)

    def _keep(self, name: str, data: bytes) -> str | None:
        self.read += 1
        text = self._decoded(name, data)
        if self._size < MAX_KEPT:
            self._kept[name] = text
            self._size += len(data)
        return text

    def _decoded(self, name: str, data: bytes) -> str | None:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16", "replace")
        if b"\0" in data:
            if not data.startswith(_ENCRYPTED):
                self.refused[name] = "is no text"
            return None
        try:
            return data.decode().removeprefix("\ufeff")
        except UnicodeDecodeError:
            return data.decode("latin-1")  # a secret in it is one all the same


class Past(msgspec.Struct):
    """The versions of the files that are looked at, and the secrets in them, each at its first sighting.

    `leads` says whether names were met that lead to secrets, so that a literal elsewhere may be one.
    """

    history: History
    versions: list[Version]
    blobs: Blobs
    sightings: dict[tuple[str, str], Sighting] = {}
    problems: list[Diagnostic] = []
    leads: bool = False

    def add(self, secret: Secret, text: str, version: Version) -> None:
        """Take a secret that a version has."""
        if secret.place is None:
            return
        raw = raw_of(SourceFile(version.path, text), secret.place)
        if raw.strip():
            self.sightings.setdefault((version.path, raw), Sighting(secret, raw, version))


def past_of(root: Path, history: History, is_wanted: Callable[[str], bool]) -> Past:
    """The versions of a history, none of them read yet."""
    versions: list[Version] = []
    problems: list[Diagnostic] = []
    names: dict[bytes, str | None] = {}
    for change in history.changes:
        if change.path not in names:
            names[change.path] = _name(change.path, is_wanted, problems)
        path = names[change.path]
        if path is not None and (change.after is not None or any(change.before)):
            versions.append(Version(change.commit, path, change.before, change.after))
    return Past(history, versions, Blobs(root, list(dict.fromkeys(_needed(versions)))), problems=problems)


def _name(path: bytes, is_wanted: Callable[[str], bool], problems: list[Diagnostic]) -> str | None:
    name = path.decode("utf-8", "surrogateescape")
    if not is_text(name):
        spelled = path.decode("utf-8", "backslashreplace")
        problems.append(error("Name is not UTF-8", f"{spelled} was not read, because its name is not UTF-8."))
        return None
    return name if is_looked_at(name) and is_wanted(name) else None


def _needed(versions: Sequence[Version]) -> Iterator[str]:
    """The blobs in the order in which they are needed: what was there before first, then what came."""
    met: set[str] = set()
    for version in versions:
        if version.path not in met:
            met.add(version.path)
            yield from (name for name in version.before if name is not None)
        if version.blob is not None:
            yield version.blob


def read_past(past: Past, catalogue: Catalogue, progress: Callable[[int], None]) -> None:
    """Read every version once and gather the secrets; what could not be read is among the problems."""
    reading = _Reading(past, catalogue, Suspects(catalogue))
    for version in past.versions:
        reading.version(version)
        progress(1)
    past.problems.extend(reading.unread[name] for name in sorted(reading.unread))
    past.leads = any(reading.suspects.reaching.values())
    told: set[str] = set()
    for version in past.versions if past.blobs.refused else ():
        name = version.blob
        if name is not None and name in past.blobs.refused and name not in told:
            told.add(name)
            commit = past.history.commits[version.commit].name[:12]
            past.problems.append(
                error(
                    "Version of a file was not read",
                    f"{version.path} in commit {commit} {past.blobs.refused[name]}.",
                    file_start(version.path),
                )
            )


class _Reading(msgspec.Struct):
    past: Past
    catalogue: Catalogue
    suspects: Suspects
    now: dict[str, dict[str, str]] = {}
    clean: set[tuple[str, str]] = set()
    met: set[str] = set()
    unread: dict[str, Diagnostic] = {}

    def version(self, version: Version) -> None:
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
            self._native(version, text)
        elif self.suspects.has_new(path, text):
            if path.endswith(TERRAFORM_JSON):
                self._take(of_terraform({path: text}, parent(path), self.catalogue, self.unread), version, text)
            else:
                self._take(of_text(SourceFile(path, text), self.unread), version, text)

    def _know(self, path: str, text: str) -> None:
        """A version that is not of the commits that are looked at: what stands in it is not new."""
        self.suspects.know(path, text)
        if path.endswith(TERRAFORM):
            self.now.setdefault(parent(path), {})[path] = text

    def _native(self, version: Version, text: str) -> None:
        path, directory = version.path, parent(version.path)
        self.now.setdefault(directory, {})[path] = text
        parts, leads = self.suspects.parts(path, text)
        for first, part in parts:
            self._part(version, text, first, part)
        if leads:
            home = self._home(directory)
            together = {p: t for d in {home, directory} for p, t in self.now.get(d, {}).items()}
            for secret in of_terraform(together, home, self.catalogue, self.unread):
                if secret.place is not None and secret.place.path in together:
                    self.past.add(secret, together[secret.place.path], structs.replace(version, path=secret.place.path))

    def _part(self, version: Version, text: str, first: int, part: str) -> None:
        """A part by itself, or the whole file where it is no whole block."""
        if (version.path, part) in self.clean:
            return
        found = of_terraform({version.path: part}, parent(version.path), self.catalogue, self.unread)
        if not found and len(self.clean) < 100_000:
            self.clean.add((version.path, part))
        if part is not text and part != text and not is_whole(version.path, part):
            self._take(
                of_terraform({version.path: text}, parent(version.path), self.catalogue, self.unread), version, text
            )
            return
        self._take([replace(s, place=_moved(s.place, first)) for s in found if s.place is not None], version, text)

    def _take(self, found: Sequence[Secret], version: Version, text: str) -> None:
        for secret in found:
            self.past.add(secret, text, version)

    def _home(self, directory: str) -> str:
        """The nearest directory with configuration at or above."""
        while directory and not any(p.endswith((".tf", ".tofu")) for p in self.now.get(directory, {})):
            directory = parent(directory)
        return directory


def _moved(place: Span, lines: int) -> Span:
    return Span(place.path, place.line + lines, place.column, place.end_line + lines, place.end_column)


def raw_of(source: SourceFile, place: Span) -> str:
    """What stands at a place of a file."""
    starts = source.line_starts
    if place.end_line > len(starts):
        return ""
    return source.text[starts[place.line - 1] + place.column - 1 : starts[place.end_line - 1] + place.end_column - 1]


__all__ = ["PATTERNS", "Past", "Sighting", "Version", "past_of", "raw_of", "read_past"]
