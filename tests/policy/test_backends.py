"""The settings of backends that files complete, and their unknown arguments."""

from pathlib import Path

import pytest
from tests.support.scans import write_files

from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.prepare.prepare import prepare
from iacpolicy.policy.api import Resource, Undecidable
from iacpolicy.policy.library.backend_settings import BackendSettings, backend_settings

EMPTY = 'terraform {\n  backend "s3" {}\n}\n'


def _settings(root: Path, files: dict[str, str], directory: str = "", workspace: str = "") -> list[BackendSettings]:
    """Return the settings of the backend of one root."""
    write_files(root, files)
    workspaces = (workspace,) if workspace else ()
    graphs = prepare(Request(root, ("",), workspaces=workspaces, checkov="off")).graphs
    graph = next(g for g in graphs if g.cell.root == directory)
    return list(backend_settings(Resource(graph.of("backend")[0])))


def _files(settings: list[BackendSettings]) -> list[str | None]:
    return [s.file for s in settings]


def test_block_alone(tmp_path: Path) -> None:
    """Without a file, required arguments that the block lacks are missing, and all that it lacks are unknown."""
    (settings,) = _settings(tmp_path, {"main.tf": 'terraform {\n  backend "s3" {\n    key = "a"\n  }\n}\n'})
    assert settings.file is None
    assert settings.missing == ("bucket",)
    assert settings["key"].value == "a"
    assert not settings["encrypt"].is_known
    with pytest.raises(Undecidable, match="`encrypt` may come by -backend-config: `bucket` is not written"):
        assert settings["encrypt"].value


def test_whole_block(tmp_path: Path) -> None:
    """In a block with all required arguments nothing is unknown: other arguments are absent."""
    text = 'terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "a"\n  }\n}\n'
    (settings,) = _settings(tmp_path, {"main.tf": text})
    assert settings.missing == ()
    assert settings["encrypt"].is_absent
    assert settings["encrypt"].at.line == 2


def test_file_over_block(tmp_path: Path) -> None:
    """The arguments of a file override those of the block and have their own places."""
    files = {
        "main.tf": 'terraform {\n  backend "s3" {\n    bucket = "b"\n    key = "a"\n  }\n}\n',
        "prod.tfbackend": 'region = "eu-central-1"\nkey = "c"\n',
    }
    (settings,) = _settings(tmp_path, files)
    assert (settings.file, settings.missing) == ("prod.tfbackend", ())
    assert (settings["bucket"].value, settings["key"].value) == ("b", "c")
    assert (settings["key"].at.path, settings["key"].at.line) == ("prod.tfbackend", 2)


def test_json_file(tmp_path: Path) -> None:
    """A file may be JSON."""
    files = {"main.tf": EMPTY, "prod.tfbackend.json": '{\n  "bucket": "b",\n  "key": "k"\n}\n'}
    (settings,) = _settings(tmp_path, files)
    assert settings["key"].value == "k"
    assert settings["key"].at.line == 3


def test_broken_file(tmp_path: Path) -> None:
    """A file with a syntax error gives a diagnostic and does not complete the backend."""
    write_files(tmp_path, {"main.tf": EMPTY, "prod.tfbackend": 'bucket = "b"\nkey = \n'})
    (graph,) = prepare(Request(tmp_path, ("",), checkov="off")).graphs
    (settings,) = backend_settings(Resource(graph.of("backend")[0]))
    assert "key" in settings.missing
    assert graph.root is not None
    assert [d.location.path for d in graph.root.session.problems.values() if d.location] == ["prod.tfbackend"]


@pytest.mark.parametrize(
    ("names", "workspace", "chosen"),
    [
        (["a.tfbackend", "b.tfbackend"], "", ["a.tfbackend", "b.tfbackend"]),
        (["production.s3.tfbackend", "staging.s3.tfbackend"], "staging", ["staging.s3.tfbackend"]),
        (["env/production/s3.tfbackend", "env/staging/s3.tfbackend"], "staging", ["env/staging/s3.tfbackend"]),
        (["production.tfbackend", "common.tfbackend"], "staging", ["common.tfbackend", "production.tfbackend"]),
        (["shop.gcs.tfbackend", "shop.s3.tfbackend"], "", ["shop.s3.tfbackend"]),
        (["shop.gcs.tfbackend"], "", [None]),
        (["s3.txt"], "", [None]),
    ],
)
def test_choice_of_files(tmp_path: Path, names: list[str], workspace: str, chosen: list[str | None]) -> None:
    """A file is for the workspace or backend type in its name, else for all."""
    files = {"main.tf": EMPTY, **dict.fromkeys(names, 'bucket = "b"\nkey = "k"\n')}
    assert _files(_settings(tmp_path, files, workspace=workspace)) == chosen


def test_files_of_other_roots(tmp_path: Path) -> None:
    """A file belongs to the nearest root above it."""
    files = {"a/main.tf": EMPTY, "b/main.tf": EMPTY, "b/b.tfbackend": 'bucket = "b"\nkey = "k"\n'}
    assert _files(_settings(tmp_path, files, "a")) == [None]
    assert _files(_settings(tmp_path, files, "b")) == ["b/b.tfbackend"]


def test_shared_files(tmp_path: Path) -> None:
    """A file outside of all roots is for the roots beside it; a root's name in the file name limits it to that root."""
    text = 'bucket = "b"\nkey = "k"\n'
    files = {"x/a/main.tf": EMPTY, "x/b/main.tf": EMPTY, "x/backends/a.tfbackend": text, "x/backends/z.tfbackend": text}
    files["far/away/from/all.tfbackend"] = text
    assert _files(_settings(tmp_path, files, "x/a")) == ["x/backends/a.tfbackend"]
    assert _files(_settings(tmp_path, files, "x/b")) == ["x/backends/a.tfbackend", "x/backends/z.tfbackend"]


def test_unknown_type(tmp_path: Path) -> None:
    """A backend type that Terraform does not have is undecided, and the reason lists the types."""
    with pytest.raises(Undecidable, match='Terraform has no backend "s4"; it has azurerm, '):
        _settings(tmp_path, {"main.tf": 'terraform {\n  backend "s4" {}\n}\n'})
