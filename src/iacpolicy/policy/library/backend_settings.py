"""The backends of roots, completed by the files for `terraform init -backend-config`.

A backend may be written in part (https://developer.hashicorp.com/terraform/language/backend#partial-configuration).
The rest comes from a `*.tfbackend` file. If the repository has that file, its arguments count; otherwise the missing
arguments are unknown.
"""

import posixpath
from collections.abc import Hashable, Mapping
from enum import Enum

import msgspec

from iacpolicy.core.spans import Span, file_start
from iacpolicy.core.types import DYNAMIC
from iacpolicy.evaluate.modules.block_instance import BlockInstance
from iacpolicy.evaluate.values.identities import BackendSetting
from iacpolicy.evaluate.values.terms import Cause, Reason
from iacpolicy.evaluate.values.value import unknown_because
from iacpolicy.graph.nodes import Node
from iacpolicy.policy.api import Attribute, Resource, Truth, Undecidable
from iacpolicy.policy.attributes import places
from iacpolicy.schemas import backends
from iacpolicy.schemas.backends import Backend, Switch
from iacpolicy.terraform.backend_files import backend_files, completed


class BackendSettings(msgspec.Struct, frozen=True):
    """The arguments of a backend after one call of `terraform init`: the block, overridden by a file.

    `file` is the path of that file, or None. `missing` are required arguments that neither contains. They must come
    from another `-backend-config`, which may set more arguments.
    """

    resource: Resource
    facts: Backend
    file: str | None
    missing: tuple[str, ...]

    def __getitem__(self, name: str) -> Attribute:
        """Return an argument; its value is unknown if it is not written and `-backend-config` may set it."""
        attribute = self.resource[name]
        body = self.resource.node.body
        if not self.missing or body is None or name in body.attribute_names or name in body.block_types:
            return attribute
        needed = " and ".join(f"`{m}`" for m in self.missing)
        verb = "is" if len(self.missing) == 1 else "are"
        text = f"`{name}` may come by -backend-config: {needed} {verb} not written, so something comes that way"
        value = unknown_because(DYNAMIC, BackendSetting(name), Reason(Cause.BACKEND, text, self.resource.at))
        return Attribute(self.resource, name, value, places.header(body))

    def is_on(self, switch: Switch) -> Truth:
        """Return the condition that a switch is on."""
        attribute = self[switch.argument]
        if attribute.is_null:
            return Truth(switch.default)
        return attribute != "" if switch.by_presence else attribute == True  # noqa: E712 - a Truth

    @property
    def also(self) -> tuple[tuple[str, Span], ...]:
        """The file that completes the backend, as a place for `Violation.also`; empty without a file."""
        return (("arguments of this file complete the backend", file_start(self.file)),) if self.file else ()

    def written(self, *names: str) -> Attribute | Resource:
        """Return the first written argument of some names, else the backend, as a place."""
        body = self.resource.node.body
        for name in names:
            if body is not None and (name in body.attribute_names or name in body.block_types):
                return self.resource[name]
        return self.resource

    def location(self) -> "StateLocation":
        """Return the object that is the state, without asking the world."""
        arguments = {p.argument: _argument(self[p.argument], p.default) for p in self.facts.place}
        if self.facts.type == "local" and isinstance(path := arguments["path"], str):
            module = self.resource.node.module
            root = module.module.directory if module is not None else ""
            arguments["path"] = path if path.startswith("/") else posixpath.normpath(posixpath.join(root, path))
        names = [p.argument for p in reversed(self.facts.place) if p.argument not in self.facts.environment]
        among = self.facts.workspace_argument
        return StateLocation(
            self.facts,
            arguments,
            _argument(self[among.argument], among.default) if among is not None else None,
            self.written(*names, *(p.argument for p in reversed(self.facts.place))),
        )


class UnclearArgument(Enum):
    """Placeholders for an argument whose value does not name a single place."""

    UNKNOWN = "not known"
    SEVERAL = "places of several states"


class StateLocation(msgspec.Struct, frozen=True):
    """The object that is a state, identified by arguments of the backend; None for one that is not written.

    `workspaces` is the argument with the place of workspaces other than `default`. `at` is the most specific argument.
    """

    facts: Backend
    arguments: Mapping[str, object]
    workspaces: object
    at: Attribute | Resource

    @property
    def is_vague(self) -> bool:
        """True if one of the arguments is unknown."""
        return UnclearArgument.UNKNOWN in self.arguments.values()

    @property
    def key(self) -> Hashable | None:
        """A key that is equal for equal objects, None if one of the arguments is unknown."""
        values = tuple(v for name, v in self.arguments.items() if name not in self.facts.environment)
        return None if UnclearArgument.UNKNOWN in values else (self.facts.type, values)

    @property
    def separates_workspaces(self) -> bool:
        """True if every workspace has its own state there."""
        if self.facts.workspaces != "by_block":
            return self.facts.workspaces == "separate"
        named = self.arguments.get("workspaces")
        return named is UnclearArgument.SEVERAL or (
            isinstance(named, tuple) and any(key == "prefix" for key, _ in named)
        )

    def is_apart_in(self, workspace: str | None, other: "StateLocation") -> bool:
        """Report that a workspace has different states in both; always False for `default`."""
        if workspace in (None, "default") or UnclearArgument.UNKNOWN in (self.workspaces, other.workspaces):
            return False
        return self.workspaces != other.workspaces

    def is_same(self, other: "StateLocation") -> bool | None:
        """Return whether both are the same object, None if that depends on an unknown argument.

        An argument that is not written and may come from the environment counts as equal.
        """
        result: bool | None = True
        for name, mine in self.arguments.items():
            theirs = other.arguments.get(name)
            if name in self.facts.environment and None in (mine, theirs):
                continue
            if UnclearArgument.UNKNOWN in (mine, theirs):
                result = None
            elif mine != theirs or mine is UnclearArgument.SEVERAL:
                return False
        return result


def _argument(attribute: Attribute, default: str | None) -> object:
    """Return the value of an argument; of a `workspaces` block its workspace or prefix."""
    is_null = attribute.is_null
    if is_null.is_decided and is_null:
        return default
    if not attribute.is_known:
        return UnclearArgument.UNKNOWN
    value = attribute.value
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, dict):
        named = {k: v for k, v in value.items() if k in ("name", "prefix") and v}
        return tuple(sorted((k, str(v)) for k, v in named.items())) or UnclearArgument.SEVERAL
    return str(value)


def has_known_type(backend: Resource) -> bool:
    """Report that Terraform has a backend of this type."""
    return backends.backend(backend.name) is not None


def backend_facts(backend: Resource) -> Backend:
    """Return the facts about the type of a backend.

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
    """Return the settings of a backend, one for each file that may complete it, else those of the block alone.

    Raises:
        Undecidable: Terraform has no backend of this type.
    """
    facts = backend_facts(backend)
    module = backend.node.module
    if module is None:
        return (BackendSettings(backend, facts, None, ()),)
    session = module.session
    found = backend_files(session.modules.files, module.module.directory, backend.name, session.cell.workspace)
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
    block = completed(session.modules.files, node.body.block, path)
    for problem in session.modules.files.problems.get(path, ()):
        session.add(problem)
    if block is None:
        return BackendSettings(backend, facts, path, _missing(backend, facts))
    body = BlockInstance(block, node.body.context, session, node.body.address, node.body.schema)
    whole = Node("backend", "backend", node.name, node.address, node.place, node.cell, node.module, body)
    resource = Resource(whole)
    return BackendSettings(resource, facts, path, _missing(resource, facts))


def _missing(backend: Resource, facts: Backend) -> tuple[str, ...]:
    """Return the required arguments that the block lacks; without required ones, those for the place of the state."""
    body = backend.node.body
    needed = facts.required or tuple(
        p.argument for p in facts.place if p.default is None and facts.type not in ("local", "cloud")
    )
    written = {*body.attribute_names, *body.block_types} if body is not None else set()
    return tuple(name for name in needed if name not in written)
