"""Values of references to resources with a schema, compared with plans of a Terraform with the same schemas."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.evaluate.test_language import answer
from tests.oracle import language, terraform
from tests.support.modules import root_of

FOLDER = Path(__file__).parents[2] / "fixtures" / "schemas" / "planned"
FIXTURES = [pytest.param(path, id=path.stem) for path in sorted(FOLDER.glob("*.tf"))]
SERVED = ("aws", "cloudflare", "render")


@contextlib.contextmanager
def served() -> Iterator[Mapping[str, str]]:
    """Serve the providers of the fixtures; skip the test without Terraform or the server's dependencies."""
    if terraform.TERRAFORM is None:
        pytest.skip("terraform is not on PATH")
    serve = pytest.importorskip("tests.support.serve_providers")
    with serve.serving([serve.SCHEMAS / f"{name}.json.gz" for name in SERVED]) as environment:
        yield environment


@pytest.mark.parametrize("path", FIXTURES)
def test_equal_to_terraform(path: Path) -> None:
    """Each expression has the value, type and marks that a plan gave it, or fails as it did."""
    text = path.read_text(encoding="utf-8")
    if os.environ.get("REGENERATE") == "1" and terraform.TERRAFORM is not None:
        with served() as environment:
            text = language.recorded(text, None, environment)
        path.write_text(text, encoding="utf-8")
    root = root_of({"main.tf": text})
    cases = language.cases_of(text)
    assert len(cases) > 25
    wrong = [
        f"{path.name}:{c.line}: {c.expression} => {c.ours or c.answer}, not {got}"
        for c in cases
        if (got := answer(root, c.name)) != (c.ours or c.answer)
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", FIXTURES)
def test_recorded_answers_hold(path: Path) -> None:
    """Terraform still gives the answers that are recorded."""
    text = path.read_text(encoding="utf-8")
    with served() as environment:
        assert language.recorded(text, None, environment) == text
