"""The policies on health, redundancy and parity over whole repositories: `leaky`, `clean` and `infra`."""

import shutil
from pathlib import Path

import pytest
from tests.policies.catalogue import REPOSITORY
from tests.policies.test_broken_infra import Break
from tests.support.expectations import assert_as_expected, scan_fixture
from tests.support.scans import write_files

POLICIES = ("health-check", "production-redundancy", "environment-parity")

BREAKS = {
    "no health check": Break(
        "health-check",
        "modules/compute/web.tf",
        '  root_directory    = "apps/api"\n  start_command     = "node dist/server.js"\n'
        '  health_check_path = "/healthz"\n',
        '  root_directory    = "apps/api"\n  start_command     = "node dist/server.js"\n',
        'resource "render_web_service" "api"',
    ),
    "one instance in production": Break(
        "production-redundancy",
        "env/production.tfvars",
        '    plan        = "pro"\n    min         = 3\n',
        '    plan        = "pro"\n    min         = 1\n',
        'min     = var.services["api"].min',
        "modules/compute/web.tf",
    ),
    "weaker encryption in staging": Break(
        "environment-parity",
        "modules/networking/zone.tf",
        'min_tls_version          = "1.2"',
        'min_tls_version          = terraform.workspace == "production" ? "1.2" : "1.1"',
        "value      = each.value",
    ),
    "a worker that staging lacks": Break(
        "environment-parity",
        "modules/compute/workers.tf",
        'resource "render_cron_job" "this" {\n  for_each = var.jobs',
        'resource "render_cron_job" "this" {\n  for_each = { for k, v in var.jobs : k => v if var.protected }',
        'resource "render_cron_job" "this"',
    ),
}


@pytest.mark.parametrize("policy_id", POLICIES)
def test_leaky(policy_id: str) -> None:
    """The scan of `leaky` finds each marked defect on its line, and no other."""
    assert_as_expected(REPOSITORY / "fixtures/repos/leaky", policy_id)


@pytest.mark.parametrize("folder", ["fixtures/repos/clean", "infra"])
def test_nothing_is_found(folder: str) -> None:
    """The repository `clean` and the project's own `infra` give no finding and no undecided result."""
    report = scan_fixture(REPOSITORY / folder, *POLICIES)
    assert [(f.policy, str(f.location), f.message) for f in report.findings] == []
    assert [(u.policy, str(u.location)) for u in report.undecided] == []
    assert {p.policy for p in report.passed} == set(POLICIES)


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS)
def test_broken_infra(change: Break, tmp_path: Path) -> None:
    """A copy of `infra` with one defect has exactly one certain finding, on the line of the defect."""
    infra = Path(shutil.copytree(REPOSITORY / "infra", tmp_path / "infra"))
    change.apply(infra)
    report = scan_fixture(infra, change.policy)
    assert {(f.location.path, f.location.line) for f in report.findings} == {change.place(infra)}
    assert {(f.policy, str(f.certainty)) for f in report.findings} == {(change.policy, "certain")}


WORKSPACES = {
    "main.tf": """resource "aws_db_instance" "shop" {
  instance_class = "db.t4g.small"
  engine         = "mysql"
  engine_version = terraform.workspace == "prod" ? "8.4.1" : "8.0.9" {mark}
}}
""",
    "env/prod.tfvars": "",
    "env/jo.tfvars": "",
    "env/staging.tfvars": "",
}


@pytest.mark.parametrize(
    ("option", "mark"),
    [
        ("", "# expect: environment-parity"),
        ('ignored_workspaces = ["jo", "staging"]', ""),
        ('ignored_workspaces = ["jo"]', "# expect: environment-parity"),
        ('ignored_types = ["aws_db_instance"]', ""),
        ('production = "^staging$"', "# expect: environment-parity"),
    ],
)
def test_options_of_parity(option: str, mark: str, tmp_path: Path) -> None:
    """One finding names all workspaces that differ from production, except those that the option ignores."""
    files = {name: text.replace("{mark}", mark).replace("}}", "}") for name, text in WORKSPACES.items()}
    write_files(tmp_path, {**files, "iacpolicy.toml": f"[policies.environment-parity]\n{option}\n"})
    report = assert_as_expected(tmp_path, "environment-parity")
    if not option:
        (finding,) = report.findings
        assert [report.cells[i].workspace for i in finding.cells] == ["jo", "staging"]


@pytest.mark.parametrize(("option", "mark"), [("", ""), ('production = "^blue$"', "# expect: production-redundancy")])
def test_option_of_redundancy(option: str, mark: str, tmp_path: Path) -> None:
    """The option `production` decides which workspaces are production."""
    main = f'resource "aws_autoscaling_group" "a" {{\n  min_size = 1 {mark}\n  max_size = 2\n}}\n'
    settings = f"[policies.production-redundancy]\n{option}\n"
    write_files(tmp_path, {"main.tf": main, "env/blue.tfvars": "", "iacpolicy.toml": settings})
    assert_as_expected(tmp_path, "production-redundancy")


def test_invalid_pattern_is_an_error(tmp_path: Path) -> None:
    """An invalid pattern gives a diagnostic with the policy's name, and the run is incomplete."""
    main = 'resource "aws_autoscaling_group" "a" {\n  min_size = 1\n  max_size = 2\n}\n'
    settings = '[policies.production-redundancy]\nproduction = "("\n'
    write_files(tmp_path, {"main.tf": main, "iacpolicy.toml": settings})
    report = scan_fixture(tmp_path, "production-redundancy")
    assert report.exit_code == 3
    assert any("the option production is no regular expression" in d.detail for d in report.diagnostics)
