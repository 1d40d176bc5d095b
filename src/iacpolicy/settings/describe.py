"""Every setting with its value and its origin."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from iacpolicy.settings.keys import ALLOWED
from iacpolicy.settings.read import dotted
from iacpolicy.settings.settings import Key, Settings

DEFAULT = "default"


class DescribedSetting(msgspec.Struct, frozen=True):
    """A setting: its key, its value as TOML, and `default` or `file:line`."""

    name: str
    value: str
    source: str


def describe(settings: Settings) -> list[DescribedSetting]:
    """Return all settings: those with a default in a fixed order, then those of named tables, sorted."""
    return [DescribedSetting(_name(key), _toml(value), _source(settings, key)) for key, value in _values(settings)]


def _name(key: Key) -> str:
    return dotted(part or "." for part in key)


def _source(settings: Settings, key: Key) -> str:
    place = settings.places.get(key)
    return str(place) if place is not None else DEFAULT


def _values(settings: Settings) -> Iterator[tuple[Key, Any]]:
    yield ("fail_on",), settings.fail_on.value if settings.fail_on is not None else "never"
    yield ("exclude",), settings.exclude
    yield ("policy_dirs",), settings.policy_dirs
    yield ("baseline",), settings.baseline
    yield ("worlds",), settings.worlds
    for name in ("possible", "undecided", "uninstalled_modules"):
        yield ("gate", name), getattr(settings.gate, name)
    yield ("policies", "enabled"), settings.enabled if settings.enabled is not None else "all"
    yield ("policies", "skip"), settings.skip
    yield ("database", "default_grants"), settings.default_grants
    for source in settings.databases:
        for name in ("path", "format", "files", "root", "project", "provider", "database"):
            value = getattr(source, name)
            if value or name in ("path", "format"):
                yield ("databases", source.name, name), str(value) if name == "format" else value
        if source.default_grants is not None:
            yield ("databases", source.name, "default_grants"), str(source.default_grants)
        if source.exposed_schemas is not None:
            yield ("databases", source.name, "exposed_schemas"), source.exposed_schemas
    for name in ALLOWED:
        yield ("secrets", name), getattr(settings.secrets, name)
    yield ("checkov", "mode"), settings.checkov.mode
    yield ("checkov", "external_checks_dir"), settings.checkov.external_checks_dir
    for policy, own in sorted(settings.policies.items()):
        if own.severity is not None:
            yield ("policies", policy, "severity"), own.severity.value
        for name, value in sorted(own.options.items()):
            yield ("policies", policy, name), value
    for workspace, var_files in sorted(settings.workspaces.workspaces.items()):
        yield ("workspaces", workspace, "var_files"), var_files
    for root, about in sorted(settings.workspaces.roots.items()):
        yield ("roots", root, "workspaces"), about.workspaces


def _toml(value: Any) -> str:
    """Return a value as TOML; `none` for a setting without a value."""
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value)
        case Mapping():
            pairs = ", ".join(f"{_toml(name)} = {_toml(item)}" for name, item in sorted(value.items()))
            return f"{{ {pairs} }}" if pairs else "{}"
        case list() | tuple():
            return f"[{', '.join(_toml(item) for item in value)}]"
        case _:
            return str(value)
