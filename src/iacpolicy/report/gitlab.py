"""The report as GitLab's code quality JSON (https://docs.gitlab.com/ci/testing/code_quality/).

GitLab identifies entries only by fingerprint, so a repeated fingerprint gets a number.
"""

import hashlib
from collections import Counter
from typing import Any

from iacpolicy.core.diagnostics import Diagnostic, Level
from iacpolicy.core.spans import Span, file_start
from iacpolicy.engine.findings import Finding, Undecided
from iacpolicy.gate.report import Report
from iacpolicy.policy.meta import Severity
from iacpolicy.report.json import dumps
from iacpolicy.report.options import DEFAULT, Options
from iacpolicy.report.overlap import new_findings
from iacpolicy.report.printable import when

_SEVERITIES = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
}


def render(report: Report, options: Options = DEFAULT) -> str:
    """Return new findings, undecided results, errors and warnings as one list, which is empty for a clean run."""
    entries = [_finding(f) for f in new_findings(report.findings)]
    entries += [_undecided(u) for u in report.undecided]
    entries += [_diagnostic(d) for d in report.diagnostics if d.severity is not Level.NOTE]
    seen: Counter[str] = Counter()
    for entry in entries:
        fingerprint = entry["fingerprint"]
        seen[fingerprint] += 1
        if seen[fingerprint] > 1:
            entry["fingerprint"] = f"{fingerprint}-{seen[fingerprint]}"
    return dumps(entries)


def _finding(finding: Finding) -> dict[str, Any]:
    condition = f" ({when(finding.condition)})" if finding.condition else ""
    return _entry(
        f"{finding.address}: {finding.message}{condition}",
        finding.policy,
        finding.fingerprint,
        _SEVERITIES[finding.severity],
        finding.location,
    )


def _undecided(result: Undecided) -> dict[str, Any]:
    text = f"{result.address}: undecided: {'; '.join(why.text for why in result.reasons)}"
    return _entry(text, result.policy, _hash("undecided", result.policy, result.address), "info", result.location)


def _diagnostic(diagnostic: Diagnostic) -> dict[str, Any]:
    span = diagnostic.location or file_start(".")
    text = f"{diagnostic.summary}: {diagnostic.detail}" if diagnostic.detail else diagnostic.summary
    severity = "critical" if diagnostic.severity is Level.ERROR else "minor"
    return _entry(text, "diagnostic", _hash("diagnostic", span.path, text), severity, span)


def _entry(text: str, check: str, fingerprint: str, severity: str, span: Span) -> dict[str, Any]:
    return {
        "description": text,
        "check_name": check,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {"path": span.path, "lines": {"begin": span.line, "end": span.end_line}},
    }


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
