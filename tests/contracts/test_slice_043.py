"""The contract of the mission, line by line.

Each test is one line of the specification and checks three conditions. The resource graph of `infra/` has the feature.
A policy of the catalogue enforces it. A deliberate violation of it is found on its line.
"""

import pytest
from tests.contracts.infrastructure import WORKSPACES, Edit, Infrastructure

MIGRATION = "supabase/migrations/20260101000000_hotfix.sql"
BACKEND = "backend.tf"
DNS = "modules/networking/dns.tf"
FIREWALL = "modules/networking/firewall.tf"
REDIRECTS = "modules/networking/rules.tf"
VPC = "modules/networking/vpc.tf"
ZONE = "modules/networking/zone.tf"
WEB = "modules/compute/web.tf"
WORKERS = "modules/compute/workers.tf"
PROJECT = "modules/database/project.tf"
ROLES = "modules/database/roles.tf"
BUCKET = "modules/storage/bucket/main.tf"
STORAGE = "modules/storage/main.tf"


@pytest.fixture(scope="module")
def infra(tmp_path_factory: pytest.TempPathFactory) -> Infrastructure:
    """The infrastructure of this repository, scanned once."""
    return Infrastructure(tmp_path_factory.mktemp("contract"))


def test_networking_has_a_vpc_subnets_and_a_firewall(infra: Infrastructure) -> None:
    """Networking: VPC, subnets, firewall."""
    assert infra.resources("aws_vpc", "aws_subnet", "aws_security_group", "aws_vpc_security_group_ingress_rule")
    assert infra.is_judged("subnet-overlap", "aws_subnet")
    assert infra.is_judged("open-ingress", "aws_security_group", "aws_vpc_security_group_ingress_rule")
    assert infra.finds(
        "subnet-overlap",
        Edit(VPC, "cidrsubnet(var.cidr, 4, each.value + 8)", "cidrsubnet(var.cidr, 3, each.value)"),
        at=f"{VPC}: cidrsubnet(var.cidr, 3, each.value)",
    )
    assert infra.finds(
        "open-ingress",
        Edit(FIREWALL, "cidr_ipv4         = each.value\n", 'cidr_ipv4         = "0.0.0.0/0"\n'),
        at=f'{FIREWALL}: cidr_ipv4         = "0.0.0.0/0"',
    )


def test_compute_has_web_services_and_background_workers_on_render(infra: Infrastructure) -> None:
    """Compute: web services and background workers on Render."""
    assert infra.resources("render_web_service", "render_background_worker")
    assert infra.is_judged("health-check", "render_web_service")
    assert infra.is_judged("production-redundancy", "render_web_service", "render_background_worker")
    assert infra.finds(
        "health-check",
        Edit(
            WEB,
            '  start_command     = "node dist/server.js"\n  health_check_path = "/healthz"\n',
            '  start_command     = "node dist/server.js"\n',
        ),
        at=f'{WEB}: resource "render_web_service" "api"',
    )
    assert infra.finds(
        "production-redundancy",
        Edit(
            "env/production.tfvars", '    plan        = "pro"\n    min         = 3\n', '    plan = "pro"\n    min = 1\n'
        ),
        at=f'{WEB}: min     = var.services["api"].min',
    )


def test_database_has_a_supabase_project_and_extensions(infra: Infrastructure) -> None:
    """Database: Supabase project, PostgreSQL extensions."""
    assert infra.resources("supabase_project", "supabase_settings")
    assert {"pg_stat_statements", "pg_trgm", "pgcrypto"} <= infra.values("postgresql_extension", "name")
    assert infra.is_judged("database-backups", "supabase_project")
    assert infra.is_judged("database-network-open", "supabase_settings")
    assert infra.is_judged("database-tls", "supabase_settings")
    assert infra.is_judged("extension-in-public")
    assert infra.finds(
        "database-network-open",
        Edit(PROJECT, "restrictions = var.allowed_cidrs", 'restrictions = ["0.0.0.0/0"]'),
        at=f"{PROJECT}: restrictions = ",
    )
    assert infra.finds(
        "database-tls",
        Edit(PROJECT, "ssl_enforcement = true", "ssl_enforcement = false"),
        at=f"{PROJECT}: ssl_enforcement",
    )
    assert infra.finds(
        "extension-in-public",
        Edit(MIGRATION, "", "create extension if not exists hstore with schema public;\n"),
        at=f"{MIGRATION}: create extension",
    )


def test_storage_has_buckets_for_backups_and_product_images(infra: Infrastructure) -> None:
    """Storage: S3 for backups and for product images."""
    names = infra.values("aws_s3_bucket", "bucket")
    for workspace in WORKSPACES:
        assert {f"lss-{workspace}-database-backups", f"lss-{workspace}-product-images"} <= names
    for policy in ("bucket-public", "bucket-encryption", "bucket-versioning", "backup-retention"):
        assert infra.is_judged(policy, "aws_s3_bucket")
    assert infra.finds(
        "bucket-public",
        Edit(BUCKET, "restrict_public_buckets = true", "restrict_public_buckets = false"),
        at=f"{BUCKET}: restrict_public_buckets",
    )
    assert infra.finds(
        "bucket-versioning",
        Edit(
            BUCKET,
            'versioning_configuration {\n    status = "Enabled"',
            'versioning_configuration {\n    status = "Suspended"',
        ),
        at=f'{BUCKET}: status = "Suspended"',
    )
    assert infra.finds(
        "backup-retention",
        Edit(STORAGE, "expire_days     = var.expire_days", "expire_days     = 3"),
        at=f"{BUCKET}: days = expiration.value",
    )


def test_staging_and_production_are_workspaces_with_separate_states(infra: Infrastructure) -> None:
    """Workspaces `staging` and `production`, each with a state of its own."""
    assert set(infra.workspaces) == set(WORKSPACES)
    assert {graph.cell.var_files for graph in infra.workspaces.values()} == {
        ("infra/env/production.tfvars",),
        ("infra/env/staging.tfvars",),
    }
    assert infra.is_judged("state-workspace-isolation", "backend")
    assert infra.finds(
        "state-workspace-isolation",
        Edit("bootstrap/backend.tf", "bootstrap/terraform.tfstate", "platform/terraform.tfstate"),
        at="bootstrap/backend.tf: key ",
    )


def test_state_is_in_s3_and_locked(infra: Infrastructure) -> None:
    """State in S3 with locking by a lock file; DynamoDB and Terraform Cloud are accepted too."""
    assert infra.values("backend", "use_lockfile") == {True}
    for policy in ("state-locking", "state-encryption"):
        assert infra.is_judged(policy, "backend")
    assert infra.is_judged("state-remote-backend", "root")
    lock = "    use_lockfile         = true\n"
    assert infra.finds("state-locking", Edit(BACKEND, lock, ""), at=f'{BACKEND}: backend "s3"')
    assert infra.finds(
        "state-remote-backend",
        Edit("backend_override.tf", "", 'terraform {\n  backend "local" {}\n}\n'),
        at='backend_override.tf: backend "local"',
    )
    by_table = Edit(BACKEND, lock, '    dynamodb_table       = "lss-terraform-locks"\n')
    in_the_cloud = Edit(
        "backend_override.tf",
        "",
        'terraform {\n  cloud {\n    organization = "lss"\n    workspaces {\n      tags = ["lss"]\n    }\n  }\n}\n',
    )
    for accepted in (by_table, in_the_cloud):
        for policy in ("state-locking", "state-remote-backend", "state-encryption"):
            report = infra.changed(policy, accepted)
            assert (report.findings, report.undecided) == ((), ())


def test_domains_have_certificates_and_redirects(infra: Infrastructure) -> None:
    """Domains, certificates (Cloudflare, Render), redirects."""
    assert infra.resources("cloudflare_zone", "cloudflare_certificate_pack", "cloudflare_ruleset")
    names = infra.values("cloudflare_dns_record", "name")
    for graph in infra.workspaces.values():
        for service in graph.of("render_web_service"):
            (domain,) = infra.attribute(service, "custom_domains")
            assert domain.data["name"].data in names, "Render gets a certificate for a name that has a record"
    assert infra.is_judged("certificate-coverage", "cloudflare_certificate_pack")
    assert infra.is_judged("https-redirect", "cloudflare_zone")
    assert infra.is_judged("redirect-loop", "root")
    assert infra.is_judged("dangling-dns", "cloudflare_dns_record")
    assert infra.finds(
        "certificate-coverage",
        Edit(ZONE, '[var.domain, "*.${var.domain}"]', "[var.domain]"),
        at=f"{ZONE}: hosts ",
    )
    assert infra.finds(
        "redirect-loop",
        Edit(REDIRECTS, '"concat(\\"https://${var.domain}\\"', '"concat(\\"https://www.${var.domain}\\"'),
        at=f"{REDIRECTS}: rules = [",
    )
    assert infra.finds(
        "https-redirect",
        Edit(ZONE, 'always_use_https         = "on"', 'always_use_https         = "off"'),
        Edit(REDIRECTS, '"(not ssl)"', '"(not ssl and http.host eq \\"${var.domain}\\")"'),
        at=f"{ZONE}: value      = each.value",
    )
    assert infra.finds(
        "dangling-dns",
        Edit(DNS, "  content = var.domain\n", '  content = "lss-old.onrender.com"\n'),
        at=f"{DNS}: lss-old.onrender.com",
    )


def test_services_have_variables_bounds_and_limits(infra: Infrastructure) -> None:
    """Environment variables, autoscaling with min and max, CPU and RAM limits."""
    for service in infra.resources("render_web_service", "render_background_worker"):
        assert {"APP_ENV", "SUPABASE_URL", "VAULT_ADDR"} <= set(infra.attribute(service, "env_vars"))
        bounds = infra.attribute(service, "autoscaling")
        assert 1 <= int(str(bounds["min"].data)) <= int(str(bounds["max"].data))
    for policy in ("autoscaling-bounds", "resource-limits", "environment-parity"):
        assert infra.is_judged(policy, "render_web_service", "render_background_worker")
    assert infra.finds(
        "plaintext-secret",
        Edit(WEB, 'VAULT_ROLE      = "api"', 'STRIPE_SECRET_KEY = "stripe-live-4Jw8Qn2Lx7Rt5Vb9Mz3Kc6"'),
        at=f"{WEB}: STRIPE_SECRET_KEY",
    )
    assert infra.finds(
        "autoscaling-bounds",
        Edit(WORKERS, "  autoscaling = local.scaling[each.key]\n", ""),
        at=f'{WORKERS}: resource "render_background_worker" "this"',
    )
    assert infra.finds(
        "autoscaling-bounds",
        Edit("env/staging.tfvars", 'api           = { plan = "starter", min = 1', 'api = { plan = "starter", min = 3'),
        at=f'{WEB}: min     = var.services["api"].min',
    )
    assert infra.finds(
        "resource-limits",
        Edit(WEB, 'plan           = var.services["api"].plan', "plan           = null"),
        at=f"{WEB}: plan           = null",
    )


def test_tables_have_roles_and_row_level_security(infra: Infrastructure) -> None:
    """Tables, database roles, row-level security."""
    assert infra.resources("sql.table", "postgresql_role", "postgresql_grant_role")
    assert infra.is_judged("row-level-security", "sql.table")
    assert infra.is_judged("rls-policy-missing", "sql.table")
    assert infra.is_judged("rls-policy-permissive", "sql.policy")
    assert infra.is_judged("database-role-privileges", "postgresql_role")
    assert infra.is_judged("rls-bypass", "postgresql_role")
    assert infra.finds(
        "row-level-security",
        Edit(
            MIGRATION,
            "",
            "create table public.vouchers (id bigint primary key, code text);\n"
            "grant select on public.vouchers to authenticated;\n",
        ),
        at=f"{MIGRATION}: create table public.vouchers",
    )
    assert infra.finds(
        "rls-policy-permissive",
        Edit(MIGRATION, "", "create policy anyone on public.orders for update to authenticated using (true);\n"),
        at=f"{MIGRATION}: create policy anyone",
    )
    assert infra.finds(
        "database-role-privileges",
        Edit(ROLES, "create_role               = false", "create_role               = true"),
        at=f"{ROLES}: create_role ",
    )
    assert infra.finds(
        "rls-bypass",
        Edit(ROLES, "bypass_row_level_security = false", "bypass_row_level_security = true"),
        at=f"{ROLES}: bypass_row_level_security",
    )


def test_monitoring_has_dashboards_and_alert_rules(infra: Infrastructure) -> None:
    """Grafana dashboards and Prometheus alert rules."""
    assert infra.resources("grafana_dashboard", "dashboard", "grafana_rule_group", "alert-rule")
    for policy in ("alert-coverage", "dashboard-coverage"):
        assert infra.is_judged(policy, "render_web_service", "render_background_worker", "render_cron_job")
    assert infra.is_judged("promql-invalid", "dashboard", "alert-rule")
    assert infra.is_judged("alert-unrouted", "alert-rule")
    assert infra.finds(
        "alert-coverage",
        Edit(WEB, "", UNWATCHED_SERVICE),
        at=f'{WEB}: resource "render_private_service" "search"',
    )
    assert infra.finds(
        "dashboard-coverage",
        Edit(WEB, "", UNWATCHED_SERVICE),
        Edit("modules/monitoring/dashboards/services.json", "", None),
        at=f'{WEB}: resource "render_private_service" "search"',
    )
    assert infra.finds(
        "promql-invalid",
        Edit("modules/monitoring/rules/workers.yaml", "max(deriv(job", "max((deriv(job"),
        at="modules/monitoring/rules/workers.yaml: expr: ",
    )
    assert infra.finds(
        "alert-unrouted",
        Edit(
            "modules/monitoring/rules.tf",
            '    labels = {\n      severity    = "warning"',
            '    labels = { # misspelt\n      severty     = "warning"',
        ),
        at="modules/monitoring/rules.tf: # misspelt",
    )


UNWATCHED_SERVICE = """
resource "render_private_service" "search" {
  name = "search"
  plan = "pro"
}
"""


def test_secrets_come_from_vault(infra: Infrastructure) -> None:
    """Secrets by Vault, and none as a literal in the code."""
    assert infra.resources("vault_mount", "vault_policy", "vault_kv_secret_v2", "ephemeral.vault_kv_secret_v2")
    for policy in ("plaintext-secret", "secret-default"):
        assert infra.is_judged(policy, "root")
    assert infra.is_judged("secret-exposed", "vault_kv_secret_v2")
    assert infra.is_judged("secret-in-state", "vault_kv_secret_v2")
    assert infra.finds(
        "plaintext-secret",
        Edit(
            "modules/secrets/database.tf",
            "ephemeral.vault_kv_secret_v2.database.data[each.value]",
            '"Ampel-Fuchs-6610-gelb"',
        ),
        at="modules/secrets/database.tf: Ampel-Fuchs",
    )
    asked = '  description = "Password with which Grafana queries Prometheus."\n'
    assert infra.finds(
        "secret-default",
        Edit("variables_secret.tf", asked, f'{asked}  default     = "Ampel-Fuchs-6610-gelb"\n'),
        at="variables_secret.tf: Ampel-Fuchs",
    )
