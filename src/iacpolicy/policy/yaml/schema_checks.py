"""Checks the types and attributes that a YAML policy names, because a misspelled name would never match.

A name is a mistake only if a known name is very similar: newer providers have attributes that this release lacks.
"""

from collections.abc import Sequence

from iacpolicy.core.places.yaml_marks import Node
from iacpolicy.core.places.yaml_marks import Sequence as YamlSequence
from iacpolicy.core.similar import HintForm, did_you_mean
from iacpolicy.graph.nodes import KINDS
from iacpolicy.policy.yaml.read_nodes import NodeReader
from iacpolicy.policy.yaml.rule_set import EACH, Path
from iacpolicy.schemas.catalogue import Catalogue, provider_of
from iacpolicy.schemas.schema import AttributeSchema, BlockSchema, NestedAttributes, Schema
from iacpolicy.terraform.language import BLOCKS

VERY_LIKE = 0.85
META_NAMES = (*BLOCKS["resource"].arguments, *BLOCKS["resource"].blocks, "timeouts")
# Kinds of nodes without attributes of a block; only a policy in Python can check them.
WITHOUT_ATTRIBUTES = tuple(k for k in KINDS if "." in k or k in ("root", "local", "dashboard", "alert-rule"))


def check_types(reading: NodeReader, node: Node | None, names: Sequence[str]) -> None:
    """Record the names in `on` that have no attributes or look misspelled."""
    catalogue = Catalogue()
    items = node.items if isinstance(node, YamlSequence) else (node,) * len(names)
    for item, name in zip(items, names, strict=False):
        if item is None or not name:
            continue
        if name in WITHOUT_ATTRIBUTES:
            reading.wrong(item, f"`{name}` has no attributes that YAML can test; write this policy in Python")
        elif name not in KINDS and "_" not in name:
            hint = did_you_mean(name, KINDS, HintForm.CODE_ASIDE)
            reading.wrong(item, f"`{name}` is neither a resource type nor a kind of block{hint}")
        elif name not in KINDS:
            hint = did_you_mean(name, _like(catalogue, name), HintForm.CODE_ASIDE, VERY_LIKE)
            if hint:
                reading.wrong(item, f"there is no type `{name}`{hint}")


def check_paths(reading: NodeReader, paths: Sequence[tuple[Node, str, Path]], on: Sequence[str]) -> None:
    """Record the paths that look misspelled for all types of `on`, or for the type of `connected_to`."""
    catalogue = Catalogue()
    for node, type_, path in paths:
        types = (type_,) if type_ else tuple(on)
        schemas = [catalogue.resource(t) or catalogue.data(t) for t in types]
        hints = [_misspelt(schema, path) if schema is not None else "" for schema in schemas]
        if hints and all(hints):
            reading.wrong(node, f"`{types[0]}` has no such attribute{hints[0]}")


def _like(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    """Return the known types of a provider; empty if it knows the given type, or has no known types."""
    provider = provider_of(name)
    known = (*catalogue.types("resource", provider), *catalogue.types("data", provider))
    return () if name in known else known


def _misspelt(schema: Schema, path: Path) -> str:
    """Return a suggestion for the first name of a path that the schema lacks; empty if there is none."""
    here: Schema | NestedAttributes | None = schema
    for part in path:
        if isinstance(part, int) or part == EACH or here is None:
            continue
        blocks = here.blocks if isinstance(here, Schema) else {}
        found: AttributeSchema | BlockSchema | None = here.attributes.get(part) or blocks.get(part)
        if found is None:
            if part in META_NAMES:
                return ""
            return did_you_mean(part, (*here.attributes, *blocks), HintForm.CODE_ASIDE, VERY_LIKE)
        here = found.schema if isinstance(found, BlockSchema) else found.nested
    return ""
