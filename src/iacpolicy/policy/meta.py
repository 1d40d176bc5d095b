"""The identity, documentation and options of a policy."""

from enum import StrEnum
from typing import Any

import msgspec


class Severity(StrEnum):
    """The severity of a violation, from low to critical."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for low up to 3 for critical."""
        return list(Severity).index(self)


class Option(msgspec.Struct, frozen=True):
    """A setting of a policy: `[policies.<id>] name = value`; the default sets its type."""

    name: str
    default: Any
    description: str


class Meta(msgspec.Struct, frozen=True, kw_only=True):
    """The identity and the documentation of a policy.

    `id` is the name of its folder, in kebab case, and never changes meaning. `on` names resource types or kinds of
    nodes (`root`, `backend`, `variable`, `sql.table`, …). `why` is the reason of the rule, `fix` its general
    remediation.
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
