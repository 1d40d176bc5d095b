"""Checks that provider configurations are declared once, and that each named alias is declared.

https://developer.hashicorp.com/terraform/language/meta-arguments/resource-provider
"""

from collections.abc import Iterator

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.similar import did_you_mean
from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl import ast
from iacpolicy.hcl.visit import walk
from iacpolicy.terraform.blocks import Argument
from iacpolicy.terraform.config import Module
from iacpolicy.terraform.static_expressions import written


def undeclared_providers(module: Module) -> Iterator[Diagnostic]:
    """Yield the aliases that resources and calls name and that no `provider` block and no caller declares."""
    declared = {*module.providers, *configuration_aliases(module)}
    for resource in module.resources.values():
        argument = resource.block.attributes.get("provider")
        if argument is not None:
            yield from _undeclared(argument.value, argument.source, declared)
    for call in module.calls.values():
        argument = call.block.attributes.get("providers")
        if argument is not None:
            yield from _in_map(argument, declared)


def configuration_aliases(module: Module) -> set[str]:
    """Return the aliased configurations that a module expects from its caller, as `aws.west`."""
    found: set[str] = set()
    for block in module.terraform_blocks:
        for inner in block.nested("required_providers"):
            for argument in inner.attributes.values():
                if isinstance(argument.value, ast.ObjectCons):
                    found.update(_aliases(argument.value, argument.source))
    return found


def _aliases(settings: ast.ObjectCons, source: SourceFile) -> Iterator[str]:
    for item in settings.items:
        if isinstance(item.key, ast.KeyName) and item.key.name == "configuration_aliases":
            for node in walk(item.value):
                name = _configuration(node, source)
                if name is not None:
                    yield name


def _in_map(argument: Argument, declared: set[str]) -> Iterator[Diagnostic]:
    if not isinstance(argument.value, ast.ObjectCons):
        yield error(
            "Invalid providers argument",
            "The configurations that a module gets are written as a map, such as { aws = aws.west }.",
            argument.span,
        )
        return
    for item in argument.value.items:
        yield from _undeclared(item.value, argument.source, declared)


def _undeclared(node: ast.Expression, source: SourceFile, declared: set[str]) -> Iterator[Diagnostic]:
    name = _configuration(node, source)
    if name is not None and name not in declared:
        provider, _, alias = name.partition(".")
        aliases = {d.partition(".")[2] for d in declared if d.startswith(f"{provider}.")}
        yield error(
            "Reference to undeclared provider configuration",
            f'The provider "{provider}" has no configuration with the alias "{alias}" in this module.'
            f'{did_you_mean(alias, aliases)} Declare it with a provider "{provider}" block, or with '
            "configuration_aliases in required_providers where the caller passes it.",
            source.span(node.start, node.end),
        )


def _configuration(node: ast.Node, source: SourceFile) -> str | None:
    """Return `name.alias` for a provider with an alias, without the key of an instance (OpenTofu)."""
    if isinstance(node, ast.Index):
        node = node.target
    if isinstance(node, ast.Template):
        node = written(node, source)
    if isinstance(node, ast.GetAttr) and isinstance(node.target, ast.Name):
        return f"{node.target.name}.{node.name}"
    return None
