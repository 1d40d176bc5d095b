"""Expressions in blocks, and the names that are in scope for each.

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
from iacpolicy.terraform.language import BLOCKS, PROVIDER_BLOCK, BlockType, Holds, nested_labels
from iacpolicy.terraform.references import (
    NOTHING_BOUND,
    FunctionCall,
    Reference,
    ReferenceKind,
    references,
    references_and_calls,
)
from iacpolicy.terraform.static_expressions import static_items

NO_KIND: Final[frozenset[ReferenceKind]] = frozenset()


class Area(Enum):
    """The part of a block that holds an expression."""

    BODY = auto()
    REPETITION = auto()  # count and for_each
    ORDER = auto()  # depends_on and replace_triggered_by: references only
    SIDE = auto()  # provisioners, connections and conditions
    CONSTANT = auto()  # the default of a variable: no names


class ExpressionSite(NamedTuple):
    """An expression, its file, the iterators bound around it, and those of `each`, `count`, `self` that it may use.

    `argument` is the name of the outermost argument or nested block that it belongs to.
    """

    expression: ast.Node
    source: SourceFile
    argument: str
    area: Area = Area.BODY
    bound: frozenset[str] = NOTHING_BOUND
    sees: frozenset[ReferenceKind] = NO_KIND

    def references_and_calls(self) -> Iterator[Reference | FunctionCall]:
        """Yield the references and the function calls of the expression."""
        return references_and_calls(self.expression, self.source, self.bound)

    def references(self) -> Iterator[Reference]:
        """Yield the references of the expression."""
        return references(self.expression, self.source, self.bound)


class ReferenceSite(NamedTuple):
    """A reference and its site; `owner` is the address of the declaration around it."""

    owner: str
    site: ExpressionSite
    reference: Reference


class _OpenBlock(NamedTuple):
    """A block that is not read yet, with the site around it; `known` is its entry in the table of the language."""

    block: ConfigBlock
    around: ExpressionSite
    type: str
    known: BlockType


def sites(block: ConfigBlock) -> Iterator[ExpressionSite]:
    """Yield the expressions of a block, top-level or a provider's, nested blocks included."""
    known = BLOCKS.get(block.type, PROVIDER_BLOCK)
    sees = {
        kind
        for kind, name in ((ReferenceKind.EACH, "for_each"), (ReferenceKind.COUNT, "count"))
        if name in block.attributes
    }
    around = ExpressionSite(ast.Null(start=0, end=0), block.source, "", sees=frozenset(sees | _kinds(known)))
    pending = [_OpenBlock(block, around, block.type, known)]
    while pending:
        place = pending.pop()
        inner: list[_OpenBlock] = []
        if place.type != "variable":  # its default is a constant, and its other arguments are static
            yield from _of_arguments(place, inner)
        inner.extend(_nested(place))
        pending.extend(reversed(inner))


def _kinds(known: BlockType) -> frozenset[ReferenceKind]:
    return frozenset(map(ReferenceKind, known.sees))


def _of_arguments(place: _OpenBlock, inner: list[_OpenBlock]) -> Iterator[ExpressionSite]:
    block, around, type_, known = place
    bound = around.bound
    if type_ == "dynamic" and block.labels:
        bound |= {iterator_name(block) or block.labels[0]}
    for name, argument in block.attributes.items():
        json = block.holder(name).is_json
        holds = known.arguments.get(name, Holds.EXPRESSION)
        if holds in (Holds.STATIC, Holds.LITERAL) or (json and name in known.blocks):
            continue
        site = around._replace(source=argument.source, argument=around.argument or name)
        if holds is Holds.REPETITION:
            yield site._replace(expression=argument.value, area=Area.REPETITION, sees=NO_KIND)
        elif holds is Holds.REFERENCES:
            for item in static_items(argument):
                yield site._replace(expression=item, area=Area.ORDER)
        elif type_ == "dynamic" and name != "for_each":
            yield site._replace(expression=argument.value, bound=bound)
        elif json and known.takes_dynamic:
            yield from _json_sites(argument, site, inner)
        else:
            yield site._replace(expression=argument.value)


def _nested(place: _OpenBlock) -> Iterator[_OpenBlock]:
    block, around, type_, known = place
    found = list(block.blocks)
    for name, labels in nested_labels(type_).items():
        if name in block.attributes:
            found.extend(b for b in block.nested(name, labels) if b.is_json)
    for nested in found:
        around_it = around._replace(source=nested.source, argument=around.argument or nested.type)
        inner_type, inner = "", PROVIDER_BLOCK
        if nested.type == "dynamic" and known.takes_dynamic:
            inner_type, inner = "dynamic", BLOCKS["dynamic"]
        elif type_ == "dynamic":
            name = iterator_name(block) or (block.labels[0] if block.labels else "")
            around_it = around_it._replace(bound=around.bound | {name})
        elif nested.type in known.blocks:
            inner_type, inner = nested.type, BLOCKS[nested.type]
            if inner.is_top_level:
                continue  # a resource of the module, with an address of its own
            if inner.is_apart:
                own = NO_KIND if type_ == "output" else _kinds(inner)  # an output is no `self`
                around_it = around_it._replace(area=Area.SIDE, sees=around.sees | own)
        yield _OpenBlock(nested, around_it, inner_type, inner)


def _json_sites(argument: Argument, site: ExpressionSite, inner: list[_OpenBlock]) -> Iterator[ExpressionSite]:
    """Yield the expressions of a property that may be a nested block, so that `dynamic` in it can bind a name."""
    pending: list[tuple[str, ast.Expression]] = [(argument.name, argument.value)]
    while pending:
        name, value = pending.pop()
        if name == "dynamic":
            for node in blocks_of(value, "dynamic", 1):
                nested = ConfigBlock(argument.source, node)
                inner.append(_OpenBlock(nested, site, "dynamic", BLOCKS["dynamic"]))
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
    """Return the name that a `dynamic` block gives its iterator; None where it has the name of the blocks."""
    argument = block.attributes.get("iterator")
    if argument is None:
        return None
    if isinstance(argument.value, ast.Name):
        return argument.value.name
    return literal(argument)


def declarations(module: Module) -> Iterator[tuple[str, ConfigBlock]]:
    """Yield the blocks of a module that hold expressions, each with its address."""
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


def module_sites(module: Module) -> Iterator[tuple[str, ExpressionSite]]:
    """Yield all expressions of a module, each with the address of its declaration."""
    for local in module.locals.values():
        yield f"local.{local.name}", ExpressionSite(local.argument.value, local.argument.source, local.name)
    for variable in module.variables.values():
        default = variable.default
        if default is not None:
            site = ExpressionSite(default.value, default.source, "default", Area.CONSTANT)
            yield f"var.{variable.name}", site
    for address, block in declarations(module):
        for site in sites(block):
            yield address, site


__all__ = ["Area", "ExpressionSite", "ReferenceSite", "declarations", "iterator_name", "module_sites", "sites"]
