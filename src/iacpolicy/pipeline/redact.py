"""The report as it may leave: every text in it passes the one redaction."""

from collections.abc import Iterable

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.redaction import Redactor
from iacpolicy.engine.findings import Finding, Hop, Undecided, Why


def redacted_findings(findings: Iterable[Finding], redactor: Redactor) -> list[Finding]:
    """Findings with message, condition and trace redacted; places and identities stay."""
    return [
        msgspec.structs.replace(
            f,
            message=redactor.text(f.message),
            condition=redactor.text(f.condition) if f.condition is not None else None,
            trace=tuple(_hop(h, redactor) for h in f.trace),
            address=redactor.text(f.address),
            addresses=tuple(redactor.text(a) for a in f.addresses),
        )
        for f in findings
    ]


def redacted_undecided(undecided: Iterable[Undecided], redactor: Redactor) -> list[Undecided]:
    """Undecided results with their reasons redacted."""
    return [
        msgspec.structs.replace(
            u,
            address=redactor.text(u.address),
            reasons=tuple(Why(redactor.text(w.text), w.location) for w in u.reasons),
        )
        for u in undecided
    ]


def redacted_diagnostics(diagnostics: Iterable[Diagnostic], redactor: Redactor) -> list[Diagnostic]:
    """Diagnostics with summary and detail redacted."""
    return [
        msgspec.structs.replace(d, summary=redactor.text(d.summary), detail=redactor.text(d.detail))
        for d in diagnostics
    ]


def _hop(hop: Hop, redactor: Redactor) -> Hop:
    return msgspec.structs.replace(hop, text=redactor.text(hop.text))
