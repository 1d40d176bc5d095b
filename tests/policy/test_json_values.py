"""JSON texts in policies: known, partly known, and invalid."""

from pathlib import Path

import pytest
from tests.support.scans import write_files

from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.prepare.prepare import prepare
from iacpolicy.policy.api import Attribute, Resource, Undecidable


def _input(root: Path, expression: str) -> Attribute:
    """Return an attribute that is written as this expression."""
    text = f'variable "n" {{\n  type = number\n}}\nresource "terraform_data" "a" {{\n  input = {expression}\n}}\n'
    write_files(root, {"main.tf": text})
    (graph,) = prepare(Request(root, ("",), checkov="off")).graphs
    return Resource(graph.of("terraform_data")[0])["input"]


@pytest.mark.parametrize(
    "expression", ['"{\\"a\\": [1, 2]}"', "jsonencode({ a = [1, 2] })", "(jsonencode({ a = [1, var.n] }))"]
)
def test_known_parts(tmp_path: Path, expression: str) -> None:
    """Known parts of a document can be read if others are unknown; their place is the attribute."""
    document = _input(tmp_path, expression).json
    assert document.keys() == ["a"]
    assert document["a"][0].value == 1
    assert len(document["a"]) == 2
    assert document["b"].is_absent
    assert document["a"][0].at == document.at
    assert document.at.line == 5


def test_unknown_parts(tmp_path: Path) -> None:
    """An unknown part has its own reason."""
    document = _input(tmp_path, "jsonencode({ a = var.n })").json
    with pytest.raises(Undecidable, match=r"`var\.n` has no value"):
        assert document["a"].value


def test_wholly_unknown(tmp_path: Path) -> None:
    """An unknown string gives an unknown document."""
    document = _input(tmp_path, "tostring(var.n)").json
    with pytest.raises(Undecidable, match=r"`var\.n` has no value"):
        document.keys()


def test_invalid_json(tmp_path: Path) -> None:
    """A string that is not JSON gives an unknown document with a reason."""
    document = _input(tmp_path, '"{"').json
    with pytest.raises(Undecidable, match="not valid JSON"):
        document.keys()


def test_null(tmp_path: Path) -> None:
    """A null string has no document."""
    assert _input(tmp_path, "null").json.is_null
