"""Waivers are valid in every kind of file that can have a finding."""

import json
from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

SECRET = "Zt4pRk8Wn3Qy6Lb"
WAIVER = 'iacpolicy:ignore[%s] reason="a demo"'
BACKEND = 'terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "k"\n  }\n}\n'
RULES = """groups:
  - name: shop
    rules:
      # iacpolicy:ignore[promql-invalid] reason="a demo"
      - alert: Slow
        expr: rate(
        for: 5m
"""


@pytest.mark.parametrize(
    ("policy", "files"),
    [
        ("plaintext-secret", {".env": f"# {WAIVER}\nAPI_TOKEN={SECRET}\n"}),
        ("plaintext-secret", {".env": f"API_TOKEN={SECRET} # {WAIVER}\n"}),
        ("plaintext-secret", {"terraform.tfvars": f'api_token = "{SECRET}" # {WAIVER}\n'}),
        ("plaintext-secret", {"supabase/migrations/1_a.sql": f"-- {WAIVER}\ncreate role a password '{SECRET}';\n"}),
        (
            "state-backend-credentials",
            {"main.tf": BACKEND, "s3.tfbackend": f'# {WAIVER}\nsecret_key = "{SECRET}"\naccess_key = "x" # {WAIVER}\n'},
        ),
        ("promql-invalid", {"rules/alerts.yml": RULES}),
    ],
    ids=["env", "env at the end", "tfvars", "sql", "tfbackend", "yaml"],
)
def test_a_waiver_counts(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    policy: str,
    files: dict[str, str],
) -> None:
    """The finding is waived with its reason; without the comment it is new."""
    (tmp_path / ".git").mkdir()
    run = Runner(tmp_path, monkeypatch, capsys)
    texts = {"main.tf": 'variable "api_token" {\n  type = string\n}\n'} | {
        path: text.replace("%s", policy) for path, text in files.items()
    }
    write_files(tmp_path, texts)
    arguments = ("scan", "--checkov", "off", "--format", "json", "--policy", policy)
    findings = json.loads(run(*arguments).out)["findings"]
    assert {(f["policy"], f["status"]) for f in findings} == {(policy, "waived")}
    assert {f["waiver"]["reason"] for f in findings} == {"a demo"}
    write_files(tmp_path, {path: text.replace("iacpolicy:ignore", "nothing") for path, text in texts.items()})
    findings = json.loads(run(*arguments).out)["findings"]
    assert {(f["policy"], f["status"]) for f in findings} == {(policy, "new")}
