"""Assignments to the variables of a root, by precedence.

Later wins: environment, `terraform.tfvars`, `terraform.tfvars.json`, `*.auto.tfvars` and `*.auto.tfvars.json` by name,
then the cell's var-files in their order, then `-var`.
https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec

from iacpolicy.core.diagnostics import Diagnostic, error, warning
from iacpolicy.core.similar import did_you_mean
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import file_start
from iacpolicy.terraform.blocks import Argument
from iacpolicy.terraform.config import Module
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.references import FunctionCall, Reference, references_and_calls


class AssignedBy(StrEnum):
    """The source of an assignment."""

    TFVARS = "tfvars"
    ENVIRONMENT = "env"
    COMMAND_LINE = "cli"


class Assignment(msgspec.Struct, frozen=True):
    """A value given to a variable: an argument of a tfvars file, or the text of an option or of the environment."""

    name: str
    by: AssignedBy
    argument: Argument | None = None
    text: str = ""


def automatic_files(files: ParsedFiles, root: str) -> list[str]:
    """Return the var-files that Terraform loads by itself in a root, in its order."""
    names = {path.rpartition("/")[2]: path for path in files.tree.listing(root)}
    found = [names[n] for n in ("terraform.tfvars", "terraform.tfvars.json") if n in names]
    found.extend(names[n] for n in sorted(names) if n.endswith((".auto.tfvars", ".auto.tfvars.json")))
    return found


def read_assignments(files: ParsedFiles, path: str) -> tuple[list[Assignment], list[Diagnostic]]:
    """Return the assignments of one var-file."""
    parsed = files.parsed(path)
    problems = list(files.problems.get(path, ()))
    if parsed is None:
        return [], problems
    source, file = parsed
    for block in file.body.blocks:
        problems.append(
            error(
                "Block in a variables file",
                f'A .tfvars file holds only assignments such as `name = "value"`; the block "{block.type}" was not '
                "read.",
                source.span(block.start, block.header_end),
            )
        )
    if not file.body.json:
        for attribute in file.body.attributes:
            problems.extend(_not_constant(found, source) for found in references_and_calls(attribute.value, source))
    found = [Assignment(a.name, AssignedBy.TFVARS, Argument(source, a)) for a in file.body.attributes]
    return found, problems


def _not_constant(found: Reference | FunctionCall, source: SourceFile) -> Diagnostic:
    """Return the error for a name or a call in a var-file, in the words of the evaluation."""
    place = source.span(found.start, found.end)
    if isinstance(found, FunctionCall):
        return error("Function calls not allowed", "Functions may not be called here; write the value itself.", place)
    return error("Variables not allowed", "Variables may not be used here; write the value itself.", place)


def assignments(
    files: ParsedFiles,
    root: str,
    var_files: Sequence[str],
    environment: Mapping[str, str],
    command_line: Mapping[str, str],
) -> tuple[dict[str, Assignment], list[Diagnostic]]:
    """Return the assignment in effect for each name, and the problems of files that could not be read."""
    held: dict[str, Assignment] = {}
    problems: list[Diagnostic] = []
    for key in sorted(environment):
        if key.startswith("TF_VAR_"):
            name = key.removeprefix("TF_VAR_")
            held[name] = Assignment(name, AssignedBy.ENVIRONMENT, text=environment[key])
    # a file that is named again counts where it is named last
    for path in reversed(dict.fromkeys(reversed((*automatic_files(files, root), *var_files)))):
        if not files.tree.exists(path):
            problems.append(
                error(
                    "Variables file not found",
                    f"{path} does not exist. Correct the setting `var_files` or the option --var-file.",
                    file_start(path),
                )
            )
            continue
        found, trouble = read_assignments(files, path)
        problems.extend(trouble)
        held.update((a.name, a) for a in found)
    for name, text in command_line.items():
        held[name] = Assignment(name, AssignedBy.COMMAND_LINE, text=text)
    return held, problems


def undeclared(module: Module, held: Mapping[str, Assignment]) -> list[Diagnostic]:
    """Assignments to variables that the root does not have: an error for `-var`, a warning for a var-file.

    The environment may hold values for other roots, so those are not reported.
    """
    problems: list[Diagnostic] = []
    for name, assignment in sorted(held.items()):
        if name in module.variables or assignment.by is AssignedBy.ENVIRONMENT:
            continue
        hint = did_you_mean(name, module.variables)
        if assignment.argument is None:
            text = (
                f'A variable named "{name}" was assigned on the command line, but the root does not declare it.{hint}'
            )
            problems.append(error("Value for undeclared variable", text, module.place))
        else:
            text = f'The root does not declare a variable named "{name}", but this file gives it a value.{hint}'
            problems.append(warning("Value for undeclared variable", text, assignment.argument.span))
    return problems


def expression_source(assignment: Assignment) -> SourceFile:
    """Return the text of an option or of the environment as a source, for types that are written as expressions."""
    return SourceFile(f"<{assignment.by} {assignment.name}>", assignment.text)


__all__ = [
    "AssignedBy",
    "Assignment",
    "assignments",
    "automatic_files",
    "expression_source",
    "read_assignments",
    "undeclared",
]
