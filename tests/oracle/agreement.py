"""Comparison of a computed value with Terraform's answer."""

from enum import StrEnum
from typing import Any

from tests.oracle.language import answer_text, value_text
from tests.oracle.terraform import Answer

from iacpolicy.core.types import SetType
from iacpolicy.evaluate.values.numbers import Number
from iacpolicy.evaluate.values.terms import Cause, Reason, reasons
from iacpolicy.evaluate.values.value import Choice, Unknown, Value


class Agreement(StrEnum):
    """The outcome of a comparison."""

    EQUAL = "equal"
    UNKNOWN = "unknown"
    DIFFERENT = "different"


def judge(computed: Value | None, expected: Answer) -> Agreement:
    """Return whether a value equals the answer, is unknown with a reason and does not contradict it, or differs."""
    why = None if computed is None else unsettled(computed)
    failed = why is None or any(r.cause is Cause.ERROR for parts in why for r in parts)
    if expected.error is not None:
        if failed:
            return Agreement.EQUAL
        return Agreement.UNKNOWN if why and all(why) else Agreement.DIFFERENT
    if computed is None or why is None or failed:
        return Agreement.DIFFERENT
    if value_text(computed) == answer_text(expected):
        return Agreement.EQUAL
    if why and all(why) and not contradicts(computed, expected.value, expected.unknown):
        return Agreement.UNKNOWN
    return Agreement.DIFFERENT


def unsettled(value: Value) -> list[tuple[Reason, ...]]:
    """Return the reasons of each unknown part of a value."""
    found = []
    pending = [value]
    while pending:
        data = pending.pop().data
        if isinstance(data, Unknown):
            found.append(reasons(data.term))
        elif isinstance(data, Choice):
            found.append(reasons(data.condition))
        elif isinstance(data, dict):
            pending.extend(data.values())
        elif isinstance(data, tuple):
            pending.extend(data)
    return found


def contradicts(computed: Value, expected: Any, unknown: Any) -> bool:
    """Report whether a known part of our value differs from Terraform's value, which is JSON."""
    data = computed.data
    if isinstance(data, Unknown):
        return False
    if isinstance(data, Choice):
        return contradicts(data.then, expected, unknown) and contradicts(data.otherwise, expected, unknown)
    if unknown is True:
        return True
    if isinstance(data, dict):
        names = {*(expected or {}), *(unknown if isinstance(unknown, dict) else {})}
        if not isinstance(expected, dict) or data.keys() != names:
            return True
        return any(contradicts(part, expected.get(k), _part(unknown, k)) for k, part in data.items())
    if isinstance(data, tuple):
        if isinstance(computed.type, SetType) and unsettled(computed):
            return not isinstance(expected, list)
        if not isinstance(expected, list) or len(expected) != len(data):
            return True
        return any(contradicts(part, expected[i], _part(unknown, i)) for i, part in enumerate(data))
    if isinstance(data, Number):
        return str(expected) != (str(data) if data.mantissa else "0")
    return bool(data != expected or type(data) is not type(expected))


def _part(unknown: Any, key: Any) -> Any:
    if isinstance(unknown, dict):
        return unknown.get(key, False)
    return unknown[key] if isinstance(unknown, list) and key < len(unknown) else False
