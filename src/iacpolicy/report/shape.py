"""The types of the JSON report, from which `docs/report.schema.json` is generated.

Keys may be added. No key is removed or changes its meaning while `schema_version` keeps its first number.
"""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

SCHEMA_VERSION: Literal["1.0"] = "1.0"
Kind = Literal["tfvars", "env", "cli", "default", "local", "argument", "output", "attribute", "resource", "function"]


class Location(msgspec.Struct, frozen=True):
    """A range of a file: 1-based lines and columns, columns in code points, the end exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Tool(msgspec.Struct, frozen=True):
    """The tool that made the report."""

    name: str
    version: str


class Exit(msgspec.Struct, frozen=True):
    """The exit code (0 clean, 1 violations, 3 incomplete) and every reason for it."""

    code: int
    reasons: list[str]


class Counts(msgspec.Struct, frozen=True):
    """Counts of inputs and results; `findings`, `certain`, `possible` and `by_severity` count new findings."""

    files: int
    roots: int
    cells: int
    resources: int
    policies: int
    findings: int
    certain: int
    possible: int
    undecided: int
    passed: int
    waived: int
    known: int
    diagnostics: int
    by_severity: dict[str, int]


class CellShape(msgspec.Struct, frozen=True):
    """A root module, a workspace and its var-files; results refer to it by its index."""

    root: str
    workspace: str | None
    var_files: list[str]


class StepShape(msgspec.Struct, frozen=True):
    """One step of a trace, which leads from the origin of a value to the attribute."""

    kind: Kind
    path: str | None
    line: int | None
    text: str


class WaiverShape(msgspec.Struct, frozen=True):
    """The reason to accept a finding, the last day, and the location of the waiver."""

    reason: str | None
    until: str | None
    location: Location


class FindingShape(msgspec.Struct, frozen=True):
    """A violation of a policy at a place.

    `fix` is the remediation: the one for this resource, else the general one of the policy. `also` are the fingerprints
    of findings that overlap with it.
    """

    policy: str
    severity: Literal["low", "medium", "high", "critical"]
    certainty: Literal["certain", "possible"]
    condition: str | None
    message: str
    address: str
    attribute: str | None
    location: Location
    trace: list[StepShape]
    cells: list[int]
    addresses: list[str]
    also: list[str]
    waiver: WaiverShape | None
    status: Literal["new", "known", "waived"]
    fingerprint: str
    fix: str | None = None


class ReasonShape(msgspec.Struct, frozen=True):
    """The reason for an undecided result."""

    text: str
    location: Location | None


class UndecidedShape(msgspec.Struct, frozen=True):
    """A policy without a decision for a resource."""

    policy: str
    address: str
    location: Location
    reasons: list[ReasonShape]
    cells: list[int]


class PassedShape(msgspec.Struct, frozen=True):
    """A policy that a resource satisfies."""

    policy: str
    address: str
    location: Location
    cells: list[int]


class DiagnosticShape(msgspec.Struct, frozen=True):
    """A message about the files or their evaluation; an `error` makes the run incomplete."""

    severity: Literal["error", "warning", "note"]
    summary: str
    detail: str
    location: Location | None


class ReportShape(msgspec.Struct, frozen=True, kw_only=True):
    """The report of one run of `iacpolicy scan --format json`."""

    schema_version: Literal["1.0"]
    tool: Tool
    exit: Exit
    summary: Counts
    cells: list[CellShape]
    findings: list[FindingShape]
    undecided: list[UndecidedShape]
    passed: list[PassedShape] | UnsetType = UNSET
    diagnostics: list[DiagnosticShape]
    fixed: list[FindingShape] | UnsetType = UNSET
