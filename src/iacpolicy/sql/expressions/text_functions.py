"""Text functions and comparisons of PostgreSQL: `format`, quoting, LIKE, and plain regular expressions."""

import re
from collections.abc import Callable
from typing import Any

from iacpolicy.core.linear_regex import PatternError, linear_regex
from iacpolicy.sql.expressions.values import HOLE
from iacpolicy.sql.model.names import quoted

MAX_PATTERN = 200
MAX_TEXT = 100_000

_specifier = re.compile(r"%(?:(\d+)\$)?-?\d*([sIL%])")
_plain_pattern = re.compile(r"[\w^$|().*\- ]*", re.ASCII).fullmatch


def formatted(template: str, arguments: list[str | None]) -> str:
    """Return the result of `format`, with a hole for each unknown argument."""
    longest = max((len(each) for each in arguments if each is not None), default=0)
    if len(template) + template.count("%") * longest > MAX_TEXT:
        return HOLE
    position = 0

    def value(found: re.Match[str]) -> str:
        nonlocal position
        if found[2] == "%":
            return "%"
        position = int(found[1][:4]) if found[1] else position + 1
        given = arguments[position - 1] if 0 < position <= len(arguments) else HOLE
        if given is None:
            return "NULL" if found[2] == "L" else ""
        if HOLE in given:
            return given
        if found[2] == "I":
            return quoted(given)
        return literal(given) if found[2] == "L" else given

    return _specifier.sub(value, template)


def literal(value: str) -> str:
    """Return a text as a literal in SQL."""
    return "'" + value.replace("'", "''") + "'"


def comparison(left: Any, operator: str, right: Any) -> bool | None:
    """Return the result of a comparison of two values of one type; None where it is unknown."""
    match operator:
        case "=":
            return bool(left == right)
        case "<>" | "!=":
            return bool(left != right)
        case "<" | ">" | "<=" | ">=" if isinstance(left, int):
            return bool({"<": left < right, ">": left > right, "<=": left <= right, ">=": left >= right}[operator])
    if not isinstance(left, str) or not isinstance(right, str) or len(right) > MAX_PATTERN or len(left) > MAX_PATTERN:
        return None
    match operator:
        case "~~" | "!~~":
            return like(left, right) == (operator == "~~")
        case "~~*" | "!~~*" | "~*" | "!~*" if not (left + right).isascii():
            return None  # The collation decides which letters are equal.
        case "~~*" | "!~~*":
            return like(left.lower(), right.lower()) == (operator == "~~*")
        case "~" | "!~" | "~*" | "!~*":
            found = _searched(left, right, fold=operator.endswith("*"))
            return None if found is None else found == (not operator.startswith("!"))
        case "^@":
            return left.startswith(right)
    return None


def like(value: str, pattern: str) -> bool:
    """Return the result of LIKE: `%` matches any characters, `_` one, and a backslash quotes the next character."""
    parts: list[str | None] = []  # None is `_`, "" is `%`
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\" and at + 1 < len(pattern):
            at += 1
            parts.append(pattern[at])
        else:
            parts.append({"%": "", "_": None}.get(character, character))
        at += 1
    index = place = 0
    star, retry = -1, 0
    while index < len(value):
        if place < len(parts) and parts[place] == "":
            star, retry = place, index
            place += 1
        elif place < len(parts) and parts[place] in (None, value[index]):
            index += 1
            place += 1
        elif star >= 0:
            retry += 1
            index, place = retry, star + 1
        else:
            return False
    return all(part == "" for part in parts[place:])


def _searched(value: str, pattern: str, *, fold: bool) -> bool | None:
    if not _plain_pattern(pattern):
        return None
    try:
        return linear_regex(pattern, ignores_case=fold).search(value) is not None
    except PatternError:
        return None


def _split_part(value: str, separator: str, number: str) -> str:
    parts = value.split(separator) if separator else [value]
    place = int(number) if number.isdigit() else 0
    return parts[place - 1] if 0 < place <= len(parts) else ""


FUNCTIONS: dict[str, Callable[..., str]] = {
    "quote_ident": quoted,
    "quote_literal": literal,
    "btrim": lambda value: value.strip(" "),
    "replace": lambda value, old, new: value.replace(old, new)[:MAX_TEXT] if old else value,
    "split_part": _split_part,
}
"""Functions that take texts and return a text, or null for a null argument."""
