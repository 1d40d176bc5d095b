"""The condition of a validation on every element holds for each index, for `each.value` and for `contains`."""

from pathlib import Path

import pytest
from tests.support.scans import report_of, write_policy

from iacpolicy.engine.findings import Certainty

BELOW = 'if resource["input"] < 1:\n    yield Violation("below 1", at=resource["input"])'
OPEN = 'if resource["input"].contains("0.0.0.0/0"):\n    yield Violation("open", at=resource["input"])'
NUMBERS = [
    "alltrue([for n in var.l : n >= 1])",
    "alltrue([for i, n in var.l : n >= 1 && n < 10])",
    "alltrue([for n in var.l : (n > 5 || n == 3)])",
    "!anytrue([for n in var.l : n < 1])",
    "!(length(var.l) > 5 || anytrue([for n in var.l : n < 1]))",
    "length([for n in var.l : n if n < 1]) == 0",
    "0 == length([for n in var.l : n if n < 1])",
    "length(setsubtract(var.l, [1, 2, 3])) == 0",
    "alltrue([for n in toset(var.l) : contains([1, 5], n)])",
    "alltrue([for n in var.l : n >= var.least])",
]
LOOSE = [
    "alltrue([for n in var.l : n >= 0])",
    "anytrue([for n in var.l : n >= 1])",
    "!alltrue([for n in var.l : n < 1])",
    "alltrue([for n in var.l : n >= 1 if n > 5])",
    "alltrue([for n in var.l : n >= 1]) || length(var.l) == 1",
    "alltrue([for n in var.other : n >= 1])",
]
USES = [
    "  input = var.l[0]",
    "  count = length(var.l)\n  input = var.l[count.index]",
    "  for_each = toset([for n in var.l : tostring(n)])\n  input = var.l[1]",
    "  for_each = { for i, n in var.l : i => n }\n  input = each.value",
    "  for_each = { for i, n in var.l : i => n if n != 4 }\n  input = each.value",
]


def _found(tmp_path: Path, condition: str, use: str, kind: str = "list(number)", check: str = BELOW) -> list[Certainty]:
    write_policy(tmp_path / "policies", "judged", "terraform_data", check)
    text = (
        f'variable "l" {{\n  type = {kind}\n  validation {{\n    condition     = {condition}\n'
        '    error_message = "No."\n  }\n}\n'
        'variable "other" {\n  type = list(number)\n}\nvariable "least" {\n  type    = number\n  default = 1\n}\n'
        f'resource "terraform_data" "it" {{\n{use}\n}}\n'
    )
    repository = tmp_path / "repository"
    report = report_of(repository, {"main.tf": text}, policy_dirs=(tmp_path / "policies",), wanted=("judged",))
    return [finding.certainty for finding in report.findings]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("condition", NUMBERS)
def test_each_element_meets_the_validation(tmp_path: Path, condition: str, use: str) -> None:
    """No world has an element that the validation refuses."""
    assert _found(tmp_path, condition, use) == []


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("condition", LOOSE)
def test_exempt_elements_leave_the_violation_possible(tmp_path: Path, condition: str, use: str) -> None:
    """If some elements are exempt from the validation, the violation stays possible."""
    assert _found(tmp_path, condition, use) == [Certainty.POSSIBLE]


def test_a_violation_by_every_element_is_certain(tmp_path: Path) -> None:
    """If every allowed element violates the policy, the first one does in every world."""
    condition = "length([for n in var.l : n if n >= 1]) == 0"
    assert _found(tmp_path, condition, USES[0]) == [Certainty.CERTAIN]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('alltrue([for c in var.l : startswith(c, "10.")])', []),
        ('alltrue([for c in var.l : can(regex("^10\\\\.", c))])', []),
        ('!contains(var.l, "0.0.0.0/0")', []),
        ('length(setsubtract(var.l, ["10.0.0.0/8"])) == 0', []),
        ('alltrue([for c in var.l : c != "::/0"])', [Certainty.POSSIBLE]),
    ],
)
def test_a_refused_element_is_not_contained(tmp_path: Path, condition: str, expected: list[Certainty]) -> None:
    """A list does not contain a value that the validation refuses for every element."""
    assert _found(tmp_path, condition, "  input = var.l", "list(string)", OPEN) == expected


@pytest.mark.parametrize(
    ("kind", "condition", "use", "expected"),
    [
        ("map(number)", "alltrue([for k, v in var.l : v >= 1])", "  for_each = var.l\n  input = each.value", []),
        ("map(number)", "alltrue([for v in values(var.l) : v >= 1])", "  for_each = var.l\n  input = each.value", []),
        ("map(number)", "alltrue([for k, v in var.l : v >= 1])", '  input = var.l["a"]', []),
        ("map(number)", "alltrue([for k, v in var.l : v >= 1])", "  input = var.l.a", []),
        (
            "map(number)",
            'alltrue([for k, v in var.l : v >= 1 || k == "b"])',
            '  input = var.l["a"]',
            [],
        ),
        (
            "map(number)",
            'alltrue([for k, v in var.l : v >= 1 || k == "a"])',
            '  input = var.l["a"]',
            [Certainty.POSSIBLE],
        ),
        (
            "list(object({ name = string, least = number }))",
            "alltrue([for s in var.l : s.least >= 1])",
            "  for_each = { for s in var.l : s.name => s }\n  input = each.value.least",
            [],
        ),
        (
            "list(object({ name = string, least = number }))",
            'alltrue([for s in var.l : s.name == "x" ? s.least >= 1 : true])',
            "  for_each = { for s in var.l : s.name => s }\n  input = each.value.least",
            [Certainty.POSSIBLE],
        ),
    ],
)
def test_elements_of_maps_and_parts_of_elements(
    tmp_path: Path, kind: str, condition: str, use: str, expected: list[Certainty]
) -> None:
    """Validations restrict keys, values and attributes of elements."""
    assert _found(tmp_path, condition, use, kind) == expected
