"""The exit code of the process."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit code of a command."""

    CLEAN = 0
    VIOLATIONS = 1
    USAGE = 2
    INCOMPLETE = 3
