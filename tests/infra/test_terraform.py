"""A real Terraform validates, plans and applies `infra/` with the recorded schemas of its providers."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.infra.command import Terraform, succeed
from tests.support.serve_providers import SCHEMAS, Answers, serving

# Values that state must not contain: provider configuration and write-only arguments.
PASSING = {
    "TF_VAR_cloudflare_api_token": "planted-cloudflare",
    "TF_VAR_render_api_key": "planted-render",
    "TF_VAR_supabase_access_token": "planted-supabase",
    "TF_VAR_grafana_auth": "planted-grafana",
}
ROLES = {"postgres": "planted-postgres", "lss_worker": "planted-worker", "lss_reporting": "planted-reporting"}

# Values that state contains, because the provider has no write-only argument; README.md lists them.
KEPT = {
    "TF_VAR_database_initial_password": "kept-database-initial-password",
    "TF_VAR_prometheus_password": "kept-prometheus",
    "TF_VAR_metrics_stream_token": "kept-metrics-stream",
    "TF_VAR_pagerduty_integration_key": "kept-pagerduty",
    "TF_VAR_slack_webhook_url": "https://hooks.example/kept-slack",
}

ANSWERS: Answers = {
    "ephemeral_resources": {"vault_kv_secret_v2": {"data": ROLES}},
    "data_sources": {"cloudflare_ip_ranges": {"ipv4_cidrs": ["192.0.2.0/25", "192.0.2.128/25"]}},
}


@pytest.fixture(scope="module")
def providers() -> Iterator[Mapping[str, str]]:
    """Serve every recorded provider, and return the environment for Terraform with the required secrets."""
    with serving(sorted(SCHEMAS.glob("*.json.gz")), ANSWERS) as environment:
        yield {**environment, **PASSING, **KEPT}


def prepare(terraform: Terraform, root: Path, providers: Mapping[str, str], workspace: str = "default") -> None:
    succeed(terraform(root, "init", environment=providers))
    if workspace != "default":
        succeed(terraform(root, "workspace", "new", workspace, environment=providers))


def test_root_is_valid(terraform: Terraform, infra: Path, providers: Mapping[str, str]) -> None:
    """The providers' schemas contain every argument, block and reference of the root module and its modules."""
    prepare(terraform, infra, providers)
    assert "The configuration is valid" in succeed(terraform(infra, "validate", environment=providers))


def test_schemas_refuse_what_a_provider_refuses(
    terraform: Terraform, infra: Path, providers: Mapping[str, str]
) -> None:
    """A misspelt argument and a wrong value of an enumeration fail, so the other tests can fail."""
    web, zone = infra / "modules/compute/web.tf", infra / "modules/networking/zone.tf"
    web.write_text(web.read_text().replace("health_check_path", "healthcheck_path"))
    zone.write_text(zone.read_text().replace('"advanced"', '"basic"'))
    prepare(terraform, infra, providers)
    done = terraform(infra, "validate", environment=providers)
    assert done.returncode == 1
    assert 'An argument named "healthcheck_path" is not expected here' in done.stderr
    assert 'expected one of advanced, got "basic"' in done.stderr


@pytest.mark.parametrize("workspace", ["staging", "production"])
def test_workspace_plans(terraform: Terraform, infra: Path, providers: Mapping[str, str], workspace: str) -> None:
    """Each workspace plans with its own variables from an empty state."""
    prepare(terraform, infra, providers, workspace)
    plan = succeed(terraform(infra, "plan", f"-var-file=env/{workspace}.tfvars", environment=providers))
    assert f'"lss-{workspace}-api"' in plan
    assert "0 to change, 0 to destroy" in plan


def test_workspace_refuses_the_variables_of_another(
    terraform: Terraform, infra: Path, providers: Mapping[str, str]
) -> None:
    """Production's variables cannot be applied to staging's state."""
    prepare(terraform, infra, providers, "staging")
    done = terraform(infra, "plan", "-var-file=env/production.tfvars", environment=providers)
    assert done.returncode == 1
    assert "belongs to the workspace production" in " ".join(done.stderr.replace("│", "").split())


def test_production_refuses_a_single_instance(terraform: Terraform, infra: Path, providers: Mapping[str, str]) -> None:
    """A validation refuses a production service without a redundant instance."""
    variables = infra / "env/production.tfvars"
    variables.write_text(variables.read_text().replace("min  = 3", "min  = 1", 1))
    prepare(terraform, infra, providers, "production")
    done = terraform(infra, "plan", "-var-file=env/production.tfvars", environment=providers)
    assert done.returncode == 1
    assert "outlives the loss of one instance" in done.stderr


def test_no_passing_secret_is_kept(terraform: Terraform, infra: Path, providers: Mapping[str, str]) -> None:
    """After an apply, the state contains the unavoidable secrets, and no ephemeral or write-only one."""
    prepare(terraform, infra, providers, "staging")
    # Staging streams no metrics; with the stream, the state contains every allowed secret.
    stream = '-var=prometheus={url="https://p.example",username="1",otlp_url="https://o.example"}'
    done = terraform(infra, "apply", "-auto-approve", "-var-file=env/staging.tfvars", stream, environment=providers)
    shown = succeed(done)
    state = (infra / "terraform.tfstate.d/staging/terraform.tfstate").read_text()
    for secret in (*PASSING.values(), *ROLES.values()):
        assert secret not in state
        assert secret not in shown
    for secret in KEPT.values():
        assert secret in state
        assert secret not in shown


def test_bootstrap_plans(terraform: Terraform, infra: Path, providers: Mapping[str, str]) -> None:
    """The root module of the state bucket is valid and has a plan."""
    root = infra / "bootstrap"
    prepare(terraform, root, providers)
    succeed(terraform(root, "validate", environment=providers))
    plan = succeed(terraform(root, "plan", environment=providers))
    assert 'bucket                      = "lss-terraform-state"' in plan
    assert "0 to change, 0 to destroy" in plan
