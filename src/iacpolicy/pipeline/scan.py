"""The flow: files, syntax, modules, values, graph, policies, gate, report; each stage a value for the next."""

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, warning
from iacpolicy.gate.report import Report
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.judge.compare_base import compare
from iacpolicy.pipeline.judge.judge import in_order, judge
from iacpolicy.pipeline.judge.make_report import make_report
from iacpolicy.pipeline.policies.policy_names import by_ids
from iacpolicy.pipeline.policies.revision_rules import rules_of
from iacpolicy.pipeline.policies.select import policy_sources, select_policies
from iacpolicy.pipeline.prepare.prepare import Prepared, prepare


class Scanned(msgspec.Struct, frozen=True):
    """A report, what was made on the way to it, and the traceback of each policy that raised."""

    prepared: Prepared
    report: Report
    crashes: list[tuple[str, str, str]]


def scan(request: Request) -> Scanned:
    """The whole flow, ending in a report.

    Raises:
        UsageError: the settings are wrong, or a policy or revision that was asked for does not exist.
    """
    with rules_of(request) as rules:
        folders = policy_sources(request, rules.settings, rules.base).folders
        request, settings = by_ids(request, rules.settings, folders)
        prepared = prepare(request, settings, base=rules.base)
        policies, broken = select_policies(request, settings, rules.base)
        judged = judge(prepared, policies)
        judged.diagnostics.extend((*rules.diagnostics, *broken))
        if not prepared.graphs:
            judged.diagnostics.append(_nothing(request))
        findings, fixed, problems = compare(judged.findings, prepared, policies)
    diagnostics = in_order([*judged.diagnostics, *problems])
    report = make_report(prepared, judged, findings, fixed, diagnostics)
    return Scanned(prepared, report, judged.crashes)


def _nothing(request: Request) -> Diagnostic:
    where = ", ".join(p or "this directory" for p in request.paths)
    return warning(
        "Nothing to scan",
        f"There is no Terraform configuration and no SQL migration in {where}. Give the directory that holds it.",
    )
