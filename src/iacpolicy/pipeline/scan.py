"""The flow of a scan. Each stage takes the results of earlier stages and returns an immutable result."""

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
    """The report of a run, the result of its preparation, and the traceback of each policy that raised."""

    prepared: Prepared
    report: Report
    crashes: tuple[tuple[str, str, str], ...]


def scan(request: Request) -> Scanned:
    """Run all stages and return the report.

    Raises:
        UsageError: the settings are wrong, or a requested policy or revision does not exist.
    """
    with rules_of(request) as rules:
        folders = policy_sources(request, rules.settings, rules.base).folders
        request, settings = by_ids(request, rules.settings, folders)
        prepared = prepare(request, settings, base=rules.base)
        policies, unloaded = select_policies(request, settings, rules.base)
        judged = judge(prepared, policies)
        compared = compare(judged.findings, prepared, policies)
    empty = () if prepared.graphs else (_nothing_to_scan(request),)
    diagnostics = in_order((*judged.diagnostics, *rules.diagnostics, *unloaded, *empty, *compared.diagnostics))
    report = make_report(prepared, judged, compared, diagnostics)
    return Scanned(prepared, report, judged.crashes)


def _nothing_to_scan(request: Request) -> Diagnostic:
    paths = ", ".join(p or "this directory" for p in request.paths)
    return warning(
        "Nothing to scan",
        f"There is no Terraform configuration and no SQL migration in {paths}. Give the directory that contains it.",
    )
