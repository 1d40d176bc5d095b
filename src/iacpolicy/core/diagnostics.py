"""Diagnostics: problems in a user's files, returned as values and never raised."""

from enum import StrEnum

import msgspec

from iacpolicy.core.spans import Span


class Level(StrEnum):
    """The severity of a diagnostic: an error makes the run incomplete, a warning or a note does not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Diagnostic(msgspec.Struct, frozen=True, gc=False):
    """One problem with its cause, remedy and location.

    `summary` is short and has no full stop; `detail` is one or more sentences and ends with the remedy.
    """

    severity: Level
    summary: str
    detail: str = ""
    location: Span | None = None


def error(summary: str, detail: str = "", location: Span | None = None) -> Diagnostic:
    """Return a diagnostic for a part of the input that could not be checked, so that the run is incomplete."""
    return Diagnostic(Level.ERROR, summary, detail, location)


def warning(summary: str, detail: str = "", location: Span | None = None) -> Diagnostic:
    """Return a diagnostic for a part of the input that was checked and is probably a mistake."""
    return Diagnostic(Level.WARNING, summary, detail, location)


def note(summary: str, detail: str = "", location: Span | None = None) -> Diagnostic:
    """Return a diagnostic that never fails the gate: a hint or a deprecation."""
    return Diagnostic(Level.NOTE, summary, detail, location)
