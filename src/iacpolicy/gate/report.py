"""The report: one immutable value that every format prints."""

from collections.abc import Mapping

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.engine.findings import Finding, Passed, Undecided
from iacpolicy.gate.exit_code import ExitCode
from iacpolicy.policy.meta import Meta
from iacpolicy.terraform.cells import Cell


class Summary(msgspec.Struct, frozen=True):
    """Counts of one run."""

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


class Report(msgspec.Struct, frozen=True):
    """All results of a run, redacted and sorted.

    `policies` has the documentation of each policy that ran, by id. `sources` are the redacted files of findings and
    diagnostics, by path. `fixed` is None for a run without `--since`.
    """

    version: str
    exit_code: ExitCode
    exit_reasons: tuple[str, ...]
    summary: Summary
    cells: tuple[Cell, ...]
    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]
    passed: tuple[Passed, ...]
    diagnostics: tuple[Diagnostic, ...]
    policies: Mapping[str, Meta]
    sources: Mapping[str, SourceFile]
    fixed: tuple[Finding, ...] | None = None

    def fix_of(self, finding: Finding) -> str | None:
        """Return the remediation of a finding: its own, else the general one of its policy, else None."""
        meta = self.policies.get(finding.policy)
        return finding.fix or (meta.fix if meta is not None else "") or None
