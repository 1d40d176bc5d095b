"""The report as JSON, in the shape of `docs/report.schema.json`.

The text is ASCII. Other characters are escaped, so that terminals and logs do not interpret them.
"""

import json
import re
from typing import Any, cast

import msgspec

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import Finding, Passed, Undecided
from iacpolicy.gate.report import Report
from iacpolicy.report import shape
from iacpolicy.report.options import DEFAULT, Options

_NON_ASCII = lazy_pattern("[\x7f-\U0010ffff]")


def render(report: Report, options: Options = DEFAULT) -> str:
    """Return the report as indented JSON."""
    return dumps(msgspec.to_builtins(to_shape(report, options)))


def to_shape(report: Report, options: Options = DEFAULT) -> shape.ReportShape:
    """Return the report in the published types."""
    return shape.ReportShape(
        schema_version=shape.SCHEMA_VERSION,
        tool=shape.Tool("iacpolicy", report.version),
        exit=shape.Exit(int(report.exit_code), list(report.exit_reasons)),
        summary=shape.Counts(**msgspec.structs.asdict(report.summary)),
        cells=[shape.CellShape(c.root, c.workspace, list(c.var_files)) for c in report.cells],
        findings=[_finding(f, report) for f in report.findings],
        undecided=[_undecided(u) for u in report.undecided],
        passed=[_passed(p) for p in report.passed] if options.include_passed else msgspec.UNSET,
        diagnostics=[
            shape.DiagnosticShape(d.severity.value, d.summary, d.detail, _place(d.location)) for d in report.diagnostics
        ],
        fixed=[_finding(f, report) for f in report.fixed] if report.fixed is not None else msgspec.UNSET,
    )


def dumps(value: Any) -> str:
    """Return indented ASCII JSON with a final line feed; a lone surrogate becomes the replacement character."""
    return _NON_ASCII.sub(_escape, json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if 0xD800 <= code <= 0xDFFF:
        return "\\ufffd"
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def _finding(finding: Finding, report: Report) -> shape.FindingShape:
    waiver = finding.waiver
    return shape.FindingShape(
        policy=finding.policy,
        severity=finding.severity.value,
        certainty=finding.certainty.value,
        condition=finding.condition,
        message=finding.message,
        address=finding.address,
        attribute=finding.attribute,
        location=_span(finding.location),
        trace=[shape.StepShape(cast(shape.Kind, step.kind), step.path, step.line, step.text) for step in finding.trace],
        cells=list(finding.cells),
        addresses=list(finding.addresses),
        also=list(finding.also),
        waiver=shape.WaiverShape(waiver.reason, waiver.until, _span(waiver.location)) if waiver else None,
        status=finding.status.value,
        fingerprint=finding.fingerprint,
        fix=report.fix_of(finding),
    )


def _undecided(result: Undecided) -> shape.UndecidedShape:
    return shape.UndecidedShape(
        result.policy,
        result.address,
        _span(result.location),
        [shape.ReasonShape(why.text, _place(why.location)) for why in result.reasons],
        list(result.cells),
    )


def _passed(result: Passed) -> shape.PassedShape:
    return shape.PassedShape(result.policy, result.address, _span(result.location), list(result.cells))


def _span(span: Span) -> shape.Location:
    return shape.Location(span.path, span.line, span.column, span.end_line, span.end_column)


def _place(span: Span | None) -> shape.Location | None:
    return None if span is None else _span(span)
