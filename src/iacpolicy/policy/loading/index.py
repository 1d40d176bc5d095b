"""The index of the catalogue: the META of each policy, so that a run imports only the policies that it needs.

`make docs` writes it. An entry is valid while the text of its module up to the end of META is unchanged. A policy
without a valid entry is imported at once.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from iacpolicy.policy.api import Graph, Resource
from iacpolicy.policy.loading.policy import Check, Policy, module_name
from iacpolicy.policy.meta import Meta

NAME = "index.json"
_BEGIN, _END = b"\nMETA = Meta(\n", b"\n)\n"


class IndexEntry(msgspec.Struct, frozen=True):
    """The META of one policy, and the digest of the text that defines it."""

    digest: str
    meta: Meta


def read_index(catalogue: Path) -> dict[str, IndexEntry]:
    """Return the index of a catalogue by policy id; empty if it cannot be read."""
    try:
        return msgspec.json.decode((catalogue / NAME).read_bytes(), type=dict[str, IndexEntry])
    except (OSError, msgspec.DecodeError):
        return {}


def index_text(policies: Iterable[Policy]) -> str:
    """Return the text of an index of some policies, one per line."""
    lines: list[str] = []
    for policy in policies:
        digest = _digest(policy.folder)
        if digest is not None:
            entry = msgspec.json.encode(IndexEntry(digest, policy.meta))
            # A META that JSON cannot represent, such as one with a tuple in a default, must come from the module.
            if msgspec.json.decode(entry, type=IndexEntry).meta == policy.meta:
                lines.append(f'"{policy.id}":{entry.decode()}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def meta_of(folder: Path, index: Mapping[str, IndexEntry]) -> Meta | None:
    """Return the META of the policy in a folder from the index, None if it has no valid entry."""
    entry = index.get(folder.name)
    return entry.meta if entry is not None and entry.digest == _digest(folder) else None


def _digest(folder: Path) -> str | None:
    """Return the digest of a module up to the end of META, None if META has another form."""
    try:
        data = (folder / f"{module_name(folder.name)}.py").read_bytes()
    except OSError:
        return None
    end = data.find(_END, max(data.find(_BEGIN), 0)) if _BEGIN in data else -1
    return hashlib.sha256(data[:end]).hexdigest()[:16] if end >= 0 else None


class DeferredCheck:
    """A check that imports its policy for the first resource."""

    def __init__(self, load: Callable[[], Check]) -> None:
        self._load = load
        self._check: Check | None = None

    def __call__(self, resource: Resource, graph: Graph, options: Mapping[str, Any]) -> Any:
        if self._check is None:
            self._check = self._load()
        return self._check(resource, graph, options)
