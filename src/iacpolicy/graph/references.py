"""The edges from each block to the nodes that its expressions refer to, also across module calls."""

from collections.abc import Iterable, Iterator

from iacpolicy.graph.nodes import Node
from iacpolicy.terraform.blocks import Argument, ConfigBlock
from iacpolicy.terraform.references import Reference, ReferenceKind, references
from iacpolicy.terraform.scoping import sites


def edges_of(nodes: Iterable[Node]) -> dict[Node, tuple[Node, ...]]:
    """Return each node with the nodes it refers to; a reference to a resource or module means all its instances."""
    declared: dict[tuple[str, str], list[Node]] = {}
    for node in nodes:
        if node.module is not None:
            declared.setdefault((node.module.address, _name(node)), []).append(node)
    names = _ReferredNames()
    return {node: tuple(_targets(node, declared, names)) for node in nodes if node.module is not None}


def _name(node: Node) -> str:
    """Return the address within the module, without instance keys."""
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


def _targets(node: Node, declared: dict[tuple[str, str], list[Node]], names: "_ReferredNames") -> Iterator[Node]:
    module = node.module
    assert module is not None
    wanted: list[tuple[str, str]] = [(module.address, name) for name in names.of(node)]
    if node.kind == "variable" and module.site is not None:
        # the value of a module's variable is an argument of the call
        argument = module.site.call.block.attributes.get(node.name)
        if argument is not None:
            caller = module.site.caller.address
            wanted.extend((caller, name) for name in names.of_argument(argument))
    if node.kind == "module":
        for child in module.calls(module.module.calls[node.name]):
            wanted.extend((child.address, f"output.{output}") for output in child.module.outputs)
    seen: set[Node] = {node}
    for key in wanted:
        for target in declared.get(key, ()):
            if target not in seen:
                seen.add(target)
                yield target


class _ReferredNames:
    """The addresses that a declaration refers to, computed once for all its instances."""

    def __init__(self) -> None:
        self._of_block: dict[ConfigBlock, tuple[str, ...]] = {}
        self._of_argument: dict[int, tuple[str, ...]] = {}  # by identity, because nodes of different files can be equal

    def of(self, node: Node) -> tuple[str, ...]:
        assert node.module is not None
        if node.kind == "local":
            return self.of_argument(node.module.module.locals[node.name].argument)
        if node.body is None or node.kind in ("variable", "module"):
            return ()
        block = node.body.block
        if block not in self._of_block:
            self._of_block[block] = _addresses(r for site in sites(block) for r in site.references())
        return self._of_block[block]

    def of_argument(self, argument: Argument) -> tuple[str, ...]:
        key = id(argument.node)
        if key not in self._of_argument:
            self._of_argument[key] = _addresses(references(argument.value, argument.source))
        return self._of_argument[key]


def _addresses(found: Iterable[Reference]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r.address for r in found if r.kind is not ReferenceKind.INCOMPLETE))
