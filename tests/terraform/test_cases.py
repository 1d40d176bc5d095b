"""Directories as text, and the module, roots, cells and assignments that are read from them, compared as a whole.

A case is files, each under a line `-- path`; a section `ask` holds one question a line, `settings` what settings say.
"""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.support import snapshots

from iacpolicy.core.diagnostics import Diagnostic
from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import MemoryTree
from iacpolicy.hcl import ast
from iacpolicy.terraform.blocks import Argument, ConfigBlock
from iacpolicy.terraform.cells import RootSettings, WorkspaceSettings, find_cells
from iacpolicy.terraform.files import ParsedFiles
from iacpolicy.terraform.modules import Modules
from iacpolicy.terraform.roots import find_roots
from iacpolicy.terraform.variables import assignments, undeclared

CASES = Path(__file__).parent / "cases"


def read(case: Path) -> dict[str, str]:
    sections: dict[str, list[str]] = {}
    name = ""
    for line in case.read_text(encoding="utf-8").split("\n"):
        if line.startswith("-- "):
            name = line[3:]
            sections[name] = []
        else:
            sections[name].append(line)
    return {name: "\n".join(lines).rstrip("\n") + "\n" for name, lines in sections.items()}


def questions(files: dict[str, str]) -> list[str]:
    return files.pop("ask").strip().split("\n")


def written(source: SourceFile, node: ast.Node) -> str:
    return " ".join(source.text[node.start : node.end].split())


def argument_lines(argument: Argument, indent: str) -> list[str]:
    return [f"{indent}{argument.name} = {written(argument.source, argument.value)}  # {argument.span}"]


def block_lines(block: ConfigBlock, indent: str = "") -> list[str]:
    lines = [f"{indent}{' '.join((block.type, *block.labels))}  # {block.header}"]
    for argument in block.attributes.values():
        lines.extend(argument_lines(argument, indent + "  "))
    nested = list(block.blocks)
    for name in ("rule", "lifecycle", "backend", "validation"):
        nested.extend(b for b in block.nested(name, int(name == "backend")) if b.is_json)
    for inner in nested:
        lines.extend(block_lines(inner, indent + "  "))
    return lines


def problem_line(problem: Diagnostic) -> str:
    return f"{problem.location}: {problem.severity}: {problem.summary}: {problem.detail}"


def modules_case(files: dict[str, str]) -> list[str]:
    modules = Modules(ParsedFiles(MemoryTree(files)))
    module = modules.load("")
    lines = [f"files: {' '.join(f.path for f in module.files)}", f"place: {module.place}"]
    for variable in module.variables.values():
        flags = [n for n in ("sensitive", "ephemeral", "nullable") if getattr(variable, n)]
        lines += [*block_lines(variable.block), f"  flags: {' '.join(flags)}; {len(variable.validations)} validations"]
    for local in module.locals.values():
        lines.extend(argument_lines(local.argument, "local "))
    for resource in module.resources.values():
        lines += [f"[{resource.address}]", *block_lines(resource.block)]
    for call in module.calls.values():
        lines += [f"[module.{call.name} from {call.source} {call.version}]"]
    for key, provider in module.providers.items():
        lines += [f"[provider {key}]", *block_lines(provider.block)]
    lines.extend(f"[output.{o.name}] {o.block.header}" for o in module.outputs.values())
    lines.extend(f"[{b.type} {' '.join(b.labels)}] {b.header}" for b in module.others)
    backend = module.backend
    lines.append(f"backend: {backend.type}  # {backend.block.header}" if backend is not None else "backend: none")
    return [*lines, "", *(problem_line(p) for p in modules.problems(""))]


def roots_case(files: dict[str, str]) -> list[str]:
    asked = questions(files)
    lines = []
    for question in asked:
        modules = Modules(ParsedFiles(MemoryTree(files)))
        selected = ["" if s == "." else s for s in question.split()]
        lines.append(f"{question}: {' '.join(r or '.' for r in find_roots(modules, selected))}")
    return lines


def options(question: str) -> dict[str, list[str]]:
    pairs = [part.partition("=") for part in question.split()]
    return {name: text.split(",") if text else [] for name, _, text in pairs}


def cells_case(files: dict[str, str]) -> list[str]:
    asked = questions(files)
    said = tomllib.loads(files.pop("settings", ""))
    settings = WorkspaceSettings(
        {name: tuple(paths) for name, paths in said.get("workspaces", {}).items()},
        {root: RootSettings(tuple(names)) for root, names in said.get("roots", {}).items()},
    )
    parsed = ParsedFiles(MemoryTree(files))
    lines = []
    for question in asked:
        given = options(question)
        module = Modules(parsed).load(given["root"][0].removeprefix("."))
        lines.append(f"{question}:")
        for cell in find_cells(parsed, module, settings, given.get("workspaces", []), given.get("extra", [])):
            lines.append(f"  {cell.workspace}: {' '.join(cell.var_files)}".rstrip())
    return lines


def assignments_case(files: dict[str, str]) -> list[str]:
    asked = questions(files)
    parsed = ParsedFiles(MemoryTree(files))
    module = Modules(parsed).load("")
    lines = []
    for question in asked:
        given = options(question)
        environment = {f"TF_VAR_{k}": v for k, v in (p.split(":") for p in given.get("env", []))}
        command_line = dict(p.split(":") for p in given.get("cli", []))
        held, problems = assignments(parsed, "", given.get("files", []), {**environment, "HOME": "/root"}, command_line)
        lines.append(f"{question}:")
        for name, assignment in sorted(held.items()):
            text = assignment.text
            if assignment.argument is not None:
                text = f"{written(assignment.argument.source, assignment.argument.value)}  # {assignment.argument.span}"
            lines.append(f"  {name}: {assignment.by}: {text}")
        lines.extend(f"  {problem_line(p)}" for p in (*problems, *undeclared(module, held)))
    return lines


READERS: dict[str, Callable[[dict[str, str]], list[str]]] = {
    "modules": modules_case,
    "roots": roots_case,
    "cells": cells_case,
    "assignments": assignments_case,
}


@pytest.mark.parametrize("case", sorted(CASES.glob("*/*.txt")), ids=lambda case: f"{case.parent.name}/{case.stem}")
def test_whole_output(case: Path) -> None:
    """Each case gives exactly the expected text beside it."""
    lines = READERS[case.parent.name](read(case))
    snapshots.check(case.with_suffix(".expected"), "\n".join(lines) + "\n")
