"""The providers that the modules of a root require, each with its version constraint."""

from collections.abc import Iterator

import msgspec

from iacpolicy.core.tree import join
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.policy.api import Attribute, Graph, Resource
from iacpolicy.policy.attributes.places import ExpressionPlace

LOCK_FILE = ".terraform.lock.hcl"


class RequiredProvider(msgspec.Struct, frozen=True):
    """An entry of `required_providers`.

    `version` is the entry itself where it is written as a text, as before Terraform 0.13. `is_called` is True in a
    module that another one calls. `is_locked` is True where a lock file is beside the module.
    """

    name: str
    entry: Attribute
    version: Attribute
    is_called: bool
    is_locked: bool


def required_providers(root: Resource, graph: Graph) -> Iterator[RequiredProvider]:
    """Yield the providers that a root and the modules below it require; each directory of a run counts once."""
    pending = [root.node.module] if root.node.module is not None else []
    while pending:
        module = pending.pop(0)
        pending.extend(module.children())
        if graph.is_first_instance(module):
            for name, entry, version in _entries(root, module):
                yield RequiredProvider(name, entry, version, module.site is not None, _is_locked(module))


def _entries(root: Resource, module: ModuleInstance) -> Iterator[tuple[str, Attribute, Attribute]]:
    for block in module.module.terraform_blocks:
        for required in block.nested("required_providers"):
            for name, argument in required.attributes.items():
                place = ExpressionPlace(argument.source, argument.node.start, argument.node.end, argument.value)
                context = module.context(argument.source)
                try:
                    value = evaluate(argument.value, context)
                except EvaluationError:
                    continue  # `configuration_aliases` contains names without a value
                entry = Attribute(root, f"required_providers.{name}", value, place, context=context)
                yield name, entry, entry if isinstance(value.data, str) else entry["version"]


def _is_locked(module: ModuleInstance) -> bool:
    path = join(module.module.directory, LOCK_FILE)
    return path is not None and module.session.modules.files.tree.exists(path)
