"""The secrets of a cell: which reach an argument, which are shown, and which a state need not keep."""

from collections.abc import Callable, Iterator, Mapping

from iacpolicy.core.spans import Span
from iacpolicy.evaluate.values.addresses import within
from iacpolicy.evaluate.values.origins import Origin
from iacpolicy.evaluate.values.value import SENSITIVE, deep_marks
from iacpolicy.policy.api import Attribute, Graph, Resource, Secret
from iacpolicy.schemas.secret_names import is_secret_name
from iacpolicy.secrets.reach import state_storage
from iacpolicy.secrets.reach.cell_secrets import ReachingSecret, SecretsOfCell
from iacpolicy.secrets.reach.exposed import ExposedPlace, ExposedSecrets
from iacpolicy.secrets.reach.placed import PlacedSecrets, placed

__all__ = [
    "ExposedPlace",
    "PlacedSecrets",
    "ReachingSecret",
    "accepts_write_only",
    "exposed_secrets",
    "has_ephemeral",
    "is_marked_sensitive",
    "is_secret_name",
    "placed_secrets",
    "secret_reference",
    "secrets_in",
    "takers_of_ephemeral",
    "write_only_twins",
]


def secrets_in(resource: Resource, name: str, graph: Graph) -> tuple[ReachingSecret, ...]:
    """Return the secrets that reach an argument, from literals, variables, data sources and other resources.

    Empty where the argument is not written.
    """
    body, module = resource.node.body, resource.node.module
    argument = body.argument(name) if body is not None else None
    if body is None or module is None or argument is None:
        return ()
    return _secrets(graph).of(module, argument, body.block)


def placed_secrets(
    resource: Resource, name: str, graph: Graph, is_wanted: Callable[[ReachingSecret], bool]
) -> Iterator[PlacedSecrets]:
    """Yield the places in an argument at which wanted secrets come in: the argument itself, or keys of it."""
    argument = resource.node.body.argument(name) if resource.node.body is not None else None
    if argument is not None:
        yield from placed(argument, (name,), [one for one in secrets_in(resource, name, graph) if is_wanted(one)])


def exposed_secrets(resource: Resource, graph: Graph) -> tuple[ExposedPlace, ...]:
    """Return the places of a resource, data source or provider at which a secret is visible to others."""
    exposed = graph.once_in_cell("exposed secrets", lambda: ExposedSecrets(_secrets(graph)))
    return exposed.of(resource.node)


def secret_reference(kind: str, resource: Resource, attribute: str, trace: Origin, at: Span | None = None) -> Secret:
    """Return the value for `Violation.secret` for a secret that reaches a place by a trace.

    `kind` is `output`, `exposed` or `state`; `at` is the place of the violation.
    """
    return Secret("", at, kind, resource.address, attribute, (resource.address,), trace)


def is_marked_sensitive(attribute: Attribute) -> bool:
    """Report that Terraform knows a value, or a part of it, to be sensitive."""
    value = attribute.known_value
    return value is not None and bool(deep_marks(value) & SENSITIVE)


def accepts_write_only(graph: Graph) -> bool:
    """Report that the root's `required_version` admits a Terraform with write-only arguments (1.11 or newer)."""
    root = graph.inner.root
    return root is not None and state_storage.knows_write_only(root.module)


def has_ephemeral(resource: Resource) -> bool:
    """Report that the provider has an ephemeral resource of the same type."""
    module = resource.node.module
    return module is not None and state_storage.has_ephemeral(module.session.catalogue, resource.type)


def write_only_twins(resource: Resource) -> tuple[tuple[str, ...], ...]:
    """Return the paths of the arguments beside which the provider has a write-only one, sorted."""
    module = resource.node.module
    return state_storage.paths_with_twin(module.session.catalogue, resource.type) if module is not None else ()


def takers_of_ephemeral(resource: Resource, graph: Graph) -> tuple[str, ...]:
    """Return the arguments that take the secret of a data source or resource, if all of them accept an ephemeral one.

    Empty where one of them does not, so that the state has to keep the secret.
    """
    module = resource.node.module
    if module is None:
        return ()
    catalogue = module.session.catalogue
    avoidable: Mapping[str, tuple[str, ...]] = graph.once_in_cell(
        "avoidable in the state", lambda: state_storage.EphemeralCandidates(_secrets(graph), catalogue).avoidable()
    )
    calls = ".".join(f"module.{name}" for name in module.path_of_calls)
    own = f"{resource.type}.{resource.name}"
    return avoidable.get(within(calls, f"data.{own}" if resource.kind == "data" else own), ())


def _secrets(graph: Graph) -> SecretsOfCell:
    return graph.once_in_cell("secrets of a cell", lambda: SecretsOfCell(graph.inner, graph.cell_secrets))
