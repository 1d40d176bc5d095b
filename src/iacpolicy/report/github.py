"""The report as workflow commands, which GitHub shows as annotations on the lines of a pull request.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions; GitHub shows ten of each kind per
step, so the most severe findings come first.
"""

from iacpolicy.core.diagnostics import Level
from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import Finding, Undecided
from iacpolicy.gate.report import Report
from iacpolicy.policy.meta import Severity
from iacpolicy.report.cell_labels import cell_label
from iacpolicy.report.options import DEFAULT, Options
from iacpolicy.report.overlap import grouped, new_findings
from iacpolicy.report.paint import painter
from iacpolicy.report.printable import printable, when, without_commands
from iacpolicy.report.text.summary import summary_lines

_COMMANDS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Level.ERROR: "error",
    Level.WARNING: "warning",
    Level.NOTE: "notice",
}


def render(report: Report, options: Options = DEFAULT) -> str:
    """Return a command for each new finding, diagnostic and undecided result, then the summary as plain text."""
    shown = sorted(grouped(new_findings(report.findings)), key=lambda pair: -pair[0].severity.rank)
    lines = [_finding(finding, report) for finding, _ in shown]
    lines += [_command(_COMMANDS[d.severity], d.location, d.summary, d.detail or d.summary) for d in report.diagnostics]
    lines += [_undecided(result) for result in report.undecided]
    return "".join(f"{line}\n" for line in lines) + without_commands(
        "\n".join(summary_lines(report, painter(False))) + "\n"
    )


def _finding(finding: Finding, report: Report) -> str:
    parts = [finding.message, f"{finding.address}, {finding.attribute}" if finding.attribute else finding.address]
    if finding.condition:
        parts.append(when(finding.condition))
    cells = cell_label(finding.cells, report.cells, finding.location.path)
    if cells:
        parts.append(cells)
    text = "\n".join(printable(part) for part in parts)
    fix = report.fix_of(finding)
    if fix is not None:
        text += "\n" + "\n".join(printable(line) for line in fix.splitlines())
    return _command(_COMMANDS[finding.severity], finding.location, f"{finding.policy} ({finding.severity})", text)


def _undecided(result: Undecided) -> str:
    text = "\n".join(printable(part) for part in (result.address, *(why.text for why in result.reasons)))
    return _command("notice", result.location, f"{result.policy} (undecided)", text)


def _command(name: str, span: Span | None, title: str, text: str) -> str:
    properties = {}
    if span is not None:
        properties = {"file": printable(span.path), "line": str(span.line), "endLine": str(span.end_line)}
        if span.line == span.end_line:
            properties |= {"col": str(span.column), "endColumn": str(max(span.column, span.end_column - 1))}
    properties["title"] = printable(title)
    written = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {written}::{_data(text)}"


def _data(text: str) -> str:
    """Return the text after the second `::`, with line feeds and other control characters as escapes."""
    lines = [printable(line) for line in text.split("\n")]
    return "%0A".join(line.replace("%", "%25").replace("\r", "%0D") for line in lines)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
