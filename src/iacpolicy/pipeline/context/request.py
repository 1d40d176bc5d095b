"""What a run is asked to do: all that the command line and the environment say, and nothing read yet."""

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
    """One run over one repository.

    `root` is the top of the repository; `paths` are what is to be scanned, relative to it, the empty string being all.
    With `alone` they are root modules, and neither what lies below them nor databases nor monitoring is looked at.
    `var_files` are relative to the root. None means that the settings decide. `trust_file` says which policies of
    repositories may run; without it none may but those in `policy_dirs`, which the user has named. `policies_from` is
    the revision whose settings, policies, schemas, baseline and waivers count in place of the work tree's.
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
    """Where trust is kept: in the user's own configuration, never in the repository."""
    home = environment.get("XDG_CONFIG_HOME", "")
    base = Path(home) if os.path.isabs(home) else Path.home() / ".config"
    return base / "iacpolicy" / "trusted.json"
