"""Properties of every migration: the replay ends with a model, and PostgreSQL agrees with it."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sql import behaviour, grammar, oracle
from tests.sql.compare import contradictions

from iacpolicy.core.sources import SourceFile
from iacpolicy.core.spans import file_start
from iacpolicy.sql.migrations.discover import MigrationSet, SchemaModel
from iacpolicy.sql.model.database import Database, Role
from iacpolicy.sql.privileges.exposure import exposures
from iacpolicy.sql.replay import replay
from iacpolicy.sql.syntax.parse import Statement, UnreadStatement, parse

SCHEMAS = "create schema if not exists app; create schema if not exists other;\n"


def model_of(text: str) -> Database:
    """Return the model of one file."""
    database, _ = replay([parse(SourceFile("0001.sql", text))])
    return database


@given(st.lists(grammar.STATEMENTS, max_size=25))
@settings(max_examples=150, deadline=None)
def test_replay_ends_with_a_model_for_any_sequence(statements: list[str]) -> None:
    """Statements in any order, invalid ones included, never raise, and every table is judged."""
    database = model_of(grammar.migration(statements))
    names = [table.name for table in database.tables]
    assert names == sorted(set(names))
    model = SchemaModel(MigrationSet("", "", ("0001.sql",)), database)
    assert len(exposures(model)) == len(names)


@given(st.text(alphabet=st.sampled_from(list("ab;'\"$()\\-/*\n eE&uU.,%1\0é")), max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_gives_statements_or_diagnostics(text: str) -> None:
    """For any characters, parsing ends, spans are inside the file, and unread ranges are reported."""
    source = SourceFile("0001.sql", text)
    parsed = parse(source)
    lines = text.count("\n") + 1
    for item in parsed.items:
        assert 1 <= item.span.line <= item.span.end_line <= lines
    assert bool([said for said in parsed.diagnostics if said.severity == "error"]) >= bool(
        [item for item in parsed.items if not hasattr(item, "kind")]
    )
    replay([parsed])


@given(st.lists(st.sampled_from(["select 'a;b'", 'create table "x;y" (id int)', "select $a$;$a$", "select $$'$$",
                                 "create table é (id int)", "select e'\\';'", "select (1) /* ; /* ; */ */",
                                 "create function f() returns int begin atomic select case when true then 1 end; end"]),
                min_size=1, max_size=6))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_splitting_finds_the_statements_the_grammar_finds(statements: list[str]) -> None:
    """A file with a syntax error at its end gives the same statements, at the same places, as the file without it."""
    whole = grammar.migration(statements)
    good = parse(SourceFile("0001.sql", whole)).items
    broken = parse(SourceFile("0001.sql", whole + "creat table;")).items
    assert [_place(item) for item in broken[:-1]] == [_place(item) for item in good]


def _place(item: Statement | UnreadStatement) -> tuple[str, int, int]:
    return type(item).__name__, item.span.line, item.span.column


def _accepted(connection: Any, statements: list[str]) -> list[str]:
    """Yield the statements that PostgreSQL accepts, one after another."""
    taken = []
    for statement in statements:
        try:
            with connection.transaction():
                connection.execute(statement)
        except Exception as problem:  # a refused statement is not part of a migration
            if not type(problem).__module__.startswith("psycopg"):
                raise
        else:
            taken.append(statement)
    connection.execute("reset all")
    return taken


@pytest.mark.parametrize(
    ("statements", "examples"), [(grammar.RLS_STATEMENTS, 60), (grammar.STATEMENTS, 60)], ids=["rls", "all"]
)
def test_postgresql_agrees_on_random_migrations(
    statements: st.SearchStrategy[str], examples: int, server: oracle.Server
) -> None:
    """Random statements that PostgreSQL accepts make the same database in the model."""

    with server.database() as connection:

        @given(st.lists(statements, min_size=8, max_size=30))
        @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        def agrees(sequence: list[str]) -> None:
            with connection.transaction(force_rollback=True):
                connection.execute(SCHEMAS)
                text = SCHEMAS + grammar.migration(_accepted(connection, sequence))
                assert contradictions(connection, model_of(text)) == [], text

        check: Callable[[], None] = agrees
        check()


def test_roles_have_the_predicted_access_after_random_migrations(server: oracle.Server) -> None:
    """Random owners, grants, policies, views and memberships: the catalogue agrees, and so do real attempts."""
    with server.database() as connection:

        @given(st.lists(grammar.SECURITY_STATEMENTS, min_size=10, max_size=40))
        @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
        def agrees(sequence: list[str]) -> None:
            with connection.transaction(force_rollback=True):
                connection.execute(SCHEMAS)
                text = SCHEMAS + grammar.migration(_accepted(connection, [*grammar.PREAMBLE, *sequence]))
                connection.execute("reset role")
                database = model_of(text)
                assert contradictions(connection, database) == [], text
                # The postgres role of the oracle is a superuser, that of a Supabase project is not.
                postgres = Role("postgres", file_start("0001.sql"), superuser=True, created=False)
                whole = msgspec.structs.replace(database, roles=(*database.roles, postgres))
                model = SchemaModel(MigrationSet("", "", ("0001.sql",)), whole)
                assert behaviour.wrong(connection, model) == [], text

        check: Callable[[], None] = agrees
        check()
