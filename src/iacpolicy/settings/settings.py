"""The settings of a repository as one frozen value; a default instance is what holds without a settings file."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.gate.decide import Verdict
from iacpolicy.policy.meta import Meta, Severity
from iacpolicy.sql.migrations.source_formats import DatabaseSource
from iacpolicy.terraform.cells import WorkspaceSettings

Key = tuple[str, ...]
CheckovMode = Literal["auto", "on", "off"]
DefaultGrants = Literal["auto", "none"]

DEFAULT_WORLDS = 64
MAX_WORLDS = 4096


class GateSettings(msgspec.Struct, frozen=True):
    """What counts against a run besides certain findings."""

    possible: Verdict = "fail"
    undecided: Verdict = "allow"
    uninstalled_modules: Verdict = "fail"


class PolicySettings(msgspec.Struct, frozen=True):
    """`[policies.<id>]`: another severity, and values of the policy's own options, not yet checked."""

    severity: Severity | None = None
    options: Mapping[str, Any] = {}


class CheckovSettings(msgspec.Struct, frozen=True):
    """Whether Checkov runs (`auto`: where it is installed), and where the repository's own checks for it are."""

    mode: CheckovMode = "auto"
    external_checks_dir: str | None = None


class SecretSettings(msgspec.Struct, frozen=True):
    """`[secrets]`: where secrets may stand, as patterns with the reason of each.

    `allowed_files` are globs of paths, `allowed_variables` names of variables, of Terraform and of environment files,
    `allowed_arguments` are `ADDRESS.ARGUMENT`, and `allowed_paths` paths in Vault that a secret is written to.
    """

    allowed_files: Mapping[str, str] = {}
    allowed_variables: Mapping[str, str] = {}
    allowed_arguments: Mapping[str, str] = {}
    allowed_paths: Mapping[str, str] = {}


class Settings(msgspec.Struct, frozen=True):
    """Everything that can be set; paths are relative to the repository root.

    `fail_on` None is `never`; `enabled` None is every policy. `places` says where a setting was written, by its key
    in the file; a key that is not there has its default.
    """

    fail_on: Severity | None = Severity.LOW
    exclude: tuple[str, ...] = ()
    policy_dirs: tuple[str, ...] = ()
    baseline: str | None = None
    worlds: int = DEFAULT_WORLDS
    gate: GateSettings = GateSettings()
    enabled: tuple[str, ...] | None = None
    skip: tuple[str, ...] = ()
    policies: Mapping[str, PolicySettings] = {}
    workspaces: WorkspaceSettings = WorkspaceSettings()
    default_grants: DefaultGrants = "auto"
    databases: tuple[DatabaseSource, ...] = ()
    checkov: CheckovSettings = CheckovSettings()
    secrets: SecretSettings = SecretSettings()
    places: Mapping[Key, Span] = {}

    def severity(self, meta: Meta) -> Severity:
        """A policy's severity: the one that is set, else its own."""
        own = self._of(meta)
        return meta.severity if own is None or own.severity is None else own.severity

    def options(self, meta: Meta) -> dict[str, Any]:
        """A policy's options by name: what is set, else the default."""
        own = self._of(meta)
        given = own.options if own is not None else {}
        return {option.name: given.get(option.name, option.default) for option in meta.options}

    def _of(self, meta: Meta) -> PolicySettings | None:
        for name in (meta.id, *meta.aliases):
            if name in self.policies:
                return self.policies[name]
        return None
