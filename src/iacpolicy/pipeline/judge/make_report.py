"""Make the report: the decision of the gate, the counts and the source files for excerpts."""

from collections.abc import Sequence

from iacpolicy import __version__
from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.engine.findings import Finding
from iacpolicy.gate.decide import decide
from iacpolicy.gate.report import Report
from iacpolicy.gate.summary import summarise
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.judge.compare_base import Compared
from iacpolicy.pipeline.judge.judge import Judged
from iacpolicy.pipeline.prepare.prepare import Prepared
from iacpolicy.policy.meta import Severity
from iacpolicy.settings.settings import Settings


def make_report(
    prepared: Prepared,
    judged: Judged,
    compared: Compared,
    diagnostics: tuple[Diagnostic, ...],
) -> Report:
    """Return the report of a run; `judged` has the findings of the head before the comparison with a base."""
    request, settings, findings = prepared.request, prepared.settings, compared.findings
    fails = settings.gate.undecided == "fail" if request.undecided_fails is None else request.undecided_fails
    code, reasons = decide(
        findings,
        judged.undecided,
        diagnostics,
        [policy for policy, _, _ in judged.crashes],
        fail_on=_fail_on(request, settings),
        possible=settings.gate.possible,
        undecided_fails=fails,
    )
    summary = summarise(
        findings,
        judged.undecided,
        diagnostics,
        passed=len(judged.passed),
        files=len(prepared.evaluated.scanned_paths()),
        roots=len(prepared.evaluated.roots),
        cells=len(prepared.graphs),
        resources=judged.resources,
        policies=len(judged.metas),
    )
    return Report(
        version=__version__,
        exit_code=code,
        exit_reasons=reasons,
        summary=summary,
        cells=tuple(g.cell for g in prepared.graphs),
        findings=findings,
        undecided=judged.undecided,
        passed=judged.passed,
        diagnostics=diagnostics,
        policies=judged.metas,
        sources=_sources(prepared, findings, diagnostics),
        fixed=compared.fixed,
    )


def _fail_on(request: Request, settings: Settings) -> Severity | None:
    if request.fail_on is None:
        return settings.fail_on
    return None if request.fail_on == "never" else request.fail_on


def _sources(
    prepared: Prepared, findings: Sequence[Finding], diagnostics: Sequence[Diagnostic]
) -> dict[str, SourceFile]:
    """Return the redacted files of all findings and diagnostics, by path."""
    paths = {f.location.path for f in findings}
    paths.update(h.path for f in findings for h in f.trace if h.path is not None)
    paths.update(d.location.path for d in diagnostics if d.location is not None)
    found: dict[str, SourceFile] = {}
    for path in sorted(paths):
        if prepared.tree.exists(path):
            source = prepared.tree.read(path)
            if isinstance(source, SourceFile):
                found[path] = prepared.redactor.source(source)
    return found
