"""Readers of setting values: each reader checks and converts a value of the file, or raises `SettingError`."""

import datetime
from collections.abc import Callable
from typing import Any

from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.core.tree import normalise


class SettingError(Exception):
    """An invalid value of a setting; the text has the reason and the allowed values. Used only inside this package."""


_REASON = '`"demo_*" = "why"`'

ValueReader = Callable[[Any], Any]


def one_of(*choices: str) -> ValueReader:
    """Return a reader of one of the given words."""
    allowed = ", ".join(f'"{word}"' for word in choices)

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise SettingError(f"It is {type_name(value)}; write one of {allowed}.")
        if value not in choices:
            raise SettingError(
                f'It is "{value}"{did_you_mean(value, choices, HintForm.ASIDE)}; write one of {allowed}.'
            )
        return value

    return read


def integer(least: int, most: int) -> ValueReader:
    """Return a reader of an integer from `least` to `most`."""

    def read(value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise SettingError(f"It is {type_name(value)}; write a whole number from {least} to {most}.")
        if not least <= value <= most:
            raise SettingError(f"It is {value}; write a whole number from {least} to {most}.")
        return value

    return read


def text(value: Any) -> str:
    """Read a string that is not empty."""
    if not isinstance(value, str) or not value:
        raise SettingError(f"It is {'empty' if value == '' else type_name(value)}; write a string.")
    return value


def strings(value: Any) -> tuple[str, ...]:
    """Read a list of strings, none of them empty."""
    if not isinstance(value, list):
        raise SettingError(f"It is {type_name(value)}; write a list of strings.")
    for item in value:
        if not isinstance(item, str):
            raise SettingError(f"One item is {type_name(item)}; write a list of strings.")
        if not item:
            raise SettingError("One item is empty; write it or leave it out.")
    return tuple(value)


def reasons(value: Any) -> dict[str, str]:
    """Read a table of patterns, each with its reason."""
    if not isinstance(value, dict):
        raise SettingError(f"It is {type_name(value)}; write a table of patterns, each with its reason: {_REASON}.")
    for pattern, reason in value.items():
        if not isinstance(reason, str):
            raise SettingError(f'"{pattern}" is {type_name(reason)}; write the reason as a string: {_REASON}.')
        if not reason.strip():
            raise SettingError(f'"{pattern}" has no reason; write the reason to allow a secret there: {_REASON}.')
        if not pattern.strip("*?/. "):
            raise SettingError(f'"{pattern}" allows everything; name the places, or skip the policies with `skip`.')
    return dict(value)


def path(value: Any) -> str:
    """Read a path in the repository, relative to its root."""
    if not isinstance(value, str):
        raise SettingError(f"It is {type_name(value)}; write a path as a string.")
    clean = normalise(value)
    if clean is None:
        raise SettingError(f'"{value}" is outside the repository; write a path relative to its root, with `/`.')
    return clean


def paths(value: Any) -> tuple[str, ...]:
    """Read a list of paths in the repository."""
    return tuple(path(item) for item in strings(value))


def type_name(value: Any) -> str:
    """Return the TOML name of the type of a value, with its article."""
    match value:
        case bool():
            return "a boolean"
        case int():
            return "an integer"
        case float():
            return "a float"
        case str():
            return "a string"
        case list():
            return "a list"
        case dict():
            return "a table"
        case datetime.datetime() | datetime.date() | datetime.time():
            return "a date or time"
        case _:
            return "something else"
