"""Whether a root can have a secret at all, told from names and schemas without following anything.

Most roots have none; following every argument of theirs would cost more than the rest of the finder.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.schemas.catalogue import Mode as SchemaMode
from iacpolicy.schemas.schema import AttributeSchema, Schema
from iacpolicy.secrets.flow.module_calls import Use
from iacpolicy.secrets.sinks.known_types import is_public_name, secret_paths
from iacpolicy.secrets.text.classify import Trust
from iacpolicy.secrets.text.embedded import trust_of
from iacpolicy.terraform.config import Mode, ResourceConfig

_READ = lazy_pattern(r"[\].]\.?\[?\"?([A-Za-z_][A-Za-z0-9_-]{2,80})")
_MANY = 512


def may_have_secrets(use: Use, catalogue: Catalogue, is_plain: Callable[[Use, ResourceConfig], bool]) -> bool:
    """Whether a module has what secrets come from: variables, resources or attributes that are called so.

    `is_plain` knows the resources that say themselves that they hold no secret.
    """
    module = use.module
    return (
        any(v.sensitive or v.ephemeral or _is_called_so(v.name) for v in module.variables.values())
        or any(_gives_secrets(r, catalogue) and not is_plain(use, r) for r in module.resources.values())
        or any(_reads_secrets(source.text) for source in module.files)
    )


def is_there(resource: ResourceConfig, schema: Schema | None, name: str) -> bool:
    """Whether an attribute has a value: it is written, or the provider computes it, or nobody knows."""
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
    mode: SchemaMode = "data" if resource.mode is Mode.DATA else "resource"
    paths = secret_paths(catalogue, mode, resource.type)
    heads = {path[0] for path in (*paths.sensitive, *paths.named)}
    schema = catalogue.schema(mode, resource.type) if heads else None
    return any(is_there(resource, schema, head) for head in heads)


@lru_cache(maxsize=_MANY)
def _reads_secrets(text: str) -> bool:
    """Whether expressions read what is called a secret, or call something one."""
    if re.search(r"\bsensitive\s{0,20}\(", text):
        return True
    return any(_is_called_so(name) for name in set(_READ.findall(text)))


def _is_called_so(name: str) -> bool:
    return trust_of(name) >= Trust.NAMED and not is_public_name(name)
