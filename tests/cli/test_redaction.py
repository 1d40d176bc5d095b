"""No command and no format prints more than two characters of a secret."""

from base64 import b64encode
from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

from iacpolicy.report import FORMATS

# made for this test; none of them opens anything
PASSWORD = "Vq7#mKd2Lw9xTr"
TOKEN = "8f3kQz1Jm5Wn7Bt2Ys6Hd4Gc"
KEY_LINE = "MC4CAQAwBQYDK2VwBCIEIHoFjXqZ7yqkQm8s3cUu"
WEBHOOK = "Rw5tYh8KpL2nXc"
SECRETS = (PASSWORD, TOKEN, KEY_LINE, WEBHOOK)

FILES = {
    "main.tf": f"""
variable "database_password" {{
  type      = string
  sensitive = true
}}

variable "replicas" {{
  type = number
}}

locals {{
  url = "postgres://app:${{var.database_password}}@db.internal/app"
  key = <<-PEM
    -----BEGIN PRIVATE KEY-----
    {KEY_LINE}
    -----END PRIVATE KEY-----
  PEM
}}

resource "render_web_service" "api" {{
  name   = "api"
  plan   = "starter"
  region = "frankfurt"

  runtime_source = {{ image = {{ image_url = "docker.io/library/nginx" }} }}

  autoscaling = {{
    enabled  = true
    min      = var.replicas
    max      = 3
    criteria = {{}}
  }}

  env_vars = {{
    DATABASE_URL = {{ value = local.url }}
    API_TOKEN    = {{ value = "{TOKEN}" }}
    ENCODED      = {{ value = base64encode("{TOKEN}") }}
    DOCUMENT     = {{ value = jsonencode({{ smtp_pass = "{WEBHOOK}" }}) }}
  }}

  secret_files = {{ "key.pem" = {{ content = local.key }} }}
}}

output "broken" {{
  value = "{PASSWORD}" + 1
}}

output "url" {{
  value = local.url
}}
""",
    "terraform.tfvars": f'database_password = "{PASSWORD}"\n',
    "supabase/migrations/20240101000000_a.sql": (
        f"create role app login password '{PASSWORD}';\ncreate table t (id int);\n"
    ),
}
COMMANDS = [
    *(["scan", "--checkov", "off", "--include-passed", "--format", name] for name in FORMATS),
    *(["show", ".", "--stage", stage] for stage in ("ast", "modules", "values", "graph", "findings")),
    *(["show", ".", "--stage", stage, "--json"] for stage in ("ast", "modules", "values", "graph", "findings")),
    *(["graph", ".", "--all", "--format", name] for name in ("dot", "mermaid", "json", "graphml")),
    ["eval", ".", "local.url", "local.key", "render_web_service.api", "var.database_password", "upper(local.url)"],
    ["eval", ".", "--json", "local", "local.url", "base64encode(local.url)", f'"{TOKEN}" + 1'],
    ["scan", "--checkov", "off", "--debug"],
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_command_prints_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """No stream contains the secret, its base64 form, or a long part of it."""
    run = Runner(tmp_path, monkeypatch, capsys)
    write_files(tmp_path, FILES)
    ran = run(*arguments)
    printed = ran.out + ran.err
    assert ran.out
    assert "Traceback" not in printed
    for secret in SECRETS:
        assert secret not in printed
        assert secret[:8] not in printed
        assert b64encode(secret.encode()).decode()[:12] not in printed
