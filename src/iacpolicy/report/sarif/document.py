"""The report as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), for code scanning services and editors.

Findings are results of kind `fail`, undecided results of kind `open`; diagnostics are notifications of the one
invocation. Paths are relative to the URI base `%SRCROOT%`, which the reader of the file defines.
"""

from typing import Any

from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import Finding, FindingStatus, Passed, TraceStep, Undecided
from iacpolicy.gate.exit_code import ExitCode
from iacpolicy.gate.report import Report
from iacpolicy.report.json import dumps
from iacpolicy.report.options import DEFAULT, Options
from iacpolicy.report.printable import when
from iacpolicy.report.sarif.places import embedded, location, message
from iacpolicy.report.sarif.rules import LEVELS, Rules

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "iacpolicy/v1"


def render(report: Report, options: Options = DEFAULT) -> str:
    """Return the report as one SARIF run."""
    rules = Rules(report)
    results = [_finding(f, report, rules) for f in report.findings]
    results += [_undecided(u, report, rules) for u in report.undecided]
    if options.include_passed:
        results += [_passed(p, report, rules) for p in report.passed]
    driver = {
        "name": "iacpolicy",
        "version": report.version,
        "semanticVersion": report.version,
        "rules": rules.descriptors,
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report)],
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the scanned repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {"cells": [_cell_name(i, report) for i in range(len(report.cells))]},
    }
    return dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _finding(finding: Finding, report: Report, rules: Rules) -> dict[str, Any]:
    text = finding.message
    if finding.condition:
        text += f" ({finding.certainty.value}: {when(finding.condition)})"
    if finding.fix:
        text += f"\nRemediation: {finding.fix}"
    result: dict[str, Any] = {
        **_head(finding.policy, finding.address, finding.location, report, rules),
        "kind": "fail",
        "level": LEVELS[finding.severity],
        "message": message(text),
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
    }
    if finding.trace:
        result["codeFlows"] = [_code_flow(finding, report)]
    if finding.waiver is not None and finding.status is FindingStatus.WAIVED:
        result["suppressions"] = [_suppression(finding, report)]
    elif finding.status is FindingStatus.KNOWN:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": "In the baseline."}]
    result["properties"] = {
        "severity": finding.severity.value,
        "certainty": finding.certainty.value,
        "condition": finding.condition,
        "status": finding.status.value,
        "attribute": finding.attribute,
        "addresses": list(finding.addresses),
        "also": list(finding.also),
        "cells": [_cell_name(i, report) for i in finding.cells],
    }
    return result


def _undecided(result: Undecided, report: Report, rules: Rules) -> dict[str, Any]:
    reasons = "; ".join(why.text for why in result.reasons)
    related = [location(why.location, report, why.text) for why in result.reasons if why.location is not None]
    return {
        **_head(result.policy, result.address, result.location, report, rules),
        "kind": "open",
        "level": "none",
        "message": message(f"Undecided for {result.address}: {reasons}"),
        **({"relatedLocations": related} if related else {}),
        "properties": {"cells": [_cell_name(i, report) for i in result.cells]},
    }


def _passed(result: Passed, report: Report, rules: Rules) -> dict[str, Any]:
    return {
        **_head(result.policy, result.address, result.location, report, rules),
        "kind": "pass",
        "level": "none",
        "message": message(f"{result.address} meets {result.policy}"),
        "properties": {"cells": [_cell_name(i, report) for i in result.cells]},
    }


def _head(policy: str, address: str, span: Span, report: Report, rules: Rules) -> dict[str, Any]:
    place = location(span, report)
    place["logicalLocations"] = [{"fullyQualifiedName": address, "kind": "resource"}]
    return {"ruleId": policy, "ruleIndex": rules.index(policy), "locations": [place]}


def _code_flow(finding: Finding, report: Report) -> dict[str, Any]:
    steps = [_step(step, report) for step in finding.trace]
    end = location(finding.location, report, finding.message)
    flow = [{"location": step, "executionOrder": order} for order, step in enumerate([*steps, end], start=1)]
    return {"threadFlows": [{"locations": flow}]}


def _step(step: TraceStep, report: Report) -> dict[str, Any]:
    text = f"{step.kind}: {step.text}"
    if step.path is None:
        return {"message": message(text)}
    line = step.line or 1
    source = report.sources.get(step.path)
    end = len(source.line(line)) + 1 if source is not None else 1
    return location(Span(step.path, line, 1, line, end), report, text)


def _suppression(finding: Finding, report: Report) -> dict[str, Any]:
    assert finding.waiver is not None
    waiver = finding.waiver
    reason = waiver.reason or "No reason given."
    return {
        "kind": "inSource",
        "status": "accepted",
        "justification": f"{reason} (until {waiver.until})" if waiver.until else reason,
        "location": location(waiver.location, report),
    }


def _invocation(report: Report) -> dict[str, Any]:
    notifications = []
    for diagnostic in report.diagnostics:
        text = f"{diagnostic.summary}: {diagnostic.detail}" if diagnostic.detail else diagnostic.summary
        notification: dict[str, Any] = {"level": diagnostic.severity.value, "message": message(text)}
        if diagnostic.location is not None:
            notification["locations"] = [location(diagnostic.location, report)]
        notifications.append(notification)
    return {
        "executionSuccessful": report.exit_code in (ExitCode.CLEAN, ExitCode.VIOLATIONS)
        and not any(d.severity == "error" for d in report.diagnostics),
        "exitCode": int(report.exit_code),
        "exitCodeDescription": embedded("; ".join(report.exit_reasons) or report.exit_code.name.lower()),
        "toolExecutionNotifications": notifications,
    }


def _cell_name(index: int, report: Report) -> str:
    if not 0 <= index < len(report.cells):
        return str(index)
    cell = report.cells[index]
    return f"{cell.root or '.'}@{cell.workspace}" if cell.workspace is not None else cell.root or "."
