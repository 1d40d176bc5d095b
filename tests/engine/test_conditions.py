"""The condition of a possible finding names every path to it in terms of the inputs."""

from pathlib import Path

import pytest
from tests.support.scans import report_of, write_policy

MAIN = 'variable "n" {\n  type = number\n}\nresource "terraform_data" "it" {\n  input = { n = var.n }\n}\n'
SEVERAL = [
    ("below 1", "n < 1"),
    ("above 9", "n > 9"),
]


def _found(tmp_path: Path, checks: list[tuple[str, str]]) -> list[tuple[str, str | None]]:
    lines = ['n = resource["input"]["n"]']
    for at, (message, condition) in enumerate(checks):
        lines += [f"{'el' if at else ''}if {condition}:", f'    yield Violation("{message}", at=n)']
    write_policy(tmp_path / "policies", "judged", "terraform_data", "\n".join(lines))
    report = report_of(
        tmp_path / "repository", {"main.tf": MAIN}, policy_dirs=(tmp_path / "policies",), wanted=("judged",)
    )
    return [(f.message, (f.condition or "").partition(";")[0]) for f in report.findings]


@pytest.mark.parametrize(
    ("checks", "message", "condition"),
    [
        (SEVERAL, "below 1 or above 9", "when `var.n < 1` or `var.n > 9`"),
        ([("zero", "n == 0"), ("below 7", "n < 7")], "zero or below 7", "when `var.n < 7`"),
        ([("below 1", "n < 1"), ("below 1", "n > 9")], "below 1", "when `var.n < 1` or `var.n > 9`"),
        (
            [("odd", f"n == {number}") for number in (1, 3, 5, 7)],
            "odd",
            "when `var.n == 1` or `var.n == 3` or `var.n == 5`, or under other conditions",
        ),
    ],
)
def test_every_path_is_named(tmp_path: Path, checks: list[tuple[str, str]], message: str, condition: str) -> None:
    """Two defects at one place are one finding with both conditions, without conditions that another one covers."""
    assert _found(tmp_path, checks) == [(message, condition)]


def test_a_violation_with_several_messages_is_certain(tmp_path: Path) -> None:
    """A violation whose message differs between worlds is certain."""
    found = _found(tmp_path, [("below 1", "n < 1"), ("not below 1", "n >= 1")])
    assert found == [("below 1 or not below 1", "")]
