"""Cost of the secret search over a history of 5,000 commits, compared with `git log -p` over the same paths."""

import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.cases import Row, iacpolicy
from bench.measure import Command, compare

COMMITS = 5_000
LIMIT = 2.0
SECRET = 0.005
PATHS = ("*.tf", "*.tfvars", "*.sql", ".env*", "*/.env*")
_WORDS = ("api", "web", "worker", "queue", "cache", "search", "mail", "audit", "report", "stream", "session", "ledger")
_SIZES = ("t3.small", "t3.medium", "m6i.large", "r6g.xlarge")


def history(rounds: int) -> Iterator[Row]:
    """Return the measurement over 5,000 commits; some commits add or remove a secret."""
    with tempfile.TemporaryDirectory() as scratch:
        directory = Path(scratch)
        make_repository(directory, COMMITS)
        git, ours = "git log -p", "iacpolicy secrets --history"
        log = ["git", "--no-pager", "log", "-p", "--", *PATHS]
        costs = compare(
            {
                git: Command(log, directory),
                ours: iacpolicy("secrets", "--history", directory=directory, codes=(1,)),
            },
            rounds,
        )
    times = costs[ours].cpu / costs[git].cpu
    yield Row(f"{git} (5,000 commits)", costs[git])
    yield Row(f"{ours} (5,000 commits)", costs[ours], ((f"{times:.1f}x of git log -p, at most 2x", times <= LIMIT),))


def make_repository(directory: Path, commits: int) -> None:
    """Create a repository with a number of commits, each of which changes one file. It is equal on every machine."""
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(directory)], check=True)
    stream = b"".join(_stream(random.Random(6), commits))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=directory, input=stream, check=True)
    subprocess.run(["git", "reset", "--hard", "--quiet", "main"], cwd=directory, check=True)


def _stream(chance: random.Random, commits: int) -> Iterator[bytes]:
    files = dict(_files(chance))
    yield b"reset refs/heads/main\n"
    for number in range(commits):
        path = chance.choice(list(files))
        changed = [path] if number else list(files)
        if number:
            _change(path, files[path], chance)
        said = f"Change {number}"
        yield (
            f"commit refs/heads/main\ncommitter A Person <person@example.com> {1_600_000_000 + number * 3600} +0000\n"
            f"data {len(said)}\n{said}\n"
        ).encode()
        for name in changed:
            text = "\n".join(files[name]).encode()
            yield f"M 100644 inline {name}\ndata {len(text)}\n".encode() + text + b"\n"


def _change(path: str, blocks: list[str], chance: random.Random) -> None:
    """Return the file after one commit: a changed word or number, an added or removed block, or an added secret."""
    kind = chance.random()
    make = _BLOCKS[path.rpartition(".")[2]]
    if kind < SECRET:
        blocks[-1] = _secret(path, chance)
    elif kind < 0.12:
        blocks.insert(chance.randrange(len(blocks)), make(chance))
    elif kind < 0.24 and len(blocks) > 12:
        blocks.pop(chance.randrange(len(blocks) - 1))
    else:
        at = chance.randrange(len(blocks) - 1)
        lines = blocks[at].split("\n")
        telling = [i for i, text in enumerate(lines) if re.search(r"[0-9]|= ", text)]
        line = chance.choice(telling or [0])
        lines[line] = _anew(lines[line], chance)
        blocks[at] = "\n".join(lines)


def _anew(line: str, chance: random.Random) -> str:
    """Return a line with other words or numbers."""
    size = next((size for size in _SIZES if size in line), None)
    if size is not None:
        return line.replace(size, chance.choice(_SIZES))
    for word in _WORDS:
        line = line.replace(f"{word}_", f"{chance.choice(_WORDS)}_")
    changed = re.sub(r"[0-9]+", lambda found: str(chance.randrange(10 ** len(found[0]))), line)
    return changed if "=" not in changed else f"{changed.partition('  #')[0]}  # {chance.randrange(10**6)}"


def _secret(path: str, chance: random.Random) -> str:
    written = f"Wq{chance.randrange(10**12):012}x"
    match path.rpartition(".")[2]:
        case "tf":
            return f'resource "aws_db_instance" "last" {{\n  password = "{written}"\n}}\n'
        case "tfvars":
            return f'database_password = "{written}"'
        case "sql":
            return f"create role app_{chance.randrange(10**6)} login password '{written}';\n"
        case _:
            return f"API_TOKEN={written}"


def _files(chance: random.Random) -> Iterator[tuple[str, list[str]]]:
    for environment in ("production", "staging", "shared"):
        for name in ("main", "database", "network", "services", "queues", "variables"):
            yield f"infra/{environment}/{name}.tf", [_block(chance) for _ in range(20)]
        yield f"infra/{environment}/terraform.tfvars", [_assignment(chance) for _ in range(60)]
    for module in ("service", "bucket", "cluster"):
        for name in ("main", "iam", "outputs"):
            yield f"modules/{module}/{name}.tf", [_block(chance) for _ in range(20)]
    for number in range(6):
        yield f"supabase/migrations/2024010100000{number}_change.sql", [_statement(chance) for _ in range(25)]
    yield ".env.example", [_pair(chance) for _ in range(40)]


def _assignment(chance: random.Random) -> str:
    return f'{chance.choice(_WORDS)}_{chance.randrange(10**3)} = "{chance.choice(_SIZES)}"'


def _statement(chance: random.Random) -> str:
    table = f"{chance.choice(_WORDS)}_{chance.randrange(10**3)}"
    return (
        f"create table {table} (\n  id bigint primary key,\n  owner_id uuid not null,\n  name text not null\n);\n"
        f"alter table {table} enable row level security;\n"
    )


def _pair(chance: random.Random) -> str:
    return f"{chance.choice(_WORDS).upper()}_PORT={chance.randrange(10**4)}"


def _block(chance: random.Random) -> str:
    name = f"{chance.choice(_WORDS)}_{chance.randrange(10**4)}"
    return chance.choice(_TEMPLATES).replace("NAME", name).replace("SIZE", chance.choice(_SIZES))


_TEMPLATES = (
    """resource "aws_db_instance" "NAME" {
  identifier        = "NAME_1"
  engine            = "postgres"
  engine_version    = "16.3"
  instance_class    = "db.SIZE"
  allocated_storage = 100
  username          = "app"
  password          = var.database_password
  kms_key_id        = aws_kms_key.NAME.arn

  tags = {
    Name  = "NAME_1"
    Owner = "NAME_1"
  }
}
""",
    """resource "aws_security_group_rule" "NAME" {
  type              = "ingress"
  description       = "What NAME_1 lets in"
  from_port         = 8080
  to_port           = 8080
  protocol          = "tcp"
  cidr_blocks       = ["10.20.30.0/24"]
  security_group_id = aws_security_group.NAME.id
}
""",
    """resource "aws_s3_bucket" "NAME" {
  bucket = "NAME_1-assets"
}

resource "aws_s3_bucket_versioning" "NAME" {
  bucket = aws_s3_bucket.NAME.id

  versioning_configuration {
    status = "Enabled"
  }
}
""",
    """resource "aws_ssm_parameter" "NAME" {
  name  = "/NAME_1/url"
  type  = "SecureString"
  value = "postgres://app:${var.database_password}@${aws_db_instance.NAME.address}/app"
}
""",
    """variable "NAME_size" {
  description = "The size of NAME_1"
  type        = string
  default     = "SIZE"
}
""",
    """variable "NAME_token" {
  description = "What NAME_1 is called with"
  type        = string
  sensitive   = true
}
""",
    """module "NAME" {
  source = "../../modules/service"

  name          = "NAME_1"
  size          = "SIZE"
  replicas      = 3
  database_url  = module.database.url
  api_token     = var.NAME_token
  environment   = "production"
  alarm_seconds = 300
}
""",
    """resource "aws_cloudwatch_metric_alarm" "NAME" {
  alarm_name          = "NAME_1 is slow"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 3
  metric_name         = "Latency"
  namespace           = "App"
  period              = 300
  statistic           = "Average"
  threshold           = 250
}
""",
)
_BLOCKS = {"tf": _block, "tfvars": _assignment, "sql": _statement, "example": _pair}


def main() -> int:
    """Print both costs and their ratio. Exit with 1 if the ratio exceeds the limit."""
    rows = list(history(3))
    for row in rows:
        print(
            f"{row.name}: {row.cost.cpu:.2f} s of CPU, {row.cost.wall:.2f} s, {row.cost.memory:.0f} MiB {row.budgets}"
        )
    return int(not all(holds for row in rows for _, holds in row.budgets))


if __name__ == "__main__":
    sys.exit(main())
