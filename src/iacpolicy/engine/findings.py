"""What the engine says of a repository: findings, undecided results, passes; the nouns of every report."""

from enum import StrEnum

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.policy.meta import Severity


class Certainty(StrEnum):
    """Whether a defect is there in every possible world or only in some."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


class FindingStatus(StrEnum):
    """How the gate counts a finding."""

    NEW = "new"
    KNOWN = "known"
    WAIVED = "waived"


class TraceStep(msgspec.Struct, frozen=True, gc=False):
    """One step of a value's way, from the written value towards the attribute.

    `kind` is one of `tfvars env cli default local argument output attribute resource function`; `path` and `line` are
    None for what has no file; `text` is the source line, or what was given.
    """

    kind: str
    path: str | None
    line: int | None
    text: str


class Waiver(msgspec.Struct, frozen=True, gc=False):
    """Why a finding is accepted, until when, and where that is written."""

    reason: str | None
    until: str | None
    location: Span


class Finding(msgspec.Struct, frozen=True, gc=False):
    """One violation of one policy at one place, in the cells whose indexes it names.

    `condition` says when a possible one holds. `fix` is the violation's own remediation, None where only the policy's
    general one applies. `addresses` are all instances with this cause at this place,
    `address` the first. `also` are the fingerprints of findings that overlap.
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
    """One reason for which nothing could be decided, and the place it speaks of."""

    text: str
    location: Span | None = None


class Undecided(msgspec.Struct, frozen=True, gc=False):
    """A policy that could not be decided for a resource."""

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
