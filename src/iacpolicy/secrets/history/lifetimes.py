"""The lifetimes of the secrets of a history: the commit that added each, and the one that removed it."""

from collections.abc import Iterator, Mapping

import msgspec
from msgspec.structs import replace

from iacpolicy.core.git_history import Commit
from iacpolicy.secrets.history.versions import FileVersions, Sighting, Sightings, Version
from iacpolicy.secrets.text.classify import is_varied

LONG = 8
MAX_PLACES = 1_000


class SecretLifetime(msgspec.Struct, frozen=True):
    """A secret of the history: its first place, and its place at HEAD or the commit that removed it.

    `present` is the path and line at HEAD; `last` is the last version that has the secret.
    """

    sighting: Sighting
    first: Commit
    path: str
    line: int
    present: tuple[str, int] | None
    removed: Commit | None
    last: Version


def lifetimes(
    past: FileVersions, sightings: Sightings, head: Mapping[str, str], known: Mapping[tuple[str, str], int]
) -> list[SecretLifetime]:
    """Return the secrets of the history in the order of their first commits; a secret that moved between files is one.

    `head` has the blobs of HEAD by path, `known` the lines of the secrets that a search of HEAD found.
    """
    by_path: dict[str, list[Version]] = {}
    for version in past.versions:
        by_path.setdefault(version.path, []).append(version)
    found: list[tuple[int, SecretLifetime, int | None]] = []
    for (path, raw), sighting in sightings.items():
        found += _lifetimes_at(past, by_path.get(path, []), path, raw, sighting, head, known)
    return list(_joined(found))


def _lifetimes_at(
    past: FileVersions,
    versions: list[Version],
    path: str,
    raw: str,
    sighting: Sighting,
    head: Mapping[str, str],
    known: Mapping[tuple[str, str], int],
) -> Iterator[tuple[int, SecretLifetime, int | None]]:
    label = sighting.secret.name.rpartition(".")[2].partition("[")[0]
    lines: dict[str, int | None] = {}

    def line(name: str | None) -> int | None:
        if name is None:
            return None
        if name not in lines:
            text = past.blobs.text(name)
            lines[name] = None if text is None else line_of(text, raw, label)
        return lines[name]

    own = sighting.version.blob
    if own is not None and sighting.version.path == path and line(own) is None:
        lines[own] = sighting.place.line
    having = [v for v in versions if line(v.blob) is not None]
    if not having or any(line(name) is not None for name in having[0].before):
        return  # it is older than the searched commits
    first, last = having[0], having[-1]
    place = sighting.place.line if first.blob == own else line(first.blob)
    at_head = known.get((path, raw)) or line(head.get(path))
    gone = [v for v in versions if line(v.blob) is None and any(line(name) is not None for name in v.before)]
    removed = gone[-1].commit if gone and not at_head else None
    commits = past.history.commits
    yield (
        first.commit,
        SecretLifetime(
            sighting,
            commits[first.commit],
            path,
            place or 1,
            (path, at_head) if at_head else None,
            commits[removed] if removed is not None else None,
            last,
        ),
        removed,
    )


def _joined(found: list[tuple[int, SecretLifetime, int | None]]) -> Iterator[SecretLifetime]:
    """Yield one lifetime for a secret that a commit moved from one file to another."""
    begun = {(t.sighting.raw, first): at for at, (first, t, _) in enumerate(found)}
    follows: dict[int, int] = {}
    for at, (_, one, removed) in enumerate(found):
        other = begun.get((one.sighting.raw, removed)) if removed is not None else None
        if other is not None and other != at and other not in follows.values():
            follows[at] = other
    followers = set(follows.values())
    kept: list[tuple[int, str, int, SecretLifetime]] = []
    for at, (first, one, _) in enumerate(found):
        if at in followers:
            continue
        end, steps = at, 0
        while end in follows and steps < len(found):
            end, steps = follows[end], steps + 1
        last = found[end][1]
        whole = replace(one, present=last.present, removed=last.removed, last=last.last)
        kept.append((first, one.path, one.line, whole))
    yield from (item[3] for item in sorted(kept, key=lambda item: item[:3]))


def line_of(text: str, raw: str, label: str) -> int | None:
    """Return the line of a literal, or None; a plain word must be next to its name or in quotes."""
    at = text.find(raw)
    if at < 0:
        return None
    if len(raw) >= LONG and is_varied(raw):
        return text.count("\n", 0, at) + 1
    quoted: int | None = None
    for _ in range(MAX_PLACES):
        begin, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
        around = text[begin : end if end >= 0 else len(text)]
        before, after = text[at - 1 : at], text[at + len(raw) : at + len(raw) + 1]
        if not (before.isalnum() or after.isalnum()):
            if label and label in around:
                return text.count("\n", 0, at) + 1
            if quoted is None and before == after and before in ("'", '"'):
                quoted = text.count("\n", 0, at) + 1
        at = text.find(raw, at + 1)
        if at < 0:
            break
    return quoted
