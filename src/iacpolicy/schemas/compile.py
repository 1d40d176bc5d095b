"""Compilation of schemas to compact files: `python -m iacpolicy.schemas.compile IN OUT [ORIGIN]`.

IN is the output of `terraform providers schema -json`, a recorded schema (`.json`), or one written by hand (`.toml`).
If IN is a folder of such files, OUT is a folder too. ORIGIN is a text that names the origin of the facts; without it,
that is IN.
"""

import sys
import tomllib
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from iacpolicy.schemas.recorded import from_recorded
from iacpolicy.schemas.terraform_json import from_terraform_document
from iacpolicy.schemas.wire import SchemaError, read_file, write_file
from iacpolicy.schemas.written import from_written


def from_terraform_json(data: bytes) -> bytes:
    """Return the compact file for the output of `terraform providers schema -json`.

    Raises:
        SchemaError: the data is not such output; the text says why.
    """
    return write_file(from_terraform_document(_json(data)))


def from_recorded_json(data: bytes) -> bytes:
    """Return the compact file for one provider in recorded form.

    Raises:
        SchemaError: the data is not of that form.
    """
    return write_file([from_recorded(_json(data))])


def from_written_toml(text: str) -> bytes:
    """Return the compact file for one provider whose facts are written by hand.

    Raises:
        SchemaError: the text is not of that form.
    """
    try:
        return write_file([from_written(tomllib.loads(text))])
    except (tomllib.TOMLDecodeError, KeyError) as problem:
        raise SchemaError(f"not a schema written by hand: {problem!r}") from None


def compile_file(source: Path, origin: str | None = None) -> bytes:
    """Return the compact file for any of the three forms, recognised by the file's ending and its keys.

    Raises:
        SchemaError: the file has none of these forms.
    """
    data = source.read_bytes()
    if source.suffix == ".toml":
        compiled = from_written_toml(data.decode())
    elif isinstance(document := _json(data), dict) and "provider_schemas" in document:
        compiled = from_terraform_json(data)
    else:
        compiled = from_recorded_json(data)
    if origin is None:
        return compiled
    return write_file([replace(r, source=replace(r.source, origin=origin)) for r in read_file(compiled)])


def _json(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as problem:
        raise SchemaError(f"not JSON: {problem}") from None


def main(arguments: list[str]) -> None:
    """Compile one file, or every file of one folder into another."""
    source, target = map(Path, arguments[:2])
    origin = arguments[2] if len(arguments) > 2 else None
    if source.is_dir():
        for path in sorted(p for p in source.iterdir() if p.suffix in (".json", ".toml")):
            (target / f"{path.stem}.msgpack").write_bytes(compile_file(path, origin))
    else:
        target.write_bytes(compile_file(source, origin))


if __name__ == "__main__":
    main(sys.argv[1:])
