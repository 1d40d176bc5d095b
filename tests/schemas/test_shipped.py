"""The facts that the package carries are whole and sane."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from iacpolicy.core.types import BOOL, NUMBER, STRING, ListType, SetType, Type
from iacpolicy.schemas import shipped
from iacpolicy.schemas.catalogue import Catalogue, SchemaMode
from iacpolicy.schemas.schema import AttributeSchema, Schema
from iacpolicy.schemas.wire import read_file

_MODES: tuple[SchemaMode, ...] = ("resource", "data", "ephemeral", "provider")
_COUNTS = {
    "aws": (113, 26, 0),
    "cloudflare": (257, 443, 0),
    "grafana": (121, 50, 0),
    "postgresql": (15, 3, 0),
    "render": (17, 17, 0),
    "supabase": (7, 4, 0),
    "vault": (204, 50, 24),
    "random": (10, 0, 2),
    "tls": (4, 2, 2),
    "terraform": (1, 1, 0),
}


def _attributes(schema: Schema, path: str) -> Iterator[tuple[str, AttributeSchema]]:
    stack = [(f"{path}.{k}", a) for k, a in schema.attributes.items()]
    while stack:
        where, attribute = stack.pop()
        yield where, attribute
        if attribute.nested is not None:
            stack.extend((f"{where}.{k}", a) for k, a in attribute.nested.attributes.items())
    for name, block in schema.blocks.items():
        yield from _attributes(block.schema, f"{path}.{name}")


def _all(provider: str) -> Iterator[tuple[str, AttributeSchema]]:
    catalogue = Catalogue()
    for mode in _MODES:
        for name in catalogue.types(mode, provider):
            schema = catalogue.schema(mode, name)
            assert schema is not None
            yield from _attributes(schema, f"{mode} {name}")
    assert catalogue.unreadable == ()


@pytest.mark.parametrize("provider", sorted(_COUNTS))
def test_every_recorded_type_is_there(provider: str) -> None:
    """All recorded types are in the compact file."""
    catalogue = Catalogue()
    counts = tuple(len(catalogue.types(mode, provider)) for mode in _MODES[:3])
    assert counts == _COUNTS[provider]


@pytest.mark.parametrize("provider", shipped.providers())
def test_every_type_decodes_and_has_a_type(provider: str) -> None:
    """Every schema can be read, and implies an object type with all its names."""
    catalogue = Catalogue()
    for mode in _MODES:
        for name in catalogue.types(mode, provider):
            schema = catalogue.schema(mode, name)
            assert schema is not None
            assert {k for k, _ in schema.type.attributes} == schema.attributes.keys() | schema.blocks.keys()
    assert catalogue.unreadable == ()


@pytest.mark.parametrize("provider", shipped.providers())
def test_flags_make_sense(provider: str) -> None:
    """An attribute can be set or is computed, is not required and optional at once, and only what is set is written."""
    wrong = [
        where
        for where, a in _all(provider)
        if not (a.settable or a.computed)
        or (a.required and (a.optional or a.computed))
        or (a.write_only and (a.computed or not a.settable))
    ]
    assert wrong == []


@pytest.mark.parametrize("provider", shipped.providers())
def test_defaults_fit_their_types(provider: str) -> None:
    """A known default of a primitive has that primitive's type, and is among the values allowed."""
    kinds: dict[Type, Any] = {STRING: str, NUMBER: (int, float), BOOL: bool}
    wrong = []
    for where, a in _all(provider):
        if a.default is msgspec.UNSET or a.default is None:
            continue
        if a.type in (STRING, NUMBER, BOOL) and not isinstance(a.default, kinds[a.type]):
            wrong.append(where)
        if isinstance(a.type, ListType | SetType) and not isinstance(a.default, list):
            wrong.append(where)
        if a.one_of and a.default != "" and str(a.default) not in a.one_of:
            wrong.append(where)
    assert wrong == []


def test_sources_are_named() -> None:
    """Each file has its provider, its version and the origin of its facts."""
    for provider in shipped.providers():
        data = shipped.read(provider)
        assert data is not None
        [record] = read_file(data)
        assert record.source.provider.rpartition("/")[2] == provider
        assert record.source.version
        assert record.source.origin
        assert "/work" not in record.source.origin


def test_the_whole_stays_small() -> None:
    """All facts together are under a megabyte."""
    assert sum(len(shipped.read(p) or b"") for p in shipped.providers()) < 1_000_000
