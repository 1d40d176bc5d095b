"""Conversion of the syntax trees of a directory to its `Module`.

Block types and their labels: https://developer.hashicorp.com/terraform/language/syntax/configuration.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from iacpolicy.core.diagnostics import Diagnostic, error
from iacpolicy.core.lazy_regex import lazy_pattern
from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl import ast
from iacpolicy.hcl.json_blocks import blocks_of, misfits
from iacpolicy.terraform.blocks import Argument, ConfigBlock, literal
from iacpolicy.terraform.config import (
    Backend,
    Local,
    Mode,
    Module,
    ModuleCall,
    Output,
    ProviderConfig,
    ResourceConfig,
    Variable,
)
from iacpolicy.terraform.files import ParsedFiles, is_override_file
from iacpolicy.terraform.language import TOP_LEVEL
from iacpolicy.terraform.overrides import merged

_NAME = lazy_pattern(r"[^\W\d][\w-]*\Z")


def load_module(files: ParsedFiles, directory: str) -> tuple[Module, list[Diagnostic]]:
    """Return the module in a directory, as far as it could be read, and its problems."""
    primary, override = files.configuration(directory)
    overrides = frozenset(override)
    diagnostics: list[Diagnostic] = []
    sources: list[SourceFile] = []
    comments: dict[str, tuple[ast.Comment, ...]] = {}
    blocks: list[ConfigBlock] = []
    overriding: list[ConfigBlock] = []
    for path in (*primary, *override):
        parsed = files.parsed(path)
        diagnostics.extend(files.problems.get(path, ()))
        if parsed is None:
            continue
        source, file = parsed
        sources.append(source)
        comments[path] = file.comments
        target = overriding if path in overrides else blocks
        for found in _top_level(source, file):
            if isinstance(found, ConfigBlock):
                target.append(found)
            else:
                diagnostics.append(found)
    effective, problems = merged(blocks, overriding)
    builder = _ModuleBuilder(Module(directory, tuple(sources), comments=comments))
    for block in effective:
        builder.declare(block)
    module = builder.build()
    return module, [*diagnostics, *problems, *builder.diagnostics]


def _top_level(source: SourceFile, file: ast.File) -> Iterator[ConfigBlock | Diagnostic]:
    """Yield the blocks of a file, and a diagnostic for each part that is no block of the language."""
    body = file.body
    nodes: list[ast.Block] = list(body.blocks)
    for attribute in body.attributes:
        if body.json and attribute.name in TOP_LEVEL:
            nodes.extend(blocks_of(attribute.value, attribute.name, TOP_LEVEL[attribute.name]))
            yield from (_misfit(source, node) for node in misfits(attribute.value, TOP_LEVEL[attribute.name]))
        elif not (body.json and attribute.name == "//"):
            yield error(
                "Unsupported argument",
                f'An argument named "{attribute.name}" is not expected here. Did you mean to put it into a '
                "block, or a value into a .tfvars file?",
                source.span(attribute.start, attribute.name_end),
            )
    for node in nodes:
        expected = TOP_LEVEL.get(node.type)
        place = source.span(node.start, node.header_end)
        if expected is None:
            yield error("Unsupported block type", f'Blocks of type "{node.type}" are not expected here.', place)
        elif len(node.labels) != expected:
            wanted = ("no label", "one label", "two labels: type and name")[expected]
            yield error(f"Wrong labels for {node.type}", f'A "{node.type}" block has {wanted}.', place)
        else:
            yield ConfigBlock(source, node)


def _misfit(source: SourceFile, node: ast.Node) -> Diagnostic:
    return error(
        "JSON object expected",
        "A block in JSON is an object, or a list of objects, under a property for each of its labels. This was not "
        "read.",
        source.span(node.start, node.end),
    )


class _ModuleBuilder:
    """A module to which blocks are added in file order, and the diagnostics of those blocks."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.diagnostics: list[Diagnostic] = []
        self.seen: dict[tuple[str, str], ConfigBlock] = {}
        self.terraform_blocks: list[ConfigBlock] = []
        self.others: list[ConfigBlock] = []

    def build(self) -> Module:
        """Return the module with the blocks that were added, and its backend."""
        return replace(
            self.module,
            terraform_blocks=tuple(self.terraform_blocks),
            backend=self.backend(),
            others=tuple(self.others),
        )

    def declare(self, block: ConfigBlock) -> None:
        """Add the declarations of a block; the first one of a name is kept."""
        name = block.labels[-1] if block.labels else ""
        if block.labels and not _NAME.match(name):
            self.diagnostics.append(
                error(
                    f"Invalid {block.type} name",
                    "A name must start with a letter or underscore and may contain only letters, digits, underscores, "
                    "and dashes.",
                    block.header,
                )
            )
        match block.type:
            case "variable":
                if self.is_new("variable", name, block):
                    self.module.variables[name] = _variable(name, block)
            case "locals":
                self.declare_locals(block)
            case "output":
                if self.is_new("output", name, block):
                    self.module.outputs[name] = Output(name, block)
            case "module":
                if self.is_new("module", name, block):
                    source, version = block.attributes.get("source"), block.attributes.get("version")
                    self.module.calls[name] = ModuleCall(name, block, literal(source), literal(version))
            case "resource" | "data" | "ephemeral":
                mode = Mode.MANAGED if block.type == "resource" else Mode(block.type)
                resource = ResourceConfig(mode, block.labels[0], name, block)
                if self.is_new("resource", resource.address, block):
                    self.module.resources[resource.address] = resource
            case "provider":
                alias = literal(block.attributes.get("alias"))
                key = f"{name}.{alias}" if alias else name
                if self.is_new("provider configuration", key, block):
                    self.module.providers[key] = ProviderConfig(name, alias, block)
            case "check":
                self.others.append(block)
                for inner in block.nested("data", 2):
                    if len(inner.labels) == 2:
                        scoped = ResourceConfig(Mode.DATA, *inner.labels, inner)
                        if self.is_new("resource", scoped.address, inner):
                            self.module.resources[scoped.address] = scoped
            case "terraform":
                self.terraform_blocks.append(block)
            case _:
                self.others.append(block)

    def is_new(self, kind: str, name: str, block: ConfigBlock) -> bool:
        """Return whether no earlier block has the name; otherwise add a diagnostic."""
        first = self.seen.setdefault((kind, name), block)
        if first is block:
            return True
        self.diagnostics.append(
            error(
                f"Duplicate {kind}",
                f'{kind.capitalize()} "{name}" was already declared at {first.header}. The first one was read.',
                block.header,
            )
        )
        return False

    def declare_locals(self, block: ConfigBlock) -> None:
        """Add the values of a `locals` block; an override file can only replace values."""
        is_override = is_override_file(block.source.path)
        for attribute in block.node.body.attributes:
            name, argument = attribute.name, Argument(block.source, attribute)
            known = self.module.locals.get(name)
            if is_override and known is None:
                self.diagnostics.append(
                    error(
                        "Missing base local value definition to override",
                        f'There is no local value named "{name}". An override file can only override a local value '
                        "that was already defined in a primary configuration file.",
                        argument.span,
                    )
                )
                continue
            if known is not None and not is_override:
                self.diagnostics.append(
                    error(
                        "Duplicate local value",
                        f'A local value named "{name}" was already defined at {known.argument.span}. '
                        "The first one was read.",
                        argument.span,
                    )
                )
                continue
            self.module.locals[name] = Local(name, argument)

    def backend(self) -> Backend | None:
        """Return the backend in effect: the first in file order, or the one of an override file."""
        found: Backend | None = None
        for block in self.terraform_blocks:
            is_override = is_override_file(block.source.path)
            nested = [*block.nested("backend", 1), *block.nested("cloud")]
            for inner in nested:
                if inner.type == "backend" and len(inner.labels) != 1:
                    text = 'A "backend" block has one label: its type, such as backend "s3".'
                    self.diagnostics.append(error("Wrong labels for backend", text, inner.header))
                    continue
                type_ = inner.labels[0] if inner.type == "backend" else "cloud"
                if found is not None and not is_override:
                    self.diagnostics.append(
                        error(
                            "Duplicate backend configuration",
                            f"A module may have one backend; another is at {found.block.header}.",
                            inner.header,
                        )
                    )
                    continue
                found = Backend(type_, inner)
        return found


def _variable(name: str, block: ConfigBlock) -> Variable:
    return Variable(
        name,
        block,
        block.attributes.get("type"),
        block.attributes.get("default"),
        _literal_bool(block, "sensitive", False),
        _literal_bool(block, "ephemeral", False),
        _literal_bool(block, "nullable", True),
        block.nested("validation"),
    )


def _literal_bool(block: ConfigBlock, name: str, default: bool) -> bool:
    argument = block.attributes.get(name)
    if argument is None:
        return default
    if isinstance(argument.value, ast.Bool):
        return argument.value.value
    text = literal(argument)
    return {"true": True, "false": False}.get(text or "", default)


__all__ = ["literal", "load_module"]
