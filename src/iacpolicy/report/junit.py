"""The report as JUnit XML, which most CI servers show: a test suite per policy, a test case per finding.

A violation is a failure. Undecided, known and waived results are skipped cases. An unreadable file is an error. A
policy without findings is one passed case.
"""

from collections.abc import Sequence

from iacpolicy.core.diagnostics import Diagnostic, Level
from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import Finding, FindingStatus
from iacpolicy.gate.report import Report
from iacpolicy.report.options import DEFAULT, Options
from iacpolicy.report.printable import printable, when

_Case = tuple[str, str]  # the kind of the outcome, and the XML lines


def render(report: Report, options: Options = DEFAULT) -> str:
    """Return the report as one `testsuites` element."""
    suites = {policy: _policy(policy, report, options) for policy in _policies(report)}
    if report.diagnostics:
        suites["diagnostics"] = [_diagnostic(d) for d in report.diagnostics]
    every = [case for cases in suites.values() for case in cases]
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites{_attributes(name='iacpolicy')}{_counts(every)}>"]
    for name, cases in suites.items():
        lines.append(f"  <testsuite{_attributes(name=name)}{_counts(cases)}>")
        lines += [text for _, text in cases]
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _policies(report: Report) -> list[str]:
    named = {f.policy for f in report.findings} | {u.policy for u in report.undecided}
    return sorted({*report.policies, *named})


def _policy(policy: str, report: Report, options: Options) -> list[_Case]:
    cases = [_finding(f) for f in report.findings if f.policy == policy]
    for result in report.undecided:
        if result.policy == policy:
            reasons = "; ".join(why.text for why in result.reasons)
            cases.append(_skipped(policy, result.address, result.location, f"undecided: {reasons}"))
    if options.include_passed:
        cases += [_case("passed", policy, p.address, p.location) for p in report.passed if p.policy == policy]
    return cases or [_case("passed", policy, "no violation", None)]


def _finding(finding: Finding) -> _Case:
    if finding.status is FindingStatus.KNOWN:
        return _skipped(finding.policy, finding.address, finding.location, f"known: {finding.message}")
    if finding.status is FindingStatus.WAIVED:
        reason = finding.waiver.reason if finding.waiver is not None else None
        message = f"waived: {reason or 'no reason given'}: {finding.message}"
        return _skipped(finding.policy, finding.address, finding.location, message)
    lines = [f"{finding.location.path}:{finding.location.line}:{finding.location.column}"]
    if finding.condition:
        lines.append(when(finding.condition))
    if finding.fix:
        lines += [f"fix: {line}" for line in finding.fix.splitlines()]
    lines += [f"{step.path or '-'}:{step.line or '-'}: {step.kind}: {step.text.strip()}" for step in finding.trace]
    body = "\n".join(_text(line) for line in lines)
    attributes = _attributes(message=finding.message, type=f"{finding.severity} {finding.certainty}")
    outcome = f"      <failure{attributes}>{body}</failure>"
    return _case("failures", finding.policy, finding.address, finding.location, outcome)


def _diagnostic(diagnostic: Diagnostic) -> _Case:
    attributes = _attributes(message=diagnostic.summary, type=diagnostic.severity.value)
    body = "\n".join(_text(line) for line in diagnostic.detail.splitlines())
    if diagnostic.severity is Level.ERROR:
        outcome = f"      <error{attributes}>{body}</error>"
        return _case("errors", "diagnostics", diagnostic.summary, diagnostic.location, outcome)
    return _skipped("diagnostics", diagnostic.summary, diagnostic.location, f"{diagnostic.severity}: {body}")


def _skipped(policy: str, address: str, span: Span | None, message: str) -> _Case:
    return _case("skipped", policy, address, span, f"      <skipped{_attributes(message=message)}/>")


def _case(kind: str, policy: str, address: str, span: Span | None, outcome: str = "") -> _Case:
    name = address if span is None else f"{address} ({span.path}:{span.line})"
    head = f"    <testcase{_attributes(classname=policy, name=name)}"
    if span is not None:
        head += _attributes(file=span.path, line=str(span.line))
    return kind, f"{head}/>" if not outcome else f"{head}>\n{outcome}\n    </testcase>"


def _counts(cases: Sequence[_Case]) -> str:
    kinds = [kind for kind, _ in cases]
    numbers = {kind: str(kinds.count(kind)) for kind in ("failures", "errors", "skipped")}
    return _attributes(tests=str(len(kinds)), **numbers)


def _attributes(**values: str) -> str:
    return "".join(f' {name}="{_text(value)}"' for name, value in values.items())


def _text(text: str) -> str:
    """Return text that XML 1.0 allows, without markup; `printable` has replaced the control characters."""
    return printable(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
