"""Values that refer to themselves are reported as a cycle by every command, without effect on other values."""

import json
from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

FILES = {
    "main.tf": """
resource "terraform_data" "n" {
  count = 2
  input = terraform_data.n[0].id
}

resource "terraform_data" "k" {
  for_each = toset([for x in terraform_data.k : x.id])
}

resource "terraform_data" "q" {
  input = { a = terraform_data.q.input }
}

resource "terraform_data" "r" {
  input = terraform_data.s.input
}

resource "terraform_data" "s" {
  input = terraform_data.r.input
}

module "m" {
  source = "./m"
  x      = module.m.y
}

locals {
  a    = local.a + 1
  fine = terraform_data.n[0].id
}
""",
    "m/main.tf": 'variable "x" {}\n\noutput "y" {\n  value = var.x\n}\n',
}
CIRCLES = (
    "terraform_data.n",
    "terraform_data.k",
    "terraform_data.q.input",
    "terraform_data.r.input",
    "module.m.y",
    "local.a",
    "jsonencode(terraform_data.q)",
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    write_files(tmp_path, FILES)
    return Runner(tmp_path, monkeypatch, capsys)


def test_eval(run: Runner) -> None:
    """Each expression in a cycle has that error each time, and other expressions have none."""
    ran = run("eval", "--json", ".", *CIRCLES, *CIRCLES, "local.fine")
    assert ran.code == 1
    *circles, fine = [json.loads(line)["error"] for line in ran.out.splitlines()]
    assert [error and error["summary"] for error in circles] == ["Cycle"] * len(CIRCLES) * 2
    assert fine is None


def test_show(run: Runner) -> None:
    """The stage of values names the cycle for each attribute and local in it."""
    values = next(iter(json.loads(run("show", "--stage", "values", "--json", ".").out).values()))
    shown = json.dumps(values)
    assert "Cycle" in values["local.a"]
    assert "Cycle" in values["terraform_data.q"]["input"]
    assert "Cycle" in values["terraform_data.s"]["input"]
    assert "RecursionError" not in shown


def test_scan(run: Runner) -> None:
    """A scan reports each cycle at its place once, and is incomplete."""
    report = json.loads(run("scan", "--checkov", "off", "--format", "json", ".").out)
    lines = [
        d["location"]["line"] for d in report["diagnostics"] if d["summary"] in ("Cycle", "Self-referential block")
    ]
    assert len(lines) == len(set(lines)) == 6
    assert report["exit"]["code"] in (1, 3)
