"""The secrets that a state need not store: arguments with a write-only twin, and reads with an ephemeral twin."""

from collections.abc import Iterator, Mapping

import msgspec

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.evaluate.values.addresses import within
from iacpolicy.hcl import ast
from iacpolicy.hcl.visit import walk
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.schemas.secret_names import words
from iacpolicy.schemas.sensitive import Path
from iacpolicy.secrets.flow.module_uses import ModuleUse
from iacpolicy.secrets.flow.syntax_queries import referred_resource
from iacpolicy.secrets.reach.cell_secrets import SecretsOfCell
from iacpolicy.terraform.blocks import Argument, ConfigBlock
from iacpolicy.terraform.config import Mode, Module, ResourceConfig
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.language import APART, BLOCKS, META_BLOCKS, meta_arguments
from iacpolicy.terraform.load import literal

# Arguments with a write-only twin that no shipped schema has, from the documentation in the registry.
_TWINS: Mapping[str, tuple[str, ...]] = {
    "aws_rds_cluster": ("master_password",),
    "aws_docdb_cluster": ("master_password",),
    "aws_redshift_cluster": ("master_password",),
    "azurerm_key_vault_secret": ("value",),
    "azurerm_mssql_server": ("administrator_login_password",),
    "azurerm_mysql_flexible_server": ("administrator_password",),
    "azurerm_postgresql_flexible_server": ("administrator_password",),
    "google_secret_manager_secret_version": ("secret_data",),
    "google_sql_user": ("password",),
}
_EPHEMERAL = words("""
    aws_ssm_parameter aws_secretsmanager_secret_version aws_secretsmanager_random_password aws_kms_secrets
    aws_eks_cluster_auth azurerm_key_vault_secret google_secret_manager_secret_version
    google_service_account_access_token
""")
_SUFFIX = "_wo"
WRITE_ONLY_SINCE = (1, 11, 0)
_CONSTRAINT = lazy_pattern(r"\s*(~>|<=|>=|!=|<|>|=)?\s*v?(\d{1,6}(?:\.\d{1,6}){0,2})\s*")


def knows_write_only(module: Module) -> bool:
    """Return whether `required_version` admits a Terraform with write-only arguments.

    https://developer.hashicorp.com/terraform/language/expressions/version-constraints
    """
    wanted = [literal(block.attributes.get("required_version")) for block in module.terraform_blocks]
    parts = [part for text in wanted if text for part in text.split(",")]
    return all(_admits(part) for part in parts)


def _admits(constraint: str) -> bool:
    """Return whether a part of a constraint admits such a version; an unreadable part does."""
    match = _CONSTRAINT.fullmatch(constraint)
    if match is None:
        return True
    numbers = [int(n) for n in match[2].split(".")]
    version = (*numbers, 0, 0)[:3]
    match match[1] or "=":
        case "=" | "<=":
            return version >= WRITE_ONLY_SINCE
        case "<":
            return version > WRITE_ONLY_SINCE
        case "~>":
            return len(numbers) < 3 or version[:2] >= WRITE_ONLY_SINCE[:2]
        case _:
            return True


def paths_with_twin(catalogue: Catalogue, type_: str) -> tuple[Path, ...]:
    """Return the paths of the arguments with a write-only twin, sorted."""
    schema = catalogue.resource(type_)
    if schema is None:
        return tuple((name,) for name in _TWINS.get(type_, ()))
    found = []
    for path in catalogue.secret_paths("resource", type_).write_only:
        base = (*path[:-1], path[-1].removesuffix(_SUFFIX))
        if base != path and schema.at(base) is not None:
            found.append(base)
    return tuple(sorted(found))


def has_ephemeral(catalogue: Catalogue, type_: str) -> bool:
    """Return whether there is an ephemeral resource of this type."""
    return type_ in _EPHEMERAL or catalogue.ephemeral(type_) is not None


def _attributes_read(module: Module, files: ParsedFiles) -> dict[str, set[str]]:
    """Return the attributes of each resource that the expressions of a module read."""
    found: dict[str, set[str]] = {}
    for source in module.files:
        parsed = files.parsed(source.path)
        for node in walk(parsed[1].body) if parsed is not None else ():
            if isinstance(node, ast.GetAttr):
                address = referred_resource(node.target)
                if address is not None:
                    found.setdefault(address, set()).add(node.name)
    return found


class _ReceivingArgument(msgspec.Struct, frozen=True):
    place: str
    address: str
    takes_ephemeral: bool


class EphemeralCandidates(msgspec.Struct, eq=False):
    """Finds the data sources and resources of one cell whose secret could come from an ephemeral resource."""

    secrets: SecretsOfCell
    catalogue: Catalogue
    _read: dict[str, dict[str, set[str]]] = msgspec.field(default_factory=dict)

    def avoidable(self) -> Mapping[str, tuple[str, ...]]:
        """Return the takers of each secret by its resource's address without keys, if all could be ephemeral."""
        if self.secrets.is_idle:
            return {}
        candidates = {
            within(use.address, resource.address)
            for use in self.secrets.uses
            for resource in use.module.resources.values()
            if resource.mode is not Mode.EPHEMERAL
            and has_ephemeral(self.catalogue, resource.type)
            and self._is_read_for_secrets_only(use, resource)
        }
        takers: dict[str, dict[str, bool]] = {}
        if candidates:
            for use in self.secrets.uses:
                for taker in self._receiving_arguments(use):
                    if taker.address in candidates:
                        known = takers.setdefault(taker.address, {})
                        known[taker.place] = known.get(taker.place, True) and taker.takes_ephemeral
        return {address: tuple(sorted(known)) for address, known in takers.items() if all(known.values())}

    def _is_read_for_secrets_only(self, use: ModuleUse, resource: ResourceConfig) -> bool:
        """Return whether only secrets of a resource are read; a public key must not change with each run."""
        names = self.secrets.secret_names(use, resource)
        if not names:
            return False
        if use.module.directory not in self._read:
            self._read[use.module.directory] = _attributes_read(use.module, self.secrets.files)
        return self._read[use.module.directory].get(resource.address, set()) <= names

    def _receiving_arguments(self, use: ModuleUse) -> Iterator[_ReceivingArgument]:
        """Yield the arguments that take a secret, with its source and whether they accept an ephemeral value."""
        module = use.module
        for provider in module.providers.values():
            yield from self._in_block(use, f"provider.{provider.name}", provider.block, provider.block)
        for resource in module.resources.values():
            yield from self._in_resource(use, resource)
        if use.call is None:
            for output in module.outputs.values():
                argument = output.block.attributes.get("value")
                if argument is not None:
                    yield from self._in_argument(use, f"output.{output.name}", argument, output.block, False)

    def _in_resource(self, use: ModuleUse, resource: ResourceConfig) -> Iterator[_ReceivingArgument]:
        block, taking = resource.block, None
        if resource.mode is Mode.MANAGED:
            paths = self.catalogue.secret_paths("resource", resource.type)
            taking = frozenset((*paths.write_only, *paths_with_twin(self.catalogue, resource.type)))
        elif resource.mode is Mode.DATA:
            taking = frozenset()
        place = within(use.address, resource.address)
        yield from self._in_block(use, place, block, block, taking)
        for inner in (nested for type_ in APART for nested in block.nested(type_, BLOCKS[type_].labels)):
            yield from self._in_block(use, place, block, inner, of_self=resource.address)

    def _in_block(
        self,
        use: ModuleUse,
        place: str,
        outer: ConfigBlock,
        block: ConfigBlock,
        taking: frozenset[Path] | None = None,
        path: Path = (),
        around: tuple[ConfigBlock, ...] = (),
        of_self: str = "",
    ) -> Iterator[_ReceivingArgument]:
        """Yield the arguments of a block; `taking` are the paths that accept an ephemeral value, None for all."""
        for name, argument in block.attributes.items():
            if block is outer and name in meta_arguments(block.type):
                continue
            takes = taking is None or (*path, name) in taking
            yield from self._in_argument(use, place, argument, outer, takes, around, of_self)
        for inner in block.blocks:
            if inner.type == "dynamic" and inner.labels:
                for content in inner.nested("content"):
                    at = (*path, inner.labels[0])
                    yield from self._in_block(use, place, outer, content, taking, at, (*around, inner), of_self)
            elif inner.type not in META_BLOCKS:
                yield from self._in_block(use, place, outer, inner, taking, (*path, inner.type), around, of_self)

    def _in_argument(
        self,
        use: ModuleUse,
        place: str,
        argument: Argument,
        outer: ConfigBlock,
        takes: bool,
        around: tuple[ConfigBlock, ...] = (),
        of_self: str = "",
    ) -> Iterator[_ReceivingArgument]:
        for one in self.secrets.reaching(use, argument, outer, around, of_self):
            yield _ReceivingArgument(f"{place} ({argument.name})", one.source.address, takes)
