"""Ask Terraform for the values of expressions: one `plan` of a module that has an output for each of them.

A plan continues after an expression that it refuses and reports its place, so that any number of expressions fit into
one plan. `terraform_data` of the builtin provider has an `id` and an `output` that are unknown before an apply.
"""

import json
import os
import shutil
import subprocess
import tempfile
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iacpolicy.core.types import Type, from_json

TERRAFORM = shutil.which("terraform")
QUESTIONS = "questions.tf"


class PlanRefusedError(Exception):
    """Terraform refused the whole module and not one expression of it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Terraform's answer: a value as JSON with its unknown and sensitive parts, or an error.

    `type` is set for a known value only.
    """

    error: str | None = None
    value: Any = None
    unknown: Any = False
    sensitive: Any = False
    type: Type | None = None


class Exact(str):
    """A number of a JSON document with the digits as written."""


def ask(
    expressions: Mapping[str, str], files: Mapping[str, str], providers: Mapping[str, str] | None = None
) -> dict[str, Answer]:
    """Return the values of named expressions in a root module with these files.

    `providers` are environment variables by which Terraform finds its providers.

    Raises:
        PlanRefusedError: Terraform reports an error that none of the expressions causes.
    """
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        if providers is not None or any("/" in path for path in files):
            run(root, "init", "-input=false", "-backend=false", environment=providers)
        return ask_in(root, expressions, providers)


def ask_in(root: Path, expressions: Mapping[str, str], providers: Mapping[str, str] | None = None) -> dict[str, Answer]:
    """Return the values of named expressions in the root module of a directory.

    Raises:
        PlanRefusedError: Terraform reports an error that none of the expressions causes.
    """
    answers: dict[str, Answer] = {}
    left = dict(expressions)
    while failed := _failures(root, left, providers):
        answers.update(failed)
        left = {name: text for name, text in left.items() if name not in failed}
    return {**answers, **_values(root, left, providers)}


def run(root: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Return the JSON documents that a command of Terraform prints.

    Raises:
        PlanRefusedError: the command failed without output.
    """
    assert TERRAFORM is not None
    own = {k: v for k, v in os.environ.items() if not k.startswith("TF_")} | {"CHECKPOINT_DISABLE": "1"}
    result = subprocess.run(
        [TERRAFORM, arguments[0], "-json", *arguments[1:]],
        cwd=root,
        env={**own, **(environment or {})},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    messages = [
        json.loads(line, parse_float=Exact, parse_int=Exact) for line in result.stdout.split("\n") if line[:1] == "{"
    ]
    if result.returncode and not messages:
        raise PlanRefusedError(result.stderr or result.stdout)
    return messages


def _questions(expressions: Mapping[str, str]) -> tuple[str, list[int], list[str]]:
    """Return the text of the file of questions, the first line of each, and their names."""
    lines: list[str] = []
    starts: list[int] = []
    names: list[str] = []
    for name, text in expressions.items():
        starts.append(len(lines) + 1)
        names.append(name)
        lines += f"locals {{\n  {name} = {text}\n}}".split("\n")
        lines += f'output "{name}" {{\n  value = local.{name}\n  sensitive = true\n}}'.split("\n")
    starts.append(len(lines) + 1)
    record = ", ".join(f"{n} = local.{n}" for n in names)
    lines += ['resource "terraform_data" "record" {', f"  input = {{ {record} }}", "}", ""]
    return "\n".join(lines), starts, names


def _failures(root: Path, expressions: Mapping[str, str], providers: Mapping[str, str] | None) -> dict[str, Answer]:
    text, starts, names = _questions(expressions)
    (root / QUESTIONS).write_text(text, encoding="utf-8")
    failed: dict[str, Answer] = {}
    other: list[str] = []
    for line in run(root, "plan", "-input=false", "-out=plan", "-refresh=false", environment=providers):
        problem = line.get("diagnostic", {})
        if problem.get("severity") != "error":
            continue
        place = problem.get("range") or {"filename": "", "start": {"line": 0}}
        message = f"{problem['summary']}: {problem.get('detail', '')}"
        index = bisect_right(starts, int(place["start"]["line"])) - 1
        if place["filename"] == QUESTIONS and index < len(names):
            failed.setdefault(names[index], Answer(error=message))
        else:
            other.append(f"{place['filename']}:{place['start']['line']}: {message}")
    if other and not failed:
        raise PlanRefusedError("\n".join(other))
    return failed


def _values(root: Path, names: Mapping[str, str], providers: Mapping[str, str] | None) -> dict[str, Answer]:
    plan = run(root, "show", "plan", environment=providers)[0]
    outputs = plan.get("output_changes", {})
    types = {n: o["type"] for n, o in plan["planned_values"].get("outputs", {}).items() if "type" in o}
    record = next(r for r in plan["resource_changes"] if r["name"] == "record")["change"]
    marks = record["after_sensitive"] or {}
    marks = marks.get("input", False) if isinstance(marks, dict) else marks
    return {
        name: Answer(
            None,
            outputs[name].get("after"),
            outputs[name].get("after_unknown", False),
            marks if isinstance(marks, bool) else marks.get(name, False),
            from_json(types[name]) if name in types else None,
        )
        for name in names
    }
