"""Possible worlds: verdicts agree with brute force over every value of the missing inputs."""

import itertools
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.scans import report_of, write_policy

from iacpolicy.engine.findings import Certainty
from iacpolicy.gate.report import Report

VARIABLES = """
variable "e" {
  type = bool
}

variable "f" {
  type = bool
}

variable "n" {
  type = number
  validation {
    condition     = contains([0, 1, 2], var.n)
    error_message = "0, 1 or 2."
  }
}

variable "s" {
  type = string
  validation {
    condition     = var.s == "a" || var.s == "b"
    error_message = "a or b."
  }
}
"""
DOMAINS = {"e": ("true", "false"), "f": ("true", "false"), "n": ("0", "1", "2"), "s": ("a", "b")}
CHECK = """
if resource["input"]["min"] < 1:
    yield Violation("min is below 1", at=resource["input"]["min"])
"""

atoms = st.sampled_from(
    [
        "var.e",
        "!var.f",
        "var.n == 1",
        "var.n != 2",
        "var.n < 2",
        "1 <= var.n",
        'var.s == "a"',
        'var.s != "b"',
        "var.e == var.f ? var.e : var.f",
        "contains([1, 2], var.n)",
    ]
)
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["&&", "||"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        inner.map(lambda c: f"!({c})"),
    ),
    max_leaves=4,
)
numbers = st.recursive(
    st.sampled_from(["0", "1", "2", "var.n"]),
    lambda inner: st.tuples(conditions, inner, inner).map(lambda t: f"(({t[0]}) ? {t[1]} : {t[2]})"),
    max_leaves=4,
)


def _report(main: str, variables: dict[str, str]) -> Report:
    with TemporaryDirectory() as folder:
        policies = write_policy(Path(folder) / "policies", "min-bound", "terraform_data", CHECK)
        return report_of(
            Path(folder) / "repository",
            {"main.tf": main, "variables.tf": VARIABLES},
            policy_dirs=(policies,),
            wanted=("min-bound",),
            variables=variables,
        )


def _violates(main: str, variables: dict[str, str]) -> bool:
    report = _report(main, variables)
    assert not report.undecided
    assert all(f.certainty is Certainty.CERTAIN for f in report.findings)
    return bool(report.findings)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(numbers, conditions)
def test_verdicts_agree_with_every_concrete_input(minimum: str, exists: str) -> None:
    """Certain means that every allowed value violates, passed that none does, and possible that some do."""
    main = f'resource "terraform_data" "x" {{\n  count = ({exists}) ? 1 : 0\n  input = {{ min = {minimum} }}\n}}\n'
    worlds = [dict(zip(DOMAINS, values, strict=True)) for values in itertools.product(*DOMAINS.values())]
    concrete = {_violates(main, world) for world in worlds}
    report = _report(main, {})
    assert not report.undecided
    assert {d.summary for d in report.diagnostics} == {"Variable has no value"}
    verdicts = {f.certainty for f in report.findings}
    if concrete == {True}:
        assert verdicts == {Certainty.CERTAIN}
    elif concrete == {False}:
        assert verdicts == set()
    else:
        assert verdicts == {Certainty.POSSIBLE}


def test_a_condition_names_the_input(tmp_path: Path) -> None:
    """A condition names the variable without a value, not the expression of the attribute."""
    main = (
        'resource "terraform_data" "x" {\n  input = { min = local.min }\n}\nlocals {\n  min = var.s == "a" ? 0 : 1\n}\n'
    )
    report = _report(main, {})
    (finding,) = report.findings
    assert finding.certainty is Certainty.POSSIBLE
    assert finding.condition == ('when `var.s == "a"`; `var.s` has no value in workspace `default` (variables.tf:18)')


@pytest.mark.parametrize(
    ("minimum", "told"), [("0", "if any exist; "), ("each.value", "if any exist, when `each.value < 1`; ")]
)
def test_existence_is_a_condition(minimum: str, told: str) -> None:
    """A violation of every instance of an unknown `for_each` has the existence of instances as its condition."""
    main = (
        'variable "counts" {\n  type = map(number)\n}\n'
        f'resource "terraform_data" "x" {{\n  for_each = var.counts\n  input = {{ min = {minimum} }}\n}}\n'
    )
    (finding,) = _report(main, {}).findings
    assert finding.certainty is Certainty.POSSIBLE
    assert finding.condition == f"{told}`var.counts` has no value in workspace `default` (main.tf:1)"


# Cases from Hypothesis: two equal inputs, and a value with so many arms that its term exceeded the limit.
@pytest.mark.parametrize(
    ("minimum", "exists"),
    [
        ("(!(!var.f)) ? 1 : 0", "var.e == var.f ? var.e : var.f"),
        (
            "((var.e && var.e == var.f ? var.e : var.f)) ? 1 : "
            "(((!var.f && var.e == var.f ? var.e : var.f)) ? 1 : var.n)",
            "var.e == var.f ? var.e : var.f",
        ),
    ],
)
def test_no_world_violates(minimum: str, exists: str) -> None:
    """A violation that no value of the inputs causes is not reported as possible."""
    main = f'resource "terraform_data" "x" {{\n  count = ({exists}) ? 1 : 0\n  input = {{ min = {minimum} }}\n}}\n'
    report = _report(main, {})
    assert (report.findings, report.undecided) == ((), ())
