"""Apply waivers and the baseline to the findings of a run."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error, warning
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import file_start
from iacpolicy.core.tree import Tree
from iacpolicy.engine.findings import Finding, FindingStatus, Undecided
from iacpolicy.gate import baseline as baselines
from iacpolicy.gate import waivers
from iacpolicy.gate.active_waivers import (
    ScopedWaiver,
    active_waivers,
    block_at,
    hcl_scopes,
    line_scopes,
    skips,
    sql_scopes,
)
from iacpolicy.gate.baseline import Baseline, BaselineResult
from iacpolicy.gate.governance import findings_of
from iacpolicy.gate.waiver_comments import HCL_SUFFIXES, InlineWaiver, in_hcl, in_lines, in_sql
from iacpolicy.gate.waivers import WaiverProblem
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.context.run_rules import RulesRevision
from iacpolicy.pipeline.judge.python_waivers import as_sql
from iacpolicy.pipeline.prepare.evaluate_cells import Evaluated
from iacpolicy.policy.meta import Meta
from iacpolicy.sql.migrations.read_file import read_sql_file
from iacpolicy.terraform.files import ParsedFiles


class Waived(msgspec.Struct, frozen=True):
    """The findings that the gate counts, and the problems of the waivers and the baseline."""

    findings: tuple[Finding, ...]
    diagnostics: tuple[Diagnostic, ...]


def waive(
    findings: Sequence[Finding],
    undecided: Sequence[Undecided],
    evaluated: Evaluated,
    request: Request,
    metas: dict[str, Meta],
    catalogue: dict[str, Meta],
    baseline: str | None,
    base: RulesRevision | None = None,
) -> Waived:
    """Mark the findings that comments and the baseline accept, and add a finding for each problem of a waiver.

    With a base, only the waivers of the base count, and its baseline.
    """
    scoped, problems = _comments(evaluated, (f.location.path for f in findings))
    comments = tuple(waiver for waiver, _ in scoped)
    added: tuple[InlineWaiver, ...] = ()
    if base is not None:
        split = active_waivers(scoped, _of_base(scoped, base, evaluated))
        comments, added = split.active, split.added
        findings = [_as_in_base(f, base, evaluated) for f in findings]
    applied = waivers.apply(
        findings,
        comments,
        added=added,
        today=request.today,
        catalogue={**catalogue, **metas},
        ran=set(metas),
        undecided=undecided,
    )
    marked = BaselineResult(applied.findings, ())
    unread: tuple[Diagnostic, ...] = ()
    if baseline is not None:
        entries, unread = _read_baseline(baseline, applied.findings, evaluated.files.tree, base)
        marked = baselines.mark(applied.findings, entries, today=request.today, ran=set(metas))
    wanted = [r for r in (*applied.problems, *marked.problems) if _is_wanted(r, request)]
    not_yet = () if base is None else (_inactive(waiver, base) for waiver in added)
    return Waived((*marked.findings, *findings_of(wanted)), (*problems, *not_yet, *unread))


def _is_wanted(remark: WaiverProblem, request: Request) -> bool:
    if remark.policy in request.skipped:
        return False
    return not request.wanted or remark.policy in request.wanted or remark.subject in request.wanted


def _comments(evaluated: Evaluated, paths_of_findings: Iterable[str]) -> tuple[list[ScopedWaiver], list[Diagnostic]]:
    """Return the waivers in all files of a run and of its findings, and a warning for each invalid comment."""
    found: list[ScopedWaiver] = []
    problems: list[Diagnostic] = []
    paths = (
        *evaluated.used_paths(),
        *evaluated.sql_paths,
        *evaluated.monitoring_paths,
        *sorted(set(paths_of_findings)),
    )
    for path in dict.fromkeys(paths):
        scoped, wrong = _of_file(path, evaluated.files)
        found += scoped
        problems += wrong
    return found, problems


def _of_file(path: str, files: ParsedFiles) -> tuple[list[ScopedWaiver], list[Diagnostic]]:
    if path.endswith((".sql", ".py")):
        source = read_sql_file(files.tree, path) if path.endswith(".sql") else files.tree.read(path)
        if isinstance(source, Diagnostic):
            return [], []
        source = source if path.endswith(".sql") else as_sql(source)
        comments, wrong = in_sql(source)
        return list(sql_scopes(comments, source)), wrong
    if path.endswith(".json"):
        return [], []
    if not path.endswith(HCL_SUFFIXES):
        source = files.tree.read(path)
        if isinstance(source, Diagnostic):
            return [], []
        comments, wrong = in_lines(source)
        return list(line_scopes(comments, source)), wrong
    parsed = files.parsed(path)
    if parsed is None:
        return [], []
    comments, wrong = in_hcl(*parsed)
    return list(hcl_scopes(comments, *parsed)), wrong


def _of_base(scoped: Iterable[ScopedWaiver], base: RulesRevision, evaluated: Evaluated) -> Iterator[ScopedWaiver]:
    """Yield the waivers of the base in the files that have waivers now."""
    files = ParsedFiles(base.tree, evaluated.files.parser)
    for path in sorted({waiver.location.path for waiver, _ in scoped}):
        if base.tree.exists(path):
            yield from _of_file(path, files)[0]


def _inactive(waiver: InlineWaiver, base: RulesRevision) -> Diagnostic:
    return warning(
        "Waiver is not active yet",
        f"The waiver of {', '.join(waiver.policies)} is not in {base}, from which --policies-from takes the "
        "waivers. It becomes active when it is merged.",
        waiver.location,
    )


def _as_in_base(finding: Finding, base: RulesRevision, evaluated: Evaluated) -> Finding:
    """Return the finding as new if a Checkov comment skips it here but not in the same block of the base."""
    if finding.status is not FindingStatus.WAIVED:
        return finding
    path = finding.location.path
    now = evaluated.files.parsed(path)
    before = ParsedFiles(base.tree, evaluated.files.parser).parsed(path) if base.tree.exists(path) else None
    if now is not None and before is not None:
        block = block_at(*now, finding.location.line)
        if block is not None and block in skips(*before, finding.policy):
            return finding
    return msgspec.structs.replace(finding, status=FindingStatus.NEW, waiver=None)


def _read_baseline(
    path: str, findings: Sequence[Finding], tree: Tree, base: RulesRevision | None
) -> tuple[Baseline, tuple[Diagnostic, ...]]:
    """Return the entries that count of the baseline of the base, or of the work tree without a base.

    An entry of the base counts where a finding needs it, or the baseline of the work tree still has it.
    """
    rules = base.tree if base is not None else tree
    if not rules.exists(path):
        detail = f"{path} does not exist{f' in {base}' if base is not None else ''}. `iacpolicy baseline` writes it."
        return Baseline(), (error("Baseline not found", detail, file_start(path)),)
    source = rules.read(path)
    if isinstance(source, Diagnostic):
        return Baseline(), (source,)
    baseline, wrong = baselines.read(source)
    if base is not None:
        baseline = baselines.only(baseline, {f.fingerprint for f in findings} | _kept(tree, path))
    return baseline, tuple(wrong)


def _kept(tree: Tree, path: str) -> set[str]:
    """Return the fingerprints in the baseline of the work tree; an entry that it has removed is not unused."""
    source = tree.read(path) if tree.exists(path) else None
    return set(baselines.read(source)[0].entries) if isinstance(source, SourceFile) else set()
