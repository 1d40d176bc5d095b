"""Migrations that PostgreSQL rejects are reported with file and line; the rest is read, and the run is incomplete."""

import json
from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

OPEN = "create table public.later (id int primary key);\n"
FIRST = "supabase/migrations/20240101000000_a.sql"


@pytest.mark.parametrize(
    ("text", "summary", "line"),
    [
        ("select 1;\ncreat table x;\n", "SQL syntax error", 2),
        ("create table `orders` (`id` int(11) auto_increment) engine=InnoDB;\n", "SQL syntax error", 1),
        (b"-- caf\xe9\n", "File is not UTF-8", 1),
        ("select 1;\n\\gexec\n", "psql command is not followed", 2),
    ],
)
def test_an_unreadable_migration_makes_the_run_incomplete(
    text: str | bytes,
    summary: str,
    line: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A later migration is evaluated too; without violations the exit code is 3."""
    write_files(tmp_path, {"supabase/migrations/20240102000000_b.sql": OPEN})
    (tmp_path / FIRST).write_bytes(text if isinstance(text, bytes) else text.encode())
    run = Runner(tmp_path, monkeypatch, capsys)
    ran = run("scan", "--policy", "row-level-security", "--checkov", "off", "--format", "json")
    report = json.loads(ran.out)
    assert ran.code == 1
    assert [f["location"]["path"] for f in report["findings"]] == ["supabase/migrations/20240102000000_b.sql"]
    reported = {(d["summary"], d["location"]["path"], d["location"]["line"]) for d in report["diagnostics"]}
    assert (summary, FIRST, line) in reported
    write_files(tmp_path, {"supabase/migrations/20240103000000_c.sql": "drop table public.later;\n"})
    assert run("scan", "--policy", "row-level-security", "--checkov", "off").code == 3
