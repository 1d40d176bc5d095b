"""`iacpolicy checkov`."""

import sys

import click

from iacpolicy.core.diagnostics import Diagnostic


@click.group("checkov", short_help="Install Checkov into an environment of its own, or say whether it is there.")
def command() -> None:
    """Checkov runs in an environment of its own, because its packages would break others."""


@command.command("install")
def install_command() -> int:
    """Install the pinned Checkov into an environment of its own; this uses the network."""
    from iacpolicy.checkov.install import install

    result = install(sys.stdout)
    if isinstance(result, Diagnostic):
        click.echo(f"Error: {result.summary}. {result.detail}", err=True)
        return 3
    click.echo(f"Checkov {result.version} is installed ({result.executable}).")
    return 0


@command.command("status")
def status_command() -> int:
    """Say which Checkov would be used."""
    from iacpolicy.checkov.environment import find_checkov

    found = find_checkov()
    if found.environment is None:
        problem = found.problem
        click.echo(f"{problem.summary}. {problem.detail}" if problem is not None else "Checkov is not installed.")
        return 1
    click.echo(f"Checkov {found.environment.version} ({found.environment.origin}): {found.environment.executable}")
    return 0
