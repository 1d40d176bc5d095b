"""The command line: a group that imports each command when it is called."""

import gc
import importlib
import io
import sys
from typing import Any

import click

from iacpolicy import __version__
from iacpolicy.cli.exits import run_command
from iacpolicy.core.similar import did_you_mean

COMMANDS = {
    "scan": "Scan a repository and report what breaks its policies.",
    "eval": "Evaluate expressions as Terraform does.",
    "show": "Print one stage of the flow: ast, modules, values, graph or findings.",
    "graph": "Print the resource graph.",
    "access": "Print the access of each role to each table.",
    "secrets": "List the secrets in the files, or in the whole history.",
    "policies": "List the policies.",
    "explain": "Explain one policy.",
    "test": "Run the fixtures of policies.",
    "new": "Make a new policy with its fixtures.",
    "trust": "Allow the Python policies of this repository to run.",
    "init": "Write settings, a pre-commit hook and a workflow for this repository.",
    "baseline": "Write or update the baseline of accepted findings.",
    "schema": "Import the schema of a provider into this repository.",
    "checkov": "Install Checkov into its own environment, or show the installed one.",
    "settings": "Print every setting with its value and its origin.",
}


class LazyGroup(click.Group):
    """A group that lists its commands by name and imports a command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"iacpolicy.cli.commands.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as problem:
            hint = did_you_mean(args[0], COMMANDS)
            if hint and not problem.message.endswith("?"):
                raise click.UsageError(f"{problem.message}{hint}", ctx) from None
            raise


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="iacpolicy")
def cli() -> None:
    """Policy as code for Terraform repositories."""


def main() -> None:
    """Run the command line and exit with its code.

    Output to a file or a pipe is always UTF-8, so that a report has the same bytes on every machine.
    """
    # Values and syntax trees hold no reference cycles, so a more frequent search for cycles only costs time.
    gc.set_threshold(1_000_000, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    code = run_command(cli, sys.argv[1:])
    # The interpreter searches all objects for cycles when it ends, which takes 7 % of a small scan.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
