"""What the tool says about a user's files when it cannot read or evaluate them; a value, never an exception."""

from enum import StrEnum

import msgspec

from iacpolicy.core.spans import Span


class Level(StrEnum):
    """How much a diagnostic weighs: an error makes the run incomplete, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Diagnostic(msgspec.Struct, frozen=True, gc=False):
    """One remark: what is wrong, why and how to mend it, and where.

    `summary` is short and has no full stop; `detail` is one or more sentences and ends with the remedy.
    """

    severity: Level
    summary: str
    detail: str = ""
    location: Span | None = None


def error(summary: str, detail: str = "", location: Span | None = None) -> Diagnostic:
    """A diagnostic for something that could not be looked at, so that the run is incomplete."""
    return Diagnostic(Level.ERROR, summary, detail, location)


def warning(summary: str, detail: str = "", location: Span | None = None) -> Diagnostic:
    """A diagnostic for something that was looked at and is probably not meant so."""
    return Diagnostic(Level.WARNING, summary, detail, location)


def note(summary: str, detail: str = "", location: Span | None = None) -> Diagnostic:
    """A diagnostic that never trips the gate: a hint or a deprecation."""
    return Diagnostic(Level.NOTE, summary, detail, location)
