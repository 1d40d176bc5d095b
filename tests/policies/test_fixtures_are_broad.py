"""The fixtures of each policy cover modules, resources with `count = 0`, and unknown values."""

import re
from pathlib import Path

import pytest

from iacpolicy.core.tree import WorkTree
from iacpolicy.policy.loading.load import catalogue_folder, find_policies
from iacpolicy.policy.testing.expectations import read_expectations

DOMAINS = ("state", "compute", "networking", "storage", "monitoring", "modules")
FOLDERS = {id_: path for domain in DOMAINS for id_, path in find_policies(catalogue_folder() / domain).items()}

NO_COUNT = {
    "state-backend-credentials": "a backend has no count",
    "state-encryption": "a backend has no count",
    "state-locking": "a backend has no count",
    "state-workspace-isolation": "a backend has no count",
    "state-remote-backend": "a root has no count",
    "variable-untyped": "a variable has no count",
}
NOTHING_UNKNOWN = {
    "state-backend-credentials": "an unknown value is not a credential in the repository",
    "environment-parity": "only values that are known in two workspaces are compared",
    "variable-untyped": "a type is always known",
    "version-unpinned": "Terraform accepts only literal sources and versions",
}

_CALL = re.compile(r'^\s*source\s+=\s+"\.\.?/', re.MULTILINE)
_COUNT_ZERO = re.compile(r"^\s*count\s+=\s+0$", re.MULTILINE)


def _contains(folder: Path, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(file.read_text(encoding="utf-8")) for file in folder.rglob("*.tf"))


@pytest.mark.parametrize("policy_id", FOLDERS)
def test_some_fixture_calls_a_module(policy_id: str) -> None:
    """Some fixture calls a local module."""
    assert _contains(FOLDERS[policy_id], _CALL)


@pytest.mark.parametrize("policy_id", [p for p in FOLDERS if p not in NO_COUNT])
def test_some_resource_has_count_zero(policy_id: str) -> None:
    """Some fixture has a resource of the policy with `count = 0`."""
    assert _contains(FOLDERS[policy_id], _COUNT_ZERO)


@pytest.mark.parametrize("policy_id", [p for p in FOLDERS if p not in NOTHING_UNKNOWN])
def test_some_result_depends_on_an_unknown_value(policy_id: str) -> None:
    """Some result is possible or undecided because of an unknown value."""
    kinds = {mark.kind for mark in read_expectations(WorkTree(FOLDERS[policy_id]))}
    assert kinds & {"possible", "undecided"}


def test_exceptions_name_existing_policies() -> None:
    """Each exception names a policy that exists."""
    assert {*NO_COUNT, *NOTHING_UNKNOWN} <= FOLDERS.keys()
