"""Values of literal text, compared with Terraform's own answers."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from iacpolicy.core.sources import SourceFile
from iacpolicy.hcl.ast import ForDirective, IfDirective, Node, ObjectCons, Template, TemplatePart, TemplateWrap, Text
from iacpolicy.hcl.parse import parse
from iacpolicy.hcl.shared.text import decode_text, template_text

CASES = Path(__file__).parents[2] / "fixtures" / "syntax" / "text" / "cases.tf"
ANSWERS: dict[str, str] = json.loads(CASES.with_suffix(".json").read_text())


def values() -> tuple[SourceFile, dict[str, Node]]:
    """The case file, and the expression of each case."""
    source = SourceFile("cases.tf", CASES.read_text())
    result = parse(source)
    assert result.diagnostics == ()
    cases = result.file.body.blocks[0].body.attributes[0].value
    assert isinstance(cases, ObjectCons)
    return source, {item.key.name: item.value for item in cases.items if hasattr(item.key, "name")}


def rendered(source: SourceFile, parts: tuple[TemplatePart, ...]) -> str:
    """The text of a template whose interpolations are numbers and whose conditions hold."""
    shown: list[str] = []
    for part in parts:
        if isinstance(part, Text):
            shown.append(decode_text(source.text, part))
        elif isinstance(part, IfDirective):
            shown.append(rendered(source, part.then))
        else:
            assert not isinstance(part, ForDirective)
            shown.append(source.text[part.value.start : part.value.end])
    return "".join(shown)


@pytest.mark.parametrize("case", sorted(ANSWERS))
def test_text_is_terraforms(case: str) -> None:
    """Escapes, strip markers and the indentation of heredocs come out as in Terraform."""
    source, cases = values()
    template = cases[case]
    assert isinstance(template, Template)
    assert rendered(source, template.parts) == ANSWERS[case]


def test_template_text_is_for_literals_only() -> None:
    """A template with anything to evaluate has no text of its own."""
    source = SourceFile("a.tf", 'a = "x\\n"\nb = "x ${y}"\nc = ""\n')
    found = [attribute.value for attribute in parse(source).file.body.attributes]
    assert all(isinstance(value, Template) for value in found)
    assert [template_text(value, source.text) for value in found if isinstance(value, Template)] == ["x\n", None, ""]


def test_a_lone_interpolation_is_no_string() -> None:
    """`"${x}"` is the value of x itself, of any type."""
    source = SourceFile("a.tf", 'a = "${x}"\n')
    assert isinstance(parse(source).file.body.attributes[0].value, TemplateWrap)


@pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on PATH; its answers are recorded")
def test_recorded_answers_are_terraforms(tmp_path: Path) -> None:
    """cases.json equals the current output of `terraform console`."""
    shutil.copy(CASES, tmp_path)
    run = subprocess.run(
        ["terraform", f"-chdir={tmp_path}", "console"],
        input="jsonencode(local.text)\n",
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "TF_CLI_CONFIG_FILE": os.devnull},
    )
    assert json.loads(json.loads(run.stdout.splitlines()[-1])) == ANSWERS
