"""No command and no format shows more than two characters of a planted secret."""

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

from iacpolicy.graph.formats import FORMATS as GRAPH_FORMATS
from iacpolicy.pipeline.commands.show import STAGES
from iacpolicy.report import FORMATS

# each is of its own letters, so that a leak names its place
PLANTED = {
    "provider": "Amsel-Brücke-111",
    "argument": 'Birke"Dach\\222',
    "short": "Cx7",
    "word": "drosselschnabel",
    "local": "Eule+Fenster/333",
    "joined": "Falke-Giebel-444",
    "json": "Gans-Hafen-555",
    "heredoc": "Habicht-Insel-666",
    "default": "Ibis-Joch-777",
    "tfvars": "Kauz-Laube-888",
    "environment": "Lerche-Mauer-999",
    "output": "Meise-Nische-1010",
    "key": "Nandu-Ofen-1212",
    "sql": "Pirol-Quelle-1313",
    "file": "Rabe-Stiege-1414",
    "backend": "Star-Turm-1515",
    "encoded": "Taube-Ufer-1616",
    "template": "Uhu-Veranda-1717",
}


def quoted(text: str) -> str:
    """Return a string literal."""
    return json.dumps(text, ensure_ascii=False)


def token(prefix: str, size: int) -> str:
    """Return a token in the format of a provider; made here, so that no file contains one."""
    letters = "a1B2c3D4e5F6g7H8i9J0kLmNoPqRsTuVwXyZ"
    return prefix + (letters * (size // len(letters) + 1))[:size]


TOKEN, COMMENTED = token("gh" + "p_", 36), token("gl" + "pat-", 24)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with a secret in every kind of place."""
    p = {name: quoted(text) for name, text in PLANTED.items()}
    main = f"""
terraform {{
  backend "http" {{
    address  = "https://state.invalid"
    password = {p["backend"]}
  }}
}}
# a comment holds one: {COMMENTED}
provider "postgresql" {{
  password = {p["provider"]}
}}
locals {{
  a_password = {p["local"]}
  b          = {{ inner = local.a_password }}
  half       = "{PLANTED["joined"][:6]}"
  keyed      = {{ ({p["key"]}) = 1 }}
}}
variable "db_password" {{
  default = {p["default"]}
}}
variable "given" {{
  sensitive = true
}}
variable "from_environment_token" {{
  type = string
}}
resource "postgresql_role" "argument" {{
  name     = "argument"
  password = {p["argument"]}
}}
resource "postgresql_role" "short" {{
  name     = "short"
  password = {p["short"]}
}}
resource "postgresql_role" "word" {{
  name     = "word"
  password = {p["word"]}
}}
resource "postgresql_role" "chained" {{
  name     = "chained"
  password = local.b.inner
}}
resource "postgresql_role" "joined" {{
  name     = "joined"
  password = "${{local.half}}{PLANTED["joined"][6:]}"
}}
resource "postgresql_role" "keyed" {{
  for_each = {{ reader = {{ password = {p["key"]} }} }}
  name     = each.key
  password = each.value.password
  roles    = [each.value.password, upper(each.value.password), base64encode(each.value.password)]
}}
resource "supabase_settings" "shop" {{
  auth = jsonencode({{ smtp_pass = {p["json"]}, url = "https://x.invalid" }})
}}
resource "aws_instance" "worker" {{
  ami       = "ami-0a1b2c3d4e5f60718"
  user_data = <<-SH
    export WORKER_PASSWORD={PLANTED["heredoc"]}
  SH
  tags = {{ note = "{TOKEN}" }}
}}
resource "aws_launch_template" "worker" {{
  user_data = base64encode("#!/bin/sh\\nexport WORKER_PASSWORD={PLANTED["encoded"]}\\n")
}}
resource "postgresql_subscription" "reports" {{
  name     = "reports"
  conninfo = "host=db password={PLANTED["template"]} user=${{local.half}}"
}}
resource "terraform_data" "read" {{
  input = file("${{path.module}}/app.env")
}}
resource "terraform_data" "wrong" {{
  input = [{p["local"]}, {p["default"]}][7] + tonumber({p["argument"]})
}}
output "admin_password" {{
  value = {p["output"]}
}}
"""
    write_files(
        tmp_path,
        {
            "main.tf": main,
            "terraform.tfvars": f"given = {p['tfvars']}\n",
            "app.env": f"MAIL_PASSWORD={PLANTED['file']}\n",
            "supabase/migrations/1_roles.sql": f"create role r login password '{PLANTED['sql']}';\n"
            "create table public.t (id int);\n",
        },
    )
    monkeypatch.setenv("TF_VAR_from_environment_token", PLANTED["environment"])
    return tmp_path


def leaks(text: str) -> Iterator[str]:
    """Return the planted secrets with more than two characters in a text."""
    for name, secret in (*PLANTED.items(), ("token", TOKEN), ("commented", COMMENTED)):
        escaped = json.dumps(secret, ensure_ascii=False)[1:-1]
        encoded = b64encode(secret.encode()).decode().rstrip("=")
        spellings = {secret, escaped, json.dumps(secret)[1:-1], encoded, secret[2:], secret[:5]}
        if name == "word":
            spellings = {secret}
        elif name == "joined":  # its first literal is a word that other texts can contain
            spellings = {secret, secret[2:], secret[6:]}
        elif name == "short":
            spellings = {quoted(secret), f" {secret} ", json.dumps(quoted(secret))[1:-1]}
        if any(s and s in text for s in spellings):
            yield name


SCANS = [("scan", ".", "--checkov", "off", "--format", name) for name in FORMATS]
SHOWS = [("show", ".", "--stage", stage, *flag) for stage in STAGES for flag in ((), ("--json",))]
GRAPHS = [("graph", ".", "--all", "--format", name) for name in GRAPH_FORMATS]
EVALS = [
    ("eval", *flag, ".", "local.b", "local.keyed", "var.given", 'local.b["nothing"]', 'upper("x${local.a_password}")')
    for flag in ((), ("--json",))
]


@pytest.mark.parametrize("arguments", [*SCANS, *SHOWS, *GRAPHS, *EVALS], ids=" ".join)
def test_no_output_has_a_secret(
    arguments: tuple[str, ...],
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No command shows a secret on standard output or standard error."""
    ran = Runner(repository, monkeypatch, capsys)(*arguments)
    assert ran.out.strip()
    assert sorted(leaks(ran.out + ran.err)) == []


def test_redaction_does_not_depend_on_policies(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The redaction does not depend on the policies that run."""
    arguments = ("scan", ".", "--checkov", "off", "--policy", "resource-limits", "--format", "json")
    ran = Runner(repository, monkeypatch, capsys)(*arguments)
    assert json.loads(ran.out)["summary"]
    assert sorted(leaks(ran.out + ran.err)) == []


def test_each_planted_literal_is_a_finding(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every literal is reported once."""
    arguments = ("scan", ".", "--checkov", "off", "--format", "json", "--policy", "plaintext-secret")
    found = json.loads(Runner(repository, monkeypatch, capsys)(*arguments).out)["findings"]
    text = (repository / "main.tf").read_text(encoding="utf-8").split("\n")
    lines = [text[f["location"]["line"] - 1] for f in found if f["location"]["path"] == "main.tf"]
    elsewhere = {"default", "tfvars", "environment", "sql", "file", "backend"}
    for name in PLANTED.keys() - elsewhere:
        shown = PLANTED[name][6:] if name == "joined" else quoted(PLANTED[name])[1:-1]
        assert any(shown in line for line in lines), name
    assert {f["location"]["path"] for f in found} == {"main.tf", "terraform.tfvars", "app.env", SQL}


SQL = "supabase/migrations/1_roles.sql"
