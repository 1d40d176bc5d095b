"""`iacpolicy init`."""

import click

from iacpolicy.cli.options import request_of
from iacpolicy.gate.exit_code import ExitCode
from iacpolicy.pipeline.commands.init_files import FileAction, file_changes
from iacpolicy.pipeline.context.repository import Repository
from iacpolicy.pipeline.context.write_files import write_inside


@click.command("init", short_help="Write settings, a pre-commit hook and a workflow for this repository.")
@click.argument("path", default=".")
@click.option("--force", is_flag=True, help="Overwrite existing settings and workflow files.")
def command(path: str, force: bool) -> int:
    """Write settings, a pre-commit hook and a GitHub workflow for the repository of PATH.

    Existing files stay, unless --force is given. In an existing pre-commit configuration, the hook is added after the
    others, which are never overwritten.
    """
    root = request_of([path]).root
    by_hand = False
    for change in file_changes(Repository(root), force=force):
        if change.text:
            write_inside(root, change.path, change.text.encode())
        click.echo(f"{change.action.value} {change.path}" + (f": {change.why}" if change.why else ""))
        by_hand = by_hand or change.action is FileAction.BY_HAND
    return ExitCode.INCOMPLETE if by_hand else ExitCode.CLEAN
