"""References to undeclared names, and names outside their scope.

The texts equal those of the evaluation, so that both report one mistake as one diagnostic.
https://developer.hashicorp.com/terraform/language/expressions/references
"""

from collections import defaultdict
from functools import cached_property

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.similar import did_you_mean
from iacpolicy.terraform.config import Mode, Module
from iacpolicy.terraform.language import OUT_OF_SCOPE, RESOURCES, not_accessible
from iacpolicy.terraform.references import Reference, ReferenceKind
from iacpolicy.terraform.scoping import Area, ExpressionSite, ReferenceSite

_MODES = {ReferenceKind.RESOURCE: Mode.MANAGED, ReferenceKind.DATA: Mode.DATA, ReferenceKind.EPHEMERAL: Mode.EPHEMERAL}
_NOUNS = {
    ReferenceKind.RESOURCE: "A managed resource",
    ReferenceKind.DATA: "A data resource",
    ReferenceKind.EPHEMERAL: "An ephemeral resource",
}
_ATTRIBUTES = {
    ReferenceKind.PATH: ("module", "root", "cwd"),
    ReferenceKind.TERRAFORM: ("workspace", "applying"),
    ReferenceKind.EACH: ("key", "value"),
    ReferenceKind.COUNT: ("index",),
}


class DeclaredNames:
    """The declared names of a module; `path` are the calls from the root to it."""

    def __init__(self, module: Module, path: tuple[str, ...]) -> None:
        self.module = module
        self.where = f"module.{'.'.join(path)}" if path else "the root module"

    @cached_property
    def _of_type(self) -> dict[tuple[Mode, str], list[str]]:
        found: dict[tuple[Mode, str], list[str]] = defaultdict(list)
        for resource in self.module.resources.values():
            found[resource.mode, resource.type].append(resource.name)
        return found

    def problem(self, use: ReferenceSite, complete: bool) -> Diagnostic | None:
        """Return the problem of a reference, or None; an incomplete module may declare any name."""
        site, reference = use.site, use.reference
        if site.area is Area.CONSTANT:
            text = ("Variables not allowed", "Variables may not be used here; write the value itself.")
        else:
            wrong = self._problem(reference, site)
            if wrong is None or (not complete and wrong[0].startswith("Reference to undeclared")):
                return None
            text = wrong
        end = reference.steps[0].end if reference.kind is ReferenceKind.SELF and reference.steps else reference.end
        return error(*text, site.source.span(reference.start, end))

    def _problem(self, reference: Reference, site: ExpressionSite) -> tuple[str, str] | None:
        module, names = self.module, reference.names
        match reference.kind:
            case ReferenceKind.VARIABLE if names[0] not in module.variables:
                return (
                    "Reference to undeclared input variable",
                    f'An input variable with the name "{names[0]}" has not been declared.'
                    f'{did_you_mean(names[0], module.variables)} Declare it with a variable "{names[0]}" {{}} block.',
                )
            case ReferenceKind.LOCAL if names[0] not in module.locals:
                return (
                    "Reference to undeclared local value",
                    f'A local value with the name "{names[0]}" has not been declared.'
                    f"{did_you_mean(names[0], module.locals)}",
                )
            case ReferenceKind.MODULE if names[0] not in module.calls:
                return (
                    "Reference to undeclared module",
                    f'No module call named "{names[0]}" is declared.{did_you_mean(names[0], module.calls)}',
                )
            case ReferenceKind.RESOURCE | ReferenceKind.DATA | ReferenceKind.EPHEMERAL if (
                reference.address not in module.resources
            ):
                return self._undeclared_resource(reference)
            case ReferenceKind.PATH | ReferenceKind.TERRAFORM:
                return _attribute(reference)
            case ReferenceKind.EACH | ReferenceKind.COUNT | ReferenceKind.SELF:
                if reference.kind not in site.sees:
                    return "Invalid reference", OUT_OF_SCOPE[reference.kind]
                return None if reference.kind is ReferenceKind.SELF else _attribute(reference)
            case ReferenceKind.INCOMPLETE:
                return "Invalid reference", _incomplete(names, site)
        return None

    def _undeclared_resource(self, reference: Reference) -> tuple[str, str]:
        type_, name = reference.names
        names = self._of_type.get((_MODES[reference.kind], type_), [])
        hint = did_you_mean(name, names)
        if reference.kind is ReferenceKind.RESOURCE and not names and f"data.{type_}.{name}" in self.module.resources:
            hint = f' Did you mean the data resource "data.{type_}.{name}"?'
        return (
            "Reference to undeclared resource",
            f'{_NOUNS[reference.kind]} "{type_}" "{name}" has not been declared in {self.where}.{hint}',
        )


def _attribute(reference: Reference) -> tuple[str, str] | None:
    name = reference.names[0]
    if name in _ATTRIBUTES[reference.kind]:
        return None
    if reference.kind in (ReferenceKind.EACH, ReferenceKind.COUNT):
        return (
            "Unsupported attribute",
            f'This object does not have an attribute named "{name}".{did_you_mean(name, _ATTRIBUTES[reference.kind])}',
        )
    return (
        f'Invalid "{reference.kind}" attribute',
        f'The "{reference.kind}" object does not have an attribute named "{name}".',
    )


def _incomplete(names: tuple[str, ...], site: ExpressionSite) -> str:
    word = names[0]
    if word in RESOURCES and len(names) > 1:
        return f'The "{word}" object must be followed by two attribute names: the type and the name.'
    if word in OUT_OF_SCOPE and ReferenceKind(word) not in site.sees:
        return OUT_OF_SCOPE[word]
    return not_accessible(word)
