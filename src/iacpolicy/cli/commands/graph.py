"""`iacpolicy graph`."""

from typing import Any

import click

from iacpolicy.cli.options import input_options, request_of
from iacpolicy.cli.read_errors import print_read_errors
from iacpolicy.graph.formats import FORMATS
from iacpolicy.pipeline.prepare.prepare import prepare, read_errors


@click.command("graph", short_help="Print the resource graph.")
@click.argument("path", default=".")
@input_options
@click.option("--format", "format_", type=click.Choice(sorted(FORMATS)), default="dot", show_default=True)
@click.option("--all", "everything", is_flag=True, help="Include variables, locals and outputs.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def command(path: str, format_: str, everything: bool, debug: bool, **inputs: Any) -> int:
    """Print the graph of every root module under PATH: resources, data, modules, and the references between them.

    The exit code is 3 if a file could not be read; standard error names the file.
    """
    scanned = prepare(request_of([path], **inputs))
    click.echo(scanned.redactor.text(FORMATS[format_](scanned.graphs, everything)))
    return print_read_errors(read_errors(scanned))
