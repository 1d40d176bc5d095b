"""Make the page of the command line from the help of the commands."""

import click

from iacpolicy.cli.main import cli

WIDTH = 100
HEAD = """\
<!-- Generated from the commands' help by `make docs`. -->
# Command line

What a command prints on standard output is the same from run to run; time and progress go to standard error.

| exit code | meaning |
|---|---|
| 0 | nothing is wrong |
| 1 | violations at or above the severity of `--fail-on` |
| 2 | wrong use, or wrong settings |
| 3 | incomplete: something could not be read, a policy crashed, or a result is undecided under `--fail-on-undecided` |
"""


def cli_page() -> str:
    """Return the text of `docs/cli.md`."""
    return HEAD + "".join(f"\n## `{name}`\n\n```text\n{text}\n```\n" for name, text in helps())


def helps() -> list[tuple[str, str]]:
    """Yield the full name and the help of each command, in the order of the groups."""
    found: list[tuple[str, str]] = []
    pending: list[tuple[click.Command, click.Context]] = [(cli, _context(cli, "iacpolicy", None))]
    while pending:
        command, context = pending.pop()
        found.append((context.command_path, command.get_help(context).rstrip()))
        if isinstance(command, click.Group):
            below = [(name, command.get_command(context, name)) for name in command.list_commands(context)]
            pending += [(c, _context(c, name, context)) for name, c in reversed(below) if c is not None]
    return found


def _context(command: click.Command, name: str, parent: click.Context | None) -> click.Context:
    settings = {**command.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    return click.Context(command, info_name=name, parent=parent, **settings)
