"""Copies of `infra` with one defect each: the scan fails, with a finding of the policy on that line."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.policies.catalogue import REPOSITORY
from tests.support.commands import Runner


@dataclass(frozen=True)
class Break:
    """A change of one file, and the line of the expected finding.

    `mark` is text on that line, in `file` unless `found_in` names another. An empty `old` appends `new` to the file,
    and `new` None deletes the file. `without` is another file to delete.
    """

    policy: str
    file: str
    old: str
    new: str | None
    mark: str
    found_in: str = ""
    without: str = ""

    def apply(self, root: Path) -> None:
        path = root / self.file
        if self.without:
            (root / self.without).unlink()
        if self.new is None:
            path.unlink()
            return
        text = path.read_text(encoding="utf-8")
        assert text.count(self.old) == 1 or not self.old, f"{self.old!r} is not exactly once in {self.file}"
        path.write_text(text.replace(self.old, self.new) if self.old else text + self.new, encoding="utf-8")

    def place(self, root: Path) -> tuple[str, int]:
        file = self.found_in or self.file
        lines = (root / file).read_text(encoding="utf-8").split("\n")
        return file, next(number for number, line in enumerate(lines, 1) if self.mark in line)


MIGRATION = "supabase/migrations/20260101000000_hotfix.sql"

REMOTE_AND_LOCKED_STATE = {
    "no backend": Break("state-remote-backend", "backend.tf", "", None, "terraform {", "versions.tf"),
    "local backend": Break(
        "state-remote-backend",
        "backend_override.tf",
        "",
        'terraform {\n  backend "local" {}\n}\n',
        'backend "local"',
    ),
    "lock off": Break(
        "state-locking", "backend.tf", "use_lockfile         = true", "use_lockfile = false", "use_lockfile"
    ),
    "no lock": Break("state-locking", "backend.tf", "    use_lockfile         = true\n", "", 'backend "s3"'),
    "not encrypted": Break("state-encryption", "backend.tf", "    encrypt              = true\n", "", 'backend "s3"'),
    "keys": Break(
        "state-backend-credentials",
        "backend.tf",
        "    use_lockfile ",
        '    secret_key = "Wn7/Xq1Lz5Vc8Hm3Js6Pf0GaYb4Kd9"\n    use_lockfile ',
        "secret_key",
    ),
    "one state for two roots": Break(
        "state-workspace-isolation",
        "bootstrap/backend.tf",
        "bootstrap/terraform.tfstate",
        "platform/terraform.tfstate",
        "key ",
        "bootstrap/backend.tf",
    ),
}

NO_SECRETS_IN_TEXT = {
    "literal": Break(
        "plaintext-secret",
        "modules/compute/web.tf",
        'VAULT_ROLE      = "api"',
        'STRIPE_SECRET_KEY = "stripe-live-4Jw8Qn2Lx7Rt5Vb9Mz3Kc6"',
        "STRIPE_SECRET_KEY",
    ),
    "default": Break(
        "secret-default",
        "variables_secret.tf",
        '  description = "Password with which Grafana queries Prometheus."\n',
        '  description = "Password with which Grafana queries Prometheus."\n  default     = "Ampel-Fuchs-6610-gelb"\n',
        "Ampel-Fuchs",
    ),
}

BOUNDS_AND_LIMITS = {
    "no autoscaling": Break(
        "autoscaling-bounds",
        "modules/compute/web.tf",
        '  autoscaling = local.scaling["storefront"]\n',
        "",
        'resource "render_web_service" "storefront"',
    ),
    "zero instances": Break(
        "autoscaling-bounds",
        "modules/compute/web.tf",
        'min     = var.services["api"].min',
        "min     = 0",
        "min     = 0",
    ),
    "crossed in a var-file": Break(
        "autoscaling-bounds",
        "env/staging.tfvars",
        'api           = { plan = "starter", min = 1, max = 2 }',
        'api           = { plan = "starter", min = 3, max = 2 }',
        'min     = var.services["api"].min',
        "modules/compute/web.tf",
    ),
    "no plan": Break(
        "resource-limits",
        "modules/compute/web.tf",
        'plan           = var.services["api"].plan',
        "plan           = null",
        "plan           = null",
    ),
}

ROW_LEVEL_SECURITY = {
    "a new table": Break(
        "row-level-security",
        MIGRATION,
        "",
        "create table public.vouchers (\n  id bigint primary key,\n  code text not null\n);\n"
        "grant select on public.vouchers to authenticated;\n",
        "create table public.vouchers",
    ),
    "a hotfix": Break(
        "row-level-security",
        MIGRATION,
        "",
        "alter table public.orders disable row level security;\n",
        "alter table public.orders",
    ),
}

DATABASES = {
    "a policy that is true for every row": Break(
        "rls-policy-permissive",
        MIGRATION,
        "",
        "create policy anybody on public.orders for update to authenticated using (true);\n",
        "create policy anybody",
    ),
    "a table without a policy": Break(
        "rls-policy-missing",
        MIGRATION,
        "",
        "create table public.vouchers (id bigint primary key);\n"
        "alter table public.vouchers enable row level security;\n"
        "grant select on public.vouchers to authenticated;\n",
        "alter table public.vouchers",
    ),
    "a view that runs as its owner": Break(
        "rls-bypass",
        MIGRATION,
        "",
        "create view public.everything as select * from public.orders;\n"
        "grant select on public.everything to authenticated;\n",
        "create view public.everything",
    ),
    "a role that bypasses row-level security": Break(
        "rls-bypass",
        "modules/database/roles.tf",
        "  bypass_row_level_security = false\n",
        "  bypass_row_level_security = true\n",
        "bypass_row_level_security",
    ),
    "a role that can create roles": Break(
        "database-role-privileges",
        "modules/database/roles.tf",
        "  create_role               = false\n",
        "  create_role               = true\n",
        "create_role ",
    ),
    "open to the whole internet": Break(
        "database-network-open",
        "modules/database/project.tf",
        "    restrictions = var.allowed_cidrs\n",
        '    restrictions = ["0.0.0.0/0"]\n',
        "restrictions = ",
    ),
    "no backups in staging": Break(
        "database-backups",
        "modules/database/project.tf",
        "  instance_size     = var.instance_size\n",
        '  instance_size     = var.region == "nowhere" ? var.instance_size : "nano"\n',
        "instance_size ",
    ),
    "TLS not enforced": Break(
        "database-tls",
        "modules/database/project.tf",
        "  ssl_enforcement = true\n",
        "  ssl_enforcement = false\n",
        "ssl_enforcement",
    ),
}

MONITORING = {
    "a service on no dashboard": Break(
        "dashboard-coverage",
        "modules/compute/web.tf",
        "",
        '\nresource "render_private_service" "search" {\n  name = "search"\n  plan = "pro"\n}\n',
        'resource "render_private_service" "search"',
        without="modules/monitoring/dashboards/services.json",
    ),
}

RULES = {
    "remote and locked state": REMOTE_AND_LOCKED_STATE,
    "no secrets in plain text": NO_SECRETS_IN_TEXT,
    "bounds and limits": BOUNDS_AND_LIMITS,
    "row-level security": ROW_LEVEL_SECURITY,
    "databases": DATABASES,
    "monitoring": MONITORING,
}
BREAKS = [
    pytest.param(change, id=f"{rule}: {name}") for rule, changes in RULES.items() for name, change in changes.items()
]


@pytest.fixture
def infra(tmp_path: Path) -> Path:
    """Return a copy of `infra` as a separate repository."""
    return Path(shutil.copytree(REPOSITORY / "infra", tmp_path / "infra"))


@pytest.mark.parametrize("change", BREAKS)
def test_break(change: Break, infra: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The scan of the broken copy exits with 1 and finds exactly the defect, on its line."""
    (infra / MIGRATION).touch()
    (infra / "backend_override.tf").touch()
    change.apply(infra)
    runner = Runner(infra, monkeypatch, capsys)
    ran = runner("scan", "--checkov", "off", "--policy", change.policy, "--format", "json")
    assert ran.code == 1, ran.err
    report = json.loads(ran.out)
    places = {(f["location"]["path"], f["location"]["line"]) for f in report["findings"]}
    assert places == {change.place(infra)}
    assert {(f["policy"], f["certainty"]) for f in report["findings"]} == {(change.policy, "certain")}
