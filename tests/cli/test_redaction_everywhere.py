"""For a secret in every kind of source, no command prints four characters after its first two."""

import hashlib
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

from iacpolicy.report import FORMATS

# made for this test; none of them opens anything
DEFAULT, LOCAL, TFVARS, ENVIRONMENT, SQL, GONE = (
    "Vq7#mKd2Lw9xTr",
    "Zt4pRk8Wn3Qy6Lb",
    "Hx6cVb3Mj9Td5Kf",
    "Gm2kEt6Vh8Nw4Ry",
    "Pd8wGs2Rn7Yc4Ue",
    "Ls5fJz1Xo9Bq3Ia",
)
SECRETS = (DEFAULT, LOCAL, TFVARS, ENVIRONMENT, SQL, GONE)
FILES = {
    "main.tf": f"""
variable "master_password" {{
  default = "{DEFAULT}"
}}

variable "api_token" {{
  type = string
}}

locals {{
  signing_secret = "{LOCAL}"
  hash           = md5(local.signing_secret)
  part           = substr(var.master_password, 3, 8)
}}

resource "aws_db_instance" "main" {{
  password   = var.master_password
  identifier = "db-${{local.part}}"
  engine     = "postgres"

  tags = {{
    Token = var.api_token
    Hash  = sha1(local.signing_secret)
    Note  = "signed with ${{local.signing_secret}}"
  }}
}}

resource "aws_instance" "each" {{
  for_each      = toset([local.hash])
  ami           = "ami-0"
  instance_type = "t3.small"
  user_data     = "export SECRET=${{local.signing_secret}}"
}}

output "broken" {{
  value = local.signing_secret + 1
}}

output "told" {{
  value = "${{var.api_token}}/${{local.hash}}"
}}
""",
    "terraform.tfvars": f'api_token = "{TFVARS}"\n',
    ".env": f"STRIPE_SECRET_KEY={ENVIRONMENT}\n",
    "supabase/migrations/20240101000000_a.sql": f"create role app login password '{SQL}';\ncreate table t (id int);\n",
}
STAGES = ("ast", "modules", "values", "graph", "findings")
EXPRESSIONS = (
    "local",
    "var.master_password",
    "md5(local.signing_secret)",
    "sha256(var.master_password)",
    "substr(local.signing_secret, 2, 9)",
    'split("", var.api_token)',
    'join("-", split("", var.api_token))',
    "strrev(local.signing_secret)",
    "base64encode(substr(var.api_token, 1, 12))",
    "parseint(substr(sha1(var.api_token), 0, 6), 16)",
    'replace(local.signing_secret, "Z", "z")',
    "{(local.hash) = local.part}",
    'regex("[0-9].*", var.master_password)',
    "aws_db_instance.main",
    "local.signing_secret + 1",
    "file(local.part)",
)
COMMANDS = [
    *(["scan", "--checkov", "off", "--include-passed", "--format", name] for name in FORMATS),
    ["scan", "--checkov", "off", "--debug"],
    *(["show", ".", "--stage", stage, *more] for stage in STAGES for more in ([], ["--json"])),
    *(["graph", ".", "--all", "--format", name] for name in ("dot", "mermaid", "json", "graphml")),
    ["eval", ".", *EXPRESSIONS],
    ["eval", ".", "--json", *EXPRESSIONS],
    ["access", "."],
    ["access", ".", "--json"],
    ["secrets"],
    ["secrets", "--json", "--debug"],
    ["secrets", "--history"],
    ["secrets", "--history", "--json", "--debug"],
    ["explain", "plaintext-secret"],
    ["settings"],
]


def _telling(secret: str) -> Iterator[str]:
    """Return the texts that must not be printed: any four characters after the second, their base64, and hashes."""
    yield from (secret[at : at + 4] for at in range(2, len(secret) - 3))
    yield secret[::-1][:6]
    yield b64encode(secret.encode()).decode()[4:12]
    data = secret.encode()
    for made in (hashlib.md5(data), hashlib.sha1(data), hashlib.sha256(data), hashlib.sha512(data)):
        yield made.hexdigest()[:8]
        yield b64encode(made.digest()).decode()[:8]


def _git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with every secret in its files, one of them only in its history."""
    root = tmp_path_factory.mktemp("planted")
    _git(root, "init", "--quiet", "--initial-branch=main")
    write_files(root, {**FILES, "old.tfvars": f'db_password = "{GONE}"\n'})
    _git(root, "add", "--all", "--force")
    _git(root, "commit", "--quiet", "--message=first")
    (root / "old.tfvars").unlink()
    _git(root, "commit", "--quiet", "--all", "--message=second")
    return root


def _assert_hidden(text: str) -> None:
    for secret in SECRETS:
        for part in _telling(secret):
            assert part not in text, f"{part} of {secret} is printed"


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_no_part_of_a_secret_leaves(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """No stream of any command in any format contains a part of a secret or a value made from it."""
    ran = Runner(repository, monkeypatch, capsys)(*arguments)
    assert ran.out
    assert "Traceback" not in ran.err
    _assert_hidden(ran.out + ran.err)


def test_no_part_of_a_secret_is_written(
    repository: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The baseline is committed, so it contains no secret either."""
    run = Runner(repository, monkeypatch, capsys)
    before = set(repository.rglob("*"))
    ran = run("baseline", "--checkov", "off")
    written = [p for p in repository.rglob("*") if p not in before and p.is_file()]
    assert written, ran.err
    try:
        _assert_hidden(ran.out + ran.err + "".join(p.read_text() for p in written))
    finally:
        for path in written:
            path.unlink()
