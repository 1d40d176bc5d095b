"""The options of the report formats, and the type of a renderer."""

from typing import Protocol

import msgspec

from iacpolicy.gate.report import Report


class Options(msgspec.Struct, frozen=True):
    """Options for all formats; a format ignores the options that do not apply to it."""

    color: bool = False
    include_passed: bool = False


DEFAULT = Options()


class Render(Protocol):
    """A renderer of one format; equal reports and options give equal text."""

    def __call__(self, report: Report, options: Options = DEFAULT) -> str:
        """Return the whole text of a report, with a final line feed."""
        ...
