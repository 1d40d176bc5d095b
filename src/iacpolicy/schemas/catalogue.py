"""The catalogue of all schemas, each opened on first use.

A resource type belongs to the provider that its name begins with. The first lookup of a type reads the data file of its
provider and decodes the type. A new catalogue opens no file.
"""

from collections.abc import Callable, Iterable
from typing import Literal, TypeVar

from iacpolicy.schemas import shipped
from iacpolicy.schemas.schema import FunctionSchema, Schema, Source
from iacpolicy.schemas.sensitive import NO_SECRETS, SecretPaths, secret_paths
from iacpolicy.schemas.wire import ProviderRecord, SchemaError, decode_function, decode_schema, read_file

SchemaMode = Literal["resource", "data", "ephemeral", "provider"]
_T = TypeVar("_T")


class Catalogue:
    """Provider schemas by type name. It remembers what it has decoded; answers never change."""

    def __init__(self, opener: Callable[[str], bytes | None] = shipped.read, imported: Iterable[ProviderRecord] = ()):
        """`opener` gives the data file of a provider by its short name, or None where there is none."""
        self._opener = opener
        self._imported = tuple(imported)
        self._by_prefix = _index(self._imported)
        self._records: dict[str, tuple[ProviderRecord, ...]] = {}
        self._schemas: dict[tuple[SchemaMode, str], Schema | None] = {}
        self._functions: dict[tuple[str, str], FunctionSchema | None] = {}
        self._secrets: dict[tuple[SchemaMode, str], SecretPaths] = {}
        self._unreadable: list[str] = []

    def with_imported(self, *files: bytes) -> "Catalogue":
        """Return a catalogue in which the compiled schemas of a repository precede the shipped ones.

        Raises:
            SchemaError: a file is not one that `iacpolicy schema import` wrote.
        """
        records = [record for file in files for record in read_file(file)]
        return Catalogue(self._opener, (*records, *self._imported))

    def resource(self, type_name: str) -> Schema | None:
        """Return the schema of a managed resource."""
        return self.schema("resource", type_name)

    def data(self, type_name: str) -> Schema | None:
        """Return the schema of a data source."""
        return self.schema("data", type_name)

    def ephemeral(self, type_name: str) -> Schema | None:
        """Return the schema of an ephemeral resource."""
        return self.schema("ephemeral", type_name)

    def provider(self, name: str) -> Schema | None:
        """Return the schema of a provider's configuration, by the provider's short name."""
        return self.schema("provider", name)

    def schema(self, mode: SchemaMode, type_name: str) -> Schema | None:
        """Return the schema of a type in a mode, None for an unknown type or one with damaged facts."""
        key = (mode, type_name)
        if key not in self._schemas:
            self._schemas[key] = self._find(provider_of(type_name), _section(mode, type_name), decode_schema, type_name)
        return self._schemas[key]

    def secret_paths(self, mode: SchemaMode, type_name: str) -> SecretPaths:
        """Return the paths of secrets in a type; none for an unknown type."""
        key = (mode, type_name)
        if key not in self._secrets:
            schema = self.schema(mode, type_name)
            self._secrets[key] = NO_SECRETS if schema is None else secret_paths(schema, mode, type_name)
        return self._secrets[key]

    def function(self, provider: str, name: str) -> FunctionSchema | None:
        """Return the signature of `provider::NAME::FUNCTION`."""
        key = (provider, name)
        if key not in self._functions:
            label = f"provider::{provider}::{name}"
            self._functions[key] = self._find(provider, lambda r: r.functions.get(name), decode_function, label)
        return self._functions[key]

    def knows_provider(self, name: str) -> bool:
        """Report whether there are facts about a provider, by its short name."""
        return bool(self._of(name))

    def types(self, mode: SchemaMode, provider: str) -> tuple[str, ...]:
        """Return the names of a provider's types, sorted. A provider's own configuration has the provider's name."""
        names: set[str] = set()
        for record in self._of(provider):
            names.update(_names(record, mode, provider))
        return tuple(sorted(names))

    def source(self, mode: SchemaMode, type_name: str) -> Source | None:
        """Return the origin of the facts about a type, None for an unknown type."""
        section = _section(mode, type_name)
        for record in self._of(provider_of(type_name)):
            if section(record) is not None:
                return record.source
        return None

    @property
    def unreadable(self) -> tuple[str, ...]:
        """Types asked for so far whose facts in an imported file are damaged; they count as unknown types."""
        return tuple(self._unreadable)

    def _find(
        self,
        provider: str,
        section: Callable[[ProviderRecord], bytes | None],
        decode: Callable[[bytes], _T],
        label: str,
    ) -> _T | None:
        for record in self._of(provider):
            data = section(record)
            if data is not None:
                try:
                    return decode(data)
                except SchemaError:
                    self._unreadable.append(label)
        return None

    def _of(self, provider: str) -> tuple[ProviderRecord, ...]:
        if provider not in self._records:
            data = self._opener(provider)
            ours = () if data is None else read_file(data)
            self._records[provider] = (*self._by_prefix.get(provider, ()), *ours)
        return self._records[provider]


def provider_of(type_name: str) -> str:
    """Return the short name of the provider that a type belongs to unless the configuration says otherwise."""
    return type_name.partition("_")[0]


def _section(mode: SchemaMode, name: str) -> Callable[[ProviderRecord], bytes | None]:
    match mode:
        case "resource":
            return lambda record: record.resources.get(name)
        case "data":
            return lambda record: record.data_sources.get(name)
        case "ephemeral":
            return lambda record: record.ephemerals.get(name)
        case "provider":
            return lambda record: record.config


def _names(record: ProviderRecord, mode: SchemaMode, provider: str) -> Iterable[str]:
    match mode:
        case "resource":
            return record.resources
        case "data":
            return record.data_sources
        case "ephemeral":
            return record.ephemerals
        case "provider":
            return (provider,) if record.config is not None else ()


def _index(records: Iterable[ProviderRecord]) -> dict[str, list[ProviderRecord]]:
    """Imported providers by their own short name and every prefix of their types: google-beta has google_*."""
    found: dict[str, list[ProviderRecord]] = {}
    for record in records:
        prefixes = {record.source.provider.rpartition("/")[2]}
        for types in (record.resources, record.data_sources, record.ephemerals):
            prefixes.update(map(provider_of, types))
        for prefix in prefixes:
            found.setdefault(prefix, []).append(record)
    return found
