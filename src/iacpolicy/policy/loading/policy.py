"""The policy that the engine runs."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from iacpolicy.policy.api import Graph, Hint, Resource, Violation
from iacpolicy.policy.meta import Meta

Check = Callable[[Resource, Graph, Mapping[str, Any]], Iterable[Violation | Hint]]


YAML_NAMES = ("policy.yaml", "policy.yml")


def module_name(policy_id: str) -> str:
    """Return the name of a policy's Python module."""
    return policy_id.replace("-", "_")


def file_of(folder: Path) -> Path | None:
    """Return the file that defines the policy of a folder, Python before YAML; None if there is none."""
    for name in (f"{module_name(folder.name)}.py", *YAML_NAMES):
        if (folder / name).is_file():
            return folder / name
    return None


class Policy(msgspec.Struct, frozen=True):
    """The documentation, check, folder and options of a policy."""

    meta: Meta
    check: Check
    folder: Path
    options: Mapping[str, Any]

    @property
    def id(self) -> str:
        return self.meta.id

    @property
    def file(self) -> Path:
        """The file that it was loaded from, in Python or YAML."""
        return file_of(self.folder) or self.folder


class Broken(msgspec.Struct, frozen=True):
    """A policy that cannot be loaded, with the reason."""

    id: str
    folder: Path
    reason: str
