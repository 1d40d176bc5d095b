"""`iacpolicy access`: the table, the JSON document, and the changes since a base."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.support.commands import Runner
from tests.support.scans import write_files

FIRST = """create table public.orders (id bigint primary key, owner uuid);
alter table public.orders enable row level security;
create policy "own" on public.orders for select to authenticated using ((select auth.uid()) = owner);
create table public.mails (id bigint primary key);
revoke all on public.mails from anon, authenticated;
"""
SECOND = """create policy "all" on public.orders for select to anon using (true);
create table public.clips (id bigint primary key);
drop table public.mails;
"""


def _git(root: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runner:
    """Return a repository with two tables on its main branch, and a second branch."""
    write_files(tmp_path, {"supabase/migrations/20240101000000_a.sql": FIRST})
    _git(tmp_path, "init", "--quiet", "--initial-branch=main")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "--quiet", "--message=base")
    _git(tmp_path, "switch", "--quiet", "--create=change")
    return Runner(tmp_path, monkeypatch, capsys)


def _rows(out: str) -> dict[tuple[str, str, str], dict[str, object]]:
    (database,) = json.loads(out)["databases"]
    return {(row["table"], row["role"], row["command"]): row for row in database["rows"]}


def test_the_table_shows_every_command(run: Runner) -> None:
    """There is one line per table and role, with the reason of each result and the policies that allow rows."""
    ran = run("access", "--table", "orders", "--role", "authenticated")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "supabase/migrations (no root)"
    assert lines[2].split() == ["public.orders", "authenticated", "policies", "denied", "denied", "denied"]
    assert '  select  policies, granted to authenticated by default: "own"' in lines


def test_the_document_holds_the_same(run: Runner) -> None:
    """The JSON document has one entry per table, role and command."""
    rows = _rows(run("access", "--json").out)
    assert rows["public.orders", "anon", "select"]["outcome"] == "denied"
    assert rows["public.orders", "authenticated", "select"]["policies"] == ["own"]
    assert rows["public.mails", "anon", "select"]["because"] == "no SELECT is granted"
    assert len(rows) == 16


def test_a_change_is_marked(run: Runner) -> None:
    """New, removed and changed access is shown with its earlier value."""
    write_files(run.directory, {"supabase/migrations/20240102000000_b.sql": SECOND})
    out = run("access", "--since", "main").out
    lines = {tuple(line.split()[:3]): line for line in out.splitlines()}
    assert "denied → allowed" in lines["*", "public.orders", "anon"]
    assert "– → allowed" in lines["*", "public.clips", "anon"]
    assert "denied → –" in lines["*", "public.mails", "anon"]
    assert "5 of 6 rows changed" in out
    rows = _rows(run("access", "--since", "main", "--json").out)
    assert [key for key, row in rows.items() if row["changed"] and key[0] == "public.orders"] == [
        ("public.orders", "anon", "select")
    ]


def test_unknown_access_has_a_reason(run: Runner) -> None:
    """Access that depends on dynamic SQL is `unknown` with a reason; possible other tables are reported."""
    text = (
        "do $$ begin if random() > 0.5 then alter table public.orders disable row level security; end if; end $$;\n"
        "select pgmq.create(current_setting('app.queue'));\n"
    )
    write_files(run.directory, {"supabase/migrations/20240102000000_b.sql": text})
    out = run("access", "--table", "public.orders", "--role", "anon").out
    assert "unknown" in out
    assert "the DO block runs it under a condition (supabase/migrations/20240102000000_b.sql:1)" in out
    assert "There may be other tables: pgmq.create() makes or drops tables" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--table", "odrers"], 'There is no table "odrers" (did you mean "orders"?).'),
        (["--role", "annon"], 'There is no role "annon" (did you mean "anon"?).'),
        (["--since", "nowhere"], "--since nowhere"),
    ],
)
def test_wrong_use_is_reported(run: Runner, arguments: list[str], said: str) -> None:
    """An unknown name gives exit code 2 and the most similar name."""
    ran = run("access", *arguments)
    assert ran.code == 2
    assert said in ran.err


def test_a_migration_that_cannot_be_read_makes_it_incomplete(run: Runner) -> None:
    """A syntax error is reported, the rest of the migrations counts, and the exit code is 3."""
    write_files(run.directory, {"supabase/migrations/20240102000000_b.sql": "creat table x;\n"})
    ran = run("access", "--table", "orders", "--role", "anon")
    assert ran.code == 3
    assert "public.orders" in ran.out
    assert "SQL syntax error" in ran.err


def test_without_migrations_there_is_nothing_to_ask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A directory without a database is wrong use."""
    assert Runner(tmp_path, monkeypatch, capsys)("access").code == 2


def test_a_renamed_table_is_compared_with_itself(run: Runner) -> None:
    """A renamed table is recognised by its creating statement, and its old name is shown."""
    text = "alter table public.orders rename to sales;\nalter policy own on public.sales to anon;\n"
    write_files(run.directory, {"supabase/migrations/20240102000000_b.sql": text})
    out = run("access", "--table", "sales", "--since", "main").out
    (line,) = [line for line in out.splitlines() if "public.sales (was public.orders)  anon" in line]
    assert "denied → policies" in line
    rows = _rows(run("access", "--since", "main", "--json").out)
    assert rows["public.sales", "anon", "select"]["was"] == "public.orders"
    assert not any(table == "public.orders" for table, _, _ in rows)


@pytest.mark.parametrize("name", ["Two Words", '"Two Words"', 'public."Two Words"', "public.Two Words"])
def test_names_may_be_written_without_their_quotes(run: Runner, name: str) -> None:
    """Names are accepted with or without quotes; lower-case names are accepted in any case."""
    write_files(
        run.directory, {"supabase/migrations/20240102000000_b.sql": 'create table public."Two Words" (id int);\n'}
    )
    assert {table for table, _, _ in _rows(run("access", "--table", name, "--json").out)} == {'public."Two Words"'}
    assert {table for table, _, _ in _rows(run("access", "--table", "PUBLIC.Mails", "--json").out)} == {"public.mails"}


def test_everybody_is_a_role(run: Runner) -> None:
    """The role `public` selects the access of all roles."""
    write_files(
        run.directory, {"supabase/migrations/20240102000000_b.sql": "grant select on public.mails to public;\n"}
    )
    rows = _rows(run("access", "--role", "public", "--json").out)
    assert rows["public.mails", "public", "select"]["outcome"] == "allowed"
    assert rows["public.mails", "public", "delete"]["outcome"] == "denied"


def test_a_database_without_the_table_is_left_out(run: Runner) -> None:
    """Only the databases that contain the table are shown."""
    write_files(run.directory, {"other/supabase/migrations/1_a.sql": "create table public.z (id int);\n"})
    (database,) = json.loads(run("access", "--table", "z", "--json").out)["databases"]
    assert database["directory"] == "other/supabase/migrations"


def test_a_database_of_settings_is_answered(run: Runner) -> None:
    """Flyway migrations in a schema without an API are evaluated."""
    settings = '[databases.main]\npath = "db"\nformat = "flyway"\nexposed_schemas = []\n'
    write_files(run.directory, {"iacpolicy.toml": settings, "db/V1__a.sql": "create table public.z (id int);\n"})
    (database,) = json.loads(run("access", "--table", "z", "--json").out)["databases"]
    assert database["directory"] == "db"
