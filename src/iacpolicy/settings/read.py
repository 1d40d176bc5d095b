"""Turn a parsed settings document into checked values, and collect every error."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.core.spans import Span, file_start
from iacpolicy.core.tree import normalise
from iacpolicy.policy.meta import Severity
from iacpolicy.settings.keys import ROOT, TableSpec
from iacpolicy.settings.settings import CheckovSettings, GateSettings, Key, PolicySettings, SecretSettings, Settings
from iacpolicy.settings.value_types import SettingError, type_name
from iacpolicy.sql.migrations.source_formats import DatabaseSource, MigrationFormat
from iacpolicy.sql.migrations.supabase_config import DefaultGrants
from iacpolicy.terraform.cells import RootSettings, WorkspaceSettings

_BARE = lazy_pattern(r"[A-Za-z0-9_-]+\Z")


def read(document: Mapping[str, Any], places: Mapping[Key, Span], path: str) -> tuple[Settings, list[Diagnostic]]:
    """Return the settings of a document, and an error for each wrong value, which keeps its default."""
    reading = _SettingsReader(places, path)
    reading.table(document, ROOT, ())
    settings = _settings(reading)
    return settings, sorted(reading.problems, key=lambda problem: problem.location or file_start(path))


def dotted(key: Iterable[str]) -> str:
    """Return a key as TOML writes it."""
    return ".".join(part if _BARE.match(part) else msgspec.json.encode(part).decode() for part in key)


class _SettingsReader:
    def __init__(self, places: Mapping[Key, Span], path: str) -> None:
        self.places = places
        self.path = path
        self.values: dict[Key, Any] = {}
        self.problems: list[Diagnostic] = []

    def table(self, table: Mapping[str, Any], spec: TableSpec, prefix: Key) -> None:
        """Read one table; the recursion is at most three levels deep, like the specification."""
        for name, value in table.items():
            key = (*prefix, name)
            known = spec.keys.get(name)
            if isinstance(known, TableSpec) or (known is None and spec.named is not None and isinstance(value, dict)):
                self._inner(value, known if isinstance(known, TableSpec) else spec.named, key)
            elif known is not None:
                self._value(value, known, key)
            elif spec.open:
                self.values[key] = value
            elif spec.named is not None and not spec.keys:
                self.problem("Setting has the wrong type", f"It is {type_name(value)}; write a table.", key)
            else:
                self._unknown(name, spec, key)

    def _inner(self, value: Any, spec: TableSpec | None, key: Key) -> None:
        if spec is None or not isinstance(value, dict):
            self.problem("Setting has the wrong type", f"It is {type_name(value)}; write a table.", key)
            return
        self.values[key] = {}
        self.table(value, spec, key)

    def _value(self, value: Any, kind: Any, key: Key) -> None:
        try:
            self.values[key] = kind(value)
        except SettingError as refused:
            self.problem("Setting has a wrong value", str(refused), key)

    def _unknown(self, name: str, spec: TableSpec, key: Key) -> None:
        known = ", ".join(f"`{word}`" for word in sorted(spec.keys))
        where = f"`{dotted(key[:-1])}`" if len(key) > 1 else "the top level"
        hint = did_you_mean(name, spec.keys, HintForm.ASIDE)
        self.problem("Unknown setting", f"This key does not exist{hint}. The keys of {where} are {known}.", key)

    def problem(self, summary: str, cause: str, key: Key) -> None:
        """Record an error at the line of its key."""
        span = self.places.get(key) or file_start(self.path)
        self.problems.append(error(summary, f"`{dotted(key)}`: {cause}", span))

    def below(self, name: str) -> dict[str, dict[str, Any]]:
        """Return the tables that the user named in a table, each with its accepted values."""
        found: dict[str, dict[str, Any]] = {
            key[1]: {} for key, value in self.values.items() if len(key) == 2 and key[0] == name and value == {}
        }
        for key, value in self.values.items():
            if len(key) == 3 and key[0] == name and key[1] in found:
                found[key[1]][key[2]] = value
        return found


def _settings(reading: _SettingsReader) -> Settings:
    values = reading.values
    default = Settings()
    fail_on = values.get(("fail_on",), "low")
    return Settings(
        fail_on=None if fail_on == "never" else Severity(fail_on),
        exclude=values.get(("exclude",), default.exclude),
        policy_dirs=values.get(("policy_dirs",), default.policy_dirs),
        baseline=values.get(("baseline",), default.baseline),
        worlds=values.get(("worlds",), default.worlds),
        gate=GateSettings(**{key[1]: v for key, v in values.items() if len(key) == 2 and key[0] == "gate"}),
        enabled=values.get(("policies", "enabled"), default.enabled),
        skip=values.get(("policies", "skip"), default.skip),
        policies={name: _policy(table) for name, table in reading.below("policies").items()},
        workspaces=WorkspaceSettings(
            {name: table.get("var_files", ()) for name, table in reading.below("workspaces").items()},
            _roots(reading),
        ),
        default_grants=values.get(("database", "default_grants"), default.default_grants),
        databases=tuple(_databases(reading)),
        checkov=CheckovSettings(**{key[1]: v for key, v in values.items() if len(key) == 2 and key[0] == "checkov"}),
        secrets=SecretSettings(**{key[1]: v for key, v in values.items() if len(key) == 2 and key[0] == "secrets"}),
        places={_normalised_key(key): reading.places.get(key, file_start(reading.path)) for key in values},
    )


def _policy(table: Mapping[str, Any]) -> PolicySettings:
    severity = table.get("severity")
    return PolicySettings(
        Severity(severity) if severity is not None else None,
        {name: value for name, value in table.items() if name != "severity"},
    )


def _roots(reading: _SettingsReader) -> dict[str, RootSettings]:
    roots: dict[str, RootSettings] = {}
    for name, table in reading.below("roots").items():
        directory = normalise(name)
        if directory is None:
            cause = "The directory is outside the repository; write a directory relative to its root."
            reading.problem("Setting has a wrong value", cause, ("roots", name))
        else:
            roots[directory] = RootSettings(table.get("workspaces"))
    return roots


def _databases(reading: _SettingsReader) -> Iterator[DatabaseSource]:
    for name, table in reading.below("databases").items():
        key = ("databases", name)
        if "path" not in table:
            if not any(problem.summary == "Setting has a wrong value" for problem in reading.problems):
                reading.problem("Setting is missing", "Write `path`, the directory of its migrations.", key)
            continue
        given = {k: v for k, v in table.items() if k not in {"format", "default_grants"}}
        grants = table.get("default_grants")
        yield DatabaseSource(
            name,
            **given,
            format=MigrationFormat(table.get("format", MigrationFormat.PLAIN)),
            default_grants=DefaultGrants(grants) if grants is not None else None,
            place=reading.places.get((*key, "path")) or reading.places.get(key) or file_start(reading.path),
        )


def _normalised_key(key: Key) -> Key:
    """Return a key with a normalised root directory."""
    if len(key) > 1 and key[0] == "roots":
        return (key[0], normalise(key[1]) or "", *key[2:])
    return key
