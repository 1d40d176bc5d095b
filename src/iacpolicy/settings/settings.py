"""The settings of a repository as one immutable value; the default instance applies without a settings file."""

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
    """The results that fail a run, besides certain findings."""

    possible: Verdict = "fail"
    undecided: Verdict = "allow"
    uninstalled_modules: Verdict = "fail"


class PolicySettings(msgspec.Struct, frozen=True):
    """`[policies.<id>]`: a severity, and values of the options of the policy, not yet checked."""

    severity: Severity | None = None
    options: Mapping[str, Any] = {}


class CheckovSettings(msgspec.Struct, frozen=True):
    """The mode of Checkov (`auto`: run it if it is installed), and the directory of the repository's own checks."""

    mode: CheckovMode = "auto"
    external_checks_dir: str | None = None


class SecretSettings(msgspec.Struct, frozen=True):
    """`[secrets]`: the places where secrets are allowed, as patterns with the reason of each.

    `allowed_files` are globs of paths. `allowed_variables` are names of variables of Terraform or environment files.
    `allowed_arguments` are `ADDRESS.ARGUMENT`. `allowed_paths` are paths in Vault to which a secret is written.
    """

    allowed_files: Mapping[str, str] = {}
    allowed_variables: Mapping[str, str] = {}
    allowed_arguments: Mapping[str, str] = {}
    allowed_paths: Mapping[str, str] = {}


class Settings(msgspec.Struct, frozen=True):
    """All settings; paths are relative to the repository root.

    `fail_on` None means `never`; `enabled` None means every policy. `places` has the location of each setting in the
    file, by its key; other keys have their default.
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
        """Return the severity of a policy: the one in the settings, else its own."""
        own = self._of(meta)
        return meta.severity if own is None or own.severity is None else own.severity

    def options(self, meta: Meta) -> dict[str, Any]:
        """Return the options of a policy by name: the value in the settings, else the default."""
        own = self._of(meta)
        given = own.options if own is not None else {}
        return {option.name: given.get(option.name, option.default) for option in meta.options}

    def _of(self, meta: Meta) -> PolicySettings | None:
        for name in (meta.id, *meta.aliases):
            if name in self.policies:
                return self.policies[name]
        return None
