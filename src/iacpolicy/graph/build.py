"""The construction of the graph of a cell from its evaluated modules."""

from collections.abc import Iterator

from iacpolicy.evaluate.modules.block_instance import BlockInstance
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.resource_instances import ResourceInstance
from iacpolicy.evaluate.values.addresses import within
from iacpolicy.evaluate.values.terms import Term
from iacpolicy.graph.existence import with_shared_existence
from iacpolicy.graph.graph import Graph
from iacpolicy.graph.nodes import Node
from iacpolicy.terraform.blocks import ConfigBlock
from iacpolicy.terraform.cells import Cell
from iacpolicy.terraform.config import Mode
from iacpolicy.terraform.language import APART


def build_graph(cell: Cell, index: int, root: ModuleInstance) -> Graph:
    """Return the graph of a cell, with `count` and `for_each` expanded and separate nodes for each module instance."""
    nodes: list[Node] = []
    pending = [root]
    while pending:
        module = pending.pop(0)
        nodes.extend(_nodes(module, index))
        pending.extend(module.children())
    return Graph(cell, index, root, tuple(with_shared_existence(nodes)))


def _nodes(module: ModuleInstance, cell: int) -> Iterator[Node]:
    config = module.module
    if module.site is None:
        yield Node("root", "root", config.directory or ".", config.directory or ".", config.place, cell, module)
        if config.backend is not None:
            block = config.backend.block
            yield _block_node(module, cell, "backend", config.backend.type, f"backend.{config.backend.type}", block)
    for provider in config.providers.values():
        name = f"{provider.name}.{provider.alias}" if provider.alias else provider.name
        yield _block_node(module, cell, "provider", name, f"provider.{name}", provider.block)
    for variable in config.variables.values():
        yield _block_node(module, cell, "variable", variable.name, f"var.{variable.name}", variable.block)
    for local in config.locals.values():
        address = within(module.address, f"local.{local.name}")
        yield Node("local", "local", local.name, address, local.argument.span, cell, module, exists=module.exists)
    for output in config.outputs.values():
        yield _block_node(module, cell, "output", output.name, f"output.{output.name}", output.block)
    for call in config.calls.values():
        yield _block_node(module, cell, "module", call.name, f"module.{call.name}", call.block)
    for instance in module.resources():
        yield from _resource_nodes(module, cell, instance)


def _block_node(module: ModuleInstance, cell: int, kind: str, name: str, address: str, block: ConfigBlock) -> Node:
    whole = within(module.address, address)
    schema = module.session.catalogue.provider(name.partition(".")[0]) if kind == "provider" else None
    body = BlockInstance(block, module.context(block.source), module.session, whole, schema)
    return Node(kind, kind, name, whole, block.header, cell, module, body, module.exists)


def _resource_nodes(module: ModuleInstance, cell: int, instance: ResourceInstance) -> Iterator[Node]:
    config = instance.config
    kind = "resource" if config.mode is Mode.MANAGED else str(config.mode)
    place = config.block.header
    yield Node(
        kind, config.type, config.name, instance.address, place, cell, module, instance.body, instance.exists, instance
    )
    for nested in instance.body.block.blocks:
        if nested.type in APART:
            yield from _inner_nodes(module, cell, instance, nested, instance.exists)


def _inner_nodes(
    module: ModuleInstance, cell: int, instance: ResourceInstance, block: ConfigBlock, exists: Term | None
) -> Iterator[Node]:
    """Yield the node of a `provisioner` or `connection`, in which `self` is the resource around it."""
    context = instance.body.context.bound({"self": instance.reference}, "self").within(block.source)
    label = block.labels[0] if block.labels else block.type
    address = f"{instance.address}.{block.type}" + (f".{label}" if block.labels else "")
    body = BlockInstance(block, context, module.session, address)
    yield Node(block.type, block.type, label, address, block.header, cell, module, body, exists)
    for nested in block.blocks:
        if nested.type == "connection":
            yield from _inner_nodes(module, cell, instance, nested, exists)
