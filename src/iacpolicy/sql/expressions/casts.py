"""Casts of values to the types of PostgreSQL, as far as their result is known."""

from typing import Any

from iacpolicy.sql.expressions.values import (
    HOLE,
    MAX_VALUES,
    UNKNOWN,
    ExpressionScope,
    Oid,
    UnknownSqlValue,
    Value,
    is_known,
)
from iacpolicy.sql.syntax import parse_nodes
from iacpolicy.sql.syntax.grammar import Node

_TRUE = frozenset({"t", "tr", "tru", "true", "y", "ye", "yes", "on", "1"})
_FALSE = frozenset({"f", "fa", "fal", "fals", "false", "n", "no", "of", "off", "0"})
_REGISTERED = frozenset({"regclass", "regprocedure", "regproc", "regnamespace", "regrole"})
_TEXTS = frozenset({"text", "name", "character varying", "character"})
_INTEGERS = frozenset({"integer", "bigint", "oid", "smallint"})


def cast(value: Value, type_name: Node, scope: ExpressionScope) -> Value:
    """Return a value after a cast to a type."""
    name = parse_nodes.type_text(type_name)
    if name.endswith("[]"):
        return _array_text(value) if isinstance(value, str) else value
    if name in _REGISTERED:
        return scope.registered(value, name) if isinstance(value, str) else value
    if name in _TEXTS:
        return _shortened(scope.text(value), type_name)
    if name == "boolean":
        return _to_boolean(value)
    if name in _INTEGERS:
        if isinstance(value, str):
            return int(value) if value.isdigit() and len(value) < 10 else UNKNOWN
        return value if isinstance(value, int | Oid | None) else UNKNOWN
    return value if is_known(value) and not isinstance(value, str) else UNKNOWN


def _to_boolean(value: Value) -> Value:
    if isinstance(value, str):
        return boolean(value)
    return bool(value) if isinstance(value, int) else value if is_known(value) else UNKNOWN


def _shortened(text: str | None, type_name: Node) -> Value:
    """Return a text after a cast to a type with a length, UNKNOWN where the length cuts the text off."""
    lengths = [modifier.get("A_Const", {}).get("ival", {}).get("ival") for modifier in type_name.get("typmods", ())]
    if text is None or not lengths or HOLE in text:
        return text
    if parse_nodes.type_text(type_name) == "character":
        return UNKNOWN  # The type adds blanks, which count in some comparisons only.
    return text if isinstance(lengths[0], int) and len(text) <= lengths[0] else UNKNOWN


def _array_text(value: str) -> Value:
    if not (value.startswith("{") and value.endswith("}")) or any(mark in value for mark in ('"', "\\", HOLE)):
        return UNKNOWN
    parts: list[Any] = [part.strip() for part in value[1:-1].split(",")]
    return [part for part in parts if part][:MAX_VALUES]


def boolean(value: str) -> bool | UnknownSqlValue:
    """Return the boolean that PostgreSQL reads from a text, UNKNOWN where it refuses the text."""
    word = value.strip().lower()
    return True if word in _TRUE else False if word in _FALSE else UNKNOWN
