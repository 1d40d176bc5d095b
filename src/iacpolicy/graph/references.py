"""Edges: what the expressions of a block refer to, within its module and across its calls."""

from collections.abc import Iterable, Iterator

from iacpolicy.graph.nodes import Node
from iacpolicy.hcl import ast
from iacpolicy.hcl.visit import walk
from iacpolicy.terraform.blocks import ConfigBlock


def edges_of(nodes: Iterable[Node]) -> dict[Node, tuple[Node, ...]]:
    """Each node with those it refers to. A reference to a resource or a module means all its instances."""
    declared: dict[tuple[str, str], list[Node]] = {}
    for node in nodes:
        if node.module is not None:
            declared.setdefault((node.module.address, _name(node)), []).append(node)
    return {node: tuple(_targets(node, declared)) for node in nodes if node.module is not None}


def _name(node: Node) -> str:
    """The address within the module, without instance keys."""
    match node.kind:
        case "variable":
            return f"var.{node.name}"
        case "local":
            return f"local.{node.name}"
        case "output":
            return f"output.{node.name}"
        case "module":
            return f"module.{node.name}"
        case "resource":
            return f"{node.type}.{node.name}"
        case "data" | "ephemeral":
            return f"{node.kind}.{node.type}.{node.name}"
        case _:
            return f"{node.kind}.{node.address}"


def _targets(node: Node, declared: dict[tuple[str, str], list[Node]]) -> Iterator[Node]:
    module = node.module
    assert module is not None
    seen: set[Node] = {node}
    for name in _referred(node):
        for target in declared.get((module.address, name), ()):
            if target not in seen:
                seen.add(target)
                yield target
    if node.kind == "variable" and module.site is not None:
        # inside a module a variable is what the call gives it
        argument = module.site.call.block.attributes.get(node.name)
        if argument is not None:
            caller = module.site.caller.address
            for name in names_in(argument.value):
                for target in declared.get((caller, name), ()):
                    if target not in seen:
                        seen.add(target)
                        yield target
    if node.kind == "module":
        for child in module.calls(module.module.calls[node.name]):
            for output in child.module.outputs:
                for target in declared.get((child.address, f"output.{output}"), ()):
                    if target not in seen:
                        seen.add(target)
                        yield target


def _referred(node: Node) -> Iterator[str]:
    module = node.module
    assert module is not None
    if node.kind == "module":
        return
    if node.kind == "local":
        yield from names_in(module.module.locals[node.name].argument.value)
    elif node.body is not None and node.kind != "variable":
        yield from names_in_block(node.body.block)


def names_in_block(block: ConfigBlock) -> Iterator[str]:
    """The names that a block's expressions refer to, nested blocks included."""
    pending = [block]
    while pending:
        current = pending.pop()
        for argument in current.attributes.values():
            yield from names_in(argument.value)
        pending.extend(current.blocks)


def names_in(expression: ast.Expression) -> Iterator[str]:
    """The names an expression refers to: `var.x`, `local.x`, `module.x`, `type.name`, `data.type.name`."""
    for node in walk(expression):
        if not isinstance(node, ast.GetAttr):
            continue
        target = node.target
        if isinstance(target, ast.Name):
            if target.name not in ("data", "ephemeral", "each", "count", "path", "terraform", "self"):
                yield f"{target.name}.{node.name}"
        elif (
            isinstance(target, ast.GetAttr)
            and isinstance(target.target, ast.Name)
            and target.target.name in ("data", "ephemeral")
        ):
            yield f"{target.target.name}.{target.name}.{node.name}"
