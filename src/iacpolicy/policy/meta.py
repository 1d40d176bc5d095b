"""What a policy says of itself."""

from enum import StrEnum
from typing import Any

import msgspec


class Severity(StrEnum):
    """How much a violation matters, from low to critical."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for low up to 3 for critical."""
        return list(Severity).index(self)


class Option(msgspec.Struct, frozen=True):
    """A setting of a policy: `[policies.<id>] name = value`; its type is that of the default."""

    name: str
    default: Any
    description: str


class Meta(msgspec.Struct, frozen=True, kw_only=True):
    """The identity and the documentation of a policy.

    `id` is the name of its folder, in kebab case, and never changes meaning. `on` names resource types or kinds of
    nodes (`root`, `backend`, `variable`, `sql.table`, …). `why` says what goes wrong without it, `fix` how to mend it.
    """

    id: str
    title: str
    severity: Severity
    on: tuple[str, ...]
    why: str
    fix: str
    references: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    aliases: tuple[str, ...] = ()
    waivable: bool = True
