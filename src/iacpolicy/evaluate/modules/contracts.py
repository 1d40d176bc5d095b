"""Checks that a configuration makes of its own values: types, validations, conditions, and the use of marked values.

Policies read only the attributes that they need. These checks read every value, to find those that Terraform refuses.
https://developer.hashicorp.com/terraform/language/validate
"""

from collections.abc import Iterator

from iacpolicy.core.diagnostics import Diagnostic, error, warning
from iacpolicy.core.tree import parent
from iacpolicy.core.types import BOOL
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.modules.module_instance import ModuleInstance
from iacpolicy.evaluate.modules.resource_instances import ResourceInstance
from iacpolicy.evaluate.modules.session import bounded
from iacpolicy.evaluate.values.choices import distribute
from iacpolicy.evaluate.values.convert import convert
from iacpolicy.evaluate.values.errors import ConversionError, EvaluationError
from iacpolicy.evaluate.values.origins import OriginKind
from iacpolicy.evaluate.values.value import EPHEMERAL, SENSITIVE, Value, deep_marks
from iacpolicy.terraform.blocks import Argument, ConfigBlock
from iacpolicy.terraform.config import Mode, Output
from iacpolicy.terraform.language import CONDITIONS

MAX_MODULES = 1_000


def contract_problems(root: ModuleInstance) -> tuple[Diagnostic, ...]:
    """Return the problems of the inputs, conditions and outputs of a root module and of the modules that it calls.

    Checks that depend on an unknown value, or on an instance that may not exist, are left out. Expressions that cannot
    be evaluated are among the problems of the session.
    """
    modules = list(_modules(root))
    for name in root.module.variables:
        root.variable(name)
    problems = [p for module in modules for p in (*_validations(module), *_conditions(module))]
    problems += [p for output in root.module.outputs.values() for p in _marks(root, output)]
    if any(_has_ephemerals(module) for module in modules):
        problems += [p for module in modules for p in _ephemeral_arguments(module)]
    return tuple(dict.fromkeys(problems))


def _modules(root: ModuleInstance) -> Iterator[ModuleInstance]:
    """Yield the root module and all modules whose calls certainly exist."""
    pending = [root]
    for _ in range(MAX_MODULES):
        if not pending:
            return
        module = pending.pop()
        yield module
        pending.extend(child for child in module.children() if child.exists is None)


def _validations(module: ModuleInstance) -> Iterator[Diagnostic]:
    for variable in module.module.variables.values():
        for block in variable.validations:
            text = _broken(block, module.context(block.source), module)
            if text is not None:
                rule = f"This was checked by the validation rule at {block.header}."
                yield error("Invalid value for variable", f"{text} {rule}", variable.block.header)


def _conditions(module: ModuleInstance) -> Iterator[Diagnostic]:
    for config in module.module.resources.values():
        blocks = [b for lifecycle in config.block.nested("lifecycle") for t in CONDITIONS for b in lifecycle.nested(t)]
        if not blocks:
            continue
        for instance in module.instances(config):
            if instance.exists is None:
                yield from _of_resource(instance, blocks, module)
    for output in module.module.outputs.values():
        for block in output.block.nested("precondition"):
            text = _broken(block, module.context(block.source), module)
            if text is not None:
                yield error("Module output value precondition failed", text, block.header)
    for check in module.module.others:
        for block in check.nested("assert") if check.type == "check" else ():
            text = _broken(block, module.context(block.source), module)
            if text is not None:
                yield warning("Check block assertion failed", text, block.header)


def _of_resource(instance: ResourceInstance, blocks: list[ConfigBlock], module: ModuleInstance) -> Iterator[Diagnostic]:
    for block in blocks:
        context = instance.body.context.within(block.source)
        if block.type == "postcondition":
            context = context.bound({"self": instance.reference}, "self")
        text = _broken(block, context, module)
        if text is not None:
            yield error(f"Resource {block.type} failed", f"{instance.address}: {text}", block.header)


def _broken(block: ConfigBlock, context: Context, module: ModuleInstance) -> str | None:
    """Return the message of a condition that is known to be false, else None.

    A condition that Terraform would refuse is reported as a problem of the session. The result is also None if the
    condition depends on a variable of the root module whose default is null. An input sets the real value of such a
    variable.
    """
    condition, message = block.attributes.get("condition"), block.attributes.get("error_message")
    if condition is None:
        return None
    try:
        value = distribute(_flag, bounded(lambda: evaluate(condition.value, context.within(condition.source))))
    except EvaluationError as problem:
        module.session.report(problem, condition.span)
        return None
    if value.data is not False or _is_left_open(value, module.session.cell.root):
        return None
    return _message(message, context)


def _is_left_open(value: Value, root: str) -> bool:
    steps = [step for origin in value.origins for step in origin.steps()]
    return any(
        step.kind is OriginKind.DEFAULT
        and step.source is not None
        and parent(step.source.path) == root
        and step.source.text[step.start : step.end].rstrip().endswith("null")
        for step in steps
    )


def _flag(value: Value) -> Value:
    try:
        flag = convert(value, BOOL)
    except ConversionError as problem:
        raise EvaluationError(
            "Invalid condition result", f"The condition must be true or false: {problem.detail}."
        ) from None
    if flag.data is None:
        raise EvaluationError("Invalid condition result", "The condition must be true or false, and is null.")
    return flag


def _message(argument: Argument | None, context: Context) -> str:
    if argument is not None:
        try:
            value = bounded(lambda: evaluate(argument.value, context.within(argument.source)))
        except EvaluationError:
            return "The condition is false."
        if isinstance(value.data, str) and not deep_marks(value):
            return value.data.strip() or "The condition is false."
    return "The condition is false."


def _marks(root: ModuleInstance, output: Output) -> Iterator[Diagnostic]:
    """Yield the problems of an output of the root module that is sensitive or ephemeral."""
    argument = output.block.attributes.get("value")
    if argument is None:
        return
    try:
        marks = deep_marks(bounded(lambda: evaluate(argument.value, root.context(argument.source))))
    except EvaluationError:
        return  # the session has this problem
    if marks & SENSITIVE and not root.flag(output.block.attributes.get("sensitive")):
        yield warning(
            "Output refers to sensitive values",
            f'Terraform refuses the output "{output.name}", which holds a sensitive value. Add `sensitive = true`, or '
            "remove the mark with nonsensitive() if the value is not a secret.",
            argument.span,
        )
    if marks & EPHEMERAL:
        yield error(
            "Ephemeral value not allowed",
            f'The output "{output.name}" of the root module is kept in state, so it cannot hold an ephemeral value.',
            argument.span,
        )


def _has_ephemerals(module: ModuleInstance) -> bool:
    return any(v.ephemeral for v in module.module.variables.values()) or any(
        r.mode is Mode.EPHEMERAL for r in module.module.resources.values()
    )


def _ephemeral_arguments(module: ModuleInstance) -> Iterator[Diagnostic]:
    """Yield an error for each resource argument that is kept in state and has an ephemeral value."""
    for config in module.module.resources.values():
        for instance in module.instances(config) if config.mode is not Mode.EPHEMERAL else ():
            schema = instance.schema
            for name in instance.body.attribute_names:
                known = schema.attributes.get(name) if schema is not None else None
                value = instance.body.attribute(name) if known is not None and not known.write_only else None
                argument = instance.body.argument(name)
                if value is not None and argument is not None and deep_marks(value) & EPHEMERAL:
                    yield error(
                        "Invalid use of ephemeral value",
                        f'Ephemeral values are not valid for "{name}", which is not write-only and is kept in state.',
                        argument.span,
                    )
