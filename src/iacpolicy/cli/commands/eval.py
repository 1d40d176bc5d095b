"""`iacpolicy eval`."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
import msgspec

from iacpolicy.cli.options import input_options, request_of
from iacpolicy.cli.read_errors import print_read_errors
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.gate.exit_code import ExitCode
from iacpolicy.pipeline.commands.eval_expressions import as_json, as_text, evaluations
from iacpolicy.pipeline.commands.taint_masking import masked, with_placeholders
from iacpolicy.pipeline.context.recursion_limit import deep_recursion
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.prepare.prepare import Prepared, prepare, read_errors
from iacpolicy.terraform.workspaces import DEFAULT


@click.command("eval", short_help="Evaluate expressions as Terraform does.")
@click.argument("arguments", nargs=-1, metavar="[DIR] [EXPR]...")
@input_options
@click.option("--json", "as_lines", is_flag=True, help="Print one JSON object per line for each expression.")
@click.option("--show-sensitive", is_flag=True, help="Print sensitive values too.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def command(arguments: tuple[str, ...], as_lines: bool, show_sensitive: bool, debug: bool, **inputs: Any) -> int:
    """Evaluate expressions in the root module DIR (default: the current directory), without init or providers.

    Expressions are arguments, or lines of standard input; blank lines and lines that begin with # are skipped. The
    exit code is 1 if an expression failed, else 3 if a file could not be read; standard error names the file.
    """
    directory, expressions = _split(arguments)
    scanned = prepare(request_of([directory], roots_only=True, **inputs))
    incomplete = print_read_errors(read_errors(scanned))
    with deep_recursion():
        failed = _print(expressions or _lines(), directory, scanned, as_lines, show_sensitive)
    return ExitCode.VIOLATIONS if failed else incomplete


def _print(expressions: Iterable[str], directory: str, scanned: Prepared, as_lines: bool, show_sensitive: bool) -> bool:
    """Print the results; return True if one of them is an error."""
    failed = False
    encoder = msgspec.json.Encoder()
    root = _module(scanned, directory)
    others = None if show_sensitive else with_placeholders(scanned)
    other_root = _module(others, directory) if others is not None else None
    for expression in expressions:
        evaluation = next(evaluations(root, [expression]))
        failed = failed or evaluation.error is not None
        shown: Any = as_json(evaluation, scanned.redactor, show_sensitive) if as_lines or others is not None else None
        text = "" if as_lines else as_text(evaluation, scanned.redactor, show_sensitive)
        if others is not None and other_root is not None:
            other = next(evaluations(other_root, [expression]))
            shown = masked(shown, as_json(other, others.redactor))
            if not as_lines and text != as_text(other, others.redactor):
                text = _masked_text(shown)
        print(
            encoder.encode(shown).decode() if as_lines else text, flush=True
        )  # a reader of a pipe may wait for each result
    return failed


def _masked_text(line: dict[str, Any]) -> str:
    """Return the text of an evaluation without the parts that depend on a secret."""
    if line["error"] is not None:
        return "error: the value depends on a secret"
    return "(depends on a secret)" if line["value"] is None else msgspec.json.encode(line["value"]).decode()


def _split(arguments: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    if arguments and Path(arguments[0]).is_dir():
        return arguments[0], arguments[1:]
    if arguments and arguments[0].startswith(("/", "./", "../")):  # no expression begins with these
        raise UsageError(f"{arguments[0]} is not a directory. Give the directory of a root module, or an expression.")
    return ".", arguments


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        text = line.strip()
        if text and not text.startswith("#"):
            yield text


def _module(scanned: Prepared, directory: str) -> ModuleInstance:
    """Return the root module of a directory, in the workspace `default`, else in its first workspace.

    Raises:
        UsageError: the directory contains no configuration.
    """
    wanted = scanned.request.paths[0]
    roots = {g.cell.workspace: g.root for g in reversed(scanned.graphs) if g.cell.root == wanted and g.root is not None}
    if roots:
        return roots.get(DEFAULT) or next(reversed(roots.values()))
    raise UsageError(f"{directory} contains no Terraform configuration. Give the directory of a root module.")
