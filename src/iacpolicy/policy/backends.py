"""Where the state of a root is kept: its backend, completed by the files for `terraform init -backend-config`.

A backend may be written in part (https://developer.hashicorp.com/terraform/language/backend#partial-configuration).
The rest comes from a `*.tfbackend` file, which decides where it is in the repository, or from elsewhere, which nobody
here can know: then what is not written is unknown, for that reason.
"""

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from weakref import WeakKeyDictionary

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import Span, file_start
from iacpolicy.core.tree import parent
from iacpolicy.core.types import DYNAMIC
from iacpolicy.evaluate.blocks import BlockInstance
from iacpolicy.evaluate.terms import Cause, Reason
from iacpolicy.evaluate.values import unknown_because
from iacpolicy.graph.nodes import Node
from iacpolicy.hcl import ast
from iacpolicy.policy import places
from iacpolicy.policy.api import Attribute, Resource, Truth, Undecidable
from iacpolicy.schemas import backends
from iacpolicy.schemas.backends import Backend, Switch
from iacpolicy.terraform.blocks import ConfigBlock
from iacpolicy.terraform.files import ParsedFiles

SUFFIXES = (".tfbackend", ".tfbackend.json")
MAX_FILES = 20
MAX_ASIDE = 2


@dataclass(frozen=True)
class BackendSettings:
    """The arguments of a backend as one way of `terraform init` sets them: the block, then a file over it.

    `file` is the path of that file. `missing` are arguments without which the backend cannot work and that neither
    says: something else must be given to `terraform init`, and may say more than that.
    """

    resource: Resource
    facts: Backend
    file: str | None
    missing: tuple[str, ...]

    def __getitem__(self, name: str) -> Attribute:
        """An argument; where it is not written and may come from elsewhere, its value is unknown."""
        attribute = self.resource[name]
        body = self.resource.node.body
        if not self.missing or body is None or name in body.attribute_names or name in body.block_types:
            return attribute
        needed = " and ".join(f"`{m}`" for m in self.missing)
        verb = "is" if len(self.missing) == 1 else "are"
        text = f"`{name}` may come by -backend-config: {needed} {verb} not written, so something comes that way"
        value = unknown_because(DYNAMIC, f"backend.{name}", name, Reason(Cause.BACKEND, text, self.resource.at))
        return Attribute(self.resource, name, value, places.header(body))

    def is_on(self, switch: Switch) -> Truth:
        """Whether a switch is turned on."""
        attribute = self[switch.argument]
        if attribute.is_null:
            return Truth(switch.default)
        return attribute != "" if switch.by_presence else attribute == True  # noqa: E712 - a Truth

    @property
    def also(self) -> tuple[tuple[str, Span], ...]:
        """The file that completes the backend, as a place that belongs to a defect."""
        return (("arguments of this file complete the backend", file_start(self.file)),) if self.file else ()

    def written(self, *names: str) -> Attribute | Resource:
        """The first of some arguments that is written, as a place; else the backend itself."""
        body = self.resource.node.body
        for name in names:
            if body is not None and (name in body.attribute_names or name in body.block_types):
                return self.resource[name]
        return self.resource

    def location(self) -> "Location":
        """Which object the state is."""
        arguments = {p.argument: _told(self[p.argument], p.default) for p in self.facts.place}
        if self.facts.type == "local" and isinstance(path := arguments["path"], str):
            module = self.resource.node.module
            root = module.module.directory if module is not None else ""
            arguments["path"] = path if path.startswith("/") else posixpath.normpath(posixpath.join(root, path))
        names = [p.argument for p in reversed(self.facts.place) if p.argument not in self.facts.environment]
        return Location(
            self.facts,
            arguments,
            self.written(*names, *(p.argument for p in reversed(self.facts.place))),
        )


class Untold(Enum):
    """What stands for an argument whose value says no one place."""

    UNKNOWN = "not known"
    SEVERAL = "places of several states"


@dataclass(frozen=True)
class Location:
    """Which object a state is: the arguments that say so, None where they are not written.

    `at` is the most telling argument.
    """

    facts: Backend
    arguments: Mapping[str, object]
    at: Attribute | Resource

    @property
    def separates_workspaces(self) -> bool:
        """Whether every workspace has a state of its own there."""
        if self.facts.workspaces != "by_block":
            return self.facts.workspaces == "separate"
        named = self.arguments.get("workspaces")
        return named is Untold.SEVERAL or (isinstance(named, tuple) and any(key == "prefix" for key, _ in named))

    def is_same(self, other: "Location") -> bool | None:
        """Whether both are one object, None where that hangs on what is not known.

        What may come from the environment and is not written counts as equal to whatever it is.
        """
        result: bool | None = True
        for name, mine in self.arguments.items():
            theirs = other.arguments.get(name)
            if name in self.facts.environment and None in (mine, theirs):
                continue
            if Untold.UNKNOWN in (mine, theirs):
                result = None
            elif mine != theirs or mine is Untold.SEVERAL:
                return False
        return result


def _told(attribute: Attribute, default: str | None) -> object:
    """What an argument says; of a `workspaces` block, the one workspace that it names, or their prefix."""
    if attribute.is_null:
        return default
    if not attribute.is_known:
        return Untold.UNKNOWN
    value = attribute.value
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        named = {k: v for k, v in value.items() if k in ("name", "prefix") and v}
        return tuple(sorted(named.items())) or Untold.SEVERAL
    return value


def backend_facts(backend: Resource) -> Backend:
    """What is known of a backend's type.

    Raises:
        Undecidable: Terraform has no backend of this type.
    """
    facts = backends.backend(backend.name)
    if facts is None:
        known = ", ".join(backends.backend_types())
        raise Undecidable.because(
            Cause.BACKEND, f'Terraform has no backend "{backend.name}"; it has {known}', at=backend
        )
    return facts


def backend_settings(backend: Resource) -> tuple[BackendSettings, ...]:
    """The ways in which a backend may be set up: one for each file that may complete it, else the block alone.

    Raises:
        Undecidable: Terraform has no backend of this type.
    """
    facts = backend_facts(backend)
    found = _Files.of(backend)
    own = [_with_file(backend, facts, path) for path in found.own]
    if own:
        return tuple(own)
    alone = BackendSettings(backend, facts, None, _missing(backend, facts))
    shared = [_with_file(backend, facts, path) for path in found.shared] if alone.missing else []
    return tuple(shared) or (alone,)


def _with_file(backend: Resource, facts: Backend, path: str) -> BackendSettings:
    node = backend.node
    assert node.module is not None
    assert node.body is not None
    session = node.module.session
    parsed = session.modules.files.parsed(path)
    for problem in session.modules.files.problems.get(path, ()):
        session.add(problem)
    if parsed is None:
        return BackendSettings(backend, facts, path, _missing(backend, facts))
    source, file = parsed
    block = node.body.block
    over = ConfigBlock(source, _as_block(file, source, block))
    merged = ConfigBlock(block.source, block.node, (*block.overrides, over))
    body = BlockInstance(merged, node.body.context, session, node.body.address, node.body.schema)
    whole = Node("backend", "backend", node.name, node.address, node.place, node.cell, node.module, body)
    resource = Resource(whole)
    return BackendSettings(resource, facts, path, _missing(resource, facts))


def _as_block(file: ast.File, source: SourceFile, block: ConfigBlock) -> ast.Block:
    """A file's arguments as those of a block that overrides the backend's."""
    return ast.Block(start=0, end=len(source.text), type=block.type, labels=block.labels, body=file.body, header_end=0)


def _missing(backend: Resource, facts: Backend) -> tuple[str, ...]:
    """What a backend needs and its block does not say; of one without needs, where its state lies."""
    body = backend.node.body
    needed = facts.required or tuple(
        p.argument for p in facts.place if p.default is None and facts.type not in ("local", "cloud")
    )
    written = {*body.attribute_names, *body.block_types} if body is not None else set()
    return tuple(name for name in needed if name not in written)


@dataclass(frozen=True)
class _Files:
    """The `*.tfbackend` files that may be meant for a backend.

    Those at or below its root belong to it, unless another directory with configuration is nearer. Those with no
    configuration above them are `shared` by the roots beside them: `backends/production.s3.tfbackend` beside `shop/`
    and `media/`. A file that is called like the workspace (`production.s3.tfbackend`) is meant
    for that workspace alone, and one called after a backend type for that type.
    """

    own: tuple[str, ...]
    shared: tuple[str, ...]

    @classmethod
    def of(cls, backend: Resource) -> "_Files":
        module = backend.node.module
        if module is None:
            return cls((), ())
        listing = _listing(module.session.modules.files)
        root, workspace = module.module.directory, module.session.cell.workspace
        own = _chosen([p for p, owner in listing.items() if owner == root], backend.name, (workspace,))
        shared = _nearest([p for p, owner in listing.items() if owner is None], root)
        return cls(own, _chosen(shared, backend.name, (root.rpartition("/")[2], workspace)))


def _nearest(paths: list[str], root: str) -> list[str]:
    """Those paths that share most of their way with a root, and leave it for few directories."""
    way = root.split("/")
    found: dict[int, list[str]] = {}
    for path in paths:
        directories = parent(path).split("/") if parent(path) else []
        common = len(posixpath.commonprefix([way, directories]))
        if len(directories) - common <= MAX_ASIDE:
            found.setdefault(common, []).append(path)
    return found[max(found)] if found else []


def _chosen(paths: list[str], type_: str, words: tuple[str | None, ...]) -> tuple[str, ...]:
    fitting = [p for p in paths if _type_in_name(p) in (None, type_)]
    for word in words:
        named = [p for p in fitting if word and word in _words(p)]
        fitting = named or fitting
    return tuple(fitting[:MAX_FILES])


def _type_in_name(path: str) -> str | None:
    return next((word for word in _words(path)[1:-1] if backends.backend(word) is not None), None)


def _words(path: str) -> list[str]:
    """The parts of a file's name between dots, and its directory's name: `env/production/s3.tfbackend`."""
    name = path.rpartition("/")[2]
    for suffix in reversed(SUFFIXES):
        name = name.removesuffix(suffix)
    return [*name.split("."), parent(path).rpartition("/")[2]]


_listings: "WeakKeyDictionary[ParsedFiles, dict[str, str | None]]" = WeakKeyDictionary()


def _listing(files: ParsedFiles) -> dict[str, str | None]:
    """All such files of a repository, each with the nearest directory above it that holds configuration."""
    found = _listings.get(files)
    if found is None:
        paths = [p for p in files.tree.paths() if p.endswith(SUFFIXES)]
        found = _listings[files] = {p: _owner(p, files) for p in paths}
    return found


def _owner(path: str, files: ParsedFiles) -> str | None:
    directory = parent(path)
    while directory and directory not in files.directories:
        directory = parent(directory)
    return directory if directory in files.directories else None
