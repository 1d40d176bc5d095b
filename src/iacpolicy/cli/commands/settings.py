"""`iacpolicy settings`."""

import click

from iacpolicy.cli.options import request_of
from iacpolicy.pipeline.context.repository import Repository
from iacpolicy.pipeline.prepare.prepare import read_settings
from iacpolicy.settings.describe import describe


@click.command("settings", short_help="Print every setting with its value and its origin.")
@click.argument("path", default=".")
def command(path: str) -> int:
    """Print every setting of the repository of PATH, with its value and its origin."""
    for setting in describe(read_settings(Repository(request_of([path]).root))):
        click.echo(f"{setting.name} = {setting.value}  # {setting.source}")
    return 0
