"""The command line: a group whose commands are imported when they are called."""

import atexit
import gc
import importlib
import io
import os
import sys
from contextlib import suppress
from typing import Any, NoReturn

import click

from iacpolicy import __version__
from iacpolicy.cli.exits import guarded

COMMANDS = {
    "scan": "Scan a repository and report what breaks its policies.",
    "eval": "Evaluate expressions as Terraform would.",
    "show": "Print one stage of the flow: ast, modules, values, graph or findings.",
    "graph": "Print the resource graph.",
    "access": "Print who may do what on which table.",
    "secrets": "List the secrets that are written here, or ever were.",
    "policies": "List the policies.",
    "explain": "Explain one policy.",
    "test": "Run the fixtures of policies.",
    "new": "Make a new policy with its fixtures.",
    "trust": "Let this repository's Python policies run.",
    "init": "Write settings, a pre-commit hook and a workflow for this repository.",
    "baseline": "Write or update the baseline: what is found now, and who owns it.",
    "schema": "Give this repository the schema of a provider.",
    "checkov": "Install Checkov into an environment of its own, or say whether it is there.",
    "settings": "Print every setting, its value and where it came from.",
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is used."""

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
            from difflib import get_close_matches

            close = get_close_matches(args[0], list(COMMANDS), 1)
            if close and not problem.message.endswith("?"):
                raise click.UsageError(f'{problem.message} Did you mean "{close[0]}"?', ctx) from None
            raise


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="iacpolicy")
def cli() -> None:
    """Policy as code for a repository of Terraform."""


def main() -> None:
    """The entry point: runs the command line and exits with its code.

    What goes to a file or a pipe is UTF-8 whatever Python takes for it, so that a report is the same on every machine.
    """
    # Values and trees hold no circles, so looking for them more often would only take time.
    gc.set_threshold(50_000, 20, 20)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    _leave(guarded(cli, sys.argv[1:]))


def _leave(code: int) -> NoReturn:
    """End the process with a code, and let the system take its memory back.

    Python would free every object first, which takes a seventh of a small scan. What was registered for the end still
    runs; who traces or profiles gets an ordinary end.
    """
    if sys.gettrace() is not None or sys.getprofile() is not None:
        sys.exit(code)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):  # closed, full, or not there: the code says how it went
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
