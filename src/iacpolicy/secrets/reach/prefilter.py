"""A fast check whether a module can have a source of secrets, by names and schemas.

Most modules have none, and tracing all of their arguments would take longer than the rest of the search.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.schemas.schema import AttributeSchema, Schema
from iacpolicy.secrets.flow.module_uses import ModuleUse
from iacpolicy.secrets.sinks.known_types import is_public_name, schema_mode, secret_paths
from iacpolicy.secrets.text.classify import Trust
from iacpolicy.secrets.text.embedded import trust_of
from iacpolicy.terraform.config import Mode, ResourceConfig

_READ = lazy_pattern(r"[\].]\.?\[?\"?([A-Za-z_][A-Za-z0-9_-]{2,80})")
_MANY = 512


def may_have_secrets(
    use: ModuleUse, catalogue: Catalogue, is_plain: Callable[[ModuleUse, ResourceConfig], bool]
) -> bool:
    """Return whether a module has variables, resources or attributes that can be sources of secrets.

    `is_plain` returns whether a resource declares that its value is no secret.
    """
    module = use.module
    return (
        any(v.sensitive or v.ephemeral or _is_secret_name(v.name) for v in module.variables.values())
        or any(_gives_secrets(r, catalogue) and not is_plain(use, r) for r in module.resources.values())
        or any(_reads_secrets(source.text) for source in module.files)
    )


def may_have_value(resource: ResourceConfig, schema: Schema | None, name: str) -> bool:
    """Return whether an attribute can have a value: it is written, computed by the provider, or not in the schema."""
    block = resource.block
    if name in block.attributes or schema is None or any(True for _ in block.nested(name)):
        return True
    if any(inner.type == "dynamic" and inner.labels[:1] == (name,) for inner in block.blocks):
        return True
    known = schema.attributes.get(name)
    return known is None or _is_computed(known)


def _is_computed(attribute: AttributeSchema) -> bool:
    return attribute.computed or not attribute.settable


def _gives_secrets(resource: ResourceConfig, catalogue: Catalogue) -> bool:
    if resource.mode is Mode.EPHEMERAL:
        return True
    mode = schema_mode(resource)
    paths = secret_paths(catalogue, mode, resource.type)
    heads = {path[0] for path in (*paths.sensitive, *paths.named)}
    schema = catalogue.schema(mode, resource.type) if heads else None
    return any(may_have_value(resource, schema, head) for head in heads)


@lru_cache(maxsize=_MANY)
def _reads_secrets(text: str) -> bool:
    """Return whether expressions read an attribute named like a secret, or call `sensitive`."""
    if re.search(r"\bsensitive\s{0,20}\(", text):
        return True
    return any(_is_secret_name(name) for name in set(_READ.findall(text)))


def _is_secret_name(name: str) -> bool:
    return trust_of(name) >= Trust.NAMED and not is_public_name(name)
