"""Comparison of blocks with their provider's schema, from the text alone.

The facts may be of another version of the provider than the one in use, so each problem is a warning.
"""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from iacpolicy.core.diagnostics import Diagnostic, warning
from iacpolicy.core.similar import did_you_mean
from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl import ast
from iacpolicy.schemas.applicability import Requirement, is_applicable, requirements
from iacpolicy.schemas.catalogue import Catalogue, SchemaMode, provider_of
from iacpolicy.schemas.schema import BlockSchema, NestedAttributes, Schema
from iacpolicy.terraform.blocks import Argument, ConfigBlock, literal
from iacpolicy.terraform.config import Mode, Module, ResourceConfig
from iacpolicy.terraform.language import BLOCKS

_KINDS: Final[Mapping[Mode, SchemaMode]] = {
    Mode.MANAGED: "resource",
    Mode.DATA: "data",
    Mode.EPHEMERAL: "ephemeral",
}
_NOTHING: Final[frozenset[str]] = frozenset()


class _Body(NamedTuple):
    """A block to check: its schema, the names of Terraform's own arguments in it, and whether it is nested."""

    block: ConfigBlock
    schema: Schema
    own: frozenset[str]
    nested: bool


def conformance_problems(module: Module, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Arguments and nested blocks that the types of a module do not have, and required ones that are missing."""
    wanted = requirements(module)
    for resource in module.resources.values():
        schema = _schema(_KINDS[resource.mode], resource.type, _provider(resource), wanted, catalogue)
        if schema is not None:
            yield from _problems(_Body(resource.block, schema, frozenset(BLOCKS["resource"].arguments), False))
    for provider in module.providers.values():
        schema = _schema("provider", provider.name, provider.name, wanted, catalogue)
        if schema is not None:
            yield from _problems(
                _Body(provider.block, schema, frozenset(BLOCKS["provider"].arguments), False), is_whole=False
            )


def _schema(
    kind: SchemaMode, name: str, provider: str, wanted: Mapping[str, Requirement], catalogue: Catalogue
) -> Schema | None:
    """Return the schema of a type if it may apply to the provider and version that the module requires."""
    schema = catalogue.schema(kind, name)
    if schema is None:
        return None
    facts = catalogue.source(kind, name)
    return schema if facts is None or is_applicable(facts, wanted.get(provider)) else None


def _provider(resource: ResourceConfig) -> str:
    """Return the local name of the provider that a resource belongs to."""
    argument = resource.block.attributes.get("provider")
    node = argument.value if argument is not None else None
    while isinstance(node, ast.GetAttr | ast.Index):
        node = node.target
    if isinstance(node, ast.Name):
        return node.name
    written = literal(argument)
    return written.partition(".")[0] if written else provider_of(resource.type)


def _problems(top: _Body, is_whole: bool = True) -> Iterator[Diagnostic]:
    """Yield the problems of a block and its nested blocks; the rest of an incomplete block may be elsewhere."""
    pending = [top]
    while pending:
        body = pending.pop()
        for name, argument in body.block.attributes.items():
            yield from _argument(name, argument, body, pending)
        counts: dict[str, int] = {}
        for block in body.block.blocks:
            if block.type == "dynamic" and len(block.labels) == 1:
                counts[block.labels[0]] = -(10**9)
                contents = block.nested("content")
                yield from _block(block.labels[0], block, contents, body, pending)
            elif body.nested or block.type not in BLOCKS["resource"].blocks:
                counts[block.type] = counts.get(block.type, 0) + 1
                yield from _block(block.type, block, (block,), body, pending)
        if is_whole:
            yield from _missing(body, counts)


def _argument(name: str, argument: Argument, body: _Body, pending: list[_Body]) -> Iterator[Diagnostic]:
    schema = body.schema
    attribute = schema.attributes.get(name)
    if name in body.own or _is_own_in_json(name, body):
        return
    is_json = body.block.holder(name).is_json
    if attribute is None:
        if is_json and name == "dynamic":
            for block in body.block.nested("dynamic", 1):
                yield from _block(block.labels[0], block, block.nested("content"), body, pending)
        elif is_json and name in schema.blocks:
            inner = schema.blocks[name].schema
            pending.extend(_Body(b, inner, _NOTHING, True) for b in body.block.nested(name))
        elif name in schema.blocks:
            detail = f'"{name}" is a block here, not an argument. Write it without the equals sign.'
            yield _at_name(argument, "Unsupported argument", detail)
        else:
            yield _at_name(argument, "Unsupported argument", _no_argument(name, schema))
    elif not attribute.settable:
        detail = f'"{name}" cannot be set: the provider decides its value.'
        yield _at_name(argument, "Value for an attribute that cannot be set", detail)
    elif attribute.nested is not None:
        yield from _object_keys(argument.value, attribute.nested, argument.source)


def _is_own_in_json(name: str, body: _Body) -> bool:
    return not body.nested and name in BLOCKS["resource"].blocks and body.block.holder(name).is_json


def _no_argument(name: str, schema: Schema) -> str:
    settable = [n for n, a in schema.attributes.items() if a.settable]
    return f'An argument named "{name}" is not expected here.{did_you_mean(name, (*settable, *schema.blocks))}'


def _block(
    type_: str, written: ConfigBlock, bodies: tuple[ConfigBlock, ...], around: _Body, pending: list[_Body]
) -> Iterator[Diagnostic]:
    nested = around.schema.blocks.get(type_)
    if nested is not None:
        pending.extend(_Body(b, nested.schema, _NOTHING, True) for b in bodies)
        return
    attribute = around.schema.attributes.get(type_)
    inner = attribute.as_block if attribute is not None else None
    if inner is not None:
        pending.extend(_Body(b, inner, _NOTHING, True) for b in bodies)
    elif attribute is not None and attribute.settable:
        detail = f'"{type_}" is an argument here, not a block. Write `{type_} = ` before the brace.'
        yield warning("Unsupported block type", detail, written.header)
    else:
        alike = [name for name, one in around.schema.attributes.items() if one.as_block is not None]
        meant = did_you_mean(type_, (*around.schema.blocks, *alike))
        yield warning(
            "Unsupported block type", f'Blocks of type "{type_}" are not expected here.{meant}', written.header
        )


def _missing(body: _Body, counts: Mapping[str, int]) -> Iterator[Diagnostic]:
    block, schema = body.block, body.schema
    for name, attribute in schema.attributes.items():
        if attribute.required and name not in block.attributes and not (name in counts and attribute.as_block):
            detail = f'The argument "{name}" is required, but no definition was found.'
            yield warning("Missing required argument", detail, block.header)
    for name, nested in schema.blocks.items():
        if name in block.attributes or (block.is_json and "dynamic" in block.attributes):
            continue
        yield from _number(name, nested, counts.get(name, 0), block)


def _number(name: str, nested: BlockSchema, count: int, block: ConfigBlock) -> Iterator[Diagnostic]:
    most = 1 if nested.nesting in ("single", "group") else nested.max
    if 0 <= count < nested.min:
        least = f"at least {nested.min} {name} block{'s' if nested.min > 1 else ''}"
        yield warning(f"Insufficient {name} blocks", f"There must be {least} here.", block.header)
    elif 0 < most < count:
        detail = f"There may be at most {most} {name} block{'s' if most > 1 else ''} here."
        yield warning(f"Too many {name} blocks", detail, block.header)


def _object_keys(value: ast.Expression, nested: NestedAttributes, source: SourceFile) -> Iterator[Diagnostic]:
    """Yield the keys of the object literals in the value of an attribute with nested attributes."""
    pending: list[tuple[ast.Expression, NestedAttributes, bool]] = [(value, nested, nested.nesting != "single")]
    while pending:
        value, nested, is_outside = pending.pop()
        if isinstance(value, ast.TupleCons) and is_outside and nested.nesting != "map":
            pending.extend((item, nested, False) for item in value.items)
        elif isinstance(value, ast.ObjectCons) and is_outside and nested.nesting == "map":
            pending.extend((item.value, nested, False) for item in value.items)
        elif isinstance(value, ast.ObjectCons) and not is_outside:
            for item in value.items:
                if not isinstance(item.key, ast.KeyName):
                    continue
                name = item.key.name
                member = nested.attributes.get(name)
                if member is None:
                    meant = did_you_mean(name, tuple(nested.attributes))
                    detail = f'An attribute named "{name}" is not expected here and is left out.{meant}'
                    yield warning("Unsupported attribute", detail, source.span(item.key.start, item.key.end))
                elif member.nested is not None:
                    pending.append((item.value, member.nested, member.nested.nesting != "single"))


def _at_name(argument: Argument, summary: str, detail: str) -> Diagnostic:
    return warning(summary, detail, argument.source.span(argument.node.start, argument.node.name_end))
