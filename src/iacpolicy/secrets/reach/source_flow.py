"""Secrets that no literal makes, followed as literals are: from an expression back to where the secret comes from.

A source is a variable that is sensitive or called like a secret, an attribute that a provider's schema or its name
calls secret, a data source that reads one, an ephemeral resource that hands one out. `nonsensitive()` is no end of the
trace, and neither is any other function but those that tell nothing of their argument.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec.structs import replace

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.types import DYNAMIC, STRING
from iacpolicy.evaluate.modules.block_instance import META_ARGUMENTS
from iacpolicy.evaluate.values.addresses import within
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.hcl import ast
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.schemas.catalogue import Mode as SchemaMode
from iacpolicy.schemas.secret_names import words
from iacpolicy.secrets.flow.file_functions import NO_BINDINGS, Bindings
from iacpolicy.secrets.flow.literal_flow import Flow
from iacpolicy.secrets.flow.module_calls import Use
from iacpolicy.secrets.flow.pieces import ELEMENT, Leaf, Leaves, Piece, Steps, bounded
from iacpolicy.secrets.flow.syntax_queries import is_repeated, step_of
from iacpolicy.secrets.reach.prefilter import is_there
from iacpolicy.secrets.secret import SecretSource
from iacpolicy.secrets.sinks.known_types import is_public_name, secret_paths, tells_otherwise
from iacpolicy.secrets.text.classify import UNKNOWN, Trust
from iacpolicy.secrets.text.embedded import trust_of
from iacpolicy.terraform.blocks import ConfigBlock
from iacpolicy.terraform.config import Mode, ResourceConfig, Variable
from iacpolicy.terraform.load import literal

# What an ephemeral resource hands out, whatever its schema says of it.
_HANDED_OUT = words("data data_json value json result plaintext secret_data secret_string secret_binary")
_IDS = words("master_user_secret")
_OF_DATA = lazy_pattern(r"data\.[\w-]{1,200}\.[\w-]{1,200}(?:\[[^\]]{0,200}\])?\.[\w-]{1,200}")
_ANY_DEPTH: tuple[Steps, ...] = ((), (ELEMENT,), (ELEMENT, ELEMENT))


@dataclass(eq=False)
class SourceFlow(Flow):
    """Follows expressions to literals, and where there are none to the sources of secrets."""

    catalogue: Catalogue = field(default_factory=Catalogue)

    def leaves(self, node: ast.Expression, use: Use, source: SourceFile, bound: Bindings = NO_BINDINGS) -> Leaves:
        """As `Flow` finds them; what a store holds under the name of an account or a user is no secret."""
        if isinstance(node, ast.GetAttr | ast.Index):
            key = node.name if isinstance(node, ast.GetAttr) else step_of(node.key, source)
            if (
                isinstance(key, str)
                and _is_name(key)
                and _OF_DATA.fullmatch(source.text, node.target.start, node.target.end)
            ):
                return ()
        return super().leaves(node, use, source, bound)

    def attributes(self, use: Use, resource: ResourceConfig, *, one: bool = False) -> Leaves:
        """The secrets of a whole resource; those of `one` instance, whether or not there are several."""
        head = (ELEMENT,) if is_repeated(resource.block) and not one else ()
        written = (name for name in resource.block.attributes if name not in META_ARGUMENTS)
        names = dict.fromkeys((*self._secret_names(resource), *written))
        return bounded(
            leaf.under(*head, name) for name in names for leaf in self._exported(use, resource.address, name)
        )

    def _secret_names(self, resource: ResourceConfig) -> Iterator[str]:
        paths = secret_paths(self.catalogue, _schema_mode(resource), resource.type)
        yield from sorted({p[0] for p in (*paths.sensitive, *paths.named)})

    def _variable(self, use: Use, name: str) -> Leaves:
        found = super()._variable(use, name)
        variable = use.module.variables[name]
        is_declared = variable.sensitive or variable.ephemeral
        if any(p.secret is not None for leaf in found for p in leaf.pieces):
            return found
        if is_declared:
            told = tuple(replace(leaf, is_declared=True) for leaf in found if leaf.text.strip())
            return told or self._undetermined(use, variable, _ANY_DEPTH)
        if trust_of(name) >= Trust.NAMED and not is_public_name(name) and not any(leaf.text for leaf in found):
            return (*found, *self._undetermined(use, variable, _ANY_DEPTH[:2]))
        return found

    def _undetermined(self, use: Use, variable: Variable, depths: tuple[Steps, ...]) -> Leaves:
        if use.call is not None and isinstance(_given(use, variable.name), ast.Null):
            return ()
        name = f"var.{variable.name}"
        return _made(SecretSource("variable", within(use.address, name), name), variable.block, depths)

    def _exported(self, use: Use, address: str, name: str) -> Leaves:
        resource = use.module.resources.get(address)
        if resource is None:
            return super()._exported(use, address, name)
        return self._once(use, f"\0{address}.{name}", lambda: self._attribute_of(use, resource, name))

    def _attribute_of(self, use: Use, resource: ResourceConfig, name: str) -> Leaves:
        found = super()._exported(use, resource.address, name)
        if tells_otherwise(name):
            found = tuple(leaf for leaf in found if not _is_name_alone(leaf))
        if any(p.secret is not None for leaf in found for p in leaf.pieces):
            return found
        depths = tuple(self._depths(use, resource, name))
        if not depths or any(leaf.text for leaf in found):
            return found
        source = SecretSource(
            _schema_mode(resource), within(use.address, resource.address), f"{resource.address}.{name}"
        )
        return _made(source, resource.block, depths)

    def _depths(self, use: Use, resource: ResourceConfig, name: str) -> Iterator[Steps]:
        """Where in an attribute secrets are: at the attribute itself, under names in it, or nowhere."""
        if is_public_name(name) or name in _IDS or self.is_plain(use, resource):
            return
        mode = _schema_mode(resource)
        paths = secret_paths(self.catalogue, mode, resource.type)
        whole = (name,)
        if resource.mode is not Mode.EPHEMERAL and not is_there(
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

    def is_plain(self, use: Use, resource: ResourceConfig) -> bool:
        """Whether a parameter says by its type, path or name that it is no secret, though the schema takes it for one.

        https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters.html
        """
        if resource.type != "aws_ssm_parameter":
            return False
        if resource.mode is Mode.DATA and tells_otherwise(resource.name) and trust_of(resource.name) is Trust.LOOK:
            return True
        paths = super()._exported(use, resource.address, "name")
        is_public = any(leaf.text.startswith("/aws/") for leaf in paths)
        return is_public or literal(resource.block.attributes.get("type")) in ("String", "StringList")

    def _is_text(self, mode: SchemaMode, type_: str, name: str) -> bool:
        """Whether an attribute is a string, or nobody knows; a list that is called a secret holds ids of it."""
        schema = self.catalogue.schema(mode, type_)
        attribute = schema.attributes.get(name) if schema is not None else None
        return schema is None or (attribute is not None and attribute.type in (STRING, DYNAMIC))


def _is_name(key: str) -> bool:
    """Whether a key of a store says that a name is kept under it, as `username` and `azurestorageaccountname` do."""
    return key.lower().endswith("name") and trust_of(key) is Trust.LOOK


def _is_name_alone(leaf: Leaf) -> bool:
    """Whether a leaf is a variable that is taken for a secret by its name alone, as `encryption_key` is."""
    return any(
        p.secret is not None
        and p.secret.kind == "variable"
        and Trust.LOOK < trust_of(p.secret.name.removeprefix("var.")) < Trust.SURE
        for p in leaf.pieces
    )


def _made(source: SecretSource, block: ConfigBlock, depths: tuple[Steps, ...]) -> Leaves:
    start, end = block.node.start, block.node.header_end
    trace = Origin(OriginKind.RESOURCE, source.name, block.source, start, end)
    piece = Piece(UNKNOWN, block.source, start, end, way=trace, secret=source)
    return tuple(Leaf(steps, (piece,)) for steps in depths)


def _given(use: Use, name: str) -> ast.Expression | None:
    argument = use.call.block.attributes.get(name) if use.call is not None else None
    return argument.value if argument is not None else None


def _schema_mode(resource: ResourceConfig) -> SchemaMode:
    match resource.mode:
        case Mode.DATA:
            return "data"
        case Mode.EPHEMERAL:
            return "ephemeral"
        case _:
            return "resource"
