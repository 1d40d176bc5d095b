"""The index of the catalogue: what its policies say of themselves, so that a run imports those alone that it needs.

`make docs` writes it. An entry counts only while its module reads, up to the end of META, as it did when the index was
written; a policy without an entry that counts is imported as any other.
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
    """What one policy says of itself, and the digest of the text that says so."""

    digest: str
    meta: Meta


def read_index(catalogue: Path) -> dict[str, IndexEntry]:
    """The index of a catalogue by id; empty where there is none that can be read."""
    try:
        return msgspec.json.decode((catalogue / NAME).read_bytes(), type=dict[str, IndexEntry])
    except (OSError, msgspec.DecodeError):
        return {}


def index_text(policies: Iterable[Policy]) -> str:
    """The index of some policies as it is written: a line each."""
    lines: list[str] = []
    for policy in policies:
        digest = _digest(policy.folder)
        if digest is not None:
            entry = msgspec.json.encode(IndexEntry(digest, policy.meta))
            # What JSON cannot tell apart, such as a list and a tuple, has to come from the module itself.
            if msgspec.json.decode(entry, type=IndexEntry).meta == policy.meta:
                lines.append(f'"{policy.id}":{entry.decode()}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def meta_of(folder: Path, index: Mapping[str, IndexEntry]) -> Meta | None:
    """What the index says of the policy of a folder, where that still holds."""
    entry = index.get(folder.name)
    return entry.meta if entry is not None and entry.digest == _digest(folder) else None


def _digest(folder: Path) -> str | None:
    """The digest of a module up to the end of META; None where it is written in another form."""
    try:
        data = (folder / f"{module_name(folder.name)}.py").read_bytes()
    except OSError:
        return None
    end = data.find(_END, max(data.find(_BEGIN), 0)) if _BEGIN in data else -1
    return hashlib.sha256(data[:end]).hexdigest()[:16] if end >= 0 else None


class Later:
    """The check of a policy that is imported with its first resource."""

    def __init__(self, load: Callable[[], Check]) -> None:
        self._load = load
        self._check: Check | None = None

    def __call__(self, resource: Resource, graph: Graph, options: Mapping[str, Any]) -> Any:
        if self._check is None:
            self._check = self._load()
        return self._check(resource, graph, options)
