"""The catalogue opens a file only for a type in it."""

import subprocess
import sys

import pytest

from iacpolicy.core.types import STRING
from iacpolicy.schemas import shipped
from iacpolicy.schemas.catalogue import Catalogue, provider_of
from iacpolicy.schemas.schema import AttributeSchema, Schema, Source
from iacpolicy.schemas.wire import ProviderRecord, SchemaError, encode_schema, write_file


class _Opener:
    """Opens the shipped files and remembers which."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def __call__(self, provider: str) -> bytes | None:
        self.opened.append(provider)
        return shipped.read(provider)


def _file(provider: str, **types: bytes) -> bytes:
    return write_file([ProviderRecord(Source(provider, "9", "test"), None, types, {}, {}, {})])


def test_nothing_is_opened_before_it_is_asked_for() -> None:
    """A catalogue opens no file until a type is looked up, and then one file."""
    opener = _Opener()
    catalogue = Catalogue(opener)
    assert opener.opened == []
    assert catalogue.resource("render_web_service") is not None
    assert catalogue.resource("render_postgres") is not None
    assert catalogue.data("render_postgres") is not None
    assert opener.opened == ["render"]
    assert catalogue.resource("unknown_type") is None
    assert catalogue.resource("unknown_other") is None
    assert opener.opened == ["render", "unknown"]


def test_a_type_is_decoded_once() -> None:
    """Two lookups of a type return the same object."""
    catalogue = Catalogue()
    assert catalogue.resource("aws_s3_bucket") is catalogue.resource("aws_s3_bucket")
    assert catalogue.secret_paths("data", "aws_ssm_parameter") is catalogue.secret_paths("data", "aws_ssm_parameter")


def test_modes_are_kept_apart() -> None:
    """A data source is not the resource of its name."""
    catalogue = Catalogue()
    resource, data = catalogue.resource("local_file"), catalogue.data("local_file")
    assert resource is not None
    assert data is not None
    assert resource.attributes["content"].optional
    assert data.attributes["content"].computed
    assert catalogue.ephemeral("local_file") is None
    assert catalogue.provider("local") is None
    assert catalogue.ephemeral("vault_kv_secret_v2") is not None
    assert catalogue.provider("aws") is not None


def test_functions_of_providers() -> None:
    """A provider's function has its signature, an unknown one none."""
    catalogue = Catalogue()
    function = catalogue.function("local", "direxists")
    assert function is not None
    assert [p.type for p in function.parameters] == [STRING]
    assert catalogue.function("local", "nothing") is None
    assert catalogue.function("unknown", "nothing") is None


def test_names_and_sources_for_messages() -> None:
    """Suggestions need the names of a provider's types, traces the source of the facts."""
    catalogue = Catalogue()
    assert "random_password" in catalogue.types("resource", "random")
    assert catalogue.types("ephemeral", "random") == ("random_bytes", "random_password")
    assert catalogue.types("provider", "tls") == ("tls",)
    assert catalogue.knows_provider("random")
    assert not catalogue.knows_provider("unknown")
    source = catalogue.source("resource", "random_password")
    assert source is not None
    assert (source.provider, source.version) == ("hashicorp/random", "3.9.0")
    assert catalogue.source("resource", "random_nothing") is None


def test_imported_schemas_go_before_shipped_ones() -> None:
    """A repository's own schema of a type is used; other types of the provider stay."""
    mine = Schema({"mine": AttributeSchema(STRING, required=True)})
    catalogue = Catalogue().with_imported(_file("hashicorp/random", random_pet=encode_schema(mine)))
    assert catalogue.resource("random_pet") == mine
    assert catalogue.resource("random_id") is not None
    assert Catalogue().resource("random_pet") != mine


def test_a_provider_may_define_types_of_another_prefix() -> None:
    """`google-beta` defines `google_*`."""
    mine = Schema({})
    catalogue = Catalogue().with_imported(_file("hashicorp/google-beta", google_thing=encode_schema(mine)))
    assert catalogue.resource("google_thing") == mine
    assert catalogue.knows_provider("google-beta")


def test_a_damaged_type_is_unknown_and_told() -> None:
    """A damaged type of an imported file is unknown and reported."""
    catalogue = Catalogue().with_imported(_file("acme/acme", acme_good=encode_schema(Schema({})), acme_bad=b"\xc1"))
    assert catalogue.resource("acme_good") is not None
    assert not catalogue.unreadable
    assert catalogue.resource("acme_bad") is None
    assert list(catalogue.unreadable) == ["acme_bad"]


def test_a_file_of_another_kind_is_refused() -> None:
    """A file that `iacpolicy schema import` did not write is refused."""
    with pytest.raises(SchemaError):
        Catalogue().with_imported(b"{}")


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "a/b", "/etc", "A", "x" * 300, "aws\0", "aws.msgpack"])
def test_only_plain_names_are_looked_for(name: str) -> None:
    """A type name from a hostile repository leads to no other file."""
    assert shipped.read(name) is None
    assert Catalogue().resource(f"{name}_x") is None


def test_the_provider_of_a_type_is_its_first_word() -> None:
    """The provider of a type is the first word of its name."""
    assert provider_of("aws_s3_bucket") == "aws"
    assert provider_of("http") == "http"


def test_one_type_of_the_largest_provider_imports_no_compiler() -> None:
    """In a new process, reading one type of Cloudflare imports no module that compiles schemas."""
    code = (
        "import sys\n"
        "from iacpolicy.schemas.catalogue import Catalogue\n"
        "schema = Catalogue().resource('cloudflare_ruleset')\n"
        "assert schema.type and schema.attributes['rules'].nested\n"
        "assert not {'tomllib', 'iacpolicy.schemas.compile', 'iacpolicy.schemas.backends'} & sys.modules.keys()\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
