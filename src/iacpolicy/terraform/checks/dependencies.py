"""The dependency graph of a module's declarations, as in Terraform.

A call has four kinds of nodes: its repetition, each argument, each output, and its end, which depends on every block in
the module. A reference to the whole module, or through an index that is no literal, depends on the end. An output
depends on the arguments that it reaches in the called module's own graph, so no module is analysed twice.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, TypeAlias

from iacpolicy.core.sources import SourceFile
from iacpolicy.terraform.checks.calls import output_of
from iacpolicy.terraform.components import components
from iacpolicy.terraform.config import Module
from iacpolicy.terraform.references import Reference, ReferenceKind, is_resource
from iacpolicy.terraform.scoping import Area, ReferenceSite

MAX_CELLS = 400_000_000
MAX_EDGES = 2_000_000


class ReferencePlace(NamedTuple):
    """A range of a file."""

    source: SourceFile
    start: int
    end: int


class ModuleNeeds(NamedTuple):
    """The variables that each output of a module depends on."""

    outputs: Mapping[str, frozenset[str]]
    variables: frozenset[str]


Children: TypeAlias = Mapping[str, ModuleNeeds]


class Dependencies:
    """The graph of one module; `children` are the modules of its calls that could be loaded.

    `labels` are empty for nodes without source text. `too_large` is set where edges were left out.
    """

    def __init__(self, module: Module, children: Children, uses: Iterable[ReferenceSite]) -> None:
        self.module = module
        self.children = children
        self.labels: list[str] = []
        self.successors: list[dict[int, ReferencePlace | None]] = []
        self.too_large = False
        self._ids: dict[str, int] = {}
        self._edges = 0
        for use in uses:
            source = self._owner(use)
            if source is not None:
                self._refer(source, use)

    def _node(self, key: str, label: str) -> int:
        found = self._ids.get(key)
        if found is None:
            found = self._ids[key] = len(self.labels)
            self.labels.append(label)
            self.successors.append({})
        return found

    def _edge(self, source: int, target: int, place: ReferencePlace | None = None) -> None:
        if target not in self.successors[source]:
            self._edges += 1
            if self._edges > MAX_EDGES:
                self.too_large = True
                return
            self.successors[source][target] = place

    def _owner(self, use: ReferenceSite) -> int | None:
        owner, site = use.owner, use.site
        if owner.startswith("module."):
            name = owner.removeprefix("module.")
            if site.area in (Area.REPETITION, Area.ORDER):
                return self._repetition(name)
            return self._argument(name, site.argument)
        if site.area is Area.CONSTANT or not self._is_declared(owner):
            return None
        return self._node(owner, owner)

    def _is_declared(self, address: str) -> bool:
        kind, _, name = address.partition(".")
        match kind:
            case "var":
                return name in self.module.variables
            case "local":
                return name in self.module.locals
            case "output":
                return name in self.module.outputs
            case _:
                return address in self.module.resources

    def _refer(self, source: int, use: ReferenceSite) -> None:
        reference = use.reference
        place = ReferencePlace(use.site.source, reference.start, reference.end)
        if reference.kind is ReferenceKind.MODULE:
            if reference.names[0] in self.module.calls:
                self._edge(source, self._of_call(reference), place)
        elif reference.kind in (ReferenceKind.VARIABLE, ReferenceKind.LOCAL) or is_resource(reference.kind):
            address = reference.address
            itself = address == use.owner and reference.kind is not ReferenceKind.LOCAL
            if not itself and self._is_declared(address):
                self._edge(source, self._node(address, address), place)

    def _repetition(self, call: str) -> int:
        return self._node(f"module.{call}", f"module.{call}")

    def _argument(self, call: str, name: str) -> int:
        node = self._node(f"module.{call} argument {name}", f"module.{call}.var.{name}")
        self._edge(node, self._repetition(call))
        return node

    def _of_call(self, reference: Reference) -> int:
        call = reference.names[0]
        needs = self.children.get(call)
        found = output_of(reference)
        literal = bool(reference.steps) and (reference.steps[0].is_attribute or reference.steps[0].key is not None)
        if needs is None or found is None or not literal or found[0] not in needs.outputs:
            return self._end(call, needs)
        node = self._node(f"module.{call} output {found[0]}", f"module.{call}.{found[0]}")
        needed = needs.outputs[found[0]]
        if not self.successors[node]:
            self._edge(node, self._repetition(call))
            if needed:
                self._edge(node, self._bundle(call, needed))
        return node

    def _bundle(self, call: str, needed: frozenset[str]) -> int:
        """Return one node for all outputs of a call that need the same arguments."""
        node = self._node(f"module.{call} bundle {id(needed)}", "")
        if not self.successors[node]:
            for name in sorted(needed & self.module.calls[call].block.attributes.keys()):
                self._edge(node, self._argument(call, name))
        return node

    def _end(self, call: str, needs: ModuleNeeds | None) -> int:
        node = self._node(f"module.{call} end", f"module.{call}")
        self._edge(node, self._repetition(call))
        if needs is not None and len(self.successors[node]) == 1:
            for name in sorted(needs.variables & self.module.calls[call].block.attributes.keys()):
                self._edge(node, self._argument(call, name))
        return node

    def needs(self) -> ModuleNeeds:
        """Return the variables that the outputs depend on."""
        variables = sorted(self.module.variables)
        bits = {f"var.{name}": 1 << index for index, name in enumerate(variables)}
        if len(variables) * len(self.labels) > MAX_CELLS:
            self.too_large = True
            bits = {}
        by_node = [0] * len(self.labels)
        for key, node in self._ids.items():
            by_node[node] = bits.get(key, 0)
        for component in components([tuple(s) for s in self.successors]):
            mask = 0
            for node in component:
                mask |= by_node[node]
                for successor in self.successors[node]:
                    mask |= by_node[successor]
            for node in component:
                by_node[node] = mask
        shared: dict[int, frozenset[str]] = {0: frozenset()}
        outputs: dict[str, frozenset[str]] = {}
        for name in self.module.outputs:
            output = self._ids.get(f"output.{name}")
            mask = by_node[output] if output is not None else 0
            if mask not in shared:
                shared[mask] = frozenset(v for v in variables if mask & bits[f"var.{v}"])
            outputs[name] = shared[mask]
        return ModuleNeeds(outputs, frozenset(variables))
