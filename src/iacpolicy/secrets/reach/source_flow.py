"""The trace of an expression back to sources of secrets that are no literals.

A source is a sensitive variable, a variable named like a secret, or an attribute that is secret by its schema or name.
A data source that reads a secret and an ephemeral resource are sources too. `nonsensitive()` does not end a trace. Only
functions whose result does not reveal their argument do.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.types import DYNAMIC, STRING
from iacpolicy.evaluate.values.addresses import within
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.hcl import ast
from iacpolicy.schemas.catalogue import Catalogue, SchemaMode
from iacpolicy.schemas.secret_names import words
from iacpolicy.secrets.flow.file_functions import NO_BINDINGS, Bindings
from iacpolicy.secrets.flow.literal_flow import LiteralFlow
from iacpolicy.secrets.flow.literals import ELEMENT, LiteralPiece, LiteralString, LiteralStrings, ValuePath, bounded
from iacpolicy.secrets.flow.module_uses import ModuleUse
from iacpolicy.secrets.flow.syntax_queries import index_key, is_repeated
from iacpolicy.secrets.reach.prefilter import may_have_value
from iacpolicy.secrets.secret import SecretSource
from iacpolicy.secrets.sinks.known_types import (
    is_harmless_name,
    is_plain_parameter,
    is_public_name,
    schema_mode,
    secret_paths,
)
from iacpolicy.secrets.text.classify import UNKNOWN, Trust
from iacpolicy.secrets.text.embedded import trust_of
from iacpolicy.terraform.blocks import ConfigBlock
from iacpolicy.terraform.config import Mode, ResourceConfig, Variable
from iacpolicy.terraform.language import meta_arguments

# Attributes of ephemeral resources that are secrets, whatever the schema says.
_HANDED_OUT = words("data data_json value json result plaintext secret_data secret_string secret_binary")
_IDS = words("master_user_secret")
_OF_DATA = lazy_pattern(r"data\.[\w-]{1,200}\.[\w-]{1,200}(?:\[[^\]]{0,200}\])?\.[\w-]{1,200}")
_ANY_DEPTH: tuple[ValuePath, ...] = ((), (ELEMENT,), (ELEMENT, ELEMENT))


@dataclass(eq=False)
class SourceFlow(LiteralFlow):
    """Traces expressions to literals, and to sources of secrets where there are no literals."""

    catalogue: Catalogue = field(default_factory=Catalogue)

    def literals(
        self, node: ast.Expression, use: ModuleUse, source: SourceFile, bound: Bindings = NO_BINDINGS
    ) -> LiteralStrings:
        """Return the literals and sources of an expression; the name of a user or account in a store is no secret."""
        if isinstance(node, ast.GetAttr | ast.Index):
            key = node.name if isinstance(node, ast.GetAttr) else index_key(node.key, source)
            if (
                isinstance(key, str)
                and _is_name(key)
                and _OF_DATA.fullmatch(source.text, node.target.start, node.target.end)
            ):
                return ()
        return super().literals(node, use, source, bound)

    def attributes(self, use: ModuleUse, resource: ResourceConfig, *, one: bool = False) -> LiteralStrings:
        """Return the secrets of all instances of a resource, or with `one` those of a single instance."""
        head = (ELEMENT,) if is_repeated(resource.block) and not one else ()
        written = (name for name in resource.block.attributes if name not in meta_arguments(resource.block.type))
        names = dict.fromkeys((*self._secret_names(resource), *written))
        return bounded(
            string.under(*head, name) for name in names for string in self._exported(use, resource.address, name)
        )

    def _secret_names(self, resource: ResourceConfig) -> Iterator[str]:
        paths = secret_paths(self.catalogue, schema_mode(resource), resource.type)
        yield from sorted({p[0] for p in (*paths.sensitive, *paths.named)})

    def _variable(self, use: ModuleUse, name: str) -> LiteralStrings:
        found = super()._variable(use, name)
        variable = use.module.variables[name]
        is_declared = variable.sensitive or variable.ephemeral
        if any(p.secret is not None for string in found for p in string.pieces):
            return found
        if is_declared:
            declared = tuple(replace(string, is_declared=True) for string in found if string.text.strip())
            return declared or self._undetermined(use, variable, _ANY_DEPTH)
        if trust_of(name) >= Trust.NAMED and not is_public_name(name) and not any(string.text for string in found):
            return (*found, *self._undetermined(use, variable, _ANY_DEPTH[:2]))
        return found

    def _undetermined(self, use: ModuleUse, variable: Variable, depths: tuple[ValuePath, ...]) -> LiteralStrings:
        if use.call is not None and isinstance(_given(use, variable.name), ast.Null):
            return ()
        name = f"var.{variable.name}"
        return _made(SecretSource("variable", within(use.address, name), name), variable.block, depths)

    def _exported(self, use: ModuleUse, address: str, name: str) -> LiteralStrings:
        resource = use.module.resources.get(address)
        if resource is None:
            return super()._exported(use, address, name)
        return self._cached(use, f"\0{address}.{name}", lambda: self._attribute_of(use, resource, name))

    def _attribute_of(self, use: ModuleUse, resource: ResourceConfig, name: str) -> LiteralStrings:
        found = super()._exported(use, resource.address, name)
        if is_harmless_name(name):
            found = tuple(string for string in found if not _is_secret_by_name_only(string))
        if any(p.secret is not None for string in found for p in string.pieces):
            return found
        depths = tuple(self._depths(use, resource, name))
        if not depths or any(string.text for string in found):
            return found
        source = SecretSource(
            schema_mode(resource), within(use.address, resource.address), f"{resource.address}.{name}"
        )
        return _made(source, resource.block, depths)

    def _depths(self, use: ModuleUse, resource: ResourceConfig, name: str) -> Iterator[ValuePath]:
        """Yield the paths of secrets in an attribute; the empty path is the attribute itself."""
        if is_public_name(name) or name in _IDS or self.is_plain(use, resource):
            return
        mode = schema_mode(resource)
        paths = secret_paths(self.catalogue, mode, resource.type)
        whole = (name,)
        if resource.mode is not Mode.EPHEMERAL and not may_have_value(
            resource, self.catalogue.schema(mode, resource.type), name
        ):
            return
        if whole in paths.sensitive or (resource.mode is Mode.EPHEMERAL and name in _HANDED_OUT):
            yield from _ANY_DEPTH
            return
        if trust_of(name) >= Trust.NAMED and self._is_text(mode, resource.type, name):
            yield ()
        for path in sorted(p for p in paths.sensitive if p[:1] == whole):
            if not is_public_name(path[-1]):
                yield path[1:]
                yield (ELEMENT, *path[1:])

    def is_plain(self, use: ModuleUse, resource: ResourceConfig) -> bool:
        """Return whether the type, path or name of a parameter says that it is no secret, against the schema.

        https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
        """
        if resource.type != "aws_ssm_parameter":
            return False
        if resource.mode is Mode.DATA and is_harmless_name(resource.name) and trust_of(resource.name) is Trust.NONE:
            return True
        paths = super()._exported(use, resource.address, "name")
        is_public = any(string.text.startswith("/aws/") for string in paths)
        return is_public or is_plain_parameter(resource.block, resource.type)

    def _is_text(self, mode: SchemaMode, type_: str, name: str) -> bool:
        """Return whether an attribute can be a string; a list that is named like a secret has ids of secrets."""
        schema = self.catalogue.schema(mode, type_)
        attribute = schema.attributes.get(name) if schema is not None else None
        return schema is None or (attribute is not None and attribute.type in (STRING, DYNAMIC))


def _is_name(key: str) -> bool:
    """Return whether a key of a store is that of a name, as `username` and `azurestorageaccountname` are."""
    return key.lower().endswith("name") and trust_of(key) is Trust.NONE


def _is_secret_by_name_only(string: LiteralString) -> bool:
    """Return whether a value is a variable that is a secret only by its name, such as `encryption_key`."""
    return any(
        p.secret is not None
        and p.secret.kind == "variable"
        and Trust.NONE < trust_of(p.secret.name.removeprefix("var.")) < Trust.SURE
        for p in string.pieces
    )


def _made(source: SecretSource, block: ConfigBlock, depths: tuple[ValuePath, ...]) -> LiteralStrings:
    start, end = block.node.start, block.node.header_end
    trace = Origin(OriginKind.RESOURCE, source.name, block.source, start, end)
    piece = LiteralPiece(UNKNOWN, block.source, start, end, trace=trace, secret=source)
    return tuple(LiteralString(path, (piece,)) for path in depths)


def _given(use: ModuleUse, name: str) -> ast.Expression | None:
    argument = use.call.block.attributes.get(name) if use.call is not None else None
    return argument.value if argument is not None else None
