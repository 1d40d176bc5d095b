"""A policy as the engine runs it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iacpolicy.policy.api import Graph, Hint, Resource, Violation
from iacpolicy.policy.meta import Meta

Check = Callable[[Resource, Graph, Mapping[str, Any]], Iterable[Violation | Hint]]


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy's documentation, its check, and the folder it was found in."""

    meta: Meta
    check: Check
    folder: Path
    options: Mapping[str, Any]

    @property
    def id(self) -> str:
        return self.meta.id


@dataclass(frozen=True, slots=True)
class Broken:
    """A policy that could not be loaded, and why."""

    id: str
    folder: Path
    reason: str
