"""The fixtures of a policy hold what is hard: modules, what is never made, and what nobody has told."""

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
    "state-backend-credentials": "what is not written in the repository is no credential in it",
    "environment-parity": "only what is known in two workspaces can differ between them",
    "variable-untyped": "a type is written or not",
    "version-unpinned": "Terraform takes sources and versions that are literals alone",
}

_CALL = re.compile(r'^\s*source\s+=\s+"\.\.?/', re.MULTILINE)
_NEVER = re.compile(r"^\s*count\s+=\s+0$", re.MULTILINE)


def _holds(folder: Path, pattern: re.Pattern[str]) -> bool:
    return any(pattern.search(file.read_text(encoding="utf-8")) for file in folder.rglob("*.tf"))


@pytest.mark.parametrize("policy_id", FOLDERS)
def test_a_module(policy_id: str) -> None:
    """Some fixture calls a module of its own."""
    assert _holds(FOLDERS[policy_id], _CALL)


@pytest.mark.parametrize("policy_id", [p for p in FOLDERS if p not in NO_COUNT])
def test_what_is_never_made(policy_id: str) -> None:
    """Some fixture has what the policy is about under `count = 0`."""
    assert _holds(FOLDERS[policy_id], _NEVER)


@pytest.mark.parametrize("policy_id", [p for p in FOLDERS if p not in NOTHING_UNKNOWN])
def test_what_nobody_has_told(policy_id: str) -> None:
    """Some result hangs on a value that is not known."""
    kinds = {mark.kind for mark in read_expectations(WorkTree(FOLDERS[policy_id]))}
    assert kinds & {"possible", "undecided"}


def test_exceptions_are_of_policies_that_exist() -> None:
    """A policy that goes takes its exception along."""
    assert {*NO_COUNT, *NOTHING_UNKNOWN} <= FOLDERS.keys()
