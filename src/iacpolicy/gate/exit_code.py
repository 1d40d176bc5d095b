"""The exit code of the process."""

from enum import IntEnum


class ExitCode(IntEnum):
    """What the process says to the shell."""

    CLEAN = 0
    VIOLATIONS = 1
    USAGE = 2
    INCOMPLETE = 3
