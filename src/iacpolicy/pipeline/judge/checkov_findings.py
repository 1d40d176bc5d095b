"""Turn the results of Checkov into findings of the report."""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from iacpolicy.checkov.results import CheckovResult
from iacpolicy.checkov.runner import run
from iacpolicy.core.diagnostics import Diagnostic, Level
from iacpolicy.core.spans import Span
from iacpolicy.engine.findings import Certainty, Finding, FindingStatus, Waiver
from iacpolicy.engine.fingerprints import fingerprint
from iacpolicy.graph.graph import Graph
from iacpolicy.pipeline.judge.checkov_outcome import CheckovOutcome
from iacpolicy.policy.loading.load import catalogue_folder
from iacpolicy.policy.meta import Meta, Severity


def run_checkov(
    root: Path,
    directories: Sequence[str],
    graphs: Sequence[Graph],
    own: Sequence[Path] = (),
    *,
    required: bool,
) -> CheckovOutcome:
    """Run the catalogue's custom checks, and those in `own`, over directories.

    A problem of Checkov is an error where Checkov is `required`, else a warning.
    """
    checks = catalogue_folder() / "checkov"
    outcome = run(root, directories, checks_dirs=(checks, *own), required=required)
    findings: list[Finding] = []
    metas: dict[str, Meta] = {}
    for result in outcome.results:
        if result.status in ("failed", "skipped"):
            findings.append(_finding(result, graphs))
            metas.setdefault(result.check_id, _meta(result))
    problems = tuple(d if required else _optional(d) for d in outcome.diagnostics)
    return CheckovOutcome(tuple(findings), problems, metas)


def _optional(problem: Diagnostic) -> Diagnostic:
    """Return the problem as a warning: a run without Checkov is complete, but the report mentions the problem."""
    if problem.severity is not Level.ERROR:
        return problem
    return msgspec.structs.replace(problem, severity=Level.WARNING)


def _severity(result: CheckovResult) -> Severity:
    try:
        return Severity((result.severity or "medium").lower())
    except ValueError:
        return Severity.MEDIUM


def _finding(result: CheckovResult, graphs: Sequence[Graph]) -> Finding:
    place = Span(result.path, result.line, 1, result.line, 1)
    directory = result.path.rpartition("/")[0]
    cells = tuple(
        g.index for g in graphs if g.root is not None and any(n.place.path == result.path for n in g.nodes)
    ) or tuple(g.index for g in graphs if g.cell.root == directory)
    skipped = result.status == "skipped"
    return Finding(
        policy=result.check_id,
        severity=_severity(result),
        certainty=Certainty.CERTAIN,
        message=result.check_name,
        address=result.resource,
        attribute=None,
        location=place,
        fingerprint=fingerprint(result.check_id, result.resource, None, result.path),
        cells=cells,
        addresses=(result.resource,),
        waiver=Waiver(result.comment, None, place) if skipped else None,
        status=FindingStatus.WAIVED if skipped else FindingStatus.NEW,
    )


def _meta(result: CheckovResult) -> Meta:
    guideline = result.guideline or ""
    return Meta(
        id=result.check_id,
        title=result.check_name,
        severity=_severity(result),
        on=(),
        why=result.check_name,
        fix=f"See {guideline}" if guideline else "See the check's own documentation.",
        references=(guideline,) if guideline.startswith("http") else (),
    )
