"""Large SQL files: rows are left out before anything is parsed, and every statement keeps its line."""

import pytest
from tests.sql import cases

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.tree import MemoryTree
from iacpolicy.sql.migrations import read_file
from iacpolicy.sql.migrations.discover import SchemaModel, load
from iacpolicy.sql.migrations.read_file import read_sql_file
from iacpolicy.sql.privileges.exposure import Verdict, exposures
from iacpolicy.sql.syntax import parse as parsing
from iacpolicy.sql.syntax.parse import parse, parse_late


@pytest.fixture(autouse=True)
def everything_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read small texts as large files."""
    monkeypatch.setattr(read_file, "LARGE", 0)
    monkeypatch.setattr(read_file, "SMALL", 0)


def read(text: str | bytes) -> str:
    """Return the text that is left of a file."""
    source = read_sql_file(MemoryTree({"a.sql": text}), "a.sql")
    assert isinstance(source, SourceFile)
    return source.text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "select 1;\ninsert into t values ('a;''b', E'\\';', $$;$$, $x$'$x$);\nselect 2;\n",
            "select 1;\n\nselect 2;\n",
        ),
        ("INSERT INTO t VALUES (1,\n'\n;'\n);\nselect 2;", "\n\n\n\nselect 2;"),
        ("COPY t (a) FROM stdin;\n1;'\n$$\n\\.\nselect 1;\n", "COPY t (a) FROM stdin;\n\n\n\\.\nselect 1;\n"),
        ("COPY t FROM stdin;\n\\.\nselect 1;\n", "COPY t FROM stdin;\n\\.\nselect 1;\n"),
        ("COPY t FROM stdin;\n1\n2\n", "COPY t FROM stdin;\n\n\n"),
        ("insert into storage.buckets values ('a');\n", "insert into storage.buckets values ('a');\n"),
        ("/* insert\ninto t; ' */ select 1;\n", "/* insert\ninto t; ' */ select 1;\n"),
        ("-- '\ninsert into t values (1); select 2;\n", "-- '\n select 2;\n"),
        ("select 'x\ninsert into t values (1);\n", "select 'x\ninsert into t values (1);\n"),
        ("insert into t values (1)", ""),
        ("insert into t values ('1)", "insert into t values ('1)"),
        ("select $1 - 2 / 3;\ninsert into t values (1);", "select $1 - 2 / 3;\n"),
    ],
)
def test_only_rows_are_left_out(text: str, left: str) -> None:
    """Line feeds of rows stay; a row of a bucket is kept; a statement without an end is unchanged."""
    assert read(text) == left


def test_the_rest_after_an_open_quote_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quote that MySQL escapes with a backslash may never end, which leaves doubts from there on."""
    open_quote = (
        "create table a (id int);\ninsert into t values ('it\\'s');\n"
        + "alter table a enable row level security;\n" * 9
    )
    monkeypatch.setattr(read_file, "BROKEN", 60)
    monkeypatch.setattr(parsing, "MAX_UNREAD", 20)
    assert len(read(open_quote)) < 100
    assert [answer.verdict for answer in exposures(model_of(open_quote))] == [Verdict.UNCERTAIN]


def test_rows_need_not_be_utf8() -> None:
    """Only the parsed text is decoded."""
    assert read(b"insert into t values ('\xff');\nselect 1;") == "\nselect 1;"


@pytest.mark.parametrize("name", cases.NAMES)
def test_the_model_is_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The remaining text makes the same database as the whole file, with the same places."""
    monkeypatch.setattr(read_file, "SMALL", 4_000)
    large = cases.load(name)
    monkeypatch.setattr(read_file, "LARGE", 10**9)
    assert large == cases.load(name)


def test_the_first_row_of_a_table_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first row of a table is kept for its triggers; a second or a long row is not."""
    monkeypatch.setattr(read_file, "SMALL", 40)
    text = "insert into t values (1);\ninsert into t values (2);\ninsert into u values (1);\n"
    assert read(text) == "insert into t values (1);\n\ninsert into u values (1);\n"
    assert read(f"insert into t values ('{'x' * 40}');\ninsert into t values (2);") == "\ninsert into t values (2);"


@pytest.mark.parametrize("name", cases.NAMES)
def test_the_model_is_the_same_when_trees_are_not_kept(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large file is parsed during the replay, and its diagnostics are reported once."""
    eager = cases.load(name)
    monkeypatch.setattr(parsing, "LATE", 0)
    assert cases.load(name) == eager


def test_a_large_file_with_includes_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file with includes or `\\connect` is read before the replay."""
    monkeypatch.setattr(parsing, "LATE", 0)
    assert parse_late(SourceFile("a.sql", "select 1;\n")) is not None
    for command in ("i x.sql", "ir x.sql", "include x.sql", "c y", "connect y"):
        assert parse_late(SourceFile("a.sql", f"select 1;\n\\{command}\n")) is None


def test_a_syntax_error_in_a_large_file_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error has its line, and is reported once although seeds make the replay run twice."""
    monkeypatch.setattr(parsing, "LATE", 0)
    files = {"supabase/migrations/1_a.sql": "select 1;\ncreat table x;\n", "supabase/seed.sql": "create table y ();\n"}
    _, said = load(MemoryTree(files))
    assert [(d.summary, d.location and d.location.line) for d in said] == [("SQL syntax error", 2)]


@pytest.mark.parametrize("text", ["select 'x", 'select "x', "select $a$ x", "/* x", "create table t (", "\\", "\0"])
def test_an_open_quote_takes_linear_time(text: str) -> None:
    """A quote without an end takes the rest of the file, in linear time."""
    source = SourceFile("a.sql", text + " alter table t disable row level security; 'a' insert" * 20_000)
    parsed = parse(source)
    assert all(len(item.text) < 1_000_000 for item in parsed.items)


def model_of(text: str) -> SchemaModel:
    """Return the only model of a migration."""
    (model,), _ = load(MemoryTree({"supabase/migrations/1_a.sql": text}))
    return model


def test_a_dump_is_replayed() -> None:
    """Return tables, rows, keys and row-level security in the order in which pg_dump writes them."""
    text = (
        "CREATE TABLE public.t (\n    id bigint NOT NULL\n);\nCOPY public.t (id) FROM stdin;\n1\n\\.\n"
        "INSERT INTO public.t VALUES (2);\nALTER TABLE ONLY public.t ADD CONSTRAINT p PRIMARY KEY (id);\n"
        "ALTER TABLE public.t ENABLE ROW LEVEL SECURITY;\n"
    )
    (table,) = model_of(text).database.tables
    assert (table.rls_enabled, table.primary_key, table.decided_at and table.decided_at.line) == (True, ("id",), 9)
