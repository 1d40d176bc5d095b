"""The last paragraph of the text report: counts, inputs and the exit code."""

from iacpolicy.gate.exit_code import ExitCode
from iacpolicy.gate.report import Report, Summary
from iacpolicy.report.cell_labels import root_name, roots_with_workspaces
from iacpolicy.report.paint import Paint
from iacpolicy.report.printable import printable

_VERDICTS = {
    ExitCode.CLEAN: "clean",
    ExitCode.VIOLATIONS: "violations",
    ExitCode.USAGE: "wrong use",
    ExitCode.INCOMPLETE: "incomplete",
}


def summary_lines(report: Report, paint: Paint) -> list[str]:
    """Return the lines with the counts, the cells, and the exit code with its reasons."""
    summary = report.summary
    lines = [
        f"{counted(summary.findings, 'finding')}{_by_severity(summary)}{_other_counts(summary)}",
        f"{summary.undecided} undecided, {summary.passed} passed, {counted(summary.diagnostics, 'diagnostic')}",
        f"Scanned {counted(summary.files, 'file')}, {counted(summary.resources, 'resource')}, "
        f"{counted(summary.roots, 'root')} in {counted(summary.cells, 'cell')}, "
        f"with {counted(summary.policies, 'policy', 'policies')}",
    ]
    lines += [f"  {line}" for line in cell_lines(report)]
    style = "good" if report.exit_code is ExitCode.CLEAN else "error"
    reasons = "; ".join(printable(reason) for reason in report.exit_reasons) or _VERDICTS[report.exit_code]
    lines.append(f"{paint(style, f'Exit {int(report.exit_code)}')}: {reasons}")
    return lines


def cell_lines(report: Report) -> list[str]:
    """Return a line for each root, with its workspaces and their var-files."""
    lines = []
    for root, cells in roots_with_workspaces(report.cells):
        names = []
        for cell in cells:
            files = f" ({', '.join(printable(v) for v in cell.var_files)})" if cell.var_files else ""
            names.append(printable(cell.workspace or "no workspace") + files)
        lines.append(f"{printable(root_name(root))}: {', '.join(names)}")
    return lines


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """Return a number with its noun."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"


def _by_severity(summary: Summary) -> str:
    parts = [f"{count} {severity}" for severity, count in summary.by_severity.items() if count]
    return f": {', '.join(parts)}" if parts else ""


def _other_counts(summary: Summary) -> str:
    parts = []
    if summary.possible:
        parts.append(f"{summary.possible} only possible")
    if summary.waived:
        parts.append(f"{summary.waived} waived")
    if summary.known:
        parts.append(f"{summary.known} known")
    return f" ({', '.join(parts)})" if parts else ""
