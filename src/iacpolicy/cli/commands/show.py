"""`iacpolicy show`."""

from typing import Any

import click

from iacpolicy.cli.options import input_options, request_of
from iacpolicy.cli.read_errors import print_read_errors
from iacpolicy.pipeline.commands.show import STAGES, show


@click.command("show", short_help="Print one stage of the flow: ast, modules, values, graph or findings.")
@click.argument("path", default=".")
@input_options
@click.option("--stage", type=click.Choice(list(STAGES)), default="values", show_default=True)
@click.option("--json", "as_document", is_flag=True, help="Print a JSON document.")
@click.option("--debug", is_flag=True, help="Show tracebacks.")
def command(path: str, stage: str, as_document: bool, debug: bool, **inputs: Any) -> int:
    """Print the result of one stage of the flow for PATH.

    The exit code is 3 if a file could not be read; standard error names the file.
    """
    text, problems = show(request_of([path], checkov="off", **inputs), stage, as_document)
    click.echo(text, nl=False)
    return print_read_errors(problems)
