"""Blocks against their schemas: the marked lines are reported, and a real Terraform refuses the same lines."""

import json
import re
import shutil
from pathlib import Path

import pytest
from tests.infra.command import Terraform, succeed

from iacpolicy.core.tree import MemoryTree, WorkTree
from iacpolicy.schemas.applicability import may_be_of_major
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.schemas.conformance import conformance_problems
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.modules import Modules

FIXTURE = Path(__file__).parents[2] / "fixtures" / "schemas" / "conformance"
MARK = re.compile(r"# warning: (.*?)(?= # warning: |$)")
JSON_LINE = ("other.tf.json", 10)
# Terraform drops members of an object that its type does not have; the others it tells once the rest is right.
TOLERATED = ("Unsupported attribute", "Value for an attribute that cannot be set", "Too many")


def marks() -> list[tuple[int, str, str]]:
    """Return the marked lines of the fixture, each with a summary and words of the detail."""
    found = []
    for number, line in enumerate((FIXTURE / "main.tf").read_text(encoding="utf-8").split("\n"), 1):
        for text in MARK.findall(line):
            summary, _, words = text.strip().partition(" | ")
            found.append((number, summary, words))
    return found


def problems_of(files: dict[str, str]) -> list[str]:
    modules = Modules(ParsedFiles(MemoryTree(files)))
    return [p.detail for p in conformance_problems(modules.load(""), Catalogue())]


def test_marked_lines() -> None:
    """Each mistake is reported once, at its line and with a hint; correct lines are not reported."""
    modules = Modules(ParsedFiles(WorkTree(FIXTURE)))
    found = list(conformance_problems(modules.load(""), Catalogue()))
    left = marks()
    surplus = []
    for problem in found:
        assert problem.location is not None
        if (problem.location.path, problem.location.line) == JSON_LINE:
            assert "grnt" in problem.detail
            continue
        mark = next(
            (m for m in left if m[:2] == (problem.location.line, problem.summary) and m[2] in problem.detail), None
        )
        if mark is None:
            surplus.append(f"{problem.location}: {problem.summary}: {problem.detail}")
        else:
            left.remove(mark)
    assert not surplus, "\n".join(surplus)
    assert not left, left


def test_terraform_agrees(tmp_path: Path) -> None:
    """A real Terraform with the same schemas refuses marked lines only, and most of them."""
    executable = shutil.which("terraform")
    if executable is None:
        pytest.skip("terraform is not on PATH")
    serve = pytest.importorskip("tests.support.serve_providers")
    terraform = Terraform(executable)
    # a provider that is configured wrongly keeps Terraform from looking at its resources
    text = re.sub(r"  regionn .*\n", "", (FIXTURE / "main.tf").read_text(encoding="utf-8"))
    text = re.sub(r'resource "unheard_of" "x" \{.*?\n\}\n', "", text, flags=re.DOTALL)
    (tmp_path / "main.tf").write_text(text, encoding="utf-8")
    shutil.copy(FIXTURE / "other.tf.json", tmp_path)
    wanted = {"aws", "render", "cloudflare"}
    with serve.serving([p for p in sorted(serve.SCHEMAS.glob("*.json.gz")) if p.name.split(".")[0] in wanted]) as env:
        succeed(terraform(tmp_path, "init", environment=env))
        report = json.loads(terraform(tmp_path, "validate", "-json", environment=env).stdout)
    lines = text.split("\n")
    marked = {number for number, line in enumerate(lines, 1) if MARK.search(line)}
    refused = {
        (d["range"]["filename"], d["range"]["start"]["line"]): d["summary"]
        for d in report["diagnostics"]
        if d["severity"] == "error" and "range" in d
    }
    surplus = {k: v for k, v in refused.items() if k[0] == "main.tf" and k[1] not in marked}
    assert not surplus, surplus
    tolerated = {n for n, line in enumerate(lines, 1) if any(f"warning: {t}" in line for t in TOLERATED)}
    assert marked - tolerated - {line for _, line in refused} == set()


@pytest.mark.parametrize(
    ("constraint", "major", "expected"),
    [
        ("~> 5.0", 5, True),
        ("~> 5.0", 6, False),
        ("~> 5", 6, True),
        (">= 4.0", 6, True),
        (">= 7", 6, False),
        (">= 4.0, < 5.0.0", 5, False),
        (">= 4.0, < 5.1", 5, True),
        ("<= 4.67", 5, False),
        ("4.67.0", 4, True),
        ("= 4.67.0", 5, False),
        ("!= 5.1.0", 5, True),
        ("v5.0.0-beta1", 5, True),
        ("whatever", 5, True),
    ],
)
def test_versions(constraint: str, major: int, expected: bool) -> None:
    """Facts about a major version apply only to modules that may use it."""
    assert may_be_of_major(constraint, major) is expected


@pytest.mark.parametrize(
    ("entry", "is_reported"),
    [
        ('{ source = "hashicorp/aws" }', True),
        ('{ source = "registry.terraform.io/hashicorp/aws", version = ">= 6" }', True),
        ('{ source = "acme/aws" }', False),
        ('{ source = "hashicorp/aws", version = "~> 4.0" }', False),
        ('">= 6"', True),
        ('"~> 3.0"', False),
    ],
)
def test_other_providers_are_left_alone(entry: str, is_reported: bool) -> None:
    """Another provider of the same name, or another major version, gives no problem."""
    text = f"terraform {{\n  required_providers {{\n    aws = {entry}\n  }}\n}}\n"
    text += 'resource "aws_s3_bucket" "a" {\n  nope = 1\n}\n'
    assert bool(problems_of({"main.tf": text})) is is_reported


def test_explicit_provider() -> None:
    """The `provider` argument says to which provider a resource belongs, whatever its type begins with."""
    text = 'terraform {\n  required_providers {\n    mine = { source = "acme/aws" }\n  }\n}\n'
    text += 'resource "aws_s3_bucket" "a" {\n  provider = mine.west\n  nope = 1\n}\n'
    assert problems_of({"main.tf": text}) == []
