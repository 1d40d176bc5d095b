"""The stages from the graphs to the findings that the gate counts: policies, Checkov, waivers, baseline."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, Level
from iacpolicy.engine import run as engine
from iacpolicy.engine.findings import Finding, Passed, Undecided
from iacpolicy.engine.fingerprints import distinguished
from iacpolicy.gate import governance
from iacpolicy.pipeline.context.recursion_limit import deep_recursion
from iacpolicy.pipeline.judge.apply_waivers import waive
from iacpolicy.pipeline.judge.checkov_outcome import CheckovOutcome
from iacpolicy.pipeline.judge.overlaps import joined
from iacpolicy.pipeline.judge.redact import redacted_diagnostics, redacted_findings, redacted_passed, redacted_undecided
from iacpolicy.pipeline.judge.unset_variables import unset_variables
from iacpolicy.pipeline.policies.trust import repository_checks
from iacpolicy.pipeline.prepare.evaluate_cells import evaluation_problems
from iacpolicy.pipeline.prepare.prepare import Prepared
from iacpolicy.pipeline.prepare.statics import static_problems
from iacpolicy.policy.loading.policy import Policy
from iacpolicy.policy.meta import Meta
from iacpolicy.settings.settings import Settings


class Judged(msgspec.Struct, frozen=True):
    """The results for one tree, redacted and sorted.

    `diagnostics` are those of all stages up to here. `metas` documents every policy that ran, by id. `crashes` has each
    policy that raised, with the address of the first resource and the traceback.
    """

    findings: tuple[Finding, ...]
    undecided: tuple[Undecided, ...]
    passed: tuple[Passed, ...]
    diagnostics: tuple[Diagnostic, ...]
    metas: Mapping[str, Meta]
    crashes: tuple[tuple[str, str, str], ...]
    resources: int


@deep_recursion()
def judge(prepared: Prepared, policies: Sequence[Policy]) -> Judged:
    """Run the policies and Checkov over the graphs, then apply waivers and the baseline."""
    request, settings, redactor = prepared.request, prepared.settings, prepared.redactor
    severities = {p.id: settings.severity(p.meta) for p in policies}
    results = engine.run(policies, prepared.graphs, prepared.secrets, severities, settings.worlds)
    checkov = _checkov(prepared)
    metas = {**{p.id: p.meta for p in policies}, **checkov.metas}
    shown = redacted_findings([*results.findings, *checkov.findings], redactor, prepared.tree)
    undecided = redacted_undecided(results.undecided, redactor)
    catalogue = {**governance.POLICIES, **{p.id: p.meta for p in policies}}
    waived = waive(
        distinguished(sorted(shown, key=_place_first)),
        undecided,
        prepared.evaluated,
        request,
        metas,
        catalogue,
        request.baseline or settings.baseline,
        prepared.base,
    )
    findings = joined(sorted(_with_gate_settings(waived.findings, settings), key=_place_first))
    metas = {**metas, **{f.policy: governance.POLICIES[f.policy] for f in findings if f.policy not in metas}}
    diagnostics = [
        *prepared.diagnostics,
        *static_problems(prepared.evaluated, settings),
        *evaluation_problems(prepared.evaluated),
        *results.diagnostics,
        *unset_variables(prepared.graphs, results.dependent),
        *checkov.diagnostics,
        *waived.diagnostics,
    ]
    return Judged(
        findings=findings,
        undecided=undecided,
        passed=redacted_passed(results.passed, redactor),
        diagnostics=in_order(redacted_diagnostics(dict.fromkeys(diagnostics), redactor)),
        metas=metas,
        crashes=results.crashes,
        resources=results.resources,
    )


def _with_gate_settings(findings: Iterable[Finding], settings: Settings) -> list[Finding]:
    """Return the findings, and apply the settings to those of the gate's own policies."""
    kept: list[Finding] = []
    for finding in findings:
        meta = governance.POLICIES.get(finding.policy)
        if meta is None:
            kept.append(finding)
        elif meta.id not in settings.skip:
            kept.append(msgspec.structs.replace(finding, severity=settings.severity(meta)))
    return kept


def _checkov(prepared: Prepared) -> CheckovOutcome:
    """Return the results of Checkov; they are empty where it is off or there is no Terraform."""
    request = prepared.request
    mode = request.checkov or prepared.settings.checkov.mode
    wanted = [w for w in request.wanted if w.startswith(("CKV_", "CKV2_"))]
    if mode == "off" or not prepared.evaluated.roots or (request.wanted and not wanted):
        return CheckovOutcome()
    from iacpolicy.pipeline.judge.checkov_findings import run_checkov

    if request.progress is not None:
        request.progress("running Checkov")
    own, refused = (
        repository_checks(request, prepared.settings) if prepared.base is None else (prepared.base.checks, [])
    )
    outcome = run_checkov(
        request.root, _outermost(prepared.evaluated.roots), prepared.graphs, own, required=mode == "on"
    )
    skipped = {*request.skipped, *prepared.settings.skip}
    kept = (f for f in outcome.findings if f.policy not in skipped and (not wanted or f.policy in wanted))
    return msgspec.structs.replace(outcome, findings=tuple(kept), diagnostics=(*outcome.diagnostics, *refused))


def _outermost(directories: Sequence[str]) -> list[str]:
    """Return the directories that are not inside another one, because Checkov scans all subdirectories."""
    kept: list[str] = []
    for directory in sorted(directories):
        if not any(not k or directory == k or directory.startswith(k + "/") for k in kept):
            kept.append(directory)
    return kept


def _place_first(finding: Finding) -> tuple[object, ...]:
    return (finding.location, finding.policy, finding.address, finding.message, finding.fingerprint)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return errors before warnings before notes, each by location."""
    weight = {Level.ERROR: 0, Level.WARNING: 1, Level.NOTE: 2}
    ordered = sorted(
        diagnostics,
        key=lambda d: (weight[d.severity], d.location is not None, d.location or (), d.summary, d.detail),
    )
    return tuple(ordered)
