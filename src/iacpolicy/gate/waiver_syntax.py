"""Parse a waiver comment: `iacpolicy:ignore[policy-id, other] until=2027-01-31 reason="…"`."""

import re
from datetime import date

import msgspec

from iacpolicy.core.lazy_regex import lazy_pattern

MARK = "iacpolicy:ignore"

_HEAD = lazy_pattern(r"\[([^\]\n]*+)\]")
_POLICY = lazy_pattern(r"[A-Za-z0-9][A-Za-z0-9_-]*+\Z")
_FIELD = lazy_pattern(
    r'\s*+(?:(?P<key>\w++)=(?:"(?P<quoted>(?:[^"\\\n]|\\.)*+)"|(?P<bare>[^\s"]++))|(?P<end>#|//|--|\*/|\Z))'
)
_DATE = lazy_pattern(r"\d{4}-\d{2}-\d{2}\Z")
_FORM = f'write `{MARK}[policy-id] until=2027-01-31 reason="why"`'


class WaiverText(msgspec.Struct, frozen=True):
    """The parts of a waiver comment."""

    policies: tuple[str, ...]
    reason: str | None
    until: date | None


def parse(text: str) -> WaiverText | str:
    """Parse the text after the mark on a line; return an error message with a remedy if it is wrong.

    Another comment may follow on the line.
    """
    head = _HEAD.match(text)
    if head is None:
        return f"It names no policy; {_FORM}."
    policies = tuple(dict.fromkeys(part.strip() for part in head.group(1).split(",")))
    for policy in policies:
        if not _POLICY.match(policy):
            return f'"{policy}" is not the id of a policy; {_FORM}.'
    fields: dict[str, str] = {}
    at = head.end()
    while True:
        field = _FIELD.match(text, at)
        if field is None:
            return f'"{text[at:].strip()[:40]}" cannot be parsed; {_FORM}.'
        if field.group("end") is not None:
            break
        key = field.group("key")
        if key in fields:
            return f"`{key}` is given twice; keep one."
        quoted = field.group("quoted")
        fields[key] = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else field.group("bare")
        at = field.end()
    return _words(policies, fields)


def _words(policies: tuple[str, ...], fields: dict[str, str]) -> WaiverText | str:
    for key in fields:
        if key not in ("until", "reason"):
            return f"`{key}` is not a field of a waiver; {_FORM}."
    until = None
    if "until" in fields:
        until = day(fields["until"])
        if until is None:
            return f'"{fields["until"]}" is not a day; write it as `until=2027-01-31`.'
    return WaiverText(policies, fields.get("reason", "").strip() or None, until)


def day(text: str) -> date | None:
    """Parse a day written as `YYYY-MM-DD`; return None for anything else."""
    if not _DATE.match(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
