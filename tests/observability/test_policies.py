"""The policies on monitoring where files, roots and unknown values come together."""

import shutil
from pathlib import Path

import pytest
from tests.support.expectations import results_of, scan_fixture
from tests.support.scans import report_of

from iacpolicy.gate.report import Report

REPOSITORY = Path(__file__).resolve().parents[2]
POLICIES = ("promql-invalid", "alert-coverage", "dashboard-coverage", "alert-unrouted")
SERVICE = 'resource "render_web_service" "api" {\n  name   = "api"\n  plan   = "pro"\n  region = "frankfurt"\n}\n'


def _rules(*expressions: str) -> str:
    """A rule file with an alert for each expression."""
    rules = "".join(f"      - alert: A{n}\n        expr: '{text}'\n" for n, text in enumerate(expressions))
    return f"groups:\n  - name: g\n    rules:\n{rules}"


def _found(report: Report) -> list[tuple[str, str, str]]:
    findings = [(f.policy, str(f.location), str(f.certainty)) for f in report.findings]
    return sorted(findings + [(u.policy, str(u.location), "undecided") for u in report.undecided])


@pytest.mark.parametrize("folder", ["fixtures/repos/clean", "fixtures/repos/leaky", "infra"])
def test_whole_repositories(folder: str) -> None:
    """Good monitoring, and a repository without monitoring, give no finding and no undecided result."""
    assert results_of(scan_fixture(REPOSITORY / folder, *POLICIES), POLICIES) == []


def test_cron_jobs_of_infra_are_watched_and_shown(tmp_path: Path) -> None:
    """With the option `cron` the jobs count too, and our own are watched."""
    infra = Path(shutil.copytree(REPOSITORY / "infra", tmp_path / "infra"))
    (infra / "iacpolicy.toml").write_text(
        "[policies.alert-coverage]\ncron = true\n\n[policies.dashboard-coverage]\ncron = true\n", encoding="utf-8"
    )
    report = scan_fixture(infra, *POLICIES)
    assert _found(report) == []
    watched = {p.address for p in report.passed if p.policy == "alert-coverage"}
    assert 'module.compute.render_cron_job.this["settlement"]' in watched


BREAKS = {
    "expression in a rule file": (
        "modules/monitoring/rules/workers.yaml",
        "max(deriv(job",
        "max((deriv(job",
        ("promql-invalid", "modules/monitoring/rules/workers.yaml:6", "certain"),
    ),
    "expression in a dashboard": (
        "modules/monitoring/dashboards/database.json",
        "sum by (state)",
        "sum by state",
        ("promql-invalid", "modules/monitoring/dashboards/database.json:392", "certain"),
    ),
    "expression in a heredoc": (
        "modules/monitoring/rules.tf",
        "max by (instance) (",
        "max by (instance) ((",
        ("promql-invalid", "modules/monitoring/rules.tf:171", "certain"),
    ),
    "severity without a route": (
        "modules/monitoring/rules/streaming.yaml",
        "        for: 1m\n        labels:\n          severity: critical",
        "        for: 1m\n        labels:\n          severity: urgent",
        ("alert-unrouted", "modules/monitoring/rules/streaming.yaml:22", "certain"),
    ),
    "label in a block": (
        "modules/monitoring/rules.tf",
        '      severity    = "warning"',
        '      severty     = "warning"',
        ("alert-unrouted", "modules/monitoring/rules.tf:150", "certain"),
    ),
    "new service": (
        "modules/compute/workers.tf",
        'resource "render_cron_job" "this" {',
        'resource "render_private_service" "search" {\n  name = "search"\n  plan = "pro"\n}\n\n'
        'resource "render_cron_job" "this" {',
        ("alert-coverage", "modules/compute/workers.tf:51", "certain"),
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_break_of_infra_is_caught(name: str, tmp_path: Path) -> None:
    """One change of our own infrastructure, one finding, on the line of the defect."""
    file, old, new, expected = BREAKS[name]
    infra = Path(shutil.copytree(REPOSITORY / "infra", tmp_path / "infra"))
    text = (infra / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (infra / file).write_text(text.replace(old, new), encoding="utf-8")
    assert _found(scan_fixture(infra, expected[0])) == [expected]


def test_without_a_notification_policy_no_alert_is_led(tmp_path: Path) -> None:
    """A contact point without a route gets no alert."""
    infra = Path(shutil.copytree(REPOSITORY / "infra", tmp_path / "infra"))
    path = infra / "modules/monitoring/notifications.tf"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("# The notification policy of the stack")], encoding="utf-8")
    found = _found(scan_fixture(infra, "alert-unrouted"))
    assert ("alert-unrouted", "modules/monitoring/rules.tf:89", "certain") in found
    assert {kind for _, _, kind in found} == {"certain"}


CASES: dict[str, tuple[dict[str, str], list[tuple[str, str, str]]]] = {
    "nothing monitors": ({"main.tf": SERVICE}, []),
    "required": (
        {"main.tf": SERVICE, "iacpolicy.toml": "[policies.alert-coverage]\nrequired = true\n"},
        [("alert-coverage", "main.tf:1", "certain")],
    ),
    "another root watches": ({"a/main.tf": SERVICE, "b/main.tf": "locals {}\n", "b/r.yaml": _rules('x{a="api"}')}, []),
    "another workspace watches": (
        {
            "a/main.tf": SERVICE,
            "a/env/live.tfvars": "",
            "b/main.tf": 'resource "grafana_rule_group" "r" {\n  count = terraform.workspace == "test" ? 1 : 0\n'
            '  name = "r"\n  folder_uid = "f"\n  interval_seconds = 60\n  rule {\n    name = "n"\n    data {\n'
            '      ref_id = "A"\n      datasource_uid = "prometheus"\n'
            '      model = jsonencode({ expr = "x{a=\\"api\\"}" })\n    }\n  }\n}\n',
            "b/env/live.tfvars": "",
            "b/env/test.tfvars": "",
            "b/other.yaml": _rules('x{a="web"}'),
        },
        [("alert-coverage", "a/main.tf:1", "certain")],
    ),
    "labels of one's own": (
        {
            "main.tf": SERVICE,
            "r.yaml": _rules('x{tenant=~".+"}'),
            "iacpolicy.toml": '[policies.alert-coverage]\nlabels = ["tenant"]\n',
        },
        [],
    ),
    "an alert that only a provider knows": (
        {
            "main.tf": SERVICE + 'data "http" "rule" {\n  url = "https://x.invalid"\n}\n'
            'resource "grafana_rule_group" "r" {\n  name = "r"\n  folder_uid = "f"\n  interval_seconds = 60\n'
            '  rule {\n    name = "n"\n    data {\n      ref_id = "A"\n      datasource_uid = "prometheus"\n'
            "      model = data.http.rule.response_body\n    }\n  }\n}\n",
        },
        [("alert-coverage", "main.tf:1", "undecided")],
    ),
    "an alert that may not exist": (
        {
            "main.tf": SERVICE + 'variable "on" {\n  type = bool\n}\n'
            'resource "grafana_rule_group" "r" {\n  count = var.on ? 1 : 0\n  name = "r"\n  folder_uid = "f"\n'
            '  interval_seconds = 60\n  rule {\n    name = "n"\n    data {\n      ref_id = "A"\n'
            '      datasource_uid = "prometheus"\n      model = jsonencode({ expr = "x{a=\\"api\\"}" })\n'
            "    }\n  }\n}\n",
        },
        [("alert-coverage", "main.tf:1", "possible")],
    ),
    "an alert that was not parsed": (
        {"main.tf": SERVICE, "r.yaml": _rules("(" * 200 + "x" + ")" * 200)},
        [("alert-coverage", "main.tf:1", "undecided")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_alert_coverage(name: str, tmp_path: Path) -> None:
    """The cells in which an alert counts, and the certainty."""
    files, expected = CASES[name]
    assert _found(report_of(tmp_path, files, wanted=("alert-coverage",))) == expected


def test_a_dashboard_of_a_variable_may_show_anything(tmp_path: Path) -> None:
    """A dashboard whose text has no value makes the finding possible, with the variable in the condition."""
    text = (
        SERVICE + 'variable "d" {\n  type = string\n}\nresource "grafana_dashboard" "d" {\n  config_json = var.d\n}\n'
    )
    report = report_of(tmp_path, {"main.tf": text}, wanted=("dashboard-coverage",))
    assert _found(report) == [("dashboard-coverage", "main.tf:1", "possible")]
    assert "var.d" in (report.findings[0].condition or "")
