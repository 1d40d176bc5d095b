"""The makers of compact files: from Terraform's JSON, from recorded facts, from facts written by hand."""

import json
from pathlib import Path

import pytest

from iacpolicy.core.types import BOOL, STRING, ListType, MapType
from iacpolicy.schemas import shipped
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.schemas.compile import compile_file, from_recorded_json, from_terraform_json, from_written_toml, main
from iacpolicy.schemas.recorded import from_recorded, to_recorded
from iacpolicy.schemas.schema import AttributeSchema
from iacpolicy.schemas.wire import SchemaError, read_file

_WRITTEN = sorted(Path("src/iacpolicy/schemas/written").glob("*.toml"))
_TERRAFORM = Path("fixtures/schemas/terraform.json")
_ACME = Path("fixtures/schemas/acme.json")


@pytest.mark.parametrize("source", _WRITTEN, ids=lambda p: p.stem)
def test_shipped_files_are_made_from_what_is_written(source: Path) -> None:
    """The data files are equal to the output of their sources."""
    assert shipped.read(source.stem) == compile_file(source)


def test_the_builtin_provider_is_as_terraform_says() -> None:
    """The shipped facts about `terraform_data` are Terraform's own answer."""
    assert shipped.read("terraform") == compile_file(_TERRAFORM)


@pytest.mark.parametrize("provider", shipped.providers())
def test_recorded_form_keeps_everything(provider: str) -> None:
    """A provider written out in recorded form and read again is the same."""
    data = shipped.read(provider)
    assert data is not None
    [record] = read_file(data)
    assert from_recorded(json.loads(json.dumps(to_recorded(record)))) == record


def test_terraforms_own_output_is_understood_whole() -> None:
    """Nested types, blocks, bounds, flags, functions and ephemerals of `terraform providers schema -json`."""
    catalogue = Catalogue().with_imported(from_terraform_json(_ACME.read_bytes()))
    thing = catalogue.resource("acme_thing")
    assert thing is not None
    assert thing.version == 3
    assert thing.deprecated
    token = thing.attributes["token_wo"]
    assert (token.write_only, token.sensitive, token.optional) == (True, True, True)
    assert thing.attributes["labels"].type == MapType(STRING)
    settings = thing.at(("settings", "on"))
    assert isinstance(settings, AttributeSchema)
    assert settings.type == BOOL
    rule = thing.blocks["rule"]
    assert (rule.nesting, rule.min, rule.max) == ("list", 1, 5)
    assert catalogue.ephemeral("acme_token") is not None
    assert catalogue.data("acme_thing") is not None
    provider = catalogue.provider("acme")
    assert provider is not None
    assert provider.attributes["api_key"].sensitive
    function = catalogue.function("acme", "join")
    assert function is not None
    assert function.variadic is not None
    assert (function.variadic.type, function.returns, function.parameters[0].nullable) == (
        STRING,
        ListType(STRING),
        True,
    )
    source = catalogue.source("resource", "acme_thing")
    assert source is not None
    assert source.provider == "acme/acme"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"),
        ("[]", "provider_schemas"),
        ("{}", "provider_schemas"),
        ('{"format_version": "2.0", "provider_schemas": {}}', "format version 2.0"),
        ('{"format_version": "1.0", "provider_schemas": {"a/b/c": {"resource_schemas": {"c_x": 1}}}}', "a/b/c"),
        (
            '{"format_version": "1.0", "provider_schemas": {"a/b/c": {"resource_schemas": {"c_x": {"block":'
            ' {"attributes": {"y": {"type": "strin"}}}}}}}}',
            "strin",
        ),
        (
            '{"format_version": "1.0", "provider_schemas": {"a/b/c": {"resource_schemas": {"c_x": {"block":'
            ' {"block_types": {"y": {"nesting_mode": "pile"}}}}}}}}',
            "pile",
        ),
    ],
)
def test_what_is_not_a_schema_is_refused_with_the_reason(text: str, says: str) -> None:
    """An import of a wrong file is an error with the reason."""
    with pytest.raises(SchemaError, match=says):
        from_terraform_json(text.encode())


def test_a_schema_nested_without_end_is_refused() -> None:
    """Neither the blocks nor the types of an imported schema exhaust the stack."""
    block: dict[str, object] = {}
    for _ in range(100):
        block = {"block_types": {"a": {"nesting_mode": "single", "block": block}}}
    type_: object = "string"
    for _ in range(700):
        type_ = ["list", type_]
    for body in (block, {"attributes": {"a": {"type": type_, "optional": True}}}):
        document = {
            "format_version": "1.0",
            "provider_schemas": {"a/b/c": {"resource_schemas": {"c_x": {"block": body}}}},
        }
        try:
            compiled = from_terraform_json(json.dumps(document).encode())
        except SchemaError:
            continue
        catalogue = Catalogue().with_imported(compiled)
        assert catalogue.resource("c_x") is None
        assert catalogue.unreadable == ("c_x",)


@pytest.mark.parametrize(
    "text", ["x =", 'provider = "a/b"', 'provider = "a/b"\nversion = "1"\nhow = ""\n[data.b]\nx = "string requird"']
)
def test_mistakes_in_written_facts_are_refused(text: str) -> None:
    """A mistake in a file written by hand is an error."""
    with pytest.raises(SchemaError):
        from_written_toml(text)


def test_recorded_facts_need_a_provider() -> None:
    """JSON of another kind is refused."""
    with pytest.raises(SchemaError):
        from_recorded_json(b'{"resources": {}}')


def test_the_command_compiles_a_file_and_a_folder(tmp_path: Path) -> None:
    """`python -m iacpolicy.schemas.compile IN OUT ORIGIN` writes what the catalogue reads."""
    main([str(_ACME), str(tmp_path / "acme.msgpack"), "a test"])
    [record] = read_file((tmp_path / "acme.msgpack").read_bytes())
    assert record.source.origin == "a test"
    main([str(_WRITTEN[0].parent), str(tmp_path)])
    assert {p.stem for p in tmp_path.iterdir()} == {"acme", *(p.stem for p in _WRITTEN)}
