"""The policies on exposed and stored secrets over whole repositories: `leaky`, `clean` and `infra`."""

import shutil
from pathlib import Path

import pytest
from tests.policies.catalogue import REPOSITORY
from tests.policies.test_broken_infra import Break
from tests.support.expectations import assert_as_expected, scan_fixture
from tests.support.scans import write_files

POLICIES = ("secret-exposed", "secret-output", "secret-in-state")

BREAKS = {
    "a token in a description": Break(
        "secret-exposed",
        "modules/monitoring/notifications.tf",
        'client          = "Grafana ${var.environment}"',
        'description = "Woken by ${var.pagerduty_integration_key}"',
        "Woken by",
    ),
    "a password on a command line": Break(
        "secret-exposed",
        "modules/secrets/database.tf",
        "  disable_read = true\n",
        "  disable_read = true\n"
        '  provisioner "local-exec" {\n'
        '    command = "psql --password=${ephemeral.vault_kv_secret_v2.database.data["postgres"]}"\n  }\n',
        "command = ",
    ),
    "a webhook printed": Break(
        "secret-output",
        "outputs.tf",
        "",
        'output "chat" {\n  value = nonsensitive(var.slack_webhook_url)\n}\n',
        "nonsensitive(",
    ),
    "an output with passwords that is not sensitive": Break(
        "secret-output",
        "modules/secrets/outputs.tf",
        "  sensitive   = true\n  ephemeral   = true\n",
        "",
        "ephemeral.vault_kv_secret_v2.database.data",
    ),
    "a password in the state": Break(
        "secret-in-state",
        "modules/database/roles.tf",
        "  password_wo         = var.role_passwords[each.key]\n"
        "  password_wo_version = tostring(var.role_password_version)\n",
        "  password = var.role_passwords[each.key]\n",
        "password = var",
    ),
    "a secret in the environment of a service": Break(
        "secret-in-state",
        "modules/compute/web.tf",
        'API_URL = "https://${var.domains["api"]}"',
        'CHAT = sensitive("T0/B0")',
        "  env_vars = {",
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


KEPT = """variable "db_password" {{
  sensitive = true
}}
terraform {{
  required_version = "{version}"
}}
resource "postgresql_role" "api" {{
  name     = "api"
  password = var.db_password {twin}
}}
resource "render_web_service" "api" {{
  name = "api"
  env_vars = {{
    DB_PASSWORD = {{ value = var.db_password }} {outside}
  }}
}}
"""
MARK = "# expect: secret-in-state"


@pytest.mark.parametrize(
    ("version", "twin", "outside", "option"),
    [
        (">= 1.5", MARK, MARK, ""),
        ("~> 1.9", MARK, MARK, ""),
        ("1.11.4", MARK, MARK, ""),
        ("<= 1.11", MARK, MARK, ""),
        ("< 2.0.0, >= 1.3.0", MARK, MARK, ""),
        ("~> 1.10.0", "", MARK, ""),
        ("= 1.9.8", "", MARK, ""),
        ("< 1.11.0", "", MARK, ""),
        (">= 1.3, <= 1.10", "", MARK, ""),
        (">= 1.11", MARK, "", "outside = false"),
    ],
)
def test_remedy_exists_in_the_version(version: str, twin: str, outside: str, option: str, tmp_path: Path) -> None:
    """A version without write-only arguments gives no finding for them; the option excludes other tools."""
    settings = f"[policies.secret-in-state]\n{option}\n"
    main = KEPT.format(version=version, twin=twin, outside=outside)
    write_files(tmp_path, {"main.tf": main, "iacpolicy.toml": settings})
    assert_as_expected(tmp_path, "secret-in-state")


def test_secret_of_one_workspace(tmp_path: Path) -> None:
    """A secret in the var-file of one workspace is exposed in that workspace only."""
    files = {
        "main.tf": 'variable "note" {}\nresource "aws_sqs_queue" "q" {\n'
        "  name = var.note # expect: secret-exposed\n}\n",
        "env/staging.tfvars": 'note = "nothing"\n',
        "env/production.tfvars": 'note = "postgres://shop:Feldsalat9@db.shop.invalid/shop"\n',
    }
    report = assert_as_expected(write_files(tmp_path, files), "secret-exposed")
    (finding,) = report.findings
    assert [report.cells[i].workspace for i in finding.cells] == ["production"]
    assert [(hop.kind, hop.path) for hop in finding.trace] == [
        ("tfvars", "env/production.tfvars"),
        ("attribute", "main.tf"),
    ]


def test_exposed_names_are_joined(tmp_path: Path) -> None:
    """The message joins several secrets at one place by `and`; text around a secret is not one of them."""
    files = {
        "main.tf": 'locals {\n  plain = "Giersch-12"\n  other = "Melde-34"\n}\n'
        'resource "aws_db_instance" "a" {\n  password = local.plain\n}\n'
        'resource "aws_rds_cluster" "b" {\n  master_password = local.other\n}\n'
        'resource "aws_s3_bucket" "c" {\n  tags = {\n'
        '    one = "pw ${local.plain}"\n    two = "pw ${local.plain} or ${local.other}"\n  }\n}\n'
    }
    report = scan_fixture(write_files(tmp_path, files), "secret-exposed")
    starts = [f.message.partition(" in the ")[0] for f in report.findings]
    assert starts == [
        "the literal at main.tf:2 is",
        "the literal at main.tf:2 and the literal at main.tf:3 are",
    ]
