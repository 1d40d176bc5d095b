"""The secrets that reach the arguments of one cell, from literals and from other sources."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from operator import itemgetter

import msgspec

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.values.addresses import within
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.graph.graph import Graph
from iacpolicy.secrets.flow.bindings import dynamic_bindings, each_bindings
from iacpolicy.secrets.flow.file_functions import NO_BINDINGS, Bindings
from iacpolicy.secrets.flow.literal_places import trace_from
from iacpolicy.secrets.flow.literals import LiteralPiece, LiteralString, ValuePath
from iacpolicy.secrets.flow.module_uses import ModuleUse, module_uses
from iacpolicy.secrets.reach.prefilter import may_have_secrets
from iacpolicy.secrets.reach.source_flow import SourceFlow
from iacpolicy.secrets.secret import BACKEND, UNSHOWN, CellSecrets, Secret, SecretSource
from iacpolicy.terraform.blocks import Argument, ConfigBlock
from iacpolicy.terraform.config import ResourceConfig

_SecretRange = tuple[tuple[int, int], tuple[int, int], Secret]


class ReachingSecret(msgspec.Struct, frozen=True):
    """A secret in the value of an argument: its path in the value, its source and its trace.

    `is_embedded` is set if other text is around it; `before` is the text before it.
    """

    path: ValuePath
    source: SecretSource
    trace: Origin
    is_embedded: bool = False
    before: str = ""


class SecretsOfCell:
    """Traces the arguments of one cell back to secrets; the result is shared by all instances of a module."""

    def __init__(self, graph: Graph, written: CellSecrets) -> None:
        root = graph.root
        if root is None:
            raise ValueError("a cell without a root has no arguments")
        session = root.session
        assigned = {a.name: (a,) for a in session.assignments.values()}
        self.files = session.modules.files
        self.uses = module_uses(session.modules, graph.cell.root, assigned)
        self._by_path = {use.path: use for use in self.uses}
        self._flow = SourceFlow(graph.cell.root, session.tree, catalogue=session.catalogue)
        self._written = _places(written.secrets)
        self._is_allowed = written.is_allowed
        self._found: dict[tuple[ModuleUse, str, int, int], tuple[ReachingSecret, ...]] = {}

    def of(
        self,
        module: ModuleInstance,
        argument: Argument,
        block: ConfigBlock,
        around: Sequence[ConfigBlock] = (),
        of_self: str = "",
    ) -> tuple[ReachingSecret, ...]:
        """Return the secrets that reach an argument of a module instance.

        `block` and the `dynamic` blocks in `around` bind names.

        `of_self` is the address within the module of the resource that `self` refers to.
        """
        use = self.use_of(module)
        return () if use is None else self.reaching(use, argument, block, around, of_self)

    @cached_property
    def is_idle(self) -> bool:
        """Return whether the cell has no secret that could reach an argument."""
        flow = self._flow
        return not self._written and not any(may_have_secrets(u, flow.catalogue, flow.is_plain) for u in self.uses)

    def use_of(self, module: ModuleInstance) -> ModuleUse | None:
        """Return the module call that an instance belongs to."""
        return self._by_path.get(module.path_of_calls)

    def secret_names(self, use: ModuleUse, resource: ResourceConfig) -> frozenset[str]:
        """Return the attributes of a resource that are sources of secrets."""
        address = within(use.address, resource.address)
        return frozenset(
            next(key for key in string.path if isinstance(key, str))
            for string in self._flow.attributes(use, resource)
            if any(p.secret is not None and p.secret.address == address for p in string.pieces)
        )

    def reaching(
        self,
        use: ModuleUse,
        argument: Argument,
        block: ConfigBlock,
        around: Sequence[ConfigBlock] = (),
        of_self: str = "",
    ) -> tuple[ReachingSecret, ...]:
        """Return the secrets that reach an argument in a module call, whatever its instances."""
        if self.is_idle:
            return ()
        key = (use, argument.source.path, argument.node.start, argument.node.end)
        if key not in self._found:
            bound: Bindings = each_bindings(self._flow, use, block)
            for dynamic in around:
                bound = dynamic_bindings(self._flow, use, dynamic, bound)
            resource = use.module.resources.get(of_self)
            if resource is not None:
                bound = {**bound, "self": self._flow.attributes(use, resource, one=True)}
            self._found[key] = tuple(self._reached(use, argument, bound))
        return self._found[key]

    def _reached(self, use: ModuleUse, argument: Argument, bound: Bindings = NO_BINDINGS) -> Iterator[ReachingSecret]:
        seen: set[tuple[ValuePath, SecretSource]] = set()
        for string in self._flow.literals(argument.value, use, argument.source, bound):
            for at, piece in enumerate(string.pieces):
                source = piece.secret or self._literal(string, piece, use)
                if source is None or piece.source is None or self._is_allowed(source) or (string.path, source) in seen:
                    continue
                seen.add((string.path, source))
                step = trace_from(piece, piece.start, piece.end)
                parents = (step,) if step is not None else ()
                node = argument.node
                trace = Origin(OriginKind.ATTRIBUTE, argument.name, argument.source, node.start, node.end, parents)
                before = "".join(p.text for p in string.pieces[:at])
                yield ReachingSecret(string.path, source, trace, len(string.pieces) > 1, before)

    def _literal(self, string: LiteralString, piece: LiteralPiece, use: ModuleUse) -> SecretSource | None:
        """Return the source of a literal that is a secret at another sink or that is marked sensitive."""
        if piece.source is None:
            return None
        span = piece.source.span(piece.start, piece.end)
        known = _overlapping(self._written.get(span.path, ()), span)
        if known is not None and known.allowed is not None:
            return None
        if known is not None:
            return SecretSource("literal", known.name, f"the literal at {known.place}")
        if string.is_declared and piece.text.strip():
            return SecretSource("literal", within(use.address, "sensitive"), f"the literal at {span}")
        return None


def _places(secrets: Sequence[Secret]) -> dict[str, list[_SecretRange]]:
    """Return the ranges of written secrets by file, sorted."""
    found: dict[str, list[_SecretRange]] = {}
    for secret in secrets:
        place = secret.place
        if place is not None and secret.kind not in (BACKEND, UNSHOWN):
            secret_range = ((place.line, place.column), (place.end_line, place.end_column), secret)
            found.setdefault(place.path, []).append(secret_range)
    return {path: sorted(ranges, key=itemgetter(0, 1)) for path, ranges in found.items()}


def _overlapping(ranges: Sequence[_SecretRange], span: Span) -> Secret | None:
    start, end = (span.line, span.column), (span.end_line, span.end_column)
    at = bisect_left(ranges, end, key=itemgetter(0)) - 1
    return ranges[at][2] if at >= 0 and start < ranges[at][1] else None
