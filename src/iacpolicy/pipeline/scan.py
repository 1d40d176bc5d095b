"""The flow: files, syntax, modules, values, graph, policies, gate, report; each stage a value for the next."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from iacpolicy import __version__
from iacpolicy.core.diagnostics import Diagnostic, Level, error, warning
from iacpolicy.core.redaction import Redactor
from iacpolicy.core.sources import SourceFile
from iacpolicy.engine import run as engine
from iacpolicy.engine.findings import Finding
from iacpolicy.gate import governance
from iacpolicy.gate.decide import decide
from iacpolicy.gate.report import Report
from iacpolicy.gate.summary import summarise
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.secrets import find_secrets
from iacpolicy.pipeline.cells import Evaluated, evaluate_cells, evaluation_problems, file_problems
from iacpolicy.pipeline.databases import add_databases
from iacpolicy.pipeline.overlaps import joined
from iacpolicy.pipeline.recursion import deep
from iacpolicy.pipeline.redact import redacted_diagnostics, redacted_findings, redacted_undecided
from iacpolicy.pipeline.repository import Repository
from iacpolicy.pipeline.request import Request
from iacpolicy.pipeline.statics import static_problems
from iacpolicy.pipeline.usage import UsageError
from iacpolicy.pipeline.waive import waive
from iacpolicy.policy.load import catalogue_folder, find_policies, load_policies
from iacpolicy.policy.meta import Meta, Severity
from iacpolicy.policy.policy import Policy
from iacpolicy.settings.load import load as load_settings
from iacpolicy.settings.model import Settings
from iacpolicy.settings.policies import check_policies
from iacpolicy.settings.suggest import did_you_mean


@dataclass
class Scanned:
    """Everything a scan has made, for whoever wants to look at a stage."""

    request: Request
    settings: Settings
    tree: Repository
    evaluated: Evaluated
    graphs: list[Graph]
    redactor: Redactor
    report: Report | None = None
    crashes: list[tuple[str, str, str]] = field(default_factory=list)


@deep()
def prepare(request: Request) -> Scanned:
    """The stages up to the graphs, and the redaction that all output needs.

    Raises:
        UsageError: the settings cannot be read, or nothing of what was asked for exists.
    """
    settings = read_settings(request)
    tree = Repository(request.root, settings.exclude, request.paths)
    evaluated = evaluate_cells(tree, request, settings)
    graphs, problems, evaluated.sql_paths = add_databases(
        tree, evaluated.graphs, evaluated.roots, request.paths, settings
    )
    evaluated.graphs = graphs
    evaluated.diagnostics.extend(problems)
    secrets = find_secrets(graphs, tree)
    redactor = Redactor((s.text for s in secrets), (s.place for s in secrets if s.place is not None))
    return Scanned(request, settings, tree, evaluated, graphs, redactor)


@deep()
def scan(request: Request) -> Scanned:
    """The whole flow, ending in a report.

    Raises:
        UsageError: the settings cannot be read, or nothing of what was asked for exists.
    """
    scanned = prepare(request)
    settings = scanned.settings
    policies, broken = select_policies(request, settings)
    severities = {p.id: settings.severity(p.meta) for p in policies}
    results = engine.run(policies, scanned.graphs, severities, settings.worlds)
    findings, checkov_problems, checkov_metas = _checkov(scanned)
    diagnostics = [
        *file_problems(scanned.evaluated),
        *scanned.evaluated.diagnostics,
        *static_problems(scanned.evaluated, settings),
        *evaluation_problems(scanned.evaluated),
        *results.diagnostics,
        *broken,
        *checkov_problems,
    ]
    if not scanned.graphs:
        diagnostics.append(_nothing(request))
    metas = {**{p.id: p.meta for p in policies}, **checkov_metas}
    scanned.crashes = results.crashes
    results.findings = [*results.findings, *findings]
    scanned.report = _report(scanned, results, diagnostics, metas, policies)
    return scanned


def read_settings(request: Request) -> Settings:
    """The settings of the repository.

    Raises:
        UsageError: a setting is wrong; all that are wrong are told.
    """
    settings, problems = load_settings(Repository(request.root))
    if any(p.severity is Level.ERROR for p in problems):
        raise UsageError("\n".join(_told(p) for p in problems))
    return settings


def _told(problem: Diagnostic) -> str:
    place = f"{problem.location.path}:{problem.location.line}: " if problem.location is not None else ""
    return f"{place}{problem.summary}. {problem.detail}"


def select_policies(request: Request, settings: Settings) -> tuple[list[Policy], list[Diagnostic]]:
    """The policies that run, and a diagnostic for each that cannot be loaded.

    Raises:
        UsageError: an id that was asked for does not exist, or the settings name a wrong one or a wrong option.
    """
    folders = [catalogue_folder(), *request.policy_dirs]
    known: dict[str, Path] = {}
    for folder in folders:
        known.update(find_policies(folder))
    known_ids = {*known, *governance.POLICIES}
    for name in (*request.wanted, *request.skipped):
        if name not in known_ids and not name.startswith(("CKV_", "CKV2_")):
            raise UsageError(
                f'There is no policy "{name}"{did_you_mean(name, known_ids)}. `iacpolicy policies` lists them all.'
            )
    options = {policy_id: own.options for policy_id, own in settings.policies.items()}
    wanted = request.wanted or settings.enabled or ()
    policies, broken = load_policies(folders, options, wanted, (*request.skipped, *settings.skip))
    if settings.policies or settings.enabled or settings.skip:
        everything, _ = load_policies(folders, {})
        problems = check_policies(settings, {p.id: p.meta for p in everything})
        if problems:
            raise UsageError("\n".join(_told(p) for p in problems))
    trouble = [error(f"Policy {b.id} cannot be loaded", f"{b.reason}. The other policies ran.") for b in broken]
    return policies, trouble


def _checkov(scanned: Scanned) -> tuple[list[Finding], list[Diagnostic], dict[str, Meta]]:
    """Checkov's part, where it is wanted and there is something for it to look at."""
    request = scanned.request
    mode = request.checkov or scanned.settings.checkov.mode
    wanted = [w for w in request.wanted if w.startswith(("CKV_", "CKV2_"))]
    if mode == "off" or not scanned.evaluated.roots or (request.wanted and not wanted):
        return [], [], {}
    from iacpolicy.pipeline.checkov import run_checkov

    if request.progress is not None:
        request.progress("running Checkov")
    findings, problems, metas = run_checkov(
        request.root, _outermost(scanned.evaluated.roots), scanned.graphs, required=mode == "on"
    )
    skipped = {*request.skipped, *scanned.settings.skip}
    kept = [f for f in findings if f.policy not in skipped and (not wanted or f.policy in wanted)]
    return kept, problems, metas


def _outermost(directories: Sequence[str]) -> list[str]:
    """The directories that lie in no other of them: Checkov looks at all that is below."""
    kept: list[str] = []
    for directory in sorted(directories):
        if not any(not k or directory == k or directory.startswith(k + "/") for k in kept):
            kept.append(directory)
    return kept


def _nothing(request: Request) -> Diagnostic:
    where = ", ".join(p or "." for p in request.paths)
    return warning(
        "Nothing to scan",
        f"There is no Terraform configuration and no SQL migration in {where}. Give the directory that holds it.",
    )


def _report(
    scanned: Scanned,
    results: engine.Results,
    diagnostics: Sequence[Diagnostic],
    metas: dict[str, Meta],
    policies: Sequence[Policy],
) -> Report:
    request, settings, redactor = scanned.request, scanned.settings, scanned.redactor
    shown = redacted_findings(results.findings, redactor, scanned.tree)
    findings = engine.distinguished(sorted(shown, key=_place_first))
    undecided = redacted_undecided(results.undecided, redactor)
    catalogue = {**governance.POLICIES, **{p.id: p.meta for p in policies}}
    waived = waive(findings, undecided, scanned.evaluated, request, metas, catalogue, _baseline(request, settings))
    findings = joined(sorted(waived.findings, key=_place_first))
    metas = {**metas, **{f.policy: governance.POLICIES[f.policy] for f in findings if f.policy not in metas}}
    told = _sorted(redacted_diagnostics(dict.fromkeys([*diagnostics, *waived.diagnostics]), redactor))
    fails = settings.gate.undecided == "fail" if request.undecided_fails is None else request.undecided_fails
    code, reasons = decide(
        findings,
        undecided,
        told,
        [policy for policy, _, _ in results.crashes],
        fail_on=_fail_on(request, settings),
        possible=settings.gate.possible,
        undecided_fails=fails,
    )
    summary = summarise(
        findings,
        undecided,
        told,
        passed=len(results.passed),
        files=len(scanned.evaluated.used_paths()) + len(scanned.evaluated.sql_paths),
        roots=len(scanned.evaluated.roots),
        cells=len(scanned.graphs),
        resources=results.resources,
        policies=len(metas),
    )
    return Report(
        version=__version__,
        exit_code=code,
        exit_reasons=reasons,
        summary=summary,
        cells=tuple(g.cell for g in scanned.graphs),
        findings=tuple(findings),
        undecided=tuple(undecided),
        passed=tuple(results.passed),
        diagnostics=tuple(told),
        policies=metas,
        sources=_sources(scanned, findings, told),
    )


def _place_first(finding: Finding) -> tuple[object, ...]:
    return (finding.location, finding.policy, finding.address, finding.message, finding.fingerprint)


def _baseline(request: Request, settings: Settings) -> str | None:
    return request.baseline or settings.baseline


def _fail_on(request: Request, settings: Settings) -> Severity | None:
    if request.fail_on is None:
        return settings.fail_on
    return None if request.fail_on == "never" else request.fail_on


def _sorted(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    weight = {Level.ERROR: 0, Level.WARNING: 1, Level.NOTE: 2}
    return sorted(
        diagnostics,
        key=lambda d: (weight[d.severity], d.location is not None, d.location or (), d.summary, d.detail),
    )


def _sources(scanned: Scanned, findings: Sequence[Finding], diagnostics: Sequence[Diagnostic]) -> dict[str, SourceFile]:
    """The files that the report speaks of, redacted."""
    paths = {f.location.path for f in findings}
    paths.update(h.path for f in findings for h in f.trace if h.path is not None)
    paths.update(d.location.path for d in diagnostics if d.location is not None)
    found: dict[str, SourceFile] = {}
    for path in sorted(paths):
        if scanned.tree.exists(path):
            source = scanned.tree.read(path)
            if isinstance(source, SourceFile):
                found[path] = scanned.redactor.source(source)
    return found
