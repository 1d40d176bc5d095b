"""Waivers and the baseline applied to the findings of a run."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import file_start
from iacpolicy.core.tree import Tree
from iacpolicy.engine.findings import Finding, Undecided
from iacpolicy.gate import baseline as baselines
from iacpolicy.gate import waivers
from iacpolicy.gate.governance import findings_of
from iacpolicy.gate.waiver_comments import InlineWaiver, in_hcl, in_sql
from iacpolicy.gate.waivers import Remark
from iacpolicy.pipeline.cells import Evaluated
from iacpolicy.pipeline.request import Request
from iacpolicy.policy.meta import Meta


@dataclass(frozen=True)
class Waived:
    """The findings as the gate counts them, and what is wrong with the waivers themselves."""

    findings: list[Finding]
    diagnostics: list[Diagnostic]


def waive(
    findings: Sequence[Finding],
    undecided: Sequence[Undecided],
    evaluated: Evaluated,
    request: Request,
    metas: dict[str, Meta],
    catalogue: dict[str, Meta],
    baseline: str | None,
) -> Waived:
    """Mark what comments and the baseline accept, and add what there is to say of those."""
    comments, problems = _comments(evaluated)
    applied = waivers.apply(
        findings,
        comments,
        today=request.today,
        catalogue={**catalogue, **metas},
        ran=set(metas),
        undecided=undecided,
    )
    marked, remarks = list(applied.findings), list(applied.remarks)
    if baseline is not None:
        marked, more = _by_baseline(marked, evaluated.files.tree, baseline, request, metas, problems)
        remarks += more
    wanted = [r for r in remarks if _is_wanted(r, request)]
    return Waived([*marked, *findings_of(wanted)], problems)


def _is_wanted(remark: Remark, request: Request) -> bool:
    if remark.policy in request.skipped:
        return False
    return not request.wanted or remark.policy in request.wanted or remark.subject in request.wanted


def _comments(evaluated: Evaluated) -> tuple[list[InlineWaiver], list[Diagnostic]]:
    found: list[InlineWaiver] = []
    problems: list[Diagnostic] = []
    for path in evaluated.used_paths():
        parsed = evaluated.files.parsed(path)
        if parsed is not None and not path.endswith(".json"):
            comments, wrong = in_hcl(*parsed)
            found += comments
            problems += wrong
    for path in evaluated.sql_paths:
        source = evaluated.files.tree.read(path)
        if isinstance(source, SourceFile):
            comments, wrong = in_sql(source)
            found += comments
            problems += wrong
    return found, problems


def _by_baseline(
    findings: list[Finding],
    tree: Tree,
    path: str,
    request: Request,
    metas: Iterable[str],
    problems: list[Diagnostic],
) -> tuple[list[Finding], list[Remark]]:
    if not tree.exists(path):
        problems.append(
            error("Baseline not found", f"{path} does not exist. `iacpolicy baseline` writes it.", file_start(path))
        )
        return findings, []
    source = tree.read(path)
    if isinstance(source, Diagnostic):
        problems.append(source)
        return findings, []
    baseline, wrong = baselines.read(source)
    problems += wrong
    marked = baselines.mark(findings, baseline, today=request.today, ran=set(metas))
    return list(marked.findings), list(marked.remarks)
