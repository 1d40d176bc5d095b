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
        target.extend(_top_level(source, file, diagnostics))
    module = Module(directory, tuple(sources), comments=comments)
    module = _declare(module, merged(blocks, overriding, diagnostics), diagnostics)
    return module, diagnostics


def _top_level(source: SourceFile, file: ast.File, diagnostics: list[Diagnostic]) -> Iterator[ConfigBlock]:
    body = file.body
    nodes: list[ast.Block] = list(body.blocks)
    for attribute in body.attributes:
        if body.json and attribute.name in TOP_LEVEL:
            nodes.extend(blocks_of(attribute.value, attribute.name, TOP_LEVEL[attribute.name]))
            diagnostics.extend(_misfit(source, node) for node in misfits(attribute.value, TOP_LEVEL[attribute.name]))
        elif not (body.json and attribute.name == "//"):
            diagnostics.append(
                error(
                    "Unsupported argument",
                    f'An argument named "{attribute.name}" is not expected here. Did you mean to put it into a '
                    "block, or a value into a .tfvars file?",
                    source.span(attribute.start, attribute.name_end),
                )
            )
    for node in nodes:
        expected = TOP_LEVEL.get(node.type)
        place = source.span(node.start, node.header_end)
        if expected is None:
            diagnostics.append(
                error("Unsupported block type", f'Blocks of type "{node.type}" are not expected here.', place)
            )
        elif len(node.labels) != expected:
            wanted = ("no label", "one label", "two labels: type and name")[expected]
            diagnostics.append(error(f"Wrong labels for {node.type}", f'A "{node.type}" block has {wanted}.', place))
        else:
            yield ConfigBlock(source, node)


def _misfit(source: SourceFile, node: ast.Node) -> Diagnostic:
    return error(
        "JSON object expected",
        "A block in JSON is an object, or a list of objects, under a property for each of its labels. This was not "
        "read.",
        source.span(node.start, node.end),
    )


def _declare(module: Module, blocks: list[ConfigBlock], diagnostics: list[Diagnostic]) -> Module:
    seen: dict[tuple[str, str], ConfigBlock] = {}
    terraform_blocks: list[ConfigBlock] = []
    others: list[ConfigBlock] = []
    for block in blocks:
        name = block.labels[-1] if block.labels else ""
        if block.labels and not _NAME.match(name):
            diagnostics.append(
                error(
                    f"Invalid {block.type} name",
                    "A name must start with a letter or underscore and may contain only letters, digits, underscores, "
                    "and dashes.",
                    block.header,
                )
            )
        match block.type:
            case "variable":
                if _is_new(seen, "variable", name, block, diagnostics):
                    module.variables[name] = _variable(name, block)
            case "locals":
                _declare_locals(module, block, diagnostics)
            case "output":
                if _is_new(seen, "output", name, block, diagnostics):
                    module.outputs[name] = Output(name, block)
            case "module":
                if _is_new(seen, "module", name, block, diagnostics):
                    source, version = block.attributes.get("source"), block.attributes.get("version")
                    module.calls[name] = ModuleCall(name, block, literal(source), literal(version))
            case "resource" | "data" | "ephemeral":
                mode = Mode.MANAGED if block.type == "resource" else Mode(block.type)
                resource = ResourceConfig(mode, block.labels[0], name, block)
                if _is_new(seen, "resource", resource.address, block, diagnostics):
                    module.resources[resource.address] = resource
            case "provider":
                alias = literal(block.attributes.get("alias"))
                key = f"{name}.{alias}" if alias else name
                if _is_new(seen, "provider configuration", key, block, diagnostics):
                    module.providers[key] = ProviderConfig(name, alias, block)
            case "check":
                others.append(block)
                for inner in block.nested("data", 2):
                    if len(inner.labels) == 2:
                        scoped = ResourceConfig(Mode.DATA, *inner.labels, inner)
                        if _is_new(seen, "resource", scoped.address, inner, diagnostics):
                            module.resources[scoped.address] = scoped
            case "terraform":
                terraform_blocks.append(block)
            case _:
                others.append(block)
    backend = _backend(terraform_blocks, diagnostics)
    return replace(module, terraform_blocks=tuple(terraform_blocks), backend=backend, others=tuple(others))


def _is_new(
    seen: dict[tuple[str, str], ConfigBlock], kind: str, name: str, block: ConfigBlock, diagnostics: list[Diagnostic]
) -> bool:
    first = seen.setdefault((kind, name), block)
    if first is block:
        return True
    diagnostics.append(
        error(
            f"Duplicate {kind}",
            f'{kind.capitalize()} "{name}" was already declared at {first.header}. The first one was read.',
            block.header,
        )
    )
    return False


def _declare_locals(module: Module, block: ConfigBlock, diagnostics: list[Diagnostic]) -> None:
    is_override = is_override_file(block.source.path)
    written = [(a.name, Argument(block.source, a)) for a in block.node.body.attributes]
    for name, argument in written:
        if is_override and name not in module.locals:
            diagnostics.append(
                error(
                    "Missing base local value definition to override",
                    f'There is no local value named "{name}". An override file can only override a local value that '
                    "was already defined in a primary configuration file.",
                    argument.span,
                )
            )
            continue
        if name in module.locals and not is_override:
            diagnostics.append(
                error(
                    "Duplicate local value",
                    f'A local value named "{name}" was already defined at {module.locals[name].argument.span}. '
                    "The first one was read.",
                    argument.span,
                )
            )
            continue
        module.locals[name] = Local(name, argument)


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


def _backend(terraform_blocks: list[ConfigBlock], diagnostics: list[Diagnostic]) -> Backend | None:
    """Return the backend in effect: the first in file order, or the one of an override file."""
    found: Backend | None = None
    for block in terraform_blocks:
        is_override = is_override_file(block.source.path)
        nested = [*block.nested("backend", 1), *block.nested("cloud")]
        for inner in nested:
            if inner.type == "backend" and len(inner.labels) != 1:
                text = 'A "backend" block has one label: its type, such as backend "s3".'
                diagnostics.append(error("Wrong labels for backend", text, inner.header))
                continue
            type_ = inner.labels[0] if inner.type == "backend" else "cloud"
            if found is not None and not is_override:
                diagnostics.append(
                    error(
                        "Duplicate backend configuration",
                        f"A module may have one backend; another is at {found.block.header}.",
                        inner.header,
                    )
                )
                continue
            found = Backend(type_, inner)
    return found


def _literal_bool(block: ConfigBlock, name: str, default: bool) -> bool:
    argument = block.attributes.get(name)
    if argument is None:
        return default
    if isinstance(argument.value, ast.Bool):
        return argument.value.value
    text = literal(argument)
    return {"true": True, "false": False}.get(text or "", default)


__all__ = ["literal", "load_module"]
