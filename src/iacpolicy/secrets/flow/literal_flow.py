"""The trace of an expression back to literals, through all references.

It uses the syntax and not values, because a literal is in the repository whatever the conditions are. Both arms of a
conditional count, every element of a map, and every var-file.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from msgspec.structs import replace

from iacpolicy.core.sources import SourceFile
from iacpolicy.evaluate.values.origins import OriginKind
from iacpolicy.hcl import ast
from iacpolicy.secrets.flow import function_effects
from iacpolicy.secrets.flow.bindings import each_bindings
from iacpolicy.secrets.flow.file_functions import NO_BINDINGS, Bindings, FileFlow
from iacpolicy.secrets.flow.literals import (
    ELEMENT,
    LiteralPiece,
    LiteralString,
    LiteralStrings,
    bounded,
    concatenated,
    select,
)
from iacpolicy.secrets.flow.module_uses import ModuleUse
from iacpolicy.secrets.flow.syntax_queries import (
    FILE_FLOWS,
    VALUE_KEYS,
    called_module,
    index_key,
    is_repeated,
    key_of,
    literal_piece,
    number_piece,
    referred_resource,
    root_name,
    whole_address,
)
from iacpolicy.secrets.text.classify import UNKNOWN
from iacpolicy.terraform.blocks import Argument
from iacpolicy.terraform.config import ResourceConfig
from iacpolicy.terraform.function_facts import ArgumentFlow, flow_of
from iacpolicy.terraform.language import meta_arguments

MAX_DEPTH = 300
_ITERATING = ("each",)
_NAMES = ("name", "key")
# Attributes of resources that repeat an argument.
_REPEATED_ARGUMENTS = {
    ("terraform_data", "output"): "input",
    ("terraform_data", "triggers_replace"): "triggers_replace",
    ("null_data_source", "outputs"): "inputs",
}


@dataclass(eq=False)
class LiteralFlow(FileFlow):
    """Traces the expressions of one root; the result for each name is cached."""

    _running: set[tuple[int, str]] = field(default_factory=set)

    def literals(
        self, node: ast.Expression, use: ModuleUse, source: SourceFile, bound: Bindings = NO_BINDINGS
    ) -> LiteralStrings:
        """Return the literals that the value of an expression can contain."""
        match node:
            case ast.Template():
                return self._template(node, use, source, bound)
            case ast.TemplateWrap(value=inner) | ast.Parens(value=inner):
                return self.literals(inner, use, source, bound)
            case ast.ObjectCons():
                return self._object(node, use, source, bound)
            case ast.TupleCons(items=items):
                return bounded(
                    string.under(at)
                    for at, item in enumerate(items)
                    for string in self.literals(item, use, source, bound)
                )
            case ast.GetAttr(target=target, name=name):
                whole = self._whole(node, use, bound)
                return whole if whole is not None else self._attribute(target, name, use, source, bound)
            case ast.Index(target=target, key=key):
                return select(self.literals(target, use, source, bound), index_key(key, source))
            case ast.Name(name=name):
                return bound.get(name, ())
            case ast.Conditional(then=then, otherwise=otherwise):
                return (*self.literals(then, use, source, bound), *self.literals(otherwise, use, source, bound))
            case ast.Number():
                return (LiteralString((), (number_piece(node, source),)),)
            case ast.Call():
                return self._call(node, use, source, bound)
            case ast.Splat(target=target, each=each):
                element = select(self.literals(target, use, source, bound), ELEMENT)
                found = self.literals(each, use, source, {**bound, "\0item": element})
                return tuple(string.under(ELEMENT) for string in found)
            case ast.SplatItem():
                return bound.get("\0item", ())
            case ast.ForTuple():
                return tuple(string.under(ELEMENT) for string in self._loop(node, node.value, use, source, bound))
            case ast.ForObject():
                return tuple(string.under(ELEMENT) for string in self._loop(node, node.value, use, source, bound))
            case _:
                return ()

    def _template(self, node: ast.Template, use: ModuleUse, source: SourceFile, bound: Bindings) -> LiteralStrings:
        if not node.parts:
            return (LiteralString((), (LiteralPiece(""),)),)
        return bounded(concatenated([self._part(p, node, use, source, bound) for p in node.parts]))

    def _part(
        self, part: ast.TemplatePart, template: ast.Template, use: ModuleUse, source: SourceFile, bound: Bindings
    ) -> LiteralStrings:
        match part:
            case ast.Text():
                return (LiteralString((), (literal_piece(part, template, source),)),)
            case ast.Interpolation(value=value):
                return self.literals(value, use, source, bound)
            case ast.IfDirective(then=then, otherwise=otherwise):
                both = [[self._part(p, template, use, source, bound) for p in arm] for arm in (then, otherwise)]
                return tuple(string for parts in both for string in concatenated(parts))
            case ast.ForDirective():
                element = select(self.literals(part.collection, use, source, bound), ELEMENT)
                inner = {**bound, part.value_name: element}
                return tuple(concatenated([self._part(p, template, use, source, inner) for p in part.body]))

    def _object(self, node: ast.ObjectCons, use: ModuleUse, source: SourceFile, bound: Bindings) -> LiteralStrings:
        found: list[LiteralString] = []
        label = self._label(node, use, source, bound)
        for item in node.items:
            key = key_of(item.key, source)
            for string in self.literals(item.value, use, source, bound):
                inner = string.under(ELEMENT if key is None else key)
                if key in VALUE_KEYS and label is not None and len(inner.path) == 1:
                    inner = replace(inner, label=label)
                found.append(inner)
        return bounded(found)

    def _label(self, node: ast.ObjectCons, use: ModuleUse, source: SourceFile, bound: Bindings) -> str | None:
        keys = {key_of(item.key, source): item.value for item in node.items}
        if VALUE_KEYS.isdisjoint(k for k in keys if k is not None):
            return None
        for name in _NAMES:
            value = keys.get(name)
            if isinstance(value, ast.Template):
                texts = {string.text for string in self.literals(value, use, source, bound)}
                if len(texts) == 1 and UNKNOWN not in (text := texts.pop()):
                    return text
        return None

    def _attribute(
        self, target: ast.Expression, name: str, use: ModuleUse, source: SourceFile, bound: Bindings
    ) -> LiteralStrings:
        if isinstance(target, ast.Name) and target.name in _ITERATING and target.name in bound:
            return bound[target.name] if name == "value" else ()
        if isinstance(target, ast.Name) and f"dynamic {target.name}" in bound:
            return bound[f"dynamic {target.name}"] if name == "value" else ()
        if isinstance(target, ast.Name) and target.name not in bound:
            if target.name == "var":
                return self.variable(use, name)
            return self.local(use, name) if target.name == "local" else ()
        if root_name(target) in bound or f"dynamic {root_name(target)}" in bound:
            return select(self.literals(target, use, source, bound), name)
        output = called_module(target)
        if output is not None:
            return self.output(use, output, name)
        resource = referred_resource(target)
        if resource is not None:
            return self._exported(use, resource, name)
        return select(self.literals(target, use, source, bound), name)

    def _whole(self, node: ast.GetAttr, use: ModuleUse, bound: Bindings) -> LiteralStrings | None:
        """Return the literals of a whole resource or module under the names of its attributes or outputs."""
        address = whole_address(node, bound)
        if address is None:
            return None
        if address.startswith("module."):
            child = use.children.get(node.name)
            return None if child is None else self._outputs(use, node.name, child)
        resource = use.module.resources.get(address)
        return None if resource is None else self.attributes(use, resource)

    def _outputs(self, use: ModuleUse, call: str, child: ModuleUse) -> LiteralStrings:
        has_instances = is_repeated(child.call.block) if child.call is not None else False
        return bounded(
            string.under(*((ELEMENT, name) if has_instances else (name,)))
            for name in child.module.outputs
            for string in self.output(use, call, name)
        )

    def attributes(self, use: ModuleUse, resource: ResourceConfig, *, one: bool = False) -> LiteralStrings:
        """Return the literals of all instances of a resource, or with `one` those of a single instance."""
        head = (ELEMENT,) if is_repeated(resource.block) and not one else ()
        names = [name for name in resource.block.attributes if name not in meta_arguments(resource.block.type)]
        return bounded(
            string.under(*head, name) for name in names for string in self._exported(use, resource.address, name)
        )

    def _call(self, node: ast.Call, use: ModuleUse, source: SourceFile, bound: Bindings) -> LiteralStrings:
        if flow_of(node.name) is ArgumentFlow.FILE_NAMES and len(node.arguments) == 2:
            return self.listed_files(node, use, source, bound)
        arguments = [self.literals(a, use, source, bound) for a in node.arguments]
        if flow_of(node.name) in FILE_FLOWS and node.arguments:
            return self.text_of_file(node, use, source, bound, arguments)
        if node.expand_final and arguments:
            last = arguments.pop()
            arguments.append(select(last, ELEMENT))
        return function_effects.result(node.name, arguments)

    def _loop(
        self,
        node: ast.ForTuple | ast.ForObject,
        value: ast.Expression,
        use: ModuleUse,
        source: SourceFile,
        bound: Bindings,
    ) -> LiteralStrings:
        element = select(self.literals(node.collection, use, source, bound), ELEMENT)
        inner = {**bound, node.value_name: element}
        if node.key_name is not None:
            inner[node.key_name] = ()
        return self.literals(value, use, source, inner)

    # the meaning of names

    def variable(self, use: ModuleUse, name: str) -> LiteralStrings:
        """Return the possible values of a variable: the argument of the call, var-files and the default."""
        declared = use.module.variables.get(name)
        if declared is None:
            return ()
        return self._cached(use, f"var.{name}", lambda: self._variable(use, name))

    def _variable(self, use: ModuleUse, name: str) -> LiteralStrings:
        variable = use.module.variables[name]
        found: list[LiteralString] = []
        given = False
        if use.call is not None and use.caller is not None:
            argument = use.call.block.attributes.get(name)
            given = argument is not None
            if argument is not None:
                bound = each_bindings(self, use.caller, use.call.block)
                found += self._traced(OriginKind.ARGUMENT, name, argument, use.caller, bound)
        for assignment in use.assigned.get(name, ()):
            if assignment.argument is not None:
                found += self._traced(OriginKind.TFVARS, name, assignment.argument, use, {})
        if not given and variable.default is not None:
            found += self._traced(OriginKind.DEFAULT, name, variable.default, use, {})
        return bounded(found)

    def local(self, use: ModuleUse, name: str) -> LiteralStrings:
        """Return the possible values of a local."""
        local = use.module.locals.get(name)
        if local is None:
            return ()
        return self._cached(use, f"local.{name}", lambda: self._traced(OriginKind.LOCAL, name, local.argument, use, {}))

    def output(self, use: ModuleUse, call: str, name: str) -> LiteralStrings:
        """Return the possible values of an output of a called module."""
        child = use.children.get(call)
        if child is None or name not in child.module.outputs:
            return ()
        argument = child.module.outputs[name].block.attributes.get("value")
        if argument is None:
            return ()
        return self._cached(child, f"output.{name}", lambda: self._traced(OriginKind.OUTPUT, name, argument, child, {}))

    def _exported(self, use: ModuleUse, address: str, name: str) -> LiteralStrings:
        """Return the possible values of a resource's argument that another expression reads."""
        resource = use.module.resources.get(address)
        name = _REPEATED_ARGUMENTS.get((address.partition(".")[0], name), name)
        argument = resource.block.attributes.get(name) if resource is not None else None
        if resource is None or argument is None:
            return ()
        key = f"{address}.{name}"
        return self._cached(
            use,
            key,
            lambda: self._traced(OriginKind.RESOURCE, key, argument, use, each_bindings(self, use, resource.block)),
        )

    def _traced(
        self, kind: OriginKind, name: str, argument: Argument, use: ModuleUse, bound: Bindings
    ) -> LiteralStrings:
        node = argument.node
        found = self.literals(argument.value, use, argument.source, bound)
        return tuple(string.with_step(kind, name, argument.source, node.start, node.end) for string in found)

    def _cached(self, use: ModuleUse, key: str, compute: Callable[[], LiteralStrings]) -> LiteralStrings:
        known = use.known.get(key)
        if known is not None:
            return known
        running = (id(use), key)
        if running in self._running or len(self._running) > MAX_DEPTH:
            return ()
        self._running.add(running)
        try:
            found = compute()
        finally:
            self._running.discard(running)
        use.known[key] = found
        return found
