"""`iacpolicy trust`."""

import click

from iacpolicy.cli.options import request_of
from iacpolicy.pipeline.context.repository import Repository
from iacpolicy.pipeline.policies.trust import trust
from iacpolicy.pipeline.prepare.prepare import read_settings


@click.command("trust", short_help="Allow the Python policies of this repository to run.")
@click.argument("path", default=".")
def command(path: str) -> int:
    """Allow the Python policies that the settings of PATH's repository name to run, in their present state.

    Read them first: they run with all of your rights. A changed policy needs your trust again. Trust is stored in your
    user configuration. It counts for this directory on this machine only.
    """
    request = request_of([path])
    trusted = trust(request, read_settings(Repository(request.root)))
    for directory, policies in trusted:
        click.echo(f"trusted {directory}: {', '.join(policies)}")
    if not trusted:
        click.echo(
            "The settings of this repository name no Python policies (`policy_dirs`). There is nothing to trust."
        )
    return 0
