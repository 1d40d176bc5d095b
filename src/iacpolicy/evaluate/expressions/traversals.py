"""References: names and the steps after them. https://developer.hashicorp.com/terraform/language/expressions/references."""

from iacpolicy.evaluate.expressions.context import Context, Evaluate
from iacpolicy.evaluate.values import member_access
from iacpolicy.evaluate.values.errors import StaticError
from iacpolicy.evaluate.values.lazy import LazyObject
from iacpolicy.evaluate.values.value import Value
from iacpolicy.hcl import ast
from iacpolicy.terraform.config import Mode
from iacpolicy.terraform.language import OBJECTS, OUT_OF_SCOPE, not_accessible


def name(node: ast.Name, context: Context, _: Evaluate) -> Value:
    bound = context.bindings.get(node.name)
    if bound is not None:
        return bound
    raise StaticError("Invalid reference", OUT_OF_SCOPE.get(node.name) or not_accessible(node.name))


def get_attr(node: ast.GetAttr, context: Context, evaluate: Evaluate) -> Value:
    target = node.target
    if type(target) is ast.Name and target.name not in context.bindings:
        return _reference(target.name, node.name, context)
    if type(target) is ast.GetAttr:
        first = target.target
        if type(first) is ast.Name and first.name not in context.bindings:
            if first.name in _MODES:
                return context.module.resource(_MODES[first.name], target.name, node.name)
            if first.name not in OBJECTS:  # a resource type
                return _of_resource(evaluate(target, context), node.name)
        elif (
            type(first) is ast.GetAttr
            and type(first.target) is ast.Name
            and first.target.name in _MODES
            and first.target.name not in context.bindings
        ):
            return _of_resource(evaluate(target, context), node.name)
    return member_access.attribute(evaluate(target, context), node.name)


_MODES = {"resource": Mode.MANAGED, "data": Mode.DATA, "ephemeral": Mode.EPHEMERAL}


def _of_resource(target: Value, name: str) -> Value:
    """Return an attribute of a reference to a resource, which Terraform checks before evaluation."""
    data = target.data
    if type(data) is LazyObject and data.keyed:
        raise StaticError(
            "Missing resource instance key",
            f'Because the resource has "for_each" set, its attributes are of its instances: name one, as in '
            f'["{name}"].',
        )
    if type(data) is LazyObject and data.open is None and name not in data:
        raise StaticError("Unsupported attribute", member_access.no_attribute(name, list(data), True))
    return member_access.attribute(target, name)


def _reference(root: str, name: str, context: Context) -> Value:
    module = context.module
    match root:
        case "var":
            return module.variable(name)
        case "local":
            return module.local(name)
        case "module":
            return module.call(name)
        case "path":
            return module.path(name)
        case "terraform" | "tofu":
            return module.terraform(name)
        case "each" | "count" | "self":
            raise StaticError("Invalid reference", OUT_OF_SCOPE[root])
        case "data" | "ephemeral" | "resource":
            raise StaticError(
                "Invalid reference",
                f'The "{root}" object must be followed by two attribute names: the type and the name.',
            )
        case _:
            return module.resource(Mode.MANAGED, root, name)


def index(node: ast.Index, context: Context, evaluate: Evaluate) -> Value:
    target, key = evaluate(node.target, context), evaluate(node.key, context)
    if type(target.data) is LazyObject and not target.data.keyed and _is_resource(node.target, context):
        raise StaticError(
            "Unexpected resource instance key",
            'Because the resource has neither "count" nor "for_each" set, references to it must not have a key.',
        )
    return member_access.index(target, key)


def _is_resource(node: ast.Expression, context: Context) -> bool:
    """Report whether an expression is a plain reference to a resource: type and name, and optionally the mode."""
    if type(node) is not ast.GetAttr:
        return False
    target = node.target
    if type(target) is ast.GetAttr and type(target.target) is ast.Name:
        return target.target.name in _MODES and target.target.name not in context.bindings
    if type(target) is not ast.Name or target.name in _MODES:
        return False
    return target.name not in OBJECTS and target.name not in context.bindings


def splat(node: ast.Splat, context: Context, evaluate: Evaluate) -> Value:
    target = evaluate(node.target, context)
    if isinstance(target.data, tuple):
        context.module.spend(len(target.data))
    return member_access.splat(target, lambda item: evaluate(node.each, context.over(item)))


def splat_item(node: ast.SplatItem, context: Context, _: Evaluate) -> Value:
    assert context.item is not None
    return context.item
