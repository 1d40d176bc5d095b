"""What the caller may wish of a format, and what a format is."""

from typing import Protocol

import msgspec

from iacpolicy.gate.report import Report


class Options(msgspec.Struct, frozen=True):
    """Wishes of the caller; a format leaves alone what does not concern it."""

    color: bool = False
    include_passed: bool = False


DEFAULT = Options()


class Render(Protocol):
    """Makes the whole text of a report, ending in a line feed; equal reports and options give equal text."""

    def __call__(self, report: Report, options: Options = DEFAULT) -> str:
        """The report as text."""
        ...
