"""`iacpolicy trust`."""

import click

from iacpolicy.cli.options import request_of
from iacpolicy.pipeline.context.repository import Repository
from iacpolicy.pipeline.policies.trust import trust
from iacpolicy.pipeline.prepare.prepare import read_settings


@click.command("trust", short_help="Let this repository's Python policies run.")
@click.argument("path", default=".")
def command(path: str) -> int:
    """Let the Python policies that the settings of PATH's repository name run, as they are now.

    Read them first: they can do anything that you can. When one of them changes, scans ask again. Trust is kept in
    your own configuration and counts on this machine, for this directory.
    """
    request = request_of([path])
    trusted = trust(request, read_settings(Repository(request.root)))
    for directory, policies in trusted:
        click.echo(f"trusted {directory}: {', '.join(policies)}")
    if not trusted:
        click.echo(
            "The settings of this repository name no policies in Python (`policy_dirs`); there is nothing to trust."
        )
    return 0
