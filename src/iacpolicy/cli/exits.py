"""Run a command and return its exit code; a traceback is printed only with --debug."""

import os
import sys
import traceback
from typing import Any

import click

from iacpolicy.gate.exit_code import ExitCode
from iacpolicy.pipeline.context.usage_error import UsageError


def run_command(command: click.Command, arguments: list[str]) -> int:
    """Run a command and return its exit code: 2 for wrong use, 3 for a defect of the tool itself."""
    debug = "--debug" in arguments
    try:
        result: Any = command.main(arguments, prog_name="iacpolicy", standalone_mode=False)
        code = int(result) if isinstance(result, int) else 0
        try:
            sys.stdout.flush()
        except BrokenPipeError:
            _close()
        return code
    except click.exceptions.Exit as finished:
        return finished.exit_code
    except click.ClickException as problem:
        problem.show()
        return ExitCode.USAGE
    except click.Abort:
        print("Stopped.", file=sys.stderr)
        return 130
    except UsageError as problem:
        print(f"Error: {problem}", file=sys.stderr)
        return ExitCode.USAGE
    except BrokenPipeError:
        _close()
        return ExitCode.INCOMPLETE
    except (Exception, RecursionError) as problem:
        if debug:
            traceback.print_exc()
        else:
            print(
                f"Error: iacpolicy failed ({type(problem).__name__}); this is a defect of the tool. "
                "Run it again with --debug and report the output.",
                file=sys.stderr,
            )
        return ExitCode.INCOMPLETE


def _close() -> None:
    """Redirect standard output to the null device, so that the flush at exit does not fail after a closed pipe."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
