"""Ask Terraform for the outputs of small modules: variables, var-files, overrides, JSON, calls, expansion.

The cases are in `fixtures/modules/outputs.json`: files by path, `TF_VAR_` variables, and the outputs of a plan in the
notation of `language.answer_text`.
"""

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.oracle import language, terraform

from iacpolicy.core.types import from_json

CASES = Path(__file__).parents[2] / "fixtures" / "modules" / "outputs.json"


@dataclass(frozen=True, slots=True)
class Case:
    """A root module with its children, and Terraform's values of its outputs."""

    name: str
    files: Mapping[str, str]
    environment: Mapping[str, str]
    outputs: Mapping[str, str]


def cases() -> list[Case]:
    """Return the recorded cases."""
    found = json.loads(CASES.read_text(encoding="utf-8"))
    return [Case(name, c["files"], c["environment"], c["outputs"]) for name, c in found.items()]


def outputs(files: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Return the planned outputs of a root module.

    Raises:
        PlanRefusedError: Terraform refuses the module.
    """
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        terraform.run(root, "init", "-input=false", "-backend=false")
        messages = terraform.run(root, "plan", "-input=false", "-out=plan", "-refresh=false", environment=environment)
        problems = [line["diagnostic"] for line in messages if line.get("diagnostic", {}).get("severity") == "error"]
        if problems:
            raise terraform.PlanRefusedError(str(problems[0]))
        plan = terraform.run(root, "show", "plan")[0]
    types = {n: o["type"] for n, o in plan["planned_values"].get("outputs", {}).items() if "type" in o}
    found = {}
    for name, change in plan.get("output_changes", {}).items():
        type_ = from_json(types[name]) if name in types else None
        answer = terraform.Answer(
            None, change.get("after"), change.get("after_unknown", False), change.get("after_sensitive", False), type_
        )
        found[name] = language.answer_text(answer)
    return found


def record() -> None:
    """Record Terraform's outputs of each case anew."""
    found = json.loads(CASES.read_text(encoding="utf-8"))
    for case in found.values():
        case["outputs"] = outputs(case["files"], case["environment"])
    CASES.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
