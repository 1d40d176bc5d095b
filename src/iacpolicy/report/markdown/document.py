"""The report as a Markdown summary for a pull request: the exit code, a table of new findings, and the counts.

Its length is limited, because GitHub refuses a comment of more than 65,536 characters.
"""

from collections.abc import Iterator, Sequence

from iacpolicy.core.diagnostics import Diagnostic, Level
from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import Certainty, Finding, Undecided
from iacpolicy.gate.exit_code import ExitCode
from iacpolicy.gate.report import Report
from iacpolicy.report.cell_labels import cell_label
from iacpolicy.report.markdown.escaping import code, prose
from iacpolicy.report.options import DEFAULT, Options
from iacpolicy.report.overlap import grouped, new_findings
from iacpolicy.report.printable import when
from iacpolicy.report.text.summary import counted

MAX_CHARACTERS = 60_000
_TITLES = {
    ExitCode.CLEAN: "no violations",
    ExitCode.VIOLATIONS: "violations",
    ExitCode.USAGE: "wrong use",
    ExitCode.INCOMPLETE: "incomplete",
}


def render(report: Report, options: Options = DEFAULT) -> str:
    """Return the report as Markdown for GitHub and GitLab."""
    lines = [f"## iacpolicy: {_TITLES[report.exit_code]}", ""]
    lines += [f"- {prose(reason)}" for reason in report.exit_reasons]
    lines += [""] if report.exit_reasons else []
    budget = MAX_CHARACTERS - sum(map(len, lines)) - 4_000
    shown = sorted(grouped(new_findings(report.findings)), key=lambda pair: -pair[0].severity.rank)
    sections = (
        ("Findings", ["severity", "policy", "place", "what"], [_finding(f, others, report) for f, others in shown]),
        ("Fixed", ["policy", "place", "what"], [_fixed(f) for f in report.fixed or ()]),
        (
            "Could not be read",
            ["level", "place", "what"],
            [_diagnostic(d) for d in _errors_and_warnings(report.diagnostics)],
        ),
        ("Undecided", ["policy", "place", "why"], [_undecided(u) for u in report.undecided]),
    )
    for title, columns, rows in sections:
        if rows:
            section = list(_table(title, columns, rows, budget))
            budget -= sum(len(line) + 1 for line in section)
            lines += section
    return "\n".join([*lines, *_summary(report)]) + "\n"


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], budget: int) -> Iterator[str]:
    yield from (f"### {title} ({len(rows)})", "")
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for i, row in enumerate(rows):
        line = f"| {' | '.join(row)} |"
        budget -= len(line) + 1
        if budget < 0:
            yield from ("", f"…and {len(rows) - i} more, which the other formats show.")
            break
        yield line
    yield ""


def _finding(finding: Finding, others: Sequence[Finding], report: Report) -> list[str]:
    certainty = " (possible)" if finding.certainty is Certainty.POSSIBLE else ""
    what = [f"{prose(finding.message)}: {code(finding.address)}"]
    if finding.condition:
        what.append(prose(when(finding.condition)))
    cells = cell_label(finding.cells, report.cells, finding.location.path)
    if cells:
        what.append(prose(cells))
    if finding.fix:
        what.append("<br>".join(f"fix: {prose(line)}" for line in finding.fix.splitlines()))
    what += [f"also {code(other.policy)}: {prose(other.message)}" for other in others]
    return [finding.severity.value + certainty, code(finding.policy), _place(finding.location), "<br>".join(what)]


def _fixed(finding: Finding) -> list[str]:
    return [code(finding.policy), _place(finding.location), f"{prose(finding.message)}: {code(finding.address)}"]


def _undecided(result: Undecided) -> list[str]:
    why = [prose(why.text) for why in result.reasons]
    return [code(result.policy), _place(result.location), f"{code(result.address)}: {'<br>'.join(why)}"]


def _errors_and_warnings(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    return [d for level in (Level.ERROR, Level.WARNING) for d in diagnostics if d.severity is level]


def _diagnostic(diagnostic: Diagnostic) -> list[str]:
    text = [prose(diagnostic.summary), *(prose(line) for line in diagnostic.detail.splitlines())]
    return [diagnostic.severity.value, _place(diagnostic.location), "<br>".join(text)]


def _place(span: Span | None) -> str:
    return code(f"{span.path}:{span.line}") if span is not None else ""


def _summary(report: Report) -> list[str]:
    summary = report.summary
    severities = ", ".join(f"{count} {name}" for name, count in summary.by_severity.items() if count)
    return [
        f"{counted(summary.findings, 'finding')}{f' ({severities})' if severities else ''}, "
        f"{summary.undecided} undecided, {summary.passed} passed, {summary.waived} waived, {summary.known} known; "
        f"{counted(summary.resources, 'resource')} in {counted(summary.files, 'file')}, "
        f"{counted(summary.roots, 'root')} and {counted(summary.cells, 'cell')}, "
        f"{counted(summary.policies, 'policy', 'policies')}."
    ]
