"""Check the settings of policies against the policies that exist."""

from collections.abc import Iterator, Mapping
from typing import Any

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.policy.meta import Meta, Option
from iacpolicy.settings.read import dotted
from iacpolicy.settings.settings import Key, Settings
from iacpolicy.settings.value_types import type_name

_CHECKOV_ID = lazy_pattern(r"CKV2?_[A-Z0-9_]+\Z")


def check_policies(settings: Settings, catalogue: Mapping[str, Meta]) -> list[Diagnostic]:
    """Return an error for each unknown policy id and option, and for each option of the wrong type.

    Ids of Checkov checks are not tested. The type of an option is the type of its default.
    """
    by_name = {name: meta for meta in catalogue.values() for name in (meta.id, *meta.aliases)}
    problems: list[Diagnostic] = []
    for list_name, ids in (("enabled", settings.enabled or ()), ("skip", settings.skip)):
        for name in ids:
            if name not in by_name and not _CHECKOV_ID.match(name):
                problems.append(_unknown(name, by_name, settings, ("policies", list_name)))
    for name, own in settings.policies.items():
        key = ("policies", name)
        if name not in by_name:
            if not _CHECKOV_ID.match(name):
                problems.append(_unknown(name, by_name, settings, key))
            continue
        problems += _options(own.options, by_name[name], settings, key)
    return problems


def _unknown(name: str, known: Mapping[str, Meta], settings: Settings, key: Key) -> Diagnostic:
    return error(
        "Unknown policy",
        f'`{dotted(key)}`: there is no policy "{name}"{did_you_mean(name, known, HintForm.ASIDE)}. '
        "`iacpolicy policies` lists all policies.",
        settings.places.get(key),
    )


def _options(given: Mapping[str, Any], meta: Meta, settings: Settings, prefix: Key) -> Iterator[Diagnostic]:
    options = {option.name: option for option in meta.options}
    for name, value in given.items():
        key = (*prefix, name)
        option = options.get(name)
        if option is None:
            known = ", ".join(f"`{word}`" for word in sorted({*options, "severity"}))
            yield error(
                "Unknown option of a policy",
                f"`{dotted(key)}`: {meta.id} has no such option"
                f"{did_you_mean(name, (*options, 'severity'), HintForm.ASIDE)}. "
                f"It has {known}.",
                settings.places.get(key),
            )
        elif not _fits(value, option):
            yield error(
                "Option has the wrong type",
                f"`{dotted(key)}`: It is {type_name(value)}; write {_expected_type(option)}.",
                settings.places.get(key),
            )


def _fits(value: Any, option: Option) -> bool:
    default = option.default
    if isinstance(default, list | tuple):
        item_type = type(default[0]) if default else str
        return isinstance(value, list) and all(_is(item, item_type) for item in value)
    if isinstance(default, float):
        return _is(value, float) or _is(value, int)
    return default is None or _is(value, type(default))


def _is(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and (kind is bool or not isinstance(value, bool))


def _expected_type(option: Option) -> str:
    default = option.default
    if isinstance(default, list | tuple):
        return f"a list, each item {type_name(default[0] if default else '')}"
    return type_name(default)
