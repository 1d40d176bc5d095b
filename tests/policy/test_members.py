"""The members of Resource, Attribute, Graph and Violation that policies use in place of the package's own objects."""

from pathlib import Path

import pytest
from tests.support.scans import report_of, write_files, write_policy

from iacpolicy.core.spans import Span
from iacpolicy.policy.api import Violation
from iacpolicy.policy.library.sql import called_functions, only_equals

MAIN = """variable "typed" {
  type = ((string))
}

variable "n" {}

locals {
  first = "a"
}

resource "aws_lb" "web" {
  name = local.first
}

resource "aws_subnet" "one" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.0.0/24"
}

resource "aws_subnet" "two" {
  vpc_id     = aws_vpc.main.id
  cidr_block = var.n
}

resource "aws_subnet" "perhaps" {
  count      = var.n == "x" ? 1 : 0
  vpc_id     = "vpc-1"
  cidr_block = "10.0.1.0/24"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "terraform_data" "a" {
  input            = aws_lb.web.dns_name
  triggers_replace = ["x", var.n]
}

module "inner" {
  source = "./inner"
}
"""
INNER = 'resource "terraform_data" "b" {\n  input = "text"\n}\n'


def _messages(tmp_path: Path, expression: str, on: str = "terraform_data") -> list[str]:
    """Return the values of an expression over `resource` and `graph`, for each resource that a policy is on."""
    policies = write_policy(tmp_path / "policies", "own", on, f"yield Violation(str(({expression})), at=resource)")
    files = {"main.tf": MAIN, "inner/main.tf": INNER}
    report = report_of(tmp_path / "repo", files, policy_dirs=(policies,), wanted=("own",))
    return [finding.message for finding in sorted(report.findings, key=lambda finding: finding.address)]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("resource.module_address", ["module.inner", ""]),
        ("resource.has_block", ["True", "True"]),
        ("resource.written('absent')", ["None", "None"]),
        ("resource['input'].is_text, resource['triggers_replace'].is_text", ["(True, False)"] * 2),
        ("resource['input'].reads('dns_name')", ["False", "True"]),
        ("sorted(resource['input'].source_types)", ["[]", "['aws_lb']"]),
        ("resource['triggers_replace'].is_listed", ["False", "True"]),
        ("graph.is_first(resource)", ["True", "True"]),
        ("graph.index, graph.has_root", ["(0, True)", "(0, True)"]),
        ("[r.name for r in graph.declared('aws_subnet')]", ["['one', 'two', 'perhaps']"] * 2),
        ("graph == graph.all_cells()[0]", ["True", "True"]),
        ("graph.once_in_cell('k', lambda: 1) + graph.once_in_cell('k', lambda: 2)", ["2", "2"]),
    ],
)
def test_members(tmp_path: Path, expression: str, expected: list[str]) -> None:
    """Each member has its value for the resource of a called module and for that of the root."""
    assert _messages(tmp_path, expression) == expected


def test_written_without_parentheses(tmp_path: Path) -> None:
    """`written` gives the text of an argument that has no value, without parentheses, and None without the argument."""
    shown = "getattr(resource.written('type'), 'text', None)"
    assert _messages(tmp_path, shown, "variable") == ["None", "string"]


def test_places_of_a_trace(tmp_path: Path) -> None:
    """`origin_places` starts at the written value and ends at the attribute."""
    lines = "[place.line for place in resource['name'].origin_places][0]"
    assert _messages(tmp_path, lines, "aws_lb") == ["8"]


def test_same_values_and_keys(tmp_path: Path) -> None:
    """`same` compares an attribute of two resources, unknown ids included; equal values have a common key."""
    one, two, perhaps = (f"list(graph.declared('aws_subnet'))[{index}]" for index in range(3))
    same = f"bool(graph.same({one}, {two}, 'vpc_id')), bool(graph.same({one}, {perhaps}, 'vpc_id'))"
    assert _messages(tmp_path / "same", same, "aws_vpc") == ["(True, False)"]
    keys = f"graph.keys({one}, 'vpc_id') == graph.keys({two}, 'vpc_id') != graph.keys({perhaps}, 'vpc_id')"
    assert _messages(tmp_path / "keys", keys, "aws_vpc") == ["True"]


def test_first_of_two_calls(tmp_path: Path) -> None:
    """`is_first` is true for one of two instances of a module."""
    body = "if graph.is_first(resource):\n    yield Violation('first', at=resource)"
    policies = write_policy(tmp_path / "policies", "own", "terraform_data", body)
    main = "".join(f'module "{name}" {{\n  source = "./inner"\n}}\n' for name in ("a", "b"))
    repository = write_files(tmp_path / "repo", {"main.tf": main, "inner/main.tf": INNER})
    report = report_of(repository, {}, policy_dirs=(policies,), wanted=("own",))
    assert [finding.address for finding in report.findings] == ["module.a.terraform_data.b"]


def test_place_of_a_violation() -> None:
    """`place` is the span of a violation, whether `at` has one or is one."""
    span = Span("main.tf", 1, 1, 1, 2)
    assert Violation("bad", span).place == span


@pytest.mark.parametrize(
    ("text", "constant"),
    [
        ("bucket_id = 'images'", "images"),
        ("(storage.objects.bucket_id = 'images'::text)", "images"),
        ("bucket_id = 'images' and true", None),
        ("bucket_id <> 'images'", None),
        ("other = 'images'", None),
        ("", None),
    ],
)
def test_only_equals(text: str, constant: str | None) -> None:
    """The constant counts only if the comparison with the column is the whole expression."""
    assert only_equals(text, "bucket_id") == constant


def test_called_functions() -> None:
    """All functions of an expression are named with their schema; a text that is not SQL has none."""
    assert called_functions("auth.uid() = lower(owner)::uuid") == {"auth.uid", "lower"}
    assert called_functions("= =") == frozenset()
