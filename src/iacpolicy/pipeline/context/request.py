"""The request for a run: the options of the command line and the environment, before any file is read."""

import os
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from iacpolicy.hcl.parse import Parser
from iacpolicy.policy.meta import Severity

CheckovMode = Literal["auto", "on", "off"]


class Request(msgspec.Struct, frozen=True):
    """One run over one repository; an option of None means that the settings decide.

    `root` is the root of the repository. `paths` are the paths to scan, relative to it; the empty string means all.
    With `roots_only` the paths are root modules, and subdirectories, databases and monitoring are not read.
    `var_files` are relative to the root. `trust_file` lists the trusted Python policies of repositories; without it
    only the policies in `policy_dirs` run, which the user has named. `policies_from` is the revision whose settings,
    policies, schemas, baseline and waivers replace those of the work tree.
    """

    root: Path
    paths: tuple[str, ...]
    workspaces: tuple[str, ...] = ()
    var_files: tuple[str, ...] = ()
    variables: Mapping[str, str] = {}
    environment: Mapping[str, str] = {}
    wanted: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    policy_dirs: tuple[Path, ...] = ()
    trust_file: Path | None = None
    parser: Parser = Parser.TREE_SITTER
    fail_on: Severity | Literal["never"] | None = None
    undecided_fails: bool | None = None
    checkov: CheckovMode | None = None
    baseline: str | None = None
    since: str | None = None
    policies_from: str | None = None
    roots_only: bool = False
    today: date = date(1970, 1, 1)
    progress: Callable[[str], None] | None = None


def trust_file(environment: Mapping[str, str]) -> Path:
    """Return the path of the trust file: in the user's own configuration, never in the repository."""
    home = environment.get("XDG_CONFIG_HOME", "")
    base = Path(home) if os.path.isabs(home) else Path.home() / ".config"
    return base / "iacpolicy" / "trusted.json"
