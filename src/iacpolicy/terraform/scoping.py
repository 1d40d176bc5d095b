"""Where expressions stand in a block, and which names mean something there.

Arguments that are no expressions (`provider`, `ignore_changes`, the `type` of a variable, addresses of `moved` blocks)
are left out: https://developer.hashicorp.com/terraform/language/meta-arguments.
"""

from collections.abc import Iterator
from enum import Enum, auto
from typing import Final, NamedTuple

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl import ast
from iacpolicy.hcl.json_blocks import blocks_of
from iacpolicy.terraform.blocks import Argument, ConfigBlock, literal
from iacpolicy.terraform.config import Module
from iacpolicy.terraform.references import (
    NOTHING_BOUND,
    FunctionCall,
    Kind,
    Reference,
    references,
    references_and_calls,
)
from iacpolicy.terraform.static_expressions import static_items

NO_KIND: Final[frozenset[Kind]] = frozenset()


class Area(Enum):
    """The part of a block in which an expression stands."""

    BODY = auto()
    REPETITION = auto()  # count and for_each
    ORDER = auto()  # depends_on and replace_triggered_by: references only
    SIDE = auto()  # provisioners, connections and conditions
    CONSTANT = auto()  # the default of a variable: no names


class Site(NamedTuple):
    """An expression, its file, the iterators bound around it, and which of `each`, `count`, `self` it may use.

    `argument` is the name of the outermost argument or nested block that it belongs to.
    """

    expression: ast.Node
    source: SourceFile
    argument: str
    area: Area = Area.BODY
    bound: frozenset[str] = NOTHING_BOUND
    sees: frozenset[Kind] = NO_KIND

    def references_and_calls(self) -> Iterator[Reference | FunctionCall]:
        """What the expression refers to, and the functions it calls."""
        return references_and_calls(self.expression, self.source, self.bound)

    def references(self) -> Iterator[Reference]:
        """What the expression refers to."""
        return references(self.expression, self.source, self.bound)


class Use(NamedTuple):
    """A reference and where it stands; `owner` is the address of the declaration that makes it."""

    owner: str
    site: Site
    reference: Reference


_NO_EXPRESSIONS: Final = {
    "resource": frozenset({"provider"}),
    "data": frozenset({"provider"}),
    "ephemeral": frozenset({"provider"}),
    "module": frozenset({"source", "version", "providers"}),
    "provider": frozenset({"alias", "version"}),
    "import": frozenset({"to", "provider"}),
    "lifecycle": frozenset({"ignore_changes", "create_before_destroy", "prevent_destroy"}),
    "provisioner": frozenset({"when", "on_failure"}),
    "dynamic": frozenset({"iterator"}),
    "check": frozenset({"data"}),  # a resource of the module, with an address of its own
}
_NO_REFERENCES: Final = frozenset({"terraform", "moved", "removed"})
_RESOURCES: Final = frozenset({"resource", "data", "ephemeral"})
_META_BLOCKS: Final = {"lifecycle": 0, "provisioner": 1, "connection": 0}
_CONDITIONS: Final = ("precondition", "postcondition")


class _Place(NamedTuple):
    """A block still to be read, with what is known of its surroundings; `meta` names a block of Terraform's own."""

    block: ConfigBlock
    around: Site
    meta: str


def sites(block: ConfigBlock) -> Iterator[Site]:
    """The expressions of a top-level block, nested blocks included."""
    if block.type in _NO_REFERENCES:
        return
    nowhere = Site(ast.Null(start=0, end=0), block.source, "")
    sees = {kind for kind, name in ((Kind.EACH, "for_each"), (Kind.COUNT, "count")) if name in block.attributes}
    around = nowhere._replace(sees=frozenset(sees))
    pending = [_Place(block, around, block.type)]
    while pending:
        place = pending.pop()
        inner: list[_Place] = []
        if place.meta != "variable":
            yield from _of_arguments(place, inner)
        inner.extend(_nested(place))
        pending.extend(reversed(inner))


def _of_arguments(place: _Place, inner: list[_Place]) -> Iterator[Site]:
    block, around, meta = place
    skipped = _NO_EXPRESSIONS.get(meta, NOTHING_BOUND)
    bound = around.bound
    if meta == "dynamic" and block.labels:
        bound |= {iterator_name(block) or block.labels[0]}
    for name, argument in block.attributes.items():
        json = block.holder(name).is_json
        if name in skipped or (json and _is_meta_block(name, meta)):
            continue
        site = around._replace(source=argument.source, argument=around.argument or name)
        if name in ("count", "for_each") and meta in (*_RESOURCES, "module", "provider", "import"):
            yield site._replace(expression=argument.value, area=Area.REPETITION, sees=NO_KIND)
        elif name in ("depends_on", "replace_triggered_by") and meta in (*_RESOURCES, "module", "output", "lifecycle"):
            for item in static_items(argument):
                yield site._replace(expression=item, area=Area.ORDER)
        elif meta == "dynamic" and name != "for_each":
            if not json or name != "content":
                yield site._replace(expression=argument.value, bound=bound)
        elif json and meta not in ("locals", "module", "output"):
            yield from _json_sites(argument, site, inner)
        else:
            yield site._replace(expression=argument.value)


def _nested(place: _Place) -> Iterator[_Place]:
    block, around, meta = place
    found = list(block.blocks)
    for name, labels in _json_block_types(block, meta):
        found.extend(b for b in block.nested(name, labels) if b.is_json)
    for nested in found:
        if meta == "check" and nested.type == "data":
            continue
        around_it = around._replace(source=nested.source, argument=around.argument or nested.type)
        kind = ""
        if nested.type == "dynamic" and meta != "provisioner":
            kind = "dynamic"
        elif meta == "dynamic":
            name = iterator_name(block) or (block.labels[0] if block.labels else "")
            around_it = around_it._replace(bound=around.bound | {name})
        elif _is_meta_block(nested.type, meta):
            kind = nested.type
            if kind in ("provisioner", "connection"):
                around_it = around_it._replace(area=Area.SIDE, sees=around.sees | {Kind.SELF})
            elif kind != "lifecycle":
                own = {Kind.SELF} if kind == "postcondition" and meta == "lifecycle" else NO_KIND
                around_it = around_it._replace(area=Area.SIDE, sees=around.sees | own)
        yield _Place(nested, around_it, kind)


def _is_meta_block(name: str, meta: str) -> bool:
    """Whether a nested block of this name is Terraform's own where it stands."""
    if meta in _RESOURCES:
        return name in _META_BLOCKS
    if meta in ("lifecycle", "output"):
        return name in _CONDITIONS
    if meta == "provisioner":
        return name == "connection"
    return name == {"variable": "validation", "check": "assert"}.get(meta)


def _json_block_types(block: ConfigBlock, meta: str) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = [("content", 0)] if meta == "dynamic" else []
    found.extend((name, _META_BLOCKS.get(name, 0)) for name in block.attributes if _is_meta_block(name, meta))
    return found


def _json_sites(argument: Argument, site: Site, inner: list[_Place]) -> Iterator[Site]:
    """The expressions of a property that may be a nested block, so that `dynamic` in it can bind a name."""
    pending: list[tuple[str, ast.Expression]] = [(argument.name, argument.value)]
    while pending:
        name, value = pending.pop()
        if name == "dynamic":
            for node in blocks_of(value, "dynamic", 1):
                inner.append(_Place(ConfigBlock(argument.source, node), site, "dynamic"))
        elif isinstance(value, ast.TupleCons):
            pending.extend(("", item) for item in reversed(value.items))
        elif isinstance(value, ast.ObjectCons):
            for item in reversed(value.items):
                if not isinstance(item.key, ast.KeyName):
                    yield site._replace(expression=item.key)
                pending.append((item.key.name if isinstance(item.key, ast.KeyName) else "", item.value))
        else:
            yield site._replace(expression=value)


def iterator_name(block: ConfigBlock) -> str | None:
    """The name that a `dynamic` block gives its iterator; None where it has the name of the blocks."""
    argument = block.attributes.get("iterator")
    if argument is None:
        return None
    if isinstance(argument.value, ast.Name):
        return argument.value.name
    return literal(argument)


def declarations(module: Module) -> Iterator[tuple[str, ConfigBlock]]:
    """The blocks of a module that hold expressions, each with its address."""
    for variable in module.variables.values():
        yield f"var.{variable.name}", variable.block
    for output in module.outputs.values():
        yield f"output.{output.name}", output.block
    for resource in module.resources.values():
        yield resource.address, resource.block
    for call in module.calls.values():
        yield f"module.{call.name}", call.block
    for key, provider in module.providers.items():
        yield f"provider.{key}", provider.block
    for block in module.others:
        yield ".".join((block.type, *block.labels)), block


def module_sites(module: Module) -> Iterator[tuple[str, Site]]:
    """All expressions of a module, each with the address of its declaration."""
    for local in module.locals.values():
        yield f"local.{local.name}", Site(local.argument.value, local.argument.source, local.name)
    for variable in module.variables.values():
        default = variable.default
        if default is not None:
            site = Site(default.value, default.source, "default", Area.CONSTANT)
            yield f"var.{variable.name}", site
    for address, block in declarations(module):
        for site in sites(block):
            yield address, site


__all__ = ["Area", "Site", "Use", "declarations", "iterator_name", "module_sites", "sites"]
