"""Findings, undecided results and passes: the data of every report."""

from enum import StrEnum

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.policy.meta import Severity


class Certainty(StrEnum):
    """The certainty of a defect: it occurs in every possible world, or only in some."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


class FindingStatus(StrEnum):
    """Status of a finding at the gate."""

    NEW = "new"
    KNOWN = "known"
    WAIVED = "waived"


class TraceStep(msgspec.Struct, frozen=True, gc=False):
    """One step of the trace from a written value to an attribute.

    `kind` is one of `tfvars env cli default local argument output attribute resource function`; `path` and `line` are
    None for a step without a file. `text` is the source line, or the given option.
    """

    kind: str
    path: str | None
    line: int | None
    text: str


class Waiver(msgspec.Struct, frozen=True, gc=False):
    """The reason for accepting a finding, the last day, and the place of the waiver."""

    reason: str | None
    until: str | None
    location: Span


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One violation of one policy at one place; `cells` has the indexes of its cells.

    `condition` describes when a possible one occurs. `addresses` are all instances with this cause at this place, and
    `address` is the first one. `also` has the fingerprints of findings that overlap. `fix` is the remediation for this
    resource, None where that of the policy holds.
    """

    policy: str
    severity: Severity
    certainty: Certainty
    message: str
    address: str
    attribute: str | None
    location: Span
    fingerprint: str
    condition: str | None = None
    fix: str | None = None
    trace: tuple[TraceStep, ...] = ()
    cells: tuple[int, ...] = ()
    addresses: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    waiver: Waiver | None = None
    status: FindingStatus = FindingStatus.NEW


class UndecidedReason(msgspec.Struct, frozen=True, gc=False):
    """One reason why a policy is undecided, and its place."""

    text: str
    location: Span | None = None


class Undecided(msgspec.Struct, frozen=True, gc=False):
    """A policy that is undecided for a resource."""

    policy: str
    address: str
    location: Span
    reasons: tuple[UndecidedReason, ...]
    cells: tuple[int, ...] = ()


class Passed(msgspec.Struct, frozen=True, gc=False):
    """A policy that a resource meets in every possible world."""

    policy: str
    address: str
    location: Span
    cells: tuple[int, ...] = ()
