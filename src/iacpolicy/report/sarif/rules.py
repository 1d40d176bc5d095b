"""The rules of a SARIF run: the policies that ran, and all other policies of the results."""

from typing import Any

from iacpolicy.gate.report import Report
from iacpolicy.policy.meta import Meta, Severity

LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
# GitHub sorts alerts by this score: over 9 is critical, from 7 high, from 4 medium.
SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}


class Rules:
    """The rule descriptors, sorted by id, and the index of each."""

    def __init__(self, report: Report) -> None:
        severities: dict[str, Severity] = {}
        named = {u.policy for u in report.undecided} | {p.policy for p in report.passed}
        for finding in report.findings:
            severities.setdefault(finding.policy, finding.severity)
        ids = sorted({*report.policies, *severities, *named})
        self._indexes = {policy: i for i, policy in enumerate(ids)}
        self.descriptors = [
            _documented(report.policies[p], severities.get(p)) if p in report.policies else _bare(p, severities.get(p))
            for p in ids
        ]

    def index(self, policy: str) -> int:
        """Return the index of a policy in the descriptors."""
        return self._indexes[policy]


def _documented(meta: Meta, seen: Severity | None) -> dict[str, Any]:
    """Return the descriptor of a policy; the severity of a finding takes precedence, because settings can change it."""
    links = [reference for reference in meta.references if reference.startswith(("https://", "http://"))]
    plain = "\n\n".join(part for part in (meta.why, f"Remediation: {meta.fix}" if meta.fix else "", *links) if part)
    parts = [f"**{meta.title}**", meta.why, f"**Remediation:** {meta.fix}" if meta.fix else ""]
    parts.append("\n".join(f"- <{link}>" for link in links))
    return {
        "id": meta.id,
        "name": "".join(word.capitalize() for word in meta.id.split("-")),
        "shortDescription": {"text": meta.title},
        "fullDescription": {"text": meta.why or meta.title},
        "help": {"text": plain or meta.title, "markdown": "\n\n".join(part for part in parts if part)},
        **({"helpUri": links[0]} if links else {}),
        **_severity_properties(seen or meta.severity),
    }


def _bare(policy: str, severity: Severity | None) -> dict[str, Any]:
    return {"id": policy, **(_severity_properties(severity) if severity is not None else {})}


def _severity_properties(severity: Severity) -> dict[str, Any]:
    return {
        "defaultConfiguration": {"level": LEVELS[severity]},
        "properties": {"tags": ["security", "terraform"], "security-severity": SCORES[severity]},
    }
