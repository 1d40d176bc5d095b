"""The settings `[secrets]` allow secrets with a reason; output still hides them."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

PASSWORD = "Vq7#mKd2Lw9xTr"
FILES = {
    "main.tf": f"""
variable "demo_password" {{
  default = "{PASSWORD}"
}}

variable "demo_token" {{
  type      = string
  sensitive = true
}}

resource "vault_kv_secret_v2" "dev" {{
  mount     = "secret"
  name      = "dev/app"
  data_json = jsonencode({{ password = "Zt4pRk8Wn3Qy6Lb" }})
}}

resource "vault_generic_secret" "live" {{
  path      = "secret/live/app"
  data_json = jsonencode({{ password = "Hx6cVb3Mj9Td5Kf" }})
}}

module "database" {{
  source = "./database"
}}

output "token" {{
  value = nonsensitive(var.demo_token)
}}
""",
    "database/main.tf": 'resource "aws_db_instance" "app" {\n  password = "Pd8wGs2Rn7Yc4Ue"\n}\n',
    "demo/main.tf": 'locals {\n  api_token = "Ls5fJz1Xo9Bq3Ia"\n}\n',
    ".env.demo": "DEMO_TOKEN=Gm2kEt6Vh8Nw4Ry\n",
}
POLICIES = ("plaintext-secret", "secret-default", "secret-output")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a repository with six literals and an output that reveals a variable."""
    (tmp_path / ".git").mkdir()
    write_files(tmp_path, FILES)
    return Runner(tmp_path, monkeypatch, capsys)


def _found(run: Runner) -> set[str]:
    chosen = [part for policy in POLICIES for part in ("--policy", policy)]
    ran = run("scan", "--checkov", "off", "--format", "json", *chosen)
    assert PASSWORD not in ran.out
    return {f"{f['location']['path']}:{f['policy']}" for f in json.loads(ran.out)["findings"]}


def _open(run: Runner) -> set[str]:
    document = json.loads(run("secrets", "--json").out)
    return {s["name"] for s in document["secrets"] if s["status"] == "open"}


ALL = {
    "main.tf:plaintext-secret",
    "main.tf:secret-default",
    "main.tf:secret-output",
    "database/main.tf:plaintext-secret",
    "demo/main.tf:plaintext-secret",
    ".env.demo:plaintext-secret",
}


def test_without_settings_everything_is_found(run: Runner) -> None:
    """Without settings, all secrets are reported."""
    assert _found(run) == ALL
    assert len(_open(run)) == 6


@pytest.mark.parametrize(
    ("settings", "gone", "names"),
    [
        (
            '[secrets.allowed_variables]\n"demo_*" = "the public demo"\n',
            {"main.tf:secret-default", "main.tf:secret-output"},
            {"variable.demo_password.default"},
        ),
        (
            '[secrets.allowed_variables]\n"DEMO_*" = "the public demo"\n',
            {".env.demo:plaintext-secret"},
            {".env.demo.DEMO_TOKEN"},
        ),
        (
            '[secrets]\nallowed_files = { "demo/**" = "the public demo" }\n',
            {"demo/main.tf:plaintext-secret"},
            {"locals.api_token"},
        ),
        (
            '[secrets.allowed_arguments]\n"aws_db_instance.*.password" = "changed at once"\n',
            {"database/main.tf:plaintext-secret"},
            {"resource.aws_db_instance.app.password"},
        ),
        (
            '[secrets.allowed_arguments]\n"module.database.aws_db_instance.app.password" = "changed at once"\n',
            {"database/main.tf:plaintext-secret"},
            {"resource.aws_db_instance.app.password"},
        ),
        (
            '[secrets.allowed_paths]\n"secret/data/dev/*" = "for laptops"\n',
            set(),
            {"resource.vault_kv_secret_v2.dev.data_json.password"},
        ),
        (
            '[secrets.allowed_paths]\n"secret/dev/*" = "for laptops"\n"secret/live/*" = "made up"\n',
            {"main.tf:plaintext-secret"},
            {
                "resource.vault_kv_secret_v2.dev.data_json.password",
                "resource.vault_generic_secret.live.data_json.password",
            },
        ),
    ],
)
def test_an_allowed_secret_is_no_finding(run: Runner, settings: str, gone: set[str], names: set[str]) -> None:
    """Policies do not report an allowed secret, and `secrets` lists it with its reason."""
    everything = _open(run)
    write_files(run.directory, {"iacpolicy.toml": settings})
    assert _found(run) == ALL - gone
    assert _open(run) == everything - names
    assert "allowed: " in run("secrets").out


def test_settings_count_for_the_history_too(run: Runner) -> None:
    """Settings also apply to the history, including Vault paths that depend on values of the work tree."""
    settings = '[secrets.allowed_paths]\n"secret/*" = "made up"\n[secrets.allowed_variables]\n"demo_*" = "a demo"\n'
    write_files(run.directory, {"iacpolicy.toml": settings})
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    (run.directory / ".git").rmdir()
    for arguments in (("init", "--quiet"), ("add", "--all", "--force"), ("commit", "--quiet", "--message=x")):
        subprocess.run(["git", *identity, *arguments], cwd=run.directory, check=True)
    document = json.loads(run("secrets", "--history", "--json").out)
    assert {s["name"]: s["reason"] for s in document["secrets"] if s["status"] == "allowed"} == {
        "variable.demo_password.default": "a demo",
        "resource.vault_kv_secret_v2.dev.data_json.password": "made up",
        "resource.vault_generic_secret.live.data_json.password": "made up",
    }
    assert {s["location"]["path"] for s in document["secrets"] if s["status"] == "open"} == {
        "database/main.tf",
        "demo/main.tf",
        ".env.demo",
    }


def test_an_allowed_secret_is_hidden(run: Runner) -> None:
    """Output hides an allowed secret."""
    write_files(run.directory, {"iacpolicy.toml": '[secrets.allowed_variables]\n"demo_*" = "the public demo"\n'})
    for arguments in (("eval", "var.demo_password"), ("show", "--stage", "values"), ("secrets",)):
        ran = run(*arguments)
        assert ran.out
        assert PASSWORD[2:6] not in ran.out + ran.err


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("[secrets]\nallowed_files = 3\n", "It is an integer; write a table of patterns, each with its reason"),
        ('[secrets]\nallowed_files = ["demo/**"]\n', "It is a list; write a table"),
        ('[secrets.allowed_files]\n"demo/**" = ""\n', '"demo/**" has no reason'),
        ('[secrets.allowed_files]\n"demo/**" = true\n', '"demo/**" is a boolean'),
        ('[secrets.allowed_variables]\n"*" = "all"\n', '"*" allows everything'),
        ('[secrets.allowed_variable]\n"a" = "b"\n', 'did you mean "allowed_variables"?'),
    ],
)
def test_wrong_settings_are_reported(run: Runner, settings: str, said: str) -> None:
    """A wrong setting is exit code 2, with the line and the correct form."""
    write_files(run.directory, {"iacpolicy.toml": settings})
    ran = run("secrets")
    assert ran.code == 2
    assert said in ran.err
    assert "iacpolicy.toml:" in ran.err


def test_settings_lists_allowed_secrets(run: Runner) -> None:
    """`settings` lists what is allowed with the reason and the line."""
    write_files(run.directory, {"iacpolicy.toml": '[secrets.allowed_variables]\n"demo_*" = "the public demo"\n'})
    out = run("settings").out
    assert 'secrets.allowed_variables = { "demo_*" = "the public demo" }  # iacpolicy.toml:1' in out
    assert "secrets.allowed_paths = {}  # default" in out
