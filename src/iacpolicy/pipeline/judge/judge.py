"""The stages from the graphs to the findings as the gate counts them: policies, Checkov, waivers, baseline."""

from collections.abc import Sequence

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, Level
from iacpolicy.engine import run as engine
from iacpolicy.engine.findings import Finding, Passed, Undecided
from iacpolicy.gate import governance
from iacpolicy.pipeline.context.recursion_limit import deep
from iacpolicy.pipeline.judge.apply_waivers import waive
from iacpolicy.pipeline.judge.overlaps import joined
from iacpolicy.pipeline.judge.redact import redacted_diagnostics, redacted_findings, redacted_passed, redacted_undecided
from iacpolicy.pipeline.judge.unset_variables import unset_variables
from iacpolicy.pipeline.policies.trust import own_checks
from iacpolicy.pipeline.prepare.evaluate_cells import evaluation_problems, file_problems
from iacpolicy.pipeline.prepare.prepare import Prepared
from iacpolicy.pipeline.prepare.statics import static_problems
from iacpolicy.policy.loading.policy import Policy
from iacpolicy.policy.meta import Meta
from iacpolicy.settings.settings import Settings


class Judged(msgspec.Struct, frozen=True):
    """What one tree comes to, redacted and sorted; `metas` documents every policy that ran, by id.

    `crashes` has each policy that raised, with its first address and its traceback.
    """

    findings: list[Finding]
    undecided: list[Undecided]
    passed: list[Passed]
    diagnostics: list[Diagnostic]
    metas: dict[str, Meta]
    crashes: list[tuple[str, str, str]]
    resources: int


@deep()
def judge(prepared: Prepared, policies: Sequence[Policy]) -> Judged:
    """Hold the policies against the graphs, and bring in Checkov, waivers and the baseline."""
    request, settings, redactor = prepared.request, prepared.settings, prepared.redactor
    severities = {p.id: settings.severity(p.meta) for p in policies}
    results = engine.run(policies, prepared.graphs, severities, settings.worlds)
    checkov_findings, checkov_problems, checkov_metas = _checkov(prepared)
    metas = {**{p.id: p.meta for p in policies}, **checkov_metas}
    shown = redacted_findings([*results.findings, *checkov_findings], redactor, prepared.tree)
    undecided = redacted_undecided(results.undecided, redactor)
    catalogue = {**governance.POLICIES, **{p.id: p.meta for p in policies}}
    waived = waive(
        engine.distinguished(sorted(shown, key=_place_first)),
        undecided,
        prepared.evaluated,
        request,
        metas,
        catalogue,
        request.baseline or settings.baseline,
        prepared.base,
    )
    findings = joined(sorted(_of_the_gate(waived.findings, settings), key=_place_first))
    metas |= {f.policy: governance.POLICIES[f.policy] for f in findings if f.policy not in metas}
    diagnostics = [
        *file_problems(prepared.evaluated),
        *prepared.evaluated.diagnostics,
        *static_problems(prepared.evaluated, settings),
        *evaluation_problems(prepared.evaluated),
        *results.diagnostics,
        *unset_variables(prepared.graphs, results.hanging),
        *checkov_problems,
        *waived.diagnostics,
    ]
    told = redacted_diagnostics(dict.fromkeys(diagnostics), redactor)
    passed = redacted_passed(results.passed, redactor)
    return Judged(findings, undecided, passed, in_order(told), metas, results.crashes, results.resources)


def _of_the_gate(findings: Sequence[Finding], settings: Settings) -> list[Finding]:
    """The findings, those of the gate's own policies as settings want them."""
    kept: list[Finding] = []
    for finding in findings:
        meta = governance.POLICIES.get(finding.policy)
        if meta is None:
            kept.append(finding)
        elif meta.id not in settings.skip:
            kept.append(msgspec.structs.replace(finding, severity=settings.severity(meta)))
    return kept


def _checkov(prepared: Prepared) -> tuple[list[Finding], list[Diagnostic], dict[str, Meta]]:
    """Checkov's part, where it is wanted and there is something for it to look at."""
    request = prepared.request
    mode = request.checkov or prepared.settings.checkov.mode
    wanted = [w for w in request.wanted if w.startswith(("CKV_", "CKV2_"))]
    if mode == "off" or not prepared.evaluated.roots or (request.wanted and not wanted):
        return [], [], {}
    from iacpolicy.pipeline.judge.checkov_findings import run_checkov

    if request.progress is not None:
        request.progress("running Checkov")
    own, refused = own_checks(request, prepared.settings) if prepared.base is None else (prepared.base.checks, [])
    findings, problems, metas = run_checkov(
        request.root, _outermost(prepared.evaluated.roots), prepared.graphs, own, required=mode == "on"
    )
    problems += refused
    skipped = {*request.skipped, *prepared.settings.skip}
    kept = [f for f in findings if f.policy not in skipped and (not wanted or f.policy in wanted)]
    return kept, problems, metas


def _outermost(directories: Sequence[str]) -> list[str]:
    """The directories that lie in no other of them: Checkov looks at all that is below."""
    kept: list[str] = []
    for directory in sorted(directories):
        if not any(not k or directory == k or directory.startswith(k + "/") for k in kept):
            kept.append(directory)
    return kept


def _place_first(finding: Finding) -> tuple[object, ...]:
    return (finding.location, finding.policy, finding.address, finding.message, finding.fingerprint)


def in_order(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    """Errors before warnings before notes, each by place."""
    weight = {Level.ERROR: 0, Level.WARNING: 1, Level.NOTE: 2}
    return sorted(
        diagnostics,
        key=lambda d: (weight[d.severity], d.location is not None, d.location or (), d.summary, d.detail),
    )
