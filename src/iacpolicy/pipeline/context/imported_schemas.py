"""Provider schemas in a repository: a command imports them, and every scan uses them."""

import re
from pathlib import Path

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.spans import file_start
from iacpolicy.core.tree import Tree
from iacpolicy.pipeline.context.usage_error import UsageError
from iacpolicy.pipeline.context.write_files import write_inside
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.schemas.wire import ProviderRecord, SchemaError, read_file, write_file

DIRECTORY = ".iacpolicy/schemas"
SUFFIX = ".msgpack"
MAX_BYTES = 500_000_000


def import_schemas(root: Path, data: bytes) -> list[tuple[str, ProviderRecord]]:
    """Compile the output of `terraform providers schema -json` into the repository, one file per provider.

    Raises:
        UsageError: the data is not such output, or a file cannot be written.
    """
    if len(data) > MAX_BYTES:
        raise UsageError(f"The schema has {len(data)} bytes; at most {MAX_BYTES} are read.")
    from iacpolicy.schemas.compile import from_terraform_json

    try:
        records = read_file(from_terraform_json(data))
    except SchemaError as problem:
        raise UsageError(
            f"This is not a schema: {problem}. Give the output of `terraform providers schema -json`."
        ) from None
    if not records:
        raise UsageError("The schema describes no provider. Run `terraform init` before `terraform providers schema`.")
    written: list[tuple[str, ProviderRecord]] = []
    for record in records:
        path = f"{DIRECTORY}/{_name(record)}{SUFFIX}"
        write_inside(root, path, write_file([record]))
        written.append((path, record))
    return written


def _name(record: ProviderRecord) -> str:
    """Return the address of a provider as a file name."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", record.source.provider).strip(".-")[:100] or "provider"


def catalogue_of(tree: Tree) -> tuple[Catalogue, tuple[Diagnostic, ...]]:
    """Return the imported schemas of a repository over the shipped ones, and an error for each unreadable file."""
    catalogue = Catalogue()
    problems: list[Diagnostic] = []
    for path in tree.listing(DIRECTORY):
        if not path.endswith(SUFFIX):
            continue
        data = tree.read_bytes(path)
        if isinstance(data, Diagnostic):
            problems.append(data)
            continue
        try:
            catalogue = catalogue.with_imported(data)
        except SchemaError as problem:
            detail = f"{path}: {problem}. Import it again with `iacpolicy schema import`, or remove it."
            problems.append(error("Schema cannot be read", detail, file_start(path)))
    return catalogue, tuple(problems)


def damaged(catalogue: Catalogue) -> list[Diagnostic]:
    """Return an error for each damaged part of an imported schema that was read."""
    detail = f"Import the files in {DIRECTORY} again with `iacpolicy schema import`, or remove them."
    return [error("Schema cannot be read", f"{name} is damaged. {detail}") for name in catalogue.unreadable]
