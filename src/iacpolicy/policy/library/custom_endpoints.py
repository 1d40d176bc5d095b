"""Resources of the AWS provider whose requests go to a service with the same API, such as R2 or LocalStack.

https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/custom-service-endpoints
"""

from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.graph.nodes import Node
from iacpolicy.hcl import ast
from iacpolicy.policy.api import Graph, Resource


def has_custom_endpoint(resource: Resource, graph: Graph, service: str) -> bool:
    """Report that the provider of a resource sets a custom endpoint for a service, such as `s3`."""
    module = resource.node.module
    if module is None or resource.node.body is None:
        return False
    written = resource.node.body.block.attributes.get("provider")
    name = _text(written.value, written.source.text) if written is not None else resource.type.partition("_")[0]
    while module.site is not None and name not in module.module.providers:
        name, module = _passed(name, module), module.site.caller
    provider = _provider(name, module, graph)
    return provider is not None and any(not block[service].is_null for block in Resource(provider)["endpoints"])


def _passed(name: str, module: ModuleInstance) -> str:
    """Return the name in the caller for a provider of a module: the same, or the one that `providers` passes."""
    assert module.site is not None
    providers = module.site.call.block.attributes.get("providers")
    if providers is None or not isinstance(providers.value, ast.ObjectCons):
        return name
    text = providers.source.text
    found = {_text(item.key, text): _text(item.value, text) for item in providers.value.items}
    return found.get(name, name)


def _text(node: ast.Expression, text: str) -> str:
    return text[node.start : node.end].strip(' "')


def _provider(name: str, module: ModuleInstance, graph: Graph) -> Node | None:
    return next((n for n in graph.inner.of("provider") if n.name == name and n.module is module), None)
