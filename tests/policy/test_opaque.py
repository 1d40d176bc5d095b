"""Conditions by functions of a policy: different functions give different conditions."""

from pathlib import Path

import pytest
from tests.support.scans import report_of, write_policy

from iacpolicy.engine.findings import Finding

MAIN = 'variable "s" {\n  type = string\n}\n\nresource "terraform_data" "a" {\n  input = var.s\n}\n'


def _findings(root: Path, body: str) -> tuple[Finding, ...]:
    policies = write_policy(root / "policies", "own", "terraform_data", body)
    report = report_of(root / "repo", {"main.tf": MAIN}, policy_dirs=(policies,), wanted=("own",))
    assert [d for d in report.diagnostics if d.severity == "error"] == []
    return report.findings


@pytest.mark.parametrize(
    "body",
    [
        # two lambdas on one line, of one qualified name
        'one, two = resource["input"].test(lambda t: "a" in t, "w"), resource["input"].test(lambda t: "b" in t, "w")',
        # one lambda made twice, by what it closes over and by its default
        'one, two = (resource["input"].test(lambda t: w in t, "w") for w in ("a", "b"))',
        'one, two = (resource["input"].test(lambda t, w=w: w in t, "w") for w in ("a", "b"))',
        'one, two = (resource["input"].test(lambda t, w=w: w in t, f"has {w}") for w in (["a"], ["b"]))',
    ],
)
def test_two_tests_are_two_conditions(tmp_path: Path, body: str) -> None:
    """The two conditions are independent."""
    (finding,) = _findings(tmp_path, f"{body}\nif one and not two:\n    yield Violation('seen', at=resource)")
    assert finding.certainty == "possible"


@pytest.mark.parametrize(
    "ask",
    [
        'lambda: resource["input"].test(lambda t: "a" in t, "w")',
        'lambda: resource["input"].test(__import__("re").compile("a").search, "w")',
        'lambda: (lambda w: resource["input"].test(lambda t: any(p in t for p in w), "w"))({"a", "b"})',
        'lambda: (lambda f: resource["input"].test(lambda t: f(t), "w"))(lambda t: "a" in t)',
    ],
)
def test_one_test_is_one_condition(tmp_path: Path, ask: str) -> None:
    """The same test has the same answer again."""
    body = f"ask = {ask}\nif ask() and not ask():\n    yield Violation('seen', at=resource)"
    assert _findings(tmp_path, body) == ()
