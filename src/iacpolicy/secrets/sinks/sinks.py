"""The sinks of secrets in one module: expressions whose schema or name makes them secret.

The sinks depend only on the files of the module, so they are computed once for all its calls.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TypeGuard

import msgspec
from msgspec.structs import replace

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl import ast
from iacpolicy.hcl.visit import children
from iacpolicy.schemas.catalogue import Catalogue
from iacpolicy.schemas.sensitive import NO_SECRETS, Path, SecretPaths
from iacpolicy.secrets.flow.syntax_queries import FILE_FLOWS, VALUE_KEYS, has_reference, key_of
from iacpolicy.secrets.sinks.known_types import is_plain_parameter, schema_mode, secret_paths
from iacpolicy.secrets.sinks.labels import option_name, trust_from_block, trust_from_object
from iacpolicy.secrets.text.classify import Trust
from iacpolicy.secrets.text.embedded import hint_offsets, trust_of
from iacpolicy.terraform.blocks import Argument, ConfigBlock
from iacpolicy.terraform.config import Module
from iacpolicy.terraform.function_facts import ArgumentFlow, flow_of
from iacpolicy.terraform.language import BLOCKS, PROVIDER_BLOCK, Holds, Stage, is_read_by, nested_labels

NEUTRAL_ARGUMENTS = frozenset(
    {
        *("description", "error_message", "condition", "source", "version"),
        *(name for name, holds in BLOCKS["resource"].arguments.items() if holds is not Holds.STATIC),
    }
)
MAX_SINKS = 50_000


class Sink(msgspec.Struct, frozen=True, eq=False):
    """An expression whose value is a secret or contains secrets.

    `place` is the address within the module, and `path` the path from there. `schema` has the secret paths of the
    provider's schema, if some begin with `path`. `trust` is that in the name. `block` and `around` are the block and
    the `dynamic` blocks that bind names. `rank` orders the sinks of one literal. `refers` is set if the expression has
    references.
    """

    kind: str
    place: str
    path: Path
    source: SourceFile
    node: ast.Expression
    start: int
    end: int
    trust: Trust
    rank: int
    refers: bool
    block: ConfigBlock | None = None
    around: tuple[ConfigBlock, ...] = ()
    schema: SecretPaths | None = None
    is_text: bool = False


_RANKS = {  # 0 for any other kind: a block that hands the secret on to a provider or a tool
    "module": 2,
    "output": 3,
    "tfvars": 4,
    "local": 5,
    "variable": 6,
}


class HintIndex:
    """The offsets of words for secrets in each file; a range without such a word has no named secret."""

    def __init__(self) -> None:
        self._found: dict[str, list[int]] = {}

    def any(self, source: SourceFile, start: int, end: int) -> bool:
        """Return whether a range of a file contains such a word."""
        places = self._found.get(source.path)
        if places is None:
            places = hint_offsets(source.text)
            self._found[source.path] = places
        at = bisect_left(places, start)
        return at < len(places) and places[at] < end


class SinkFinder(msgspec.Struct, eq=False):
    """Finds the sinks of modules, var-files and backend files."""

    catalogue: Catalogue
    hints: HintIndex

    def of_module(self, module: Module) -> list[Sink]:
        """Return the sinks of a module in the order of declaration."""
        found: list[Sink] = []
        for sink in self._all(module):
            found.append(sink)
            if len(found) >= MAX_SINKS:
                break
        return found

    def _all(self, module: Module) -> Iterator[Sink]:
        if module.backend is not None:
            yield from self.of_backend(module.backend.type, module.backend.block)
        for key, provider in module.providers.items():
            paths = secret_paths(self.catalogue, "provider", provider.name)
            yield from self._block("provider", f"provider.{key}", provider.block, paths)
        for address, resource in module.resources.items():
            mode = schema_mode(resource)
            paths = (
                NO_SECRETS
                if is_plain_parameter(resource.block, resource.type)
                else secret_paths(self.catalogue, mode, resource.type)
            )
            yield from self._block(mode, address, resource.block, paths)
        for block in module.terraform_blocks:
            for inner in _inner_blocks(block, ()):
                if inner.type not in ("backend", "cloud"):  # the module has one of them in use
                    yield from self._own_block("terraform", inner)
        for block in module.others:
            place = ".".join((block.type, *block.labels))
            if is_read_by(Stage.SECRETS, block.type):
                yield from self._block(block.type, place, block)
                continue
            for inner in _inner_blocks(block, ()):
                yield from self._own_block(place, inner, (), block)
        for call in module.calls.values():
            yield from self._block("module", f"module.{call.name}", call.block)
        for output in module.outputs.values():
            yield from self._declared("output", f"output.{output.name}", output.block, "value")
        for local in module.locals.values():
            yield from self._argument("local", f"local.{local.name}", (), local.argument, trust_of(local.name))
        for variable in module.variables.values():
            yield from self._declared("variable", f"var.{variable.name}", variable.block, "default")

    def of_assignment(self, argument: Argument, is_sensitive: bool) -> Iterator[Sink]:
        """Yield the sinks of one assignment in a var-file."""
        trust = Trust.SURE if is_sensitive else trust_of(argument.name)
        yield from self._argument("tfvars", f"var.{argument.name}", (), argument, trust)

    def of_backend(self, type_: str, block: ConfigBlock) -> Iterator[Sink]:
        """Yield the sinks of a backend that a file for `-backend-config` completes."""
        yield from self._block("backend", f"backend.{type_}", block)

    def _declared(self, kind: str, place: str, block: ConfigBlock, name: str) -> Iterator[Sink]:
        """Yield the sinks of a variable's default or an output's value, which `sensitive` makes secret."""
        argument = block.attributes.get(name)
        if argument is None:
            return
        flag = block.attributes.get("sensitive")
        is_sensitive = flag is not None and isinstance(flag.value, ast.Bool) and flag.value.value
        own = trust_of(place.partition(".")[2])
        yield from self._argument(kind, place, (), argument, Trust.SURE if is_sensitive else own)

    def _block(
        self,
        kind: str,
        place: str,
        block: ConfigBlock,
        paths: SecretPaths = NO_SECRETS,
        path: Path = (),
        around: tuple[ConfigBlock, ...] = (),
        outer: ConfigBlock | None = None,
    ) -> Iterator[Sink]:
        """Yield the sinks of a block and of its nested blocks."""
        outer = outer or block
        heads = _heads(paths, path)
        known_blocks = _own_blocks(block, path)
        siblings = max(trust_from_block(block), trust_of(path[-1]) if path else Trust.NONE)
        for name, argument in block.attributes.items():
            if name in NEUTRAL_ARGUMENTS:
                continue
            if block.is_json and name in known_blocks:
                continue
            known = paths if name in heads else None
            trust = max(trust_of(name), siblings) if name in VALUE_KEYS else trust_of(name)
            yield from self._argument(kind, place, (*path, name), argument, trust, outer, around, known)
        for inner in _inner_blocks(block, path):
            if inner.type in known_blocks and inner.type != "dynamic":
                yield from self._own_block(place, inner, around, outer)
                continue
            yield from self._nested(kind, place, inner, paths, path, around, outer)

    def _nested(
        self,
        kind: str,
        place: str,
        inner: ConfigBlock,
        paths: SecretPaths,
        path: Path,
        around: tuple[ConfigBlock, ...],
        outer: ConfigBlock,
    ) -> Iterator[Sink]:
        if inner.type == "dynamic" and inner.labels:
            for content in inner.nested("content"):
                at = (*path, inner.labels[0])
                yield from self._block(kind, place, content, paths, at, (*around, inner), outer)
        else:
            yield from self._block(kind, place, inner, paths, (*path, inner.type), around, outer)

    def _own_block(
        self, place: str, inner: ConfigBlock, around: tuple[ConfigBlock, ...] = (), outer: ConfigBlock | None = None
    ) -> Iterator[Sink]:
        """Yield the sinks of a nested block of the language, which has an address of its own."""
        if is_read_by(Stage.SECRETS, inner.type) and not BLOCKS[inner.type].is_top_level:
            label = "".join(f".{name}" for name in inner.labels)
            yield from self._block(inner.type, f"{place}.{inner.type}{label}", inner, NO_SECRETS, (), around, outer)

    def _argument(
        self,
        kind: str,
        place: str,
        path: Path,
        argument: Argument,
        trust: Trust,
        block: ConfigBlock | None = None,
        around: tuple[ConfigBlock, ...] = (),
        paths: SecretPaths | None = None,
    ) -> Iterator[Sink]:
        node, source = argument.node, argument.source

        def made(where: Path, value: ast.Expression, start: int, much: Trust, schema: SecretPaths | None) -> Sink:
            return Sink(
                kind,
                place,
                where,
                source,
                value,
                start,
                value.end,
                much,
                _RANKS.get(kind, 0),
                has_reference(value),
                block,
                around,
                schema,
            )

        if trust > Trust.NONE or paths is not None:
            yield made(path, argument.value, node.start, trust, paths)
        if not self.hints.any(source, argument.value.start, argument.value.end):
            return
        # inside: keys with the name of a secret, and texts that name one
        pending: list[tuple[ast.Node, Path]] = [(argument.value, path)]
        while pending:
            current, at = pending.pop()
            if not self.hints.any(source, current.start, current.end):
                continue
            if isinstance(current, ast.ObjectCons):
                for item in reversed(current.items):
                    name = key_of(item.key, source)
                    inner = at if name is None else (*at, name)
                    own = trust_of(name) if name is not None else Trust.NONE
                    if own is Trust.NONE and name in VALUE_KEYS:
                        own = trust_from_object(current, source, at[-1] if at else "")
                    if own > Trust.NONE:
                        yield made(inner, item.value, item.start, own, None)
                    pending.append((item.value, inner))
                continue
            if isinstance(current, ast.TupleCons):
                for before, value in pairwise(current.items):
                    own = trust_of(option_name(before, source))
                    if own > Trust.NONE:
                        yield made(at, value, value.start, own, None)
            if isinstance(current, ast.Call) and flow_of(current.name) is ArgumentFlow.SENSITIVE:
                yield made(at, current, current.start, Trust.SURE, None)
            if _is_text(current):
                yield replace(made(at, current, current.start, Trust.NONE, None), is_text=True)
            pending.extend((child, at) for child in reversed(children(current)))


def _is_text(node: ast.Node) -> TypeGuard[ast.Call | ast.Template]:
    """Return whether an expression is a text that can contain a named secret: a string, or a file that is read."""
    return (isinstance(node, ast.Call) and flow_of(node.name) in FILE_FLOWS) or (
        isinstance(node, ast.Template) and bool(node.parts)
    )


def _heads(paths: SecretPaths, path: Path) -> set[str]:
    """Return the names in a block that begin the secret paths of the schema."""
    size = len(path)
    known = (*paths.sensitive, *paths.write_only, *paths.named)
    return {p[size] for p in known if len(p) > size and p[:size] == path}


def _own_blocks(block: ConfigBlock, path: Path) -> Mapping[str, int]:
    """Return the number of labels of each nested block of a block that is the language's own."""
    known = {} if path else nested_labels(block.type)
    return {**known, "dynamic": 1} if path or BLOCKS.get(block.type, PROVIDER_BLOCK).takes_dynamic else known


def _inner_blocks(block: ConfigBlock, path: Path) -> Iterator[ConfigBlock]:
    yield from block.blocks
    if block.is_json:
        for name, labels in _own_blocks(block, path).items():
            yield from block.nested(name, labels)
