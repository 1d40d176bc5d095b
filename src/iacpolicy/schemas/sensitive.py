"""Paths of secrets, and of attributes that can contain secrets, in a type."""

from collections.abc import Iterator, Mapping

import msgspec

from iacpolicy.core.types import DYNAMIC, STRING, ListType, MapType, ObjectType, SetType, Type
from iacpolicy.schemas.schema import AttributeSchema, NestedAttributes, Schema
from iacpolicy.schemas.secret_names import is_secret_name, words

Path = tuple[str, ...]

_FREE_FORM = words("""
    json yaml settings options config configuration data environment env body content contents variables vars
    properties payload manifest metadata headers definition definitions script userdata inline statement
    statements expressions triggers params parameters encoded src context annotations
""")
_FREE_FORM_NAMES = frozenset(("model", "policy_document", "document", "settings_file_base64", "insecure_value"))
# Strings that hold JSON though their names do not say so: https://github.com/supabase/terraform-provider-supabase
_JSON_STRINGS = {"supabase_settings": frozenset(("api", "auth", "database", "network", "pooler", "storage"))}
# The source of the facts about `aws` lacks these flags; they are from the provider's documentation:
# https://registry.terraform.io/providers/hashicorp/aws/latest/docs
_KNOWN_SENSITIVE: Mapping[str, tuple[Path, ...]] = {
    "data aws_ssm_parameter": (("value",),),
    "data aws_ssm_parameters_by_path": (("values",),),
    "data aws_secretsmanager_secret_version": (("secret_string",), ("secret_binary",)),
    "data aws_secretsmanager_random_password": (("random_password",),),
    "data aws_kms_secrets": (("plaintext",),),
    "data aws_kms_ciphertext": (("plaintext",),),
}


class SecretPaths(msgspec.Struct, frozen=True, gc=False):
    """Paths of names in one type, without indexes. Only `sensitive` and `write_only` overlap.

    `sensitive`: the provider marks it or a parent as sensitive. `write_only`: never stored in state.
    `named`: text that a configuration sets, with the name of a secret and without a mark of the provider.
    `opaque`: free JSON, text of any form, and maps, in which any name can hold a secret.
    """

    sensitive: frozenset[Path] = frozenset()
    write_only: frozenset[Path] = frozenset()
    named: frozenset[Path] = frozenset()
    opaque: frozenset[Path] = frozenset()

    def is_secret(self, path: Path) -> bool:
        """Report whether the value at a path is a secret by the schema or by its name, or is inside one."""
        heads = [path[:n] for n in range(1, len(path) + 1)]
        return any(h in self.sensitive or h in self.write_only or h in self.named for h in heads)

    def is_opaque(self, path: Path) -> bool:
        """Report whether the value at a path is free-form, or is inside a free-form value."""
        return any(path[:n] in self.opaque for n in range(1, len(path) + 1))


NO_SECRETS = SecretPaths()


def secret_paths(schema: Schema, mode: str, type_name: str) -> SecretPaths:
    """Return the secrets of a type with this schema; `mode` and name select facts that the schema lacks."""
    known = _KNOWN_SENSITIVE.get(f"{mode} {type_name}", ())
    sensitive = set(known)
    write_only: set[Path] = set()
    named: set[Path] = set()
    opaque: set[Path] = set()
    for path, attribute in _walk(schema, ()):
        if attribute.write_only:
            write_only.add(path)
        if attribute.sensitive or path[:-1] in sensitive:
            sensitive.add(path)
        if attribute.write_only or path in sensitive or attribute.nested is not None or not attribute.settable:
            continue
        if _is_text(attribute.type) and is_secret_name(path[-1]):
            named.add(path)
        elif _is_free_form(attribute.type, path[-1]) or path[0] in _JSON_STRINGS.get(type_name, ()):
            opaque.add(path)
    return SecretPaths(frozenset(sensitive), frozenset(write_only), frozenset(named), frozenset(opaque))


def _walk(schema: Schema, at: Path) -> Iterator[tuple[Path, AttributeSchema]]:
    for name, attribute in schema.attributes.items():
        yield from _attribute(attribute, (*at, name))
    for name, block in schema.blocks.items():
        yield from _walk(block.schema, (*at, name))


def _attribute(attribute: AttributeSchema, at: Path) -> Iterator[tuple[Path, AttributeSchema]]:
    yield at, attribute
    if isinstance(attribute.nested, NestedAttributes):
        for name, member in attribute.nested.attributes.items():
            yield from _attribute(member, (*at, name))
        return
    type_ = attribute.type
    while isinstance(type_, ListType | SetType | MapType):
        type_ = type_.element
    if isinstance(type_, ObjectType):
        for name, inner in type_.attributes:
            member = msgspec.structs.replace(attribute, type=inner, default=msgspec.UNSET, one_of=())
            yield from _attribute(member, (*at, name))


def _is_text(type_: Type) -> bool:
    while isinstance(type_, ListType | SetType | MapType):
        type_ = type_.element
    return type_ in (STRING, DYNAMIC)


def _is_free_form(type_: Type, name: str) -> bool:
    if type_ == DYNAMIC or (isinstance(type_, MapType) and _is_text(type_)):
        return True
    if type_ != STRING:
        return False
    head = name.removesuffix("_base64").rpartition("_")[2]
    return head in _FREE_FORM or name in _FREE_FORM_NAMES
