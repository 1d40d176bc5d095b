"""Environment files and dashboards: their names, their cells, and diagnostics for unreadable ones."""

from pathlib import Path

import pytest
from tests.support.scans import write_files

from iacpolicy.gate.report import Report
from iacpolicy.pipeline.context.request import Request
from iacpolicy.pipeline.scan import scan
from iacpolicy.secrets.search.companion_files import is_environment_file
from iacpolicy.secrets.text.embedded import MAX_TEXT, environment_secrets

ROOT = {"infra/main.tf": "locals {\n  a = 1\n}\n"}


def scanned(root: Path, files: dict[str, str], *paths: str) -> Report:
    """Return the report of a repository with one policy."""
    write_files(root, {**ROOT, **files})
    return scan(Request(root.resolve(), paths or ("",), wanted=("plaintext-secret",), checkov="off")).report


@pytest.mark.parametrize("path", [".env", "a/.env.production", "a/prod.env", ".envrc", "api/.dev.vars", ".ENV"])
def test_an_environment_file(path: str) -> None:
    """An environment file is recognized by its name, in any directory."""
    assert is_environment_file(path)


@pytest.mark.parametrize("path", [".env.example", "sample.env", ".env.dist", "env.tf", "environment", ".env-template"])
def test_no_environment_file(path: str) -> None:
    """Examples and similar names are no environment files."""
    assert not is_environment_file(path)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("A_PASSWORD=Rotwein-3", ["Rotwein-3"]),
        ("export API_TOKEN='tk 3 Rotwein'", ["tk 3 Rotwein"]),
        ('  JWT_SECRET = "a b c"  # said', ["a b c"]),
        ("DB_PASSWORD=Rot#wein # the old one", ["Rot#wein"]),
        ("DATABASE_URL=postgres://a:Rotwein@h/d", ["Rotwein"]),
        ("# DB_PASSWORD=Rotwein-3", []),
        ("DB_PASSWORD=", []),
        ("DB_PASSWORD=$OTHER", []),
        ("NAME=Rotwein-3", []),
        ("not a line of it", []),
    ],
)
def test_a_line(line: str, found: list[str]) -> None:
    """Names and values are read as shells and loaders of environment files do."""
    text = f"X=1\n{line}\nY=2\n"
    assert [text[a:b] for _, (a, b) in environment_secrets(text)] == found


def test_an_environment_file_is_reported_for_its_roots(tmp_path: Path) -> None:
    """A file belongs to the roots above or below it, else to all, and is reported once."""
    files = dict.fromkeys((".env", "infra/.env", "infra/deep/x.env", "api/.env"), "DB_PASSWORD=Rotwein-3\n")
    report = scanned(tmp_path, files)
    assert sorted(f.location.path for f in report.findings if f.location is not None) == sorted(files)


def test_files_outside_of_the_selection_are_not_searched(tmp_path: Path) -> None:
    """`scan infra` does not report a file of another directory."""
    files = dict.fromkeys(("infra/.env", "api/.env"), "DB_PASSWORD=Rotwein-3\n")
    report = scanned(tmp_path, files, "infra")
    assert [f.location.path for f in report.findings if f.location is not None] == ["infra/.env"]


def test_unreadable_files_are_reported(tmp_path: Path) -> None:
    """A binary file and the end of a very long file have diagnostics."""
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra/binary.env").write_bytes(b"A_PASSWORD=\xff\x00\n")
    report = scanned(tmp_path, {"infra/long.env": "A_PASSWORD=Rotwein-3\n" + "#\n" * (MAX_TEXT // 2)})
    assert [f.location.path for f in report.findings if f.location is not None] == ["infra/long.env"]
    reported = [d.location.path for d in report.diagnostics if d.location is not None]
    assert reported == ["infra/binary.env", "infra/long.env"]


def test_other_json_is_searched_where_an_expression_reads_it(tmp_path: Path) -> None:
    """A file that no expression reads is not searched."""
    report = scanned(tmp_path, {"infra/a.json": '{"password": "Rotwein-3"}', "infra/b.yaml": "password: Rotwein-3\n"})
    assert not report.findings


def test_a_dashboard_file_is_searched(tmp_path: Path) -> None:
    """A secret in the file of a dashboard is found."""
    panel = '{"targets": [{"url": "https://a:Rotwein-3@shop.invalid", "expr": "up"}]}'
    report = scanned(tmp_path, {"boards/a.json": f'{{"uid": "a", "schemaVersion": 39, "panels": [{panel}]}}'})
    assert [f.location.path for f in report.findings if f.location is not None] == ["boards/a.json"]
