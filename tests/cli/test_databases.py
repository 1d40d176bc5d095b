"""Databases that settings name, from the settings file to the findings."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

REVISION = '''from alembic import op

revision = "1"
down_revision = None


def upgrade():
    op.execute("create table one (id int primary key)")  # iacpolicy:ignore[row-level-security] reason="x"
    op.execute("""
        create table two (id int primary key);
        -- iacpolicy:ignore[row-level-security] reason="y"
        create table three (id int primary key);
    """)
'''
FILES = {
    "infra/main.tf": (
        'resource "supabase_settings" "x" {\n  project_ref = "r"\n  api = jsonencode({ db_schema = "public" })\n}\n'
    ),
    "db/versions/a.py": REVISION,
    "fly/V1__a.sql": "create table f (id int primary key);\n",
    "iacpolicy.toml": (
        '[databases.py]\npath = "db"\nformat = "alembic"\nroot = "infra"\n'
        '[databases.fly]\npath = "fly"\nformat = "flyway"\ndefault_grants = "none"\n'
    ),
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a repository with two databases outside of any `supabase` directory."""
    write_files(tmp_path, FILES)
    return Runner(tmp_path, monkeypatch, capsys)


def report(run: Runner, *arguments: str) -> dict[str, Any]:
    """Return the JSON report of a scan for tables without row-level security."""
    only = ("--policy", "row-level-security", "--policy", "waiver-unused", "--checkov", "off", "--format", "json")
    document: dict[str, Any] = json.loads(run("scan", *only, *arguments).out)
    return document


def test_every_format_is_judged_in_its_place(run: Runner) -> None:
    """Tables of Python revisions have the line of their call, and waivers apply there; other roles have no grant."""
    found = report(run)
    assert [(f["location"]["path"], f["location"]["line"], f["status"]) for f in found["findings"]] == [
        ("db/versions/a.py", 8, "waived"),
        ("db/versions/a.py", 10, "new"),
        ("db/versions/a.py", 12, "waived"),
    ]
    assert found["undecided"] == []
    assert found["diagnostics"] == []
    assert [cell["root"] for cell in found["cells"]] == ["infra"]


def test_a_database_without_terraform_has_a_cell(run: Runner) -> None:
    """Migrations without any Terraform are judged on their own."""
    (run.directory / "infra" / "main.tf").unlink()
    text = FILES["iacpolicy.toml"].replace('root = "infra"\n', "").replace('default_grants = "none"\n', "")
    write_files(run.directory, {"iacpolicy.toml": text})
    found = report(run)
    assert [f["address"] for f in found["findings"] if f["status"] == "new"] == ["public.two", "public.f"]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("[databases.x]\n", "`databases.x`: Write `path`, the directory of its migrations."),
        ('[databases.x]\npath = "db"\nformat = "flway"\n', '(did you mean "flyway"?)'),
        ('[databases.x]\npath = "../db"\n', "is outside the repository"),
        ('[databases.x]\npath = "db"\nexposed_schemas = "public"\n', "write a list of strings"),
        ('[databases.x]\npath = "db"\nproject = 1\n', "write a string"),
        ("databases = 1\n", "write a table"),
        ('[databases.x]\npath = "db"\nschemas = []\n', '(did you mean "exposed_schemas"?)'),
    ],
)
def test_wrong_settings_are_wrong_use(run: Runner, settings: str, said: str) -> None:
    """Each mistake in the settings is reported with its line and the correction."""
    write_files(run.directory, {"iacpolicy.toml": settings})
    ran = run("scan", "--checkov", "off")
    assert ran.code == 2
    assert said in ran.err


def test_a_path_without_migrations_makes_the_run_incomplete(run: Runner) -> None:
    """A database without migrations would pass every policy, so the run is incomplete."""
    write_files(run.directory, {"iacpolicy.toml": '[databases.x]\npath = "nowhere"\n'})
    found = report(run)
    assert found["exit"]["code"] == 3
    assert [(d["summary"], d["location"]["line"]) for d in found["diagnostics"]] == [("No migrations found", 2)]


def test_a_missing_root_is_reported(run: Runner) -> None:
    """A database whose root is not part of the run is judged on its own."""
    text = FILES["iacpolicy.toml"].replace('"infra"', '"infa"')
    write_files(run.directory, {"iacpolicy.toml": text})
    assert "Database belongs to no root" in [d["summary"] for d in report(run)["diagnostics"]]


def test_settings_are_printed(run: Runner) -> None:
    """`iacpolicy settings` shows the value in force and the place where it was written."""
    lines = run("settings").out.splitlines()
    assert 'databases.py.format = "alembic"  # iacpolicy.toml:3' in lines
    assert 'databases.fly.default_grants = "none"  # iacpolicy.toml:8' in lines
