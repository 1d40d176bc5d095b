"""`iacpolicy checkov`."""

import sys

import click

from iacpolicy.core.diagnostics import Diagnostic


@click.group("checkov", short_help="Install Checkov into its own environment, or show the installed one.")
def command() -> None:
    """Checkov runs in its own environment, because its packages conflict with those of iacpolicy."""


@command.command("install")
def install_command() -> int:
    """Install the pinned Checkov into its own environment; this uses the network."""
    from iacpolicy.checkov.install import install

    result = install(sys.stdout)
    if isinstance(result, Diagnostic):
        click.echo(f"Error: {result.summary}. {result.detail}", err=True)
        return 3
    click.echo(f"Checkov {result.version} is installed ({result.executable}).")
    return 0


@command.command("status")
def status_command() -> int:
    """Print the Checkov that scans use."""
    from iacpolicy.checkov.environment import find_checkov

    found = find_checkov()
    if found.environment is None:
        problem = found.problem
        click.echo(f"{problem.summary}. {problem.detail}" if problem is not None else "Checkov is not installed.")
        return 1
    click.echo(f"Checkov {found.environment.version} ({found.environment.origin}): {found.environment.executable}")
    return 0
