"""Instances of modules: variables, locals, resources, calls and outputs of one call as values.

Each value is evaluated on first use and kept. A value that is needed for its own evaluation is a cycle.
"""

from collections.abc import Callable, Iterator
from functools import cached_property
from posixpath import relpath

import msgspec

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.similar import did_you_mean
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.types import DYNAMIC, STRING
from iacpolicy.evaluate.expressions.context import Context
from iacpolicy.evaluate.expressions.evaluate import evaluate
from iacpolicy.evaluate.modules.expansion import Repetition, conjunction, expand
from iacpolicy.evaluate.modules.input_variables import input_value
from iacpolicy.evaluate.modules.instance_values import together
from iacpolicy.evaluate.modules.repository_files import RepositoryFiles
from iacpolicy.evaluate.modules.resource_instances import ResourceInstance
from iacpolicy.evaluate.modules.session import MAX_REFERENCE_DEPTH, Session, bounded
from iacpolicy.evaluate.values import value as values
from iacpolicy.evaluate.values.addresses import EVERY, Key, key_text, within
from iacpolicy.evaluate.values.errors import EvaluationError, StaticError
from iacpolicy.evaluate.values.identities import (
    CallResult,
    Declared,
    DeclaredResource,
    InputVariable,
    InstancesExist,
    LocalValue,
    ModuleOutputs,
    OutputValue,
    RuntimeValue,
)
from iacpolicy.evaluate.values.lazy import LazyObject, LazyValue
from iacpolicy.evaluate.values.origins import Origin, OriginKind
from iacpolicy.evaluate.values.sizes import check_size
from iacpolicy.evaluate.values.terms import Cause, Reason, Term, fact_symbol
from iacpolicy.evaluate.values.value import EPHEMERAL, SENSITIVE, Value, unknown, unknown_because
from iacpolicy.terraform.blocks import Argument, ConfigBlock
from iacpolicy.terraform.config import Mode, Module, ModuleCall, ResourceConfig
from iacpolicy.terraform.files import is_of_opentofu
from iacpolicy.terraform.modules import NotInstalled

MAX_MODULE_DEPTH = 32
MAX_MODULE_INSTANCES = 5_000
MAX_RESOURCE_INSTANCES = 50_000


class CallSite(msgspec.Struct, frozen=True):
    """The caller of a module instance, the call block and its repetition, and the names bound there."""

    caller: "ModuleInstance"
    call: ModuleCall
    repetition: Repetition
    context: Context


class ModuleInstance:
    """One instance of a module call, or the root module.

    `path_of_calls` has the names of calls without keys, `address` has the keys too. `made` is the condition of the call
    itself. `exists` includes the conditions of its callers. Both are None if there is no condition.
    """

    def __init__(self, module: Module, session: Session, site: "CallSite | None" = None) -> None:
        self.module = module
        self.session = session
        self.site = site
        self.key: Key = None
        self.path_of_calls: tuple[str, ...] = ()
        self.address = ""
        self.made: Term | None = None
        self.exists: Term | None = None
        if site is not None:
            self.key = site.repetition.key
            self.path_of_calls = (*site.caller.path_of_calls, site.call.name)
            self.address = within(site.caller.address, f"module.{site.call.name}") + key_text(self.key)
            self.made = site.repetition.exists
            self.exists = conjunction(site.caller.exists, self.made)
        self._values: dict[str, Value] = {}
        self._running: dict[str, None] = {}
        self._instances: dict[str, tuple[ResourceInstance, ...]] = {}
        self._children: dict[str, tuple[ModuleInstance, ...]] = {}
        self._skipped: dict[str, Diagnostic] = {}

    @cached_property
    def files(self) -> RepositoryFiles:
        return RepositoryFiles(self.session, self)

    @cached_property
    def is_of_opentofu(self) -> bool:
        return any(is_of_opentofu(file.path) for file in self.module.files)

    def context(self, source: SourceFile) -> Context:
        """Return the context of an expression in a file of this module, without bound names."""
        return Context(self, source, {}, None, (None, self.address))

    # names in expressions

    def variable(self, name: str) -> Value:
        declared = self.module.variables.get(name)
        if declared is None:
            raise StaticError(
                "Reference to undeclared input variable",
                f'An input variable with the name "{name}" has not been declared.'
                f'{did_you_mean(name, self.module.variables)} Declare it with a variable "{name}" {{}} block.',
            )
        return self._once(InputVariable, name, lambda: input_value(self, declared), declared.block)

    def local(self, name: str) -> Value:
        local = self.module.locals.get(name)
        if local is None:
            raise StaticError(
                "Reference to undeclared local value",
                f'A local value with the name "{name}" has not been declared.{did_you_mean(name, self.module.locals)}',
            )
        return self._once(
            LocalValue, name, lambda: self._written(OriginKind.LOCAL, name, local.argument), local.argument
        )

    def output(self, name: str) -> Value:
        """Return the value of an output with the marks of the output."""
        block = self.module.outputs[name].block
        argument = block.attributes.get("value")
        if argument is None:
            return values.null(DYNAMIC)

        def compute() -> Value:
            value = self._written(OriginKind.OUTPUT, name, argument)
            if self.flag(block.attributes.get("sensitive")):
                value = value.marked(SENSITIVE)
            return value.marked(EPHEMERAL) if self.flag(block.attributes.get("ephemeral")) else value

        return self._once(OutputValue, name, compute, argument)

    def path(self, name: str) -> Value:
        match name:
            case "module":
                text = relpath(self.module.directory or ".", self.session.cell.root or ".")
            case "root":
                text = "."
            case "cwd":
                reason = Reason(Cause.IMPURE, "path.cwd is the directory in which Terraform is run")
                return unknown_because(STRING, RuntimeValue("path.cwd"), reason)
            case _:
                raise StaticError(
                    'Invalid "path" attribute', f'The "path" object does not have an attribute named "{name}".'
                )
        return values.string(text)

    def terraform(self, name: str) -> Value:
        if name == "workspace":
            return values.string(self.session.cell.workspace or "default")
        if name == "applying":
            reason = Reason(Cause.IMPURE, "terraform.applying is known only while Terraform runs")
            return unknown_because(DYNAMIC, RuntimeValue("terraform.applying"), reason).marked(EPHEMERAL)
        raise StaticError(
            'Invalid "terraform" attribute', f'The "terraform" object does not have an attribute named "{name}".'
        )

    def spend(self, steps: int) -> None:
        self.session.spend(steps)

    def provider_function(self, name: str, arguments: str) -> Value:
        provider = name.split("::")[1] if name.count("::") >= 2 else ""
        if provider not in self.module.required_providers:
            raise StaticError(
                "Unknown provider function",
                f'There is no provider named "{provider}" in the required_providers of this module.',
            )
        reason = Reason(Cause.IMPURE, f"{name} is a function of a provider")
        return unknown_because(DYNAMIC, CallResult(name, arguments, f"{name}(…)"), reason)

    def resource(self, mode: Mode, type_: str, name: str) -> Value:
        key = f"{type_}.{name}" if mode is Mode.MANAGED else f"{mode}.{type_}.{name}"
        config = self.module.resources.get(key)
        if config is None:
            raise StaticError(*self._undeclared_resource(mode, type_, name))
        return self._once(DeclaredResource, key, lambda: self._reference(config), config.block)

    def call(self, name: str) -> Value:
        call = self.module.calls.get(name)
        if call is None:
            raise StaticError(
                "Reference to undeclared module",
                f'No module call named "{name}" is declared.{did_you_mean(name, self.module.calls)}',
            )
        return self._once(ModuleOutputs, name, lambda: self._outputs(call), call.block)

    # instances

    def instances(self, config: ResourceConfig) -> tuple[ResourceInstance, ...]:
        """Return the instances of a resource in Terraform's order."""
        if config.address not in self._instances:
            context = self.context(config.block.source)
            repetitions = self._expanded(config.block, context, within(self.address, config.address))
            self.session.resource_instances += len(repetitions)
            if self.session.resource_instances > MAX_RESOURCE_INSTANCES:
                problem = EvaluationError(
                    "Too many resource instances",
                    f"One root makes more than {MAX_RESOURCE_INSTANCES} instances of resources; one symbolic "
                    "instance represents these (limit: instances of resources).",
                )
                repetitions = [self._symbolic(within(self.address, config.address), problem, config.block)]
            made = []
            for repetition in repetitions:
                made.append(ResourceInstance(config, repetition, self.address, self.exists, context, self.session))
            self._instances[config.address] = tuple(made)
        return self._instances[config.address]

    def resources(self) -> Iterator[ResourceInstance]:
        """Yield all resource instances of this module without its children, in the order of declaration."""
        for config in self.module.resources.values():
            yield from self.instances(config)

    def children(self) -> Iterator["ModuleInstance"]:
        """Yield the instances of the modules that this one calls, if their files are in the repository."""
        for call in self.module.calls.values():
            yield from self.calls(call)

    def calls(self, call: ModuleCall) -> tuple["ModuleInstance", ...]:
        """Return the instances of one call; none if its files are not in the repository."""
        if call.name not in self._children:
            self._children[call.name] = tuple(self._called(call))
        return self._children[call.name]

    def _called(self, call: ModuleCall) -> Iterator["ModuleInstance"]:
        path = (*self.path_of_calls, call.name)
        directory = self._directory(call)
        if directory is None:
            return
        if len(path) > MAX_MODULE_DEPTH or self._encloses(directory):
            problem = EvaluationError(
                "Module calls itself" if self._encloses(directory) else "Modules nested too deeply",
                f'module "{call.name}" calls "{directory}" again; this call is not evaluated (limit: nesting '
                "of modules).",
            )
            self._skip(call, problem)
            return
        module = self.session.modules.load(directory)
        context = self.context(call.block.source)
        address = within(self.address, f"module.{call.name}")
        if self.session.module_instances <= MAX_MODULE_INSTANCES:
            repetitions = self._expanded(call.block, context, address)
            self.session.module_instances += len(repetitions)
        if self.session.module_instances > MAX_MODULE_INSTANCES:
            problem = EvaluationError(
                "Too many module instances",
                f"One root makes more than {MAX_MODULE_INSTANCES} instances of modules; the others are not evaluated "
                "(limit: instances of modules).",
            )
            self._skip(call, problem)
            return
        for repetition in repetitions:
            yield ModuleInstance(
                module,
                self.session,
                CallSite(self, call, repetition, context.bound(repetition.bindings, key_text(repetition.key))),
            )

    def _skip(self, call: ModuleCall, problem: EvaluationError) -> None:
        """Report a call that is not evaluated, and keep the problem as the reason why its outputs are unknown."""
        self._skipped[call.name] = self.session.report(problem, call.block.header)

    def _encloses(self, directory: str) -> bool:
        instance: ModuleInstance | None = self
        while instance is not None:
            if instance.module.directory == directory:
                return True
            instance = instance.site.caller if instance.site is not None else None
        return False

    def _directory(self, call: ModuleCall) -> str | None:
        path = (*self.path_of_calls, call.name)
        found = self.session.modules.resolve(call, self.module.directory, self.session.cell.root, path)
        return found if isinstance(found, str) else None

    def _expanded(self, block: ConfigBlock, context: Context, address: str) -> list[Repetition]:
        try:
            return expand(block, context, address)
        except EvaluationError as error:
            return [self._symbolic(address, error, block)]

    def _symbolic(self, address: str, problem: EvaluationError, block: ConfigBlock) -> Repetition:
        """Return the symbolic instance of a block whose `count` or `for_each` has a problem."""
        diagnostic = self.session.report(problem, block.header)
        reason = Reason(Cause.ERROR, f"{diagnostic.summary}: {diagnostic.detail}", diagnostic.location)
        any_exist = fact_symbol(InstancesExist(address), reason)
        unknown_key = unknown(DYNAMIC, any_exist)
        each = values.object_of({"key": unknown_key, "value": unknown_key})
        return Repetition(EVERY, {"each": each, "count": values.object_of({"index": unknown_key})}, any_exist)

    # evaluation

    def _once(
        self, kind: type[Declared], own_name: str, compute: Callable[[], Value], written: Argument | ConfigBlock
    ) -> Value:
        name = kind.prefix + own_name
        found = self._values.get(name)
        if found is not None:
            return found
        if name in self._running:
            cycle = [*self._running][[*self._running].index(name) :]
            path = " → ".join(within(self.address, n) for n in (*cycle, name))
            raise EvaluationError("Cycle", f"These values depend on each other in a cycle: {path}.")
        if self.session.depth >= MAX_REFERENCE_DEPTH:
            raise EvaluationError(
                "References nested too deeply",
                f"{within(self.address, name)} is reached through more than {MAX_REFERENCE_DEPTH} references "
                "(limit: depth of references).",
            )
        self._running[name] = None
        self.session.depth += 1
        try:
            value = check_size(bounded(compute))
        except EvaluationError as error:
            diagnostic = self.session.report(error, written.span if isinstance(written, Argument) else written.header)
            reason = Reason(Cause.ERROR, f"{diagnostic.summary}: {diagnostic.detail}", diagnostic.location)
            value = unknown_because(DYNAMIC, kind(self.address, own_name), reason)
        finally:
            self.session.depth -= 1
            self._running.pop(name, None)
        self._values[name] = value
        return value

    def _written(self, kind: OriginKind, name: str, argument: Argument) -> Value:
        value = evaluate(argument.value, self.context(argument.source))
        origin = Origin(kind, name, argument.source, argument.node.start, argument.node.end, value.origins)
        return value.with_origins((origin,))

    def _reference(self, config: ResourceConfig) -> Value:
        instances = self.instances(config)
        counted = "count" in config.block.attributes
        keyed = "for_each" in config.block.attributes
        if not counted and not keyed:
            return instances[0].reference
        parts = [(i.key, i.made, i.reference) for i in instances]
        return together(parts, counted, DeclaredResource(self.address, config.address, config.type))

    def _outputs(self, call: ModuleCall) -> Value:
        path = (*self.path_of_calls, call.name)
        fact = ModuleOutputs(self.address, call.name)
        found = self.session.modules.resolve(call, self.module.directory, self.session.cell.root, path)
        if not isinstance(found, str):
            text = found.text if isinstance(found, NotInstalled) else found.summary
            cause = Cause.MODULE if isinstance(found, NotInstalled) else Cause.ERROR
            return unknown_because(DYNAMIC, fact, Reason(cause, text, call.block.header))
        children = self.calls(call)
        left = self._skipped.get(call.name)
        if left is not None:
            reason = Reason(Cause.LIMIT, f"{left.summary}: {left.detail}", left.location)
            return unknown_because(DYNAMIC, fact, reason)
        counted, keyed = "count" in call.block.attributes, "for_each" in call.block.attributes
        if not counted and not keyed:
            return _outputs_of(children[0])
        return together([(c.key, c.made, _outputs_of(c)) for c in children], counted, fact)

    def flag(self, argument: Argument | None) -> bool:
        """Report whether an argument is present and true."""
        if argument is None:
            return False
        value = evaluate(argument.value, self.context(argument.source))
        return value.data is True or value.data == "true"

    def _undeclared_resource(self, mode: Mode, type_: str, name: str) -> tuple[str, str]:
        noun = {
            Mode.MANAGED: "A managed resource",
            Mode.DATA: "A data resource",
            Mode.EPHEMERAL: "An ephemeral resource",
        }
        names = {r.name: r for r in self.module.resources.values() if r.mode is mode and r.type == type_}
        where = f"module.{'.'.join(self.path_of_calls)}" if self.path_of_calls else "the root module"
        hint = did_you_mean(name, names)
        if mode is Mode.MANAGED and not names and f"data.{type_}.{name}" in self.module.resources:
            hint = f' Did you mean the data resource "data.{type_}.{name}"?'
        return (
            "Reference to undeclared resource",
            f'{noun[mode]} "{type_}" "{name}" has not been declared in {where}.{hint}',
        )


def _outputs_of(instance: ModuleInstance) -> Value:
    return LazyValue(None, LazyObject(instance.module.outputs, instance.output))
