"""Report files that could not be read, for commands whose output has no room for diagnostics."""

from collections.abc import Iterable

import click

from iacpolicy.gate.exit_code import ExitCode


def print_read_errors(problems: Iterable[str]) -> ExitCode:
    """Print the problems to standard error; return INCOMPLETE if there are any, else CLEAN."""
    code = ExitCode.CLEAN
    for problem in problems:
        click.echo(f"Error: {problem}", err=True)
        code = ExitCode.INCOMPLETE
    return code
