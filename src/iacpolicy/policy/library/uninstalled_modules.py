"""Resources that are passed to modules that are not installed, whose content is unknown."""

from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.value import walk
from iacpolicy.graph.joins import joins_of, key_of
from iacpolicy.graph.nodes import Node
from iacpolicy.policy.api import Cause, Graph, Resource, Undecidable
from iacpolicy.terraform.language import meta_arguments


def check_uninstalled_modules(resource: Resource, graph: Graph, what: str) -> None:
    """Check a resource before a violation about something that is missing beside it.

    Raises:
        Undecidable: a module that is not installed gets the resource's id or name and may create the missing part.
    """
    given: dict[str, Node] = graph.once(("handed to modules", graph.inner), lambda: _given(graph))
    for name in joins_of(graph.inner).names(resource.node) if given else ():
        key = key_of(name) or ""
        call = given.get(key) if not key.endswith(".arn") else None  # the missing part needs the id or the name
        if call is not None:
            text = f"{call.address} is not installed and may create {what}"
            raise Undecidable.because(Cause.MODULE, text, at=resource)


def _given(graph: Graph) -> dict[str, Node]:
    """Return the keys of the values that are passed to modules that are not installed, each with the call."""
    found: dict[str, Node] = {}
    for node in graph.inner.of("module"):
        if node.body is None or _is_installed(node):
            continue
        for name in node.body.attribute_names:
            try:
                value = node.body.attribute(name) if name not in meta_arguments("module") else None
            except EvaluationError:
                continue
            for part in walk(value) if value is not None else ():
                key = key_of(part)
                if key is not None:
                    found.setdefault(key, node)
    return found


def _is_installed(node: Node) -> bool:
    module = node.module
    assert module is not None
    call = module.module.calls[node.name]
    path = (*module.path_of_calls, call.name)
    session = module.session
    return isinstance(session.modules.resolve(call, module.module.directory, session.cell.root, path), str)
