"""The result of the search for secrets is passed from stage to stage and never changes."""

from pathlib import Path

import pytest
from tests.support.scans import write_files

from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.judge.judge import judge
from iacpolicy.pipeline.policies.select import select_policies
from iacpolicy.pipeline.prepare.allowed_secrets import secrets_by_cell
from iacpolicy.pipeline.prepare.prepare import Prepared, prepare
from iacpolicy.secrets.find import find_secrets
from iacpolicy.secrets.secret import Secret, SecretSource
from iacpolicy.secrets.text.embedded import MAX_TEXT

FILES = {
    "main.tf": """
variable "password" { default = "Zirbel-Kiefer-4711" }
variable "api_token" {}
resource "aws_db_instance" "db" {
  password = var.password
  tags     = { token = var.api_token }
}
output "password" { value = var.password }
""",
    "other/main.tf": 'resource "aws_db_instance" "db" { password = "Latschen-Kiefer-4711" }',
    "other/.env": "#" * (MAX_TEXT + 1),
    "iacpolicy.toml": """
[secrets.allowed_files]
"other/**" = "A test database."
[secrets.allowed_variables]
api_token = "It is public."
""",
}


@pytest.fixture(name="prepared")
def fixture_prepared(tmp_path: Path) -> Prepared:
    """Return a run with written secrets, allowed ones and a file that is searched in part."""
    return prepare(Request(write_files(tmp_path, FILES), ("",), checkov="off"))


def _written(prepared: Prepared) -> list[tuple[str, tuple[Secret, ...]]]:
    return [(graph.cell.root, prepared.secrets[graph.index].secrets) for graph in prepared.graphs]


def test_policies_change_neither_graphs_nor_secrets(prepared: Prepared) -> None:
    """After all policies ran, the graphs and the secrets of each cell are those from before."""
    before = (_written(prepared), prepared.diagnostics, [(g.cell, g.index, g.root, g.nodes) for g in prepared.graphs])
    policies, _ = select_policies(prepared.request, prepared.settings, None)
    judged = judge(prepared, policies)
    assert {f.policy for f in judged.findings} >= {"secret-default", "secret-output"}
    after = (_written(prepared), prepared.diagnostics, [(g.cell, g.index, g.root, g.nodes) for g in prepared.graphs])
    assert after == before


def test_each_cell_has_its_secrets_and_allowances(prepared: Prepared) -> None:
    """A secret is in the cells of its root alone; settings give the reason and allow sources."""
    written = {root: [(s.text, s.allowed) for s in secrets] for root, secrets in _written(prepared)}
    assert written == {"": [("Zirbel-Kiefer-4711", None)], "other": [("Latschen-Kiefer-4711", "A test database.")]}
    is_allowed = prepared.secrets[0].is_allowed
    assert is_allowed(SecretSource("variable", "var.api_token", "var.api_token"))
    assert not is_allowed(SecretSource("variable", "var.password", "var.password"))


def test_the_search_returns_its_diagnostics(prepared: Prepared) -> None:
    """A file that is longer than the search reads is reported once, and a second search returns an equal result."""
    found = find_secrets(prepared.graphs, prepared.tree)
    assert [(d.summary, d.location.path) for d in found.diagnostics if d.location is not None] == [
        ("File is too long for the search for secrets", "other/.env")
    ]
    again = find_secrets(prepared.graphs, prepared.tree)
    assert again.diagnostics == found.diagnostics
    assert [(s.place, s.text) for s in again.secrets] == [(s.place, s.text) for s in found.secrets]
    assert set(found.diagnostics) <= set(prepared.diagnostics)


def test_allowances_are_new_values(prepared: Prepared) -> None:
    """Applying the settings leaves the result of the search as it is."""
    found = find_secrets(prepared.graphs, prepared.tree)
    secrets_by_cell(found, prepared.graphs, prepared.settings.secrets)
    assert {secret.allowed for secret in found.secrets} == {None}


def test_graphs_and_results_are_frozen(prepared: Prepared) -> None:
    """No stage can write into a graph or a result; a graph holds no secrets."""
    graph, cell = prepared.graphs[0], prepared.secrets[0]
    assert not hasattr(graph, "secrets")
    assert not hasattr(graph, "is_allowed")
    with pytest.raises(AttributeError):
        graph.nodes = ()  # type: ignore[misc]  # the assignment is what the test refuses
    with pytest.raises(AttributeError):
        cell.secrets = ()  # type: ignore[misc]  # likewise
    with pytest.raises(AttributeError):
        find_secrets(prepared.graphs).secrets = ()  # type: ignore[misc]  # likewise
