"""What a command says of files that could not be read, where its output has no place for it."""

from collections.abc import Iterable

import click

from iacpolicy.gate.exit_code import ExitCode


def print_read_errors(problems: Iterable[str]) -> ExitCode:
    """Print the problems to standard error; the code is that of an incomplete run where there are any."""
    code = ExitCode.CLEAN
    for problem in problems:
        click.echo(f"Error: {problem}", err=True)
        code = ExitCode.INCOMPLETE
    return code
