"""The text report: each finding with its source line, its trace and its remediation, then a summary."""

from collections import Counter
from collections.abc import Iterator, Sequence

from iacpolicy.core.diagnostics import Diagnostic, Level
from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import Certainty, Finding, FindingStatus, TraceStep, Undecided
from iacpolicy.gate.report import Report
from iacpolicy.report.cell_labels import cell_label
from iacpolicy.report.excerpt import excerpt
from iacpolicy.report.options import DEFAULT, Options
from iacpolicy.report.overlap import grouped, new_findings
from iacpolicy.report.paint import Paint, painter
from iacpolicy.report.printable import printable, when, whole_line, width, without_commands
from iacpolicy.report.text.summary import summary_lines

_LEVELS = {Level.ERROR: 0, Level.WARNING: 1, Level.NOTE: 2}
MAX_ADDRESSES = 3
MANY_NOTES = 3


def render(report: Report, options: Options = DEFAULT) -> str:
    """Return the report as text; lines are not wrapped, so the text does not depend on the terminal."""
    paint = painter(options.color)
    blocks = [
        *(_finding(finding, others, report, paint) for finding, others in grouped(new_findings(report.findings))),
        *_section("Fixed since the base", [_one_line(f) for f in report.fixed or ()]),
        *_section("Waived", [_waived(f) for f in report.findings if f.status is FindingStatus.WAIVED]),
        *(_undecided(result, report, paint) for result in report.undecided),
        *(_passed(report) if options.include_passed else ()),
        *_diagnostics(report, paint),
        summary_lines(report, paint),
    ]
    return without_commands("\n\n".join("\n".join(lines) for lines in blocks) + "\n")


def place(span: Span) -> str:
    """Return the start of a span as `path:line:column`."""
    return f"{file_name(span.path)}:{span.line}:{span.column}"


def file_name(path: str) -> str:
    """Return a path as printable text."""
    return printable(path)


def _finding(finding: Finding, others: Sequence[Finding], report: Report, paint: Paint) -> list[str]:
    severity = paint(finding.severity.value, finding.severity.value)
    if finding.certainty is Certainty.POSSIBLE:
        severity += " (possible)"
    head = f"{paint('path', place(finding.location))}: {severity}: {printable(finding.message)}"
    lines = [f"{head} [{printable(finding.policy)}]", *_source(finding.location, report, paint)]
    lines += _fact("what", [_description(finding, report)], paint)
    if finding.condition:
        word, _, condition = when(finding.condition).partition(" ")
        lines += _fact(word, [condition], paint)
    lines += _fact("from", _trace(finding.trace), paint)
    fix = report.fix_of(finding) or ""
    lines += _fact("fix", [printable(part) for part in fix.splitlines() if part.strip()], paint)
    lines += _fact("also", [_also(other, finding) for other in others], paint)
    return lines


def _description(finding: Finding, report: Report) -> str:
    text = printable(finding.address)
    if finding.address in {cell.root or "." for cell in report.cells}:
        text = f"root module {text}"
    if finding.attribute:
        text += f", {printable(finding.attribute)}"
    more = [a for a in finding.addresses if a != finding.address]
    if more:
        shown = [printable(a) for a in more[:MAX_ADDRESSES]]
        rest = len(more) - len(shown)
        text += f"; also {', '.join(shown)}" + (f" and {rest} more" if rest else "")
    cells = cell_label(finding.cells, report.cells, finding.location.path)
    return f"{text} ({printable(cells)})" if cells else text


def _also(other: Finding, shown: Finding) -> str:
    where = "" if other.location.line == shown.location.line else f" ({place(other.location)})"
    return f"{printable(other.policy)}: {printable(other.message)}{where}"


def _trace(trace: Sequence[TraceStep]) -> list[str]:
    places = [_step_place(step) for step in trace]
    longest = max((width(p) for p in places), default=0)
    kinds = max((len(step.kind) for step in trace), default=0)
    return [
        f"{at}{' ' * (longest - width(at))}  {printable(step.kind):{kinds}}  {whole_line(step.text.strip())}".rstrip()
        for step, at in zip(trace, places, strict=True)
    ]


def _step_place(step: TraceStep) -> str:
    if step.path is None:
        return "-"
    return file_name(step.path) if step.line is None else f"{file_name(step.path)}:{step.line}"


def _source(span: Span, report: Report, paint: Paint) -> list[str]:
    found = excerpt(span, report.sources)
    if found is None:
        return []
    line, marks = found
    bar = paint("dim", "|")
    indent = len(marks) - len(marks.lstrip())
    return [f"{span.line:>6} {bar} {line}", f"{'':6} {bar} {marks[:indent]}{paint('mark', marks[indent:])}"]


def _fact(name: str, values: Sequence[str], paint: Paint) -> Iterator[str]:
    """Yield a line for each value, the first one after the name, the others below it."""
    for i, value in enumerate(values):
        label = (name if i == 0 else "").ljust(5)
        yield f"  {paint('dim', label)} {value}"


def _section(title: str, lines: Sequence[str]) -> list[list[str]]:
    return [[f"{title}:", *(f"  {line}" for line in lines)]] if lines else []


def _one_line(finding: Finding) -> str:
    return f"{place(finding.location)}: {printable(finding.policy)}: {printable(finding.message)}"


def _waived(finding: Finding) -> str:
    waiver = finding.waiver
    if waiver is None:
        return _one_line(finding)
    until = f", until {printable(waiver.until)}" if waiver.until else ""
    reason = printable(waiver.reason) if waiver.reason else "no reason given"
    return f"{_one_line(finding)} ({reason}{until}; {file_name(waiver.location.path)}:{waiver.location.line})"


def _undecided(result: Undecided, report: Report, paint: Paint) -> list[str]:
    head = f"{paint('path', place(result.location))}: {paint('undecided', 'undecided')}: {printable(result.address)}"
    cells = cell_label(result.cells, report.cells, result.location.path)
    lines = [f"{head}{f' ({printable(cells)})' if cells else ''} [{printable(result.policy)}]"]
    reasons = [
        printable(why.text) + (f" ({file_name(why.location.path)}:{why.location.line})" if why.location else "")
        for why in result.reasons
    ]
    return [*lines, *_fact("why", reasons, paint)]


def _passed(report: Report) -> list[list[str]]:
    return _section(
        "Passed", [f"{place(p.location)}: {printable(p.policy)}: {printable(p.address)}" for p in report.passed]
    )


def _diagnostics(report: Report, paint: Paint) -> Iterator[list[str]]:
    """Yield errors first; many notes with the same summary are printed as one list."""
    kinds = Counter(d.summary for d in report.diagnostics if d.severity is Level.NOTE)
    listed: set[str] = set()
    for diagnostic in sorted(report.diagnostics, key=lambda d: _LEVELS[d.severity]):
        summary = diagnostic.summary
        if diagnostic.severity is not Level.NOTE or kinds[summary] < MANY_NOTES:
            yield _diagnostic(diagnostic, report, paint)
        elif summary not in listed:
            listed.add(summary)
            alike = [d for d in report.diagnostics if d.severity is Level.NOTE and d.summary == summary]
            yield _notes(alike, paint)


def _notes(alike: Sequence[Diagnostic], paint: Paint) -> list[str]:
    head = f"{paint('note', 'note')}: {printable(alike[0].summary)} ({len(alike)} times)"
    places = [place(d.location) if d.location is not None else "" for d in alike]
    widest = max(map(width, places))
    first = [next((part for part in d.detail.splitlines() if part.strip()), "") for d in alike]
    return [
        head,
        *(
            f"  {paint('path', where)}{' ' * (widest - width(where))}  {printable(detail)}".rstrip()
            for where, detail in zip(places, first, strict=True)
        ),
    ]


def _diagnostic(diagnostic: Diagnostic, report: Report, paint: Paint) -> list[str]:
    level = paint(diagnostic.severity.value, diagnostic.severity.value)
    span = diagnostic.location
    head = f"{level}: {printable(diagnostic.summary)}"
    lines = [head if span is None else f"{paint('path', place(span))}: {head}"]
    if span is not None:
        lines += _source(span, report, paint)
    return lines + [f"  {printable(part)}" for part in diagnostic.detail.splitlines() if part.strip()]
