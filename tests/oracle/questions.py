"""Expressions of a module that Terraform evaluates without providers: its locals, and the arguments of its blocks.

They depend on variables, other such locals, `path` and `terraform` only.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.values.errors import EvaluationError
from iacpolicy.evaluate.values.value import Value
from iacpolicy.hcl import ast
from iacpolicy.terraform.blocks import Argument, ConfigBlock
from iacpolicy.terraform.config import Module
from iacpolicy.terraform.references import FunctionCall, ReferenceKind, references_and_calls

OFFLINE = frozenset({ReferenceKind.VARIABLE, ReferenceKind.LOCAL, ReferenceKind.PATH, ReferenceKind.TERRAFORM})
# Arguments without an expression that can be evaluated alone.
STATIC = frozenset({"depends_on", "provider", "providers", "source", "version"})
SETTINGS = frozenset({"lifecycle", "provisioner", "connection"})
LITERALS = ast.Null | ast.Bool | ast.Number


@dataclass(frozen=True, slots=True)
class Question:
    """An expression of a module, with its name in the plan of Terraform."""

    name: str
    argument: Argument
    is_local: bool

    @property
    def text(self) -> str:
        value = self.argument.value
        return self.argument.source.text[value.start : value.end]

    def ours(self, module: ModuleInstance) -> Value | None:
        """Return the computed value, None for an error."""
        try:
            if self.is_local:
                return module.local(self.name)
            return evaluate(self.argument.value, module.context(self.argument.source))
        except EvaluationError:
            return None


def questions(module: Module) -> list[Question]:
    """Return the questions about a module; files in JSON have none."""
    wanted = {name: refers_to(local.argument) for name, local in module.locals.items()}
    asked = {name: names for name, names in wanted.items() if names is not None}
    while left := {name for name, names in asked.items() if not names <= asked.keys()}:
        asked = {name: names for name, names in asked.items() if name not in left}
    found = [Question(name, module.locals[name].argument, True) for name in asked]
    for block in _blocks(module):
        for argument in _arguments(block):
            names = refers_to(argument)
            if names is not None and names <= asked.keys() and not _is_literal(argument.value):
                found.append(Question(f"question_{len(found)}", argument, False))
    return found


def refers_to(argument: Argument) -> frozenset[str] | None:
    """Return the locals to which an expression refers, None if an offline plan cannot evaluate it."""
    if argument.source.path.endswith(".json"):
        return None
    names: set[str] = set()
    for found in references_and_calls(argument.value, argument.source):
        if isinstance(found, FunctionCall):
            if "::" in found.name:
                return None
        elif found.kind not in OFFLINE:
            return None
        elif found.kind is ReferenceKind.LOCAL:
            names.update(found.names)
    return frozenset(names)


def _blocks(module: Module) -> Iterator[ConfigBlock]:
    yield from (resource.block for resource in module.resources.values())
    yield from (call.block for call in module.calls.values())
    yield from (provider.block for provider in module.providers.values())
    yield from (output.block for output in module.outputs.values())


def _arguments(block: ConfigBlock) -> Iterator[Argument]:
    """Yield the arguments of a block and of its nested blocks."""
    pending = [block]
    while pending:
        current = pending.pop()
        yield from (a for name, a in current.attributes.items() if name not in STATIC)
        pending.extend(b for b in current.blocks if b.type not in SETTINGS)


def _is_literal(value: ast.Expression) -> bool:
    if isinstance(value, ast.Template):
        return all(isinstance(part, ast.Text) for part in value.parts)
    return isinstance(value, LITERALS)
