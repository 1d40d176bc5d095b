"""`iacpolicy schema`."""

import sys
from pathlib import Path

import click

from iacpolicy.cli.options import request_of
from iacpolicy.pipeline.context.imported_schemas import MAX_BYTES, import_schemas
from iacpolicy.pipeline.context.usage_error import UsageError


@click.group("schema", short_help="Import the schema of a provider into this repository.")
def command() -> None:
    """Provider schemas that iacpolicy does not ship, or of the versions that you use."""


@command.command("import")
@click.argument("file")
@click.argument("path", default=".")
def import_command(file: str, path: str) -> int:
    """Import the provider schemas in FILE (`-` for standard input) into the repository of PATH.

    FILE is the output of `terraform providers schema -json` after `terraform init`. It is compiled into
    `.iacpolicy/schemas`; commit that directory. Every scan prefers these schemas to the shipped ones.
    """
    for written, record in import_schemas(request_of([path]).root, _read(file)):
        counts = f"{len(record.resources)} resources, {len(record.data_sources)} data sources"
        click.echo(f"wrote {written}: {record.source.provider}, {counts}")
    return 0


def _read(file: str) -> bytes:
    try:
        if file == "-":
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with open(Path(file), "rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except OSError as problem:
        raise UsageError(f"{file} cannot be read: {problem.strerror or problem}.") from None
