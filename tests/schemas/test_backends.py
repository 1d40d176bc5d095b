"""Facts about Terraform's backends, compared with Terraform itself."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from iacpolicy.schemas.backends import Backend, Feature, backend, backend_types

_BLOCKS = ("workspaces",)
# Newer than the Terraform that the facts are checked with.
_NEWER = ("oci",)


def _known(name: str) -> Backend:
    found = backend(name)
    assert found is not None
    return found


def _arguments(facts: Backend) -> set[str]:
    names = {p.argument for p in facts.place} | {p[0] for p in (*facts.credentials, *facts.urls)}
    names |= {*facts.required, *facts.environment, *facts.deprecated}
    names |= {s.argument for f in (facts.locking, facts.encryption) for s in f.switches}
    return names | ({facts.workspace_argument.argument} if facts.workspace_argument else set())


def test_s3_locks_and_encrypts_when_told_to() -> None:
    """Without `use_lockfile` or a table there is no lock; without `encrypt = true` there is no encryption."""
    s3 = _known("s3")
    lockfile, table = s3.locking.switches
    assert (s3.locking.how, lockfile.argument, table.argument) == ("switch", "use_lockfile", "dynamodb_table")
    assert table.deprecated
    [encrypt] = s3.encryption.switches
    assert encrypt.argument == "encrypt"
    assert ("secret_key",) in s3.credentials
    assert s3.workspace_argument is not None
    assert (s3.workspace_argument.argument, s3.workspace_argument.default) == ("workspace_key_prefix", "env:")


@pytest.mark.parametrize(
    ("backend_type", "argument", "value", "on"),
    [
        ("s3", "use_lockfile", None, False),
        ("s3", "use_lockfile", True, True),
        ("s3", "use_lockfile", "true", True),
        ("s3", "use_lockfile", False, False),
        ("s3", "use_lockfile", "false", False),
        ("s3", "dynamodb_table", "locks", True),
        ("s3", "dynamodb_table", "", False),
        ("consul", "lock", None, True),
        ("consul", "lock", False, False),
        ("http", "lock_address", None, False),
        ("http", "lock_address", "https://state.example/lock", True),
    ],
)
def test_switches(backend_type: str, argument: str, value: object, on: bool) -> None:
    """An argument turns locking on as the backend's documentation says."""
    [switch] = [s for s in _known(backend_type).locking.switches if s.argument == argument]
    assert switch.is_on(value) is on


@pytest.mark.parametrize("name", ["gcs", "azurerm", "kubernetes", "pg", "cos", "remote", "cloud", "local"])
def test_backends_that_lock_by_themselves(name: str) -> None:
    """These backends lock without any argument."""
    assert _known(name).locking == Feature("always")


def test_local_is_the_only_one_that_is_not_shared() -> None:
    """Every other backend keeps the state where others can reach it."""
    assert [n for n in (*backend_types(), "cloud") if not _known(n).remote] == ["local"]


@pytest.mark.parametrize("name", ["artifactory", "etcd", "etcdv3", "manta", "swift"])
def test_removed_backends_are_known_and_not_suggested(name: str) -> None:
    """A removed backend is recognised."""
    assert _known(name).removed_in == "1.3"
    assert name not in backend_types()


def test_a_backend_that_does_not_exist() -> None:
    """A type that Terraform never had has no facts."""
    assert backend("s4") is None


def test_http_has_one_state() -> None:
    """The http backend refuses workspaces."""
    assert _known("http").workspaces == "none"


@pytest.mark.skipif(shutil.which("terraform") is None, reason="needs terraform on PATH")
@pytest.mark.parametrize("name", sorted({*backend_types(), "cloud"} - {*_NEWER}))
def test_terraform_has_every_argument(name: str, tmp_path: Path) -> None:
    """`terraform init` objects to a made-up argument, and to none of those that the facts name."""
    facts = _known(name)
    lines = [f"{a} {{}}" if a in _BLOCKS else f"{a} = null" for a in sorted(_arguments(facts))]
    header = "cloud" if name == "cloud" else f'backend "{name}"'
    body = "\n".join(("terraform {", f"{header} {{", *lines, "made_up = 1", "}", "}", ""))
    (tmp_path / "main.tf").write_text(body)
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    ran = subprocess.run(
        ["terraform", "init", "-input=false", "-no-color"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    refused = re.findall(
        r'(?:argument named|Blocks of type) "(\w+)" (?:is|are)\s+not\s+expected', ran.stdout + ran.stderr
    )
    assert refused == ["made_up"]
